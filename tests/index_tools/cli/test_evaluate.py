from __future__ import annotations

import json
import shutil
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from index_tools.cli import commands
from index_tools.cli.evaluate import _classes
from index_tools.measure.degradations import DEGRADATIONS, PLAIN
from index_tools.pack import ScenePack


@pytest.fixture
def pack(demo_pack: Path, demo_film: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "pack"
    shutil.copytree(demo_pack, folder)
    with ScenePack.open(folder) as opened:
        opened.note_places({opened.videos[0].fingerprint: demo_film})
    return folder


@pytest.mark.parametrize("how", ["--json", "--markdown", ""])
def test_the_figures_are_printed(
    pack: Path, demo_film: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ScenePack.open(pack) as opened:
        name = opened.videos[0].file_name
    film = pack.with_name(name)
    shutil.copyfile(demo_film, film)
    words = ["evaluate", "--pack", str(pack), "--queries", "2", "--classes", "identity,jpeg30", str(film)]
    monkeypatch.setenv("COLUMNS", "200")
    result = CliRunner().invoke(commands, [*words, *filter(None, [how])])
    assert result.exit_code == 0, result.stderr
    if how == "--json":
        figures = json.loads(result.stdout)
        for key in (
            "seed", "queries_per_class", "unknown_per_class", "films", "unknown", "classes", "groups",
            "frames_searched", "hours_indexed", "build_s", "decode_s", "build_per_decode", "pack_bytes",
            "pack_bytes_per_hour", "search_elapsed_ms", "unanswered", "errors",
        ):  # fmt: skip
            assert key in figures
        assert figures["films"] == [name]
        assert figures["classes"]["identity"]["recall_at_1"] == 1.0
        assert figures["build_s"] is None
    else:
        rows = [line for line in result.stdout.splitlines() if "identity" in line or "group plain" in line]
        assert len(rows) == 2
        assert all("100.0" in row for row in rows)


def test_groups_and_classes_can_be_named() -> None:
    assert _classes("plain, dark") == (*PLAIN, "dark")
    assert _classes("") == tuple(DEGRADATIONS)
    with pytest.raises(click.BadParameter, match="upside_down"):
        _classes("upside_down")
