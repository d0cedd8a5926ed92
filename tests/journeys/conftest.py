"""Small films and a pack of them, built by the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.journeys.index_command import IndexCommand
from tests.journeys.small_films import write_film


@pytest.fixture(scope="session")
def index_command() -> IndexCommand:
    """The engine's command."""
    return IndexCommand()


@pytest.fixture(scope="session")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with two episodes of a show and one film, each of four shots of two seconds."""
    folder = tmp_path_factory.mktemp("films")
    for number, name in enumerate(
        [
            "[Group] Quiet River - 01 [1080p].mkv",
            "[Group] Quiet River - 02 [1080p].mkv",
            "Night Train (1987).mp4",
        ]
    ):
        write_film(folder / name, shots=[10 * number + shot for shot in range(4)])
    return folder


@pytest.fixture(scope="session")
def built_pack(films: Path, index_command: IndexCommand, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A pack of the films, built by the command."""
    pack = tmp_path_factory.mktemp("packs") / "shelf.pack"
    told = index_command.raw(["build", "--out", pack, films])
    assert told.returncode == 0, told.stderr
    return pack
