"""What the player asks of its decoders: which film, and where in it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop.player.coverage import NEVER
from desktop.player.film_file import FilmFacts
from desktop.player.plan import Wanted
from desktop.player.scene import Incoming, Scene

#: Film decoded ahead in whole-film mode, in s.
_AHEAD_S = 4.0
#: Film kept and decoded behind the playhead for stepping back, in s.
_BEHIND_S = 0.7


@dataclass(frozen=True, slots=True)
class Job:
    """A film to decode; results carry its `generation`, so that those of an older one can be dropped."""

    generation: int
    film: Path
    incoming: Incoming | None = None


@dataclass(frozen=True, slots=True)
class Aim:
    """Where the player is, in seconds: in the range from `start_s` to `end_s` (None: the film's end).

    `around` says that the range is shown in a circle; `waiting` that the frame at the playhead is missing;
    `back` that the user steps back, so that frames before the playhead are decoded, too.
    """

    start_s: float
    end_s: float | None
    playhead_s: float
    around: bool
    waiting: bool
    back: bool = False

    def wanted(self, facts: FilmFacts) -> Wanted:
        """The same in ticks of the film."""
        start, end = span(facts, self.start_s, self.end_s)
        timeline = facts.timeline
        whole = self.end_s is None
        return Wanted(
            start=start,
            end=end,
            playhead=min(max(timeline.at_or_before(self.playhead_s), start), end - 1),
            reach=timeline.ticks(_AHEAD_S) if whole else NEVER,
            behind=timeline.ticks(_BEHIND_S),
            around=self.around or not whole,
        )

    def keep_from(self, facts: FilmFacts, gap: int) -> int:
        """From where on decoded frames are kept when `gap` is to be filled."""
        return max(0, gap - facts.timeline.ticks(_BEHIND_S)) if self.back else gap


def span(facts: FilmFacts, start_s: float, end_s: float | None) -> tuple[int, int]:
    """The half-open range of ticks that a range in seconds means; never empty."""
    start = max(0, facts.timeline.at_or_after(start_s))
    if end_s is None:
        return start, NEVER >> 1
    return start, max(facts.timeline.at_or_after(end_s), start + 1)


def range_s(scene: Scene | None, whole: bool, facts: FilmFacts | None) -> tuple[float, float]:
    """The range that is played, in seconds: the scene, or the whole film as long as its header says."""
    if scene is None:
        return 0.0, 0.0
    if not whole:
        return scene.start_s, max(scene.end_s, scene.start_s)
    known_s = facts.timeline.seconds(facts.end_tick) if facts else scene.end_s
    return 0.0, max(known_s, scene.end_s)
