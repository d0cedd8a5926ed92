"""Kept frames that matched, gathered into scenes.

Frames of one video less than 5 s apart are one scene, as trace.moe merges them, but a cut always parts
two scenes, and a whole shot of ordinary length is one.  The bounds of a scene are those of its shot; of
a long shot a scene is only the part within `REACH_S` of the frames that matched.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index_tools.search.candidates import Candidates
from index_tools.search.embedded import WHOLE

#: Frames further apart in time than this are two scenes, in shots too long to be one.
GAP_S = 5.0
#: A shot up to this length is one scene however far apart the frames in it are that matched.
WHOLE_SHOT_S = 20.0
#: In a longer shot a scene reaches at most this far from the frames that matched.
REACH_S = 5.0
#: A scene is at most this long; a longer one is kept to the surroundings of its best frame.
LONGEST_S = 30.0


@dataclass(frozen=True, slots=True)
class FoundScene:
    """A run of frames of one shot that matched, before its exact frame is known.

    `video` and `shot` are row numbers of the pack; `row` is the kept frame that matched best,
    `distance` its squared distance, `reading` the number of the reading that matched, `score` that of its
    scene embedding, nan where color layouts found it.  `part` is the part of the frame that is alike the
    picture, `WHOLE` where it is all of it.  `start_s <= at_s <= end_s`.
    """

    video: int
    shot: int
    row: int
    distance: int
    reading: int
    start_s: float
    at_s: float
    end_s: float
    score: float = math.nan
    part: int = WHOLE


def gather(
    candidates: Candidates, kept: NDArray[np.void], shots: NDArray[np.void], most: int
) -> list[FoundScene]:
    """The scenes of one pack that the candidates lie in, nearest first, at most `most`.

    By their scores where they have any.

    `kept` is KEPT_FRAME (n,), `shots` is SHOT (m,), as a pack holds them.
    """
    if not candidates.rows.size:
        return []
    frames = kept[candidates.rows]
    shot = frames["shot"]
    length = shots["end_s"][shot] - shots["start_s"][shot]
    apart = frames["from_s"][1:] - frames["to_s"][:-1] >= GAP_S
    parted = (shot[1:] != shot[:-1]) | (apart & (length[1:] > WHOLE_SHOT_S))
    first = np.concatenate([[0], np.flatnonzero(parted) + 1])
    last = np.append(first[1:], len(frames)) - 1
    scores = candidates.scores
    costs = candidates.distances if scores is None else -scores
    nearest = np.minimum.reduceat(costs, first)
    scenes: list[FoundScene] = []
    for run in np.argsort(nearest, kind="stable"):
        begin, end = int(first[run]), int(last[run])
        best = begin + int(np.argmin(costs[begin : end + 1]))
        bounds = shots[int(shot[best])]
        reach_s = REACH_S if length[best] > WHOLE_SHOT_S else WHOLE_SHOT_S
        scene = _bounded(
            FoundScene(
                video=int(frames["video"][best]),
                shot=int(shot[best]),
                row=int(candidates.rows[best]),
                distance=int(candidates.distances[best]),
                reading=int(candidates.readings[best]),
                start_s=float(max(bounds["start_s"], frames["from_s"][begin] - reach_s)),
                at_s=float(frames["at_s"][best]),
                end_s=float(min(bounds["end_s"], frames["to_s"][end] + reach_s)),
                score=math.nan if scores is None else float(scores[best]),
                part=WHOLE if candidates.parts is None else int(candidates.parts[best]),
            )
        )
        if not any(overlap(scene, other) for other in scenes):
            scenes.append(scene)
            if len(scenes) == most:
                break
    return scenes


def overlap(one: FoundScene, other: FoundScene) -> bool:
    """Whether two scenes of one pack share any time; the bounds themselves may touch."""
    return one.video == other.video and one.start_s < other.end_s and other.start_s < one.end_s


def _bounded(scene: FoundScene) -> FoundScene:
    """The scene cut down to `LONGEST_S` around its best frame, and its best frame inside its bounds."""
    start_s, end_s = min(scene.start_s, scene.at_s), max(scene.end_s, scene.at_s)
    if end_s - start_s > LONGEST_S:
        start_s = max(start_s, min(scene.at_s - LONGEST_S / 2, end_s - LONGEST_S))
        end_s = min(end_s, start_s + LONGEST_S)
    return replace(scene, start_s=start_s, end_s=end_s)
