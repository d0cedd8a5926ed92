"""One film in the form in which packs and journals hold it, and what must be true of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_tools.descriptors.embedding_form import NAME as SCENE_EMBEDDING
from index_tools.nouns import KEPT_FRAME, SHOT, FilmIndex, Video
from index_tools.pack.metadata import check_measures
from index_tools.pack.sketch_code import encode_sketches
from index_tools.pack.track_code import COLUMNS, encode_track

__all__ = [
    "COLOR_LAYOUT",
    "SCENE_EMBEDDING",
    "DescribedRows",
    "StoredFilm",
    "check_described",
    "check_film",
    "check_kept",
    "check_shots",
    "store_film",
]

COLOR_LAYOUT = "color_layout"
#: Longest thumbnail, in bytes; a WebP 160 pixels wide has some 3 kB.
MOST_THUMBNAIL_BYTES = 1 << 20
#: Seconds by which rounding may put a frame outside its span.
SLACK_S = 1e-6
#: No film is longer, in seconds (some 115 days).
LONGEST_S = 1e7


@dataclass(frozen=True, eq=False, slots=True)
class DescribedRows:
    """The vectors (m, size) of one descriptor; `rows` int32 (m,) names the kept rows, None for all."""

    vectors: NDArray[Any]
    rows: NDArray[np.int32] | None = None


@dataclass(frozen=True, eq=False, slots=True)
class StoredFilm:
    """A film as stored: like `FilmIndex`, but with its track and each shot's sketches as encoded blocks.

    `kept["video"]` is 0 throughout, `kept["shot"]` and the rows of `described` count within the film.
    `thumbnails` and `sketches` have one piece a shot or none at all.
    """

    video: Video
    kept: NDArray[np.void]
    shots: NDArray[np.void]
    described: Mapping[str, DescribedRows]
    track: bytes
    thumbnails: tuple[bytes, ...] = ()
    sketches: tuple[bytes, ...] = ()
    warnings: tuple[str, ...] = field(default=())


def store_film(film: FilmIndex) -> StoredFilm:
    """Put a film into the stored form; raises `ValueError` in a few words if it contradicts itself."""
    described = {COLOR_LAYOUT: DescribedRows(np.ascontiguousarray(film.color_layout))}
    if film.scene_embedding is not None:
        described[SCENE_EMBEDDING] = DescribedRows(np.ascontiguousarray(film.scene_embedding), film.embedded)
    stored = StoredFilm(
        video=film.video,
        kept=np.ascontiguousarray(film.kept),
        shots=np.ascontiguousarray(film.shots),
        described=described,
        track=encode_track(film.track),
        thumbnails=film.thumbnails,
        sketches=tuple(encode_sketches(shot) for shot in film.sketches),
        warnings=film.warnings,
    )
    check_film(stored)
    return stored


def check_film(film: StoredFilm) -> None:
    """Raise `ValueError` in a few words if a rule for one film, or for its tables, is broken."""
    if (
        film.kept.dtype != KEPT_FRAME
        or film.kept.ndim != 1
        or film.shots.dtype != SHOT
        or film.shots.ndim != 1
    ):
        raise ValueError("its tables have other columns")
    check_measures(film.video)
    check_shots(film.shots, 1)
    check_kept(film.kept, film.shots)
    for name, described in film.described.items():
        check_described(name, described, len(film.kept))
    if COLOR_LAYOUT in film.described and film.described[COLOR_LAYOUT].vectors.shape[1] != COLUMNS:
        raise ValueError("its color layouts do not have 33 values")
    if film.thumbnails and len(film.thumbnails) != len(film.shots):
        raise ValueError("it has not one thumbnail a shot")
    if film.sketches and len(film.sketches) != len(film.shots):
        raise ValueError("it has not the sketches of each shot")
    if any(len(picture) > MOST_THUMBNAIL_BYTES for picture in film.thumbnails):
        raise ValueError("one of its thumbnails is too big")


def check_shots(shots: NDArray[np.void], videos: int) -> None:
    """Shots: known videos, finite times, none ending before it starts, sorted by (video, start_s)."""
    video, start, end = shots["video"], shots["start_s"], shots["end_s"]
    if not len(shots):
        return
    if video.min() < 0 or video.max() >= videos:
        raise ValueError("a shot belongs to a video that is not there")
    if not all(((time >= -SLACK_S) & (time <= LONGEST_S)).all() for time in (start, end)):
        raise ValueError("a shot has a time that is none")
    if (end < start).any() or not _sorted_by(video, start):
        raise ValueError("its shots are not in order")


def check_kept(kept: NDArray[np.void], shots: NDArray[np.void]) -> None:
    """Kept frames: in known shots of the same video, inside their spans, sorted by (video, at_s)."""
    if not len(kept):
        return
    shot, at = kept["shot"], kept["at_s"]
    if shot.min() < 0 or shot.max() >= len(shots):
        raise ValueError("a kept frame belongs to a shot that is not there")
    if (shots["video"][shot] != kept["video"]).any():
        raise ValueError("a kept frame belongs to a shot of another video")
    times = (kept[name] for name in ("at_s", "from_s", "to_s"))
    if not all(((time >= -SLACK_S) & (time <= LONGEST_S)).all() for time in times):
        raise ValueError("a kept frame has a time that is none")
    if (kept["from_s"] > at + SLACK_S).any() or (kept["to_s"] < at - SLACK_S).any():
        raise ValueError("a kept frame lies outside its own span")
    if not _sorted_by(kept["video"], at):
        raise ValueError("its kept frames are not in order")


def check_described(name: str, described: DescribedRows, kept: int) -> None:
    """Vectors: two axes, one byte a value, one row a kept frame or named, rising rows; of color layouts one a
    kept frame in any case.
    """
    vectors, rows = described.vectors, described.rows
    if vectors.ndim != 2 or vectors.dtype not in (np.uint8, np.int8):
        raise ValueError(f"its vectors of {name} are not a table of bytes")
    if (rows is None or name == COLOR_LAYOUT) and len(vectors) != kept:
        raise ValueError(f"it has not one vector of {name} a kept frame")
    if rows is None:
        return
    if rows.shape != (len(vectors),) or rows.dtype != np.int32:
        raise ValueError(f"its rows of {name} do not fit its vectors")
    if len(rows) and (rows[0] < 0 or rows[-1] >= kept or (np.diff(rows) <= 0).any()):
        raise ValueError(f"its rows of {name} are not in order")


def _sorted_by(video: NDArray[np.int32], time_s: NDArray[np.float64]) -> bool:
    step = np.diff(video)
    return bool(((step > 0) | ((step == 0) & (np.diff(time_s) >= 0))).all())
