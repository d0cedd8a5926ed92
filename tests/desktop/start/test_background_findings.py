"""What the doctor says of life in the background."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.start import background_findings
from desktop.start.background_findings import examine_background
from desktop.system.platform import Platform


@pytest.mark.parametrize(
    ("platform", "states"),
    [
        (Platform("linux", "x11", "xcb", ("xfce",)), ["good", "good", "good", "good"]),
        (Platform("linux", "wayland", "wayland", ("gnome",)), ["limited", "limited", "good", "good"]),
        (Platform("linux", "none"), ["limited", "limited", "limited", "good"]),
    ],
)
def test_findings(
    platform: Platform, states: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(background_findings, "find_platform", lambda: platform)
    monkeypatch.setenv("HOME", str(tmp_path))
    found = examine_background()
    assert [finding.state for finding in found] == states
    assert "scenelens integrate" in found[3].how
