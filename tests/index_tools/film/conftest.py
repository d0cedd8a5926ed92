"""Films drawn for a test, in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.index_tools.film.drawn_films import write_film


@pytest.fixture
def draw_film(tmp_path: Path) -> Callable[..., Path]:
    """`draw_film(name, frames, …)` writes a film as `write_film` does and gives its path."""

    def draw(name: str, *words: int, **options: object) -> Path:
        write: Callable[..., Path] = write_film
        return write(tmp_path / name, *words, **options)

    return draw
