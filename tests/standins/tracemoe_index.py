"""The stand-in's index: every frame of the demo film, searched and merged as the service does it.

After the reference on the color layout, sections 4 (what is kept), 5 (search, score, merge) and 6 (bounds of
a preview).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_tools.pack import ScenePack
from tests.standins.titles import ADULT, FILM, NAMELESS, SERIES

DEMO = Path(__file__).parent.parent.parent / "resources" / "demo"
#: Frames that a query brings home, scenes that are told, the gap that parts two scenes in seconds.
_MOST_FRAMES, _MOST_SCENES, _GAP_S = 1000, 10, 5.0
#: A frame equal to one of the last so many kept, and less than so many seconds younger, is not kept.
_LOOKED_BACK, _SAME_S = 50, 2.0


@dataclass(frozen=True, slots=True)
class IndexedFile:
    """A file of the service: the seconds `begins_s` .. `ends_s` of the demo film, shown from `offset_s` on.

    `off_by` values of each vector differ by one from the film's, as another encoding would.
    """

    number: int
    name: str
    episode: object
    episode_start: int | None
    episode_end: int | None
    begins_s: float
    ends_s: float
    offset_s: float
    duration_s: float
    off_by: int

    def in_film(self, at_s: float) -> float:
        """The second of the demo film that is shown at a second of this file."""
        return at_s - self.offset_s + self.begins_s


FILES = (
    IndexedFile(FILM, "Big Buck Bunny (2008) [854x480].mp4", None, None, None, 0, 75, 0, 75.0, 0),
    IndexedFile(SERIES, "Usagi Monogatari - 06.5 [BD].mkv", 6.5, 6, None, 20, 45, 300, 1440.064, 3),
    IndexedFile(ADULT, "Yoru no Usagi - 01-02.mp4", [1, 2], 1, 2, 45, 75, 600, 3361.5, 4),
    IndexedFile(NAMELESS, "[Group] Unknown - 10.mkv", "10|11", 10, 11, 0, 20, 10, 90.25, 2),
)


@dataclass(frozen=True, eq=False, slots=True)
class Index:
    """Frames as the index keeps them: file number, time (float32) and vector (uint8 (n, 33)) of each."""

    files: NDArray[np.int32]
    times_s: NDArray[np.float32]
    vectors: NDArray[np.uint8]
    cuts_s: tuple[float, ...]
    """Where shots of the demo film begin, in seconds of it, and where it ends."""


@dataclass(frozen=True, slots=True)
class Scene:
    """A run of frames of one file; `score` is the squared distance of the one at `at_s`."""

    file: int
    from_s: float
    at_s: float
    to_s: float
    score: float


@lru_cache(maxsize=1)
def demo_index() -> Index:
    """The index of the demo's pack."""
    with ScenePack.open(DEMO / "pack") as pack:
        track = pack.track(0)
        shots = pack.shots
        cuts = (*map(float, shots["start_s"]), float(shots["end_s"][-1]))
    files, times, vectors = [], [], []
    for number, file in enumerate(FILES):
        shown = (track.times_s >= file.begins_s) & (track.times_s < file.ends_s)
        own = track.color_layout[shown].copy()
        own[:, 7 : 7 + file.off_by] += 1
        moments = (track.times_s[shown] - file.begins_s + file.offset_s).astype(np.float32)
        kept = _kept(moments, own)
        files.append(np.full(len(kept), number, np.int32))
        times.append(moments[kept])
        vectors.append(own[kept])
    return Index(np.concatenate(files), np.concatenate(times), np.concatenate(vectors), cuts)


def search(index: Index, vector: NDArray[np.uint8], number: int | None) -> tuple[list[Scene], int]:
    """The scenes nearest to a vector, and how many frames were searched; within one title if asked."""
    if number is None:
        rows = np.arange(len(index.files))
    else:
        wanted = [place for place, file in enumerate(FILES) if file.number == number]
        rows = np.flatnonzero(np.isin(index.files, wanted))
    apart = index.vectors[rows].astype(np.int64) - vector.astype(np.int64)
    scores = (apart**2).sum(axis=1)
    nearest = np.argsort(scores, kind="stable")[:_MOST_FRAMES]
    return _merged(index, rows[nearest], scores[nearest]), len(rows)


def _merged(index: Index, rows: NDArray[np.int64], scores: NDArray[np.int64]) -> list[Scene]:
    order = np.argsort(index.times_s[rows], kind="stable")
    last: dict[int, Scene] = {}
    done: list[Scene] = []
    for place in order:
        row = rows[place]
        file, at_s, score = int(index.files[row]), float(index.times_s[row]), float(scores[place])
        run = last.get(file)
        if run is not None and at_s - run.to_s < _GAP_S:
            best = (score, at_s) if score < run.score else (run.score, run.at_s)
            last[file] = Scene(file, run.from_s, best[1], at_s, best[0])
            continue
        if run is not None:
            done.append(run)
        last[file] = Scene(file, at_s, at_s, at_s, score)
    return sorted([*done, *last.values()], key=lambda scene: scene.score)[:_MOST_SCENES]


def similarity(score: float) -> float:
    """On the service's scale."""
    return min(1.0, max(0.0, (255 - score) / 255))


def preview_bounds(
    index: Index, file: IndexedFile, at_s: float, least_s: float, most_s: float
) -> tuple[float, float] | None:
    """The natural scene around a second of a file, `most_s` to each side at most; None beyond the file."""
    if not 0 <= at_s <= file.duration_s:
        return None
    cuts: list[float] = []
    for cut in (0.0, *(c - file.begins_s + file.offset_s for c in index.cuts_s), file.duration_s):
        if 0 <= cut <= file.duration_s and (not cuts or cut - cuts[-1] >= least_s):
            cuts.append(cut)
    begin = max((cut for cut in cuts if cut <= at_s), default=0.0)
    end = min((cut for cut in cuts if cut > at_s), default=file.duration_s)
    return max(begin, at_s - most_s), min(end, at_s + most_s)


def _kept(times_s: NDArray[np.float32], vectors: NDArray[np.uint8]) -> list[int]:
    """Rows that are left when repeats within two seconds are dropped."""
    kept: list[int] = []
    for row, at_s in enumerate(times_s):
        recent = kept[-_LOOKED_BACK:]
        if not any(
            at_s - times_s[old] < _SAME_S and np.array_equal(vectors[old], vectors[row]) for old in recent
        ):
            kept.append(row)
    return kept
