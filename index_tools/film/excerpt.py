"""A stretch of a film as pictures, for a film that is asked for and not indexed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from index_tools.film.reader import FilmReader
from index_tools.picture import Picture


def read_excerpt(
    path: Path, start_s: float, end_s: float, side: int
) -> Iterator[tuple[float, float, Picture]]:
    """Of each frame in `start_s .. end_s` its seconds after `start_s`, how long it is shown, and its picture.

    No side is longer than `side`.  A start past the film's end gives its last frame.  Raises FilmError.
    """
    with FilmReader(path, draft=True) as reader:
        shown_s = 1.0 / reader.info.fps if reader.info.fps > 0 else 0.04
        empty = True
        for frame in reader.frames(start_s, end_s):
            empty = False
            yield max(frame.at_s - start_s, 0.0), shown_s, frame.picture(side)
        if empty:
            yield 0.0, shown_s, reader.frame_at(start_s).picture(side)
