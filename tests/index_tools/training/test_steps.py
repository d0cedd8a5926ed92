"""The commands of the room, one after the other, on a small stock."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from index_tools.training import plan
from index_tools.training.__main__ import main
from index_tools.training.shards import shard_numbers


def run(*words: str | Path) -> str:
    result = CliRunner().invoke(main, [str(word) for word in words])
    assert result.exit_code == 0, result.output
    return result.output


def test_from_packages_to_shards(packages: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plan, "FILMS_A_SHARD", 1)
    monkeypatch.setattr(plan, "SHOTS_A_FILM", 1)
    monkeypatch.setattr(plan, "SINGLES_A_SHARD", 4)
    assert "24 pictures, 12 of them cut-outs" in run("reduce", packages, tmp_path / "reduced")
    assert "art-0.tar" in run("pack", tmp_path / "reduced", tmp_path / "parts")
    assert "24 pictures" in run("unpack", tmp_path / "parts" / "art-0.tar", tmp_path / "there")
    run("shards", tmp_path / "there", tmp_path / "shards", "--first", "1", "--count", "2", "--step", "3")
    assert shard_numbers(tmp_path / "shards") == [1, 4]
    run("shards", tmp_path / "there", tmp_path / "held", "--count", "1", "--held-out")
    assert shard_numbers(tmp_path / "held") == [0]
