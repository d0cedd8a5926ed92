from __future__ import annotations

import os
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.start import doctor
from desktop.start.doctor import Finding, as_lines, examine
from desktop.start.places import Places


@pytest.fixture(scope="module")
def findings(tmp_path_factory: pytest.TempPathFactory) -> tuple[Finding, ...]:
    base = tmp_path_factory.mktemp("doctor")
    config = base / "config"
    config.mkdir()
    (config / "settings.json").write_text('{"version": 1, "packs": ["/nowhere/gone.scenepack"]}')
    return examine(Places(config, base / "data", base / "cache"))


def test_everything_is_looked_at(findings: tuple[Finding, ...]) -> None:
    looked_at = {finding.what for finding in findings}
    assert {
        "Python",
        "PySide6-Essentials",
        "Display",
        "Window",
        "Video codecs",
        "Search graph",
        "Sound",
    } <= looked_at
    assert {"Settings", "Data", "Cache", "Pack", "Japanese and Chinese titles", "Clipboard"} <= looked_at


def test_this_machine_can_run(findings: tuple[Finding, ...]) -> None:
    assert [finding for finding in findings if finding.state == "missing"] == []


def test_a_pack_that_is_gone_is_named(findings: tuple[Finding, ...]) -> None:
    packs = [finding for finding in findings if finding.what == "Pack"]
    assert any("gone.scenepack" in finding.how and finding.state == "limited" for finding in packs)
    assert any("Big Buck Bunny" in finding.how and finding.state == "good" for finding in packs)


def test_a_finding_is_a_line_with_its_remedy() -> None:
    lines = as_lines(
        [Finding("missing", "Window", "no xcb", "apt install it"), Finding("good", "Python", "3.11")]
    )
    assert lines == ["MISSING  Window: no xcb", "         -> apt install it", "ok       Python: 3.11"]


def test_a_folder_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    finding = doctor._folder("Data", tmp_path / "x")
    assert finding.state == "missing"
    assert "SCENELENS_HOME" in finding.remedy


def test_dead_probe_is_a_finding(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setattr("desktop.start.probes.ask_qt", _die)
    (finding,) = doctor._qt()
    assert finding.state == "missing"
    assert "ended with 7" in finding.how


def _die(answer: object) -> None:
    os._exit(7)
