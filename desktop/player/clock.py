"""The clock of the player, and the time of the film that runs by it."""

from __future__ import annotations

import time

from desktop.player.scene import Clock

#: Above this difference the sound's clock is followed at once; below it, in small unseen steps.
_JUMP_S = 0.15
#: Share of the difference to the sound's clock that is made up at each correction.
_PULL = 0.1


class SystemClock:
    """The machine's steady clock."""

    def now_s(self) -> float:
        """Seconds since some fixed moment."""
        return time.perf_counter()


class PlayTime:
    """Where the film is: a base time plus the time since, times the speed; never a sum of intervals.

    Stands still until `start`.  While sound plays, `follow` keeps it with the sound card's clock.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._media_s = 0.0
        self._since_s = 0.0
        self._speed = 1.0
        self._running = False

    @property
    def running(self) -> bool:
        """Whether the time goes on."""
        return self._running

    @property
    def speed(self) -> float:
        """Seconds of film a second."""
        return self._speed

    def now_s(self) -> float:
        """The time of the film at this moment."""
        if not self._running:
            return self._media_s
        return self._media_s + (self._clock.now_s() - self._since_s) * self._speed

    def hold(self, media_s: float) -> None:
        """Stand still at a time of the film."""
        self._media_s, self._running = media_s, False

    def start(self, media_s: float) -> None:
        """Run from a time of the film on, from now."""
        self._media_s, self._since_s, self._running = media_s, self._clock.now_s(), True

    def shift(self, by_s: float) -> None:
        """Move the time of the film without losing a beat, as a loop does at its end."""
        self._media_s += by_s

    def set_speed(self, speed: float) -> None:
        """Change the speed from this moment on."""
        self._media_s = self.now_s()
        self._since_s = self._clock.now_s()
        self._speed = speed

    def follow(self, media_s: float, period_s: float = 0.0) -> None:
        """Come nearer to the time of the film that is heard now, in a circle of `period_s` if above 0."""
        away_s = media_s - self.now_s()
        if period_s > 0:
            away_s = (away_s + period_s / 2) % period_s - period_s / 2
        self._media_s += away_s if abs(away_s) > _JUMP_S else away_s * _PULL
