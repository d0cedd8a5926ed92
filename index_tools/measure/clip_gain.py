"""What a clip finds more than a picture: the same frames, alone and with the seconds around them.

Every frame of a clip is disturbed alike, with the same random numbers: cropped at one place, with one
caption.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from index_tools.film.excerpt import read_excerpt
from index_tools.measure.judging import Outcome, judge
from index_tools.measure.queries import LONGEST_SIDE, Drawn
from index_tools.measure.summaries import spread, summary
from index_tools.moments import Moments, moments_of
from index_tools.nouns import Answer
from index_tools.pack import ScenePack
from index_tools.picture import Picture
from index_tools.progress import Progress
from index_tools.search import SearchOptions
from index_tools.search.scenes import LONGEST_S

#: The classes of which the gain is told unless others are asked for.
CLASSES = ("crop30", "meme_text", "vertical_9_16")
#: Seconds of a clip, and its frames a second: a usual GIF.
LENGTH_S, FPS = 3.0, 8.0


class ClipFinder(Protocol):
    """What is measured: an engine."""

    @property
    def packs(self) -> tuple[ScenePack, ...]:
        """The packs that are searched."""

    def find(
        self, picture: Picture, options: SearchOptions | None = None, progress: Progress | None = None
    ) -> Answer:
        """The scenes that a picture may come from."""

    def find_clip(
        self,
        moments: Moments,
        options: SearchOptions | None = None,
        progress: Progress | None = None,
        *,
        refine: bool = True,
    ) -> Answer:
        """The scenes that a clip may come from."""


@dataclass(frozen=True, slots=True)
class ClipOutcome:
    """What became of one clip: `alone` is its middle frame by itself; the errors, in seconds, are those of
    the clip's place in the film, None where it was not found.
    """

    alone: Outcome
    whole: Outcome
    start_error_s: float | None
    end_error_s: float | None


def ask_clip(finder: ClipFinder, drawn: Drawn, name: str, seed: int, options: SearchOptions) -> ClipOutcome:
    """Search the frame that was drawn, and the clip around it.  Raises FilmError, PackError."""
    half_s = LENGTH_S / 2
    start_s = min(max(drawn.at_s - half_s, 0.0), max(drawn.film.length_s - LENGTH_S, 0.0))
    begun = time.perf_counter()
    answer = finder.find(Picture.of(drawn.degraded(name, seed)), options)
    alone = judge(drawn, answer, (time.perf_counter() - begun) * 1000)
    moments = moments_of(_disturbed(drawn, start_s, name, seed), LENGTH_S, Progress())
    begun = time.perf_counter()
    answer = finder.find_clip(moments, options)
    elapsed_ms = (time.perf_counter() - begun) * 1000
    whole = judge(drawn, _within_shots(answer, finder.packs), elapsed_ms)
    if not whole.right_first:
        return ClipOutcome(alone, whole, None, None)
    first = answer.matches[0]
    end_s = start_s + moments.length_s
    return ClipOutcome(alone, whole, abs(first.start_s - start_s), abs(first.end_s - end_s))


def _within_shots(answer: Answer, packs: Sequence[ScenePack]) -> Answer:
    """The answer with the bounds of a picture's scene: those of the shot, within `LONGEST_S` of film.

    Where nothing moves any time of a shot counts, for a clip as for a picture.
    """
    shots = {pack.manifest.pack_id: pack.shots for pack in packs}
    matches = []
    for match in answer.matches:
        shot = shots[match.pack_id][match.shot]
        start_s = min(match.start_s, max(float(shot["start_s"]), match.at_s - LONGEST_S / 2))
        end_s = max(match.end_s, min(float(shot["end_s"]), match.at_s + LONGEST_S / 2))
        matches.append(replace(match, start_s=start_s, end_s=end_s))
    return replace(answer, matches=tuple(matches))


def _disturbed(drawn: Drawn, start_s: float, name: str, seed: int) -> Iterator[tuple[float, float, Picture]]:
    """The frames of a clip at `FPS`, each disturbed alike."""
    due_s = 0.0
    for at_s, _, picture in read_excerpt(drawn.film.path, start_s, start_s + LENGTH_S, LONGEST_SIDE):
        if at_s >= due_s - 1e-6:
            due_s = at_s + 1 / FPS
            frame = Drawn(drawn.number, drawn.film, start_s + at_s, picture.rgb)
            yield at_s, 1 / FPS, Picture.of(frame.degraded(name, seed))


def clip_summary(outcomes: Sequence[ClipOutcome], unknown: Sequence[ClipOutcome]) -> dict[str, Any]:
    """The figures of a class: those of the frames alone, of the clips, and where in the film these lie."""
    return {
        "frame": summary({"": [o.alone for o in outcomes]}, {"": [o.alone for o in unknown]}),
        "clip": summary({"": [o.whole for o in outcomes]}, {"": [o.whole for o in unknown]}),
        "start_error_s": spread([outcome.start_error_s for outcome in outcomes]),
        "end_error_s": spread([outcome.end_error_s for outcome in outcomes]),
        "frame_ms": spread([outcome.alone.elapsed_ms for outcome in outcomes]),
        "clip_ms": spread([outcome.whole.elapsed_ms for outcome in outcomes]),
    }
