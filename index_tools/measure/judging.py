"""Whether a match is right."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index_tools.film import read_frame
from index_tools.measure.queries import Drawn
from index_tools.measure.survey import small_rgb
from index_tools.nouns import Answer, Match

#: A match this near in time is right, in seconds.
NEAR_S = 5.0
#: How far outside the scene's bounds the frame may lie, in seconds.
SLACK_S = 0.05
#: Two pictures are the same when no 4 x 4 block of them at 64 x 36 differs by more levels than this on
#: average.
SAME_LEVELS = 6.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one query came to; errors of time only where the first match is right.

    `elapsed_ms` is the time until the exact frame, `reranked_ms` until the re-ranked answer before that.
    """

    right_first: bool
    right_among_ten: bool
    claimed: bool
    error_s: float | None
    error_frames: float | None
    elapsed_ms: float
    answered: bool
    confidence: float = 0.0
    reranked_ms: float | None = None


def judge(drawn: Drawn, answer: Answer, elapsed_ms: float) -> Outcome:
    """The outcome of a query of an indexed film."""
    right = [is_right(drawn, match) for match in answer.matches[:1]]
    first = bool(right and right[0])
    among = first or any(is_right(drawn, match) for match in answer.matches[1:10])
    error_s = abs(answer.matches[0].at_s - drawn.at_s) if first else None
    return Outcome(
        right_first=first,
        right_among_ten=among,
        claimed=bool(answer.matches and answer.matches[0].is_match),
        error_s=error_s,
        error_frames=None if error_s is None else error_s / drawn.film.frame_s,
        elapsed_ms=elapsed_ms,
        answered=bool(answer.matches),
        confidence=answer.matches[0].confidence if answer.matches else 0.0,
        reranked_ms=answer.reranked_ms,
    )


def is_right(drawn: Drawn, match: Match) -> bool:
    """Whether a match names the film and the scene of the frame.

    The right film, and within 5 s of the frame; or a scene that holds the frame, its best frame in the
    same shot; or a time at which the film shows the same picture.
    """
    if match.video.file_name != drawn.film.path.name:
        return False
    if abs(match.at_s - drawn.at_s) <= NEAR_S:
        return True
    inside = match.start_s - SLACK_S <= drawn.at_s <= match.end_s + SLACK_S
    if inside and drawn.film.shot_at(match.at_s) == drawn.film.shot_at(drawn.at_s):
        return True
    return _same_picture(drawn, match.at_s)


def _same_picture(drawn: Drawn, at_s: float) -> bool:
    there = small_rgb(read_frame(drawn.film.path, at_s, 320).rgb).astype(np.float64)
    here = small_rgb(drawn.rgb).astype(np.float64)
    blocks = np.abs(there - here).reshape(9, 4, 16, 4, 3).mean((1, 3, 4))
    return bool(blocks.max() <= SAME_LEVELS)
