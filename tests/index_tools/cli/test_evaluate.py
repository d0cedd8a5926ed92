from __future__ import annotations

import json
import shutil
from pathlib import Path
from xml.etree import ElementTree

import click
import pytest
from click.testing import CliRunner

from index_tools.cli import commands
from index_tools.cli.evaluate import _classes
from index_tools.measure.degradations import DEGRADATIONS, PLAIN
from index_tools.measure.evaluate import Evaluation
from index_tools.pack import ScenePack

KEYS = {
    "seed", "queries_per_class", "unknown_per_class", "films", "unknown", "classes", "groups",
    "frames_searched", "hours_indexed", "build_s", "decode_s", "build_per_decode", "pack_bytes",
    "pack_bytes_per_hour", "search_elapsed_ms", "unanswered", "errors",
}  # fmt: skip


def test_the_figures_are_printed_in_three_forms(
    demo_pack: Path, demo_film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "pack"
    shutil.copytree(demo_pack, folder)
    with ScenePack.open(folder) as opened:
        film = tmp_path / opened.videos[0].file_name
        opened.note_places({opened.videos[0].fingerprint: film})
    shutil.copyfile(demo_film, film)
    words = ["evaluate", "--pack", str(folder), "--queries", "2", "--classes", "identity,jpeg30", str(film)]
    drawing = tmp_path / "reliability.svg"
    result = CliRunner().invoke(commands, [*words, "--json", "--diagram", str(drawing)])
    assert result.exit_code == 0, result.stderr
    figures = json.loads(result.stdout)
    assert set(figures) >= KEYS
    assert figures["films"] == [film.name]
    assert figures["classes"]["identity"]["recall_at_1"] == 1.0
    assert figures["build_s"] is None
    assert figures["reliability"]["n"] == 4
    assert set(figures["beside"]) | set(figures["absent"]) == {"color_layout", "scene_embedding"}
    assert ElementTree.parse(drawing).getroot().tag.endswith("svg")
    # the other forms print the same figures; measuring them again would show nothing new
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("index_tools.measure.evaluate.Evaluation.run", lambda *_: dict(figures))
    for how in (["--markdown"], []):
        result = CliRunner().invoke(commands, [*words, *how])
        assert result.exit_code == 0, result.stderr
        rows = [line for line in result.stdout.splitlines() if "identity" in line or "group plain" in line]
        assert len(rows) == 2
        assert all("100.0" in row for row in rows)
        assert "color layout alone" in result.stdout
        assert "calibration error" in result.stdout
        assert all(reason in result.stderr for reason in figures["absent"].values())


def test_clips_have_a_table_of_their_own(
    demo_pack: Path, demo_film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    summary = {
        "recall_at_1": 0.5, "claimed_and_right": 0.25, "claimed_but_wrong": 0.0, "false_matches": None,
    }  # fmt: skip
    spread = {"median": 0.125, "p95": 1.0}
    figures = {
        "clips": {
            "crop30": {
                "frame": summary,
                "clip": {**summary, "recall_at_1": 1.0},
                "start_error_s": spread,
                "end_error_s": spread,
                "frame_ms": spread,
                "clip_ms": spread,
            }
        }
    }
    asked: list[tuple[str, ...]] = []

    def run_clips(evaluation: Evaluation, *_: object) -> dict[str, object]:
        asked.append(evaluation._settings.classes)
        return dict(figures)

    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("index_tools.measure.evaluate.Evaluation.run_clips", run_clips)
    words = ["evaluate", "--pack", str(demo_pack), "--clips", str(demo_film)]
    result = CliRunner().invoke(commands, [*words, "--markdown"])
    assert result.exit_code == 0, result.stderr
    assert asked == [("crop30", "meme_text", "vertical_9_16")]
    (row,) = (line for line in result.stdout.splitlines() if "crop30" in line)
    assert row.startswith("| crop30 | 50.0 | 25.0 | 0.0 | 100.0 |")
    refused = CliRunner().invoke(commands, [*words, "--diagram", "d.svg"])
    assert refused.exit_code == 2
    assert "--diagram" in refused.stderr


def test_groups_and_classes_can_be_named() -> None:
    assert _classes("plain, dark") == (*PLAIN, "dark")
    assert _classes("") == tuple(DEGRADATIONS)
    with pytest.raises(click.BadParameter, match="upside_down"):
        _classes("upside_down")
