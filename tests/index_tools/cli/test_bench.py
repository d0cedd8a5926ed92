from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from index_tools.cli import bench, commands
from index_tools.measure.bench import PARTS


def test_the_names_are_those_of_the_parts() -> None:
    assert tuple(PARTS) == bench.NAMES


@pytest.mark.parametrize("how", ["--json", "--markdown", ""])
def test_figures_are_printed(demo_film: Path, how: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    words = ["bench", "--only", "size", "--videos", str(demo_film), *filter(None, [how])]
    if how != "--json":  # one real run is enough
        monkeypatch.setitem(PARTS, "size", lambda _: [])
    result = CliRunner().invoke(commands, words)
    assert result.exit_code == 0, result.output
    if how == "--json":
        figures = [json.loads(line) for line in result.stdout.splitlines()]
        assert len(figures) == 2
        for figure in figures:
            assert set(figure) == {"name", "what", "target", "reached", "met", "how", "numbers"}
        assert figures[1]["numbers"]["transport_bytes_per_hour"] < 3e6
    else:
        assert "at most / least" in result.stdout


def test_the_demo_film_is_found() -> None:
    assert bench.demo_film().stat().st_size > 100_000
