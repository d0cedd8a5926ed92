"""Shots, found while a film is read, from coarse luma and block colours.

A *hard cut* is a change that is large against those before and after it, that stays (a flash does not),
that leaves little structure in common (a change of light does), and that is not one of a run of like
changes (a fast pan).  A *dissolve* changes one picture into another by blending: half-way the picture is
the mean of both, and the changes from frame to frame add up to hardly more than the whole.  A *fade*
leaves a run of empty frames: the shots part in its middle, or a long run is a shot of its own.
"""

from __future__ import annotations

import numpy as np

from index_tools.film.planes import BlockMeans

#: No hard cuts are nearer to one another, in seconds; of nearer ones the strongest is taken.
_SHORTEST_S = 0.25
#: Half the time in which a dissolve is looked for, in seconds.
_HALF_DISSOLVE_S = 0.5
#: An empty run of this length, in seconds, is a shot; a shorter one is the seam between two.
_EMPTY_SHOT_S = 1.0

#: Changes are means over the picture of differences in levels of 0..255.  A smaller one is no cut.
_LEAST_CHANGE = 4.0
#: From this change on a cut need be only three times the usual; at the least change, eight times.
_PLAIN_CHANGE = 10.0
_TIMES_USUAL_PLAIN, _TIMES_USUAL_LEAST = 3.0, 8.0
#: The usual is the mean over so many frames before and after.
_NEIGHBOURS = 4
#: Likeness (correlation of coarse lumas) up to which a plain and the least change may be a cut.
_MOST_ALIKE_PLAIN, _MOST_ALIKE_LEAST = 0.9, 0.6
#: In a run of changes each is more than this share of its smaller neighbour.
_RUN_SHARE = 0.4
#: A change stays if this share of it is still there at the end of the shortest shot.
_STAYING_SHARE = 0.5

#: What a dissolve must change, how straight its way must be, how much it may stray half-way, and how
#: alike its ends may be.
_LEAST_DISSOLVE = 12.0
_LEAST_STRAIGHT = 0.6
_MOST_STRAYING = 0.2
_MOST_ALIKE_DISSOLVE = 0.6

#: A frame whose coarse luma deviates by less than this (levels) is empty: black, white, one colour.
_EMPTY_DEVIATION = 3.0
#: Pictures before and after an empty run that are more alike than this are one shot: it was a flash.
_FLASH_ALIKE = 0.8

_LUMA, _COLORS = 256, 192


class ShotFinder:
    """Tells which frames begin a shot; fed in the order of time, it answers about a second later.

    `starts` holds the numbers of the frames that begin a shot, the first always being 0.  What will ever be
    told of frames before number `decided` is told.  `fps` is the usual rate of the film.
    """

    def __init__(self, fps: float) -> None:
        self.starts: list[int] = [0]
        self.decided = 0
        self._shortest = max(2, round(_SHORTEST_S * fps))
        self._half = max(3, round(_HALF_DISSOLVE_S * fps))
        self._empty_shot = max(3, round(_EMPTY_SHOT_S * fps))
        self._ahead = max(self._shortest, _NEIGHBOURS, self._half) + 1
        # The latest frames; number `_from` comes first.  A difference of looks sums to the change.
        self._looks = np.zeros((0, _LUMA + _COLORS), np.float32)
        self._structure = np.zeros((0, _LUMA), np.float32)
        self._from = 0
        # One entry a frame of the film.
        self._change: list[float] = []
        self._alike: list[float] = []
        self._empty: list[bool] = []
        self._way: list[float] = []
        self._hard: list[float] = []
        self._soft: list[float] = []

    def feed(self, means: BlockMeans) -> None:
        """Look at the next frames."""
        self._look(means)
        self._measure(len(self._change) - self._ahead)
        self._decide(len(self._hard) - self._half)
        keep = max(0, self.decided - 2 * self._half - self._shortest - self._from)
        if keep > 64:
            self._looks, self._structure = self._looks[keep:].copy(), self._structure[keep:].copy()
            self._from += keep

    def finish(self) -> None:
        """There are no more frames: decide on the last ones."""
        self._measure(len(self._change))
        self._decide(len(self._hard))

    # What the frames look like

    def _look(self, means: BlockMeans) -> None:
        """Note the changes that each new frame brings."""
        count = len(means.luma)
        luma = means.luma.reshape(count, _LUMA)
        colors = means.rgb.reshape(count, _COLORS).astype(np.float32)
        looks = np.concatenate([luma / (2 * _LUMA), colors / (2 * _COLORS)], axis=1)
        centred = luma - luma.mean(axis=1, keepdims=True)
        norm = np.sqrt(np.einsum("ij,ij->i", centred, centred))
        least = _EMPTY_DEVIATION * _LUMA**0.5
        structure = centred / np.maximum(norm, least)[:, None]
        begun = len(self._looks) > 0
        self._looks = np.concatenate([self._looks, looks])
        self._structure = np.concatenate([self._structure, structure])
        last = count + begun
        change = np.abs(np.diff(self._looks[-last:], axis=0)).sum(axis=1).tolist()
        ends = self._structure[-last:]
        alike = np.einsum("ij,ij->i", ends[1:], ends[:-1]).tolist()
        if not begun:
            change, alike = [0.0, *change], [1.0, *alike]
        way = self._way[-1] if self._way else 0.0
        for step in change:
            way += step
            self._way.append(way)
        self._change += change
        self._alike += alike
        self._empty += (norm < least).tolist()

    def _difference(self, a: int, b: int) -> float:
        """The change between two frames that are still in the window."""
        return float(np.abs(self._looks[a - self._from] - self._looks[b - self._from]).sum())

    def _likeness(self, a: int, b: int) -> float:
        return float(self._structure[a - self._from] @ self._structure[b - self._from])

    # Strengths of possible cuts

    def _measure(self, end: int) -> None:
        """Strengths of hard cuts and dissolves up to frame number `end`."""
        begin, end = len(self._hard), max(end, len(self._hard))
        across = self._changes_across(begin, end)
        for i in range(begin, end):
            self._hard.append(self._hard_cut(i) if self._change[i] >= _LEAST_CHANGE else 0.0)
            dissolve = across[i - begin]
            self._soft.append(self._dissolve(i, dissolve) if dissolve >= _LEAST_DISSOLVE else 0.0)

    def _changes_across(self, begin: int, end: int) -> list[float]:
        """For each frame the change from half a dissolve before it to half a dissolve after it."""
        first = max(begin, self._from + self._half)
        last = min(end, len(self._change) - self._half)
        if first >= last:
            return [0.0] * (end - begin)
        a, b = first - self._from - self._half, last - self._from - self._half
        apart = 2 * self._half
        change: list[float] = (
            np.abs(self._looks[a + apart : b + apart] - self._looks[a:b]).sum(axis=1).tolist()
        )
        return [0.0] * (first - begin) + change + [0.0] * (end - last)

    def _hard_cut(self, i: int) -> float:
        """The change that frame `i` brings if it is a hard cut, else 0."""
        change = self._change[i]
        before = self._change[max(1, i - _NEIGHBOURS) : i] or [0.0]
        after = self._change[i + 1 : i + 1 + _NEIGHBOURS] or [0.0]
        usual = (sum(before) / len(before) + sum(after) / len(after)) / 2
        plain = min(1.0, (change - _LEAST_CHANGE) / (_PLAIN_CHANGE - _LEAST_CHANGE))
        times = _TIMES_USUAL_LEAST + plain * (_TIMES_USUAL_PLAIN - _TIMES_USUAL_LEAST)
        alike = _MOST_ALIKE_LEAST + plain * (_MOST_ALIKE_PLAIN - _MOST_ALIKE_LEAST)
        if change < times * usual or self._alike[i] > alike:
            return 0.0
        if min(before[-1], after[0]) > _RUN_SHARE * change:
            return 0.0
        ahead = range(i + 1, min(i + self._shortest, len(self._change)))
        behind = range(max(i - self._shortest, self._from), i - 1)
        stays = all(self._difference(i - 1, k) >= _STAYING_SHARE * change for k in ahead)
        was_new = all(self._difference(i, k) >= _STAYING_SHARE * change for k in behind)
        return change if stays and was_new else 0.0

    def _dissolve(self, i: int, change: float) -> float:
        """The change around frame `i` if a dissolve runs there, else 0."""
        a, b = i - self._half, i + self._half
        if change < _LEAST_STRAIGHT * (self._way[b] - self._way[a]):
            return 0.0
        if any(self._empty[a : b + 1]) or self._likeness(a, b) > _MOST_ALIKE_DISSOLVE:
            return 0.0
        looks = self._looks[[a - self._from, i - self._from, b - self._from]]
        straying = float(np.abs(looks[1] - (looks[0] + looks[2]) / 2).sum())
        return change if straying <= _MOST_STRAYING * change else 0.0

    # Decisions

    def _decide(self, end: int) -> None:
        """Take the strongest of the possible cuts up to frame number `end`."""
        for i in range(self.decided, end):
            if self._hard[i] > 0 and self._is_peak(self._hard, i, self._shortest):
                self._start(i, self._shortest)
            elif self._soft[i] > 0 and self._is_peak(self._soft, i, self._half):
                if not any(self._hard[max(0, i - self._half) : i + self._half + 1]):
                    self._start(i, self._half)
            elif i and self._empty[i - 1] and not self._empty[i]:
                self._seam(i)
        self.decided = max(self.decided, end)

    @staticmethod
    def _is_peak(strengths: list[float], i: int, reach: int) -> bool:
        """Whether nothing within reach is stronger; of equals the first counts."""
        before = strengths[max(0, i - reach) : i]
        after = strengths[i + 1 : i + 1 + reach]
        return max(before, default=0.0) < strengths[i] >= max(after, default=0.0)

    def _seam(self, end: int) -> None:
        """A run of empty frames ends before frame `end`."""
        begin = end - 1
        while begin > 0 and self._empty[begin - 1]:
            begin -= 1
        if end - begin >= self._empty_shot:
            self._start(begin, self._shortest)
            self._start(end, self._shortest)
        elif begin > self._from and self._likeness(begin - 1, end) <= _FLASH_ALIKE:
            self._start((begin + end) // 2, self._shortest)

    def _start(self, i: int, least: int) -> None:
        if i - self.starts[-1] >= least:
            self.starts.append(i)
