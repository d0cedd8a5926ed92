"""Where the bars around a film end: letterbox, pillarbox and frames of one colour.

A bar is a run of lines from an edge inward that have the colour of the outermost lines.  Three things make
that hard, and each has its answer here:

- compression makes bars noisy, most of all beside the content: the inner edge is looked for with a loose
  tolerance too, and believed where it is sharp;
- subtitles and logos lie in bars: lines that are only mostly of the bar's colour do not end a bar;
- films are dark: a faint edge counts only if the opposite side bears it out, and a dark region without a
  straight edge is not a bar.

Lines are looked at in full resolution along the side, and at some 160 samples across, in luma.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: left, top, right, bottom in pixels; right and bottom are the first beyond.
Box = tuple[int, int, int, int]

# Samples across a line; a share of a line is known to 1 / 160.
_SAMPLES = 160
# Shorter sides have no room for bars worth cutting, in pixels.
_SHORTEST_SIDE = 24
# Thinner bars do not matter to any descriptor, as a share of the side.
_THINNEST_BAR = 0.008
# Less content than this is no film in bars but a dark picture, as a share of the side.  A landscape film
# on an upright telephone leaves 0.25.
_LEAST_CONTENT = 0.15
# Tolerances in levels of luma: a still bar that was compressed, and the ringing beside a hard edge.
_TIGHT, _LOOSE = 6.0, 20.0
# Lines as a whole are compared more finely: the mean of 160 samples of a still bar hardly moves.
_LINE_MEAN = 0.8
# A bar noisier than this (median deviation, levels) is not told from content.
_NOISIEST = 5.0

# Bars of a pair differ by no more than this, as a share of the side.
_ALIKE = 0.006

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True, slots=True)
class _Edge:
    """Where one bar may end: `extent` lines deep.

    `share` says how much of the edge is a straight step; `faint` that it is at least seen; `dark` that the
    bar is black or nearly.
    """

    extent: int
    share: float
    faint: bool
    dark: bool

    @property
    def stands_alone(self) -> bool:
        return self.share >= (0.6 if self.dark else 0.85)

    @property
    def sharp(self) -> bool:
        return self.share >= 0.4


def content_box(rgb: NDArray[np.uint8]) -> Box:
    """The part of pixels uint8 (h, w, 3) inside bars; the whole picture where there are none.

    Never empty; at least 15 % of each side remains, otherwise that side counts as having no bars.
    """
    height, width = rgb.shape[:2]
    top, bottom = _content(_luma(rgb[:, _picked(0, width)]))
    left, right = _content(_luma(rgb[_picked(top, bottom)]).T)
    if (left, right) != (0, width) and (top, bottom) == (0, height):
        # bars at the sides may have hidden that lines above and below are of one colour
        top, bottom = _content(_luma(rgb[:, _picked(left, right)]))
    return left, top, right, bottom


def _picked(start: int, end: int) -> slice:
    step = max(1, (end - start) // _SAMPLES)
    return slice(start + step // 2, end, step)


def _luma(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    luma: NDArray[np.float32] = rgb.astype(np.float32) @ _LUMA
    return luma


def _content(lines: NDArray[np.float32]) -> tuple[int, int]:
    """First line of the content and first line beyond it, from luma (lines, samples)."""
    count = len(lines)
    if count < _SHORTEST_SIDE or lines.shape[1] < 8:
        return 0, count
    first, last = _edges(lines), _edges(lines[::-1])
    before, after = _pair(first, last, count)
    if count - before - after < max(_SHORTEST_SIDE // 2, count * _LEAST_CONTENT):
        return 0, count
    return before, count - after


def _pair(first: list[_Edge], last: list[_Edge], count: int) -> tuple[int, int]:
    """How much to cut at both sides of a picture of `count` lines, given where the bars may end."""
    apart = max(2.0, count * _ALIKE)
    alike = [
        (one.extent, other.extent)
        for one in first
        for other in last
        if abs(one.extent - other.extent) <= apart
        and (one.sharp or other.sharp or (one.faint and other.faint))
    ]
    if alike:
        # bars are symmetric as a rule; the shallower pair leaves dark content whole
        return min(alike)
    return _believed(first, last), _believed(last, first)


def _believed(edges: list[_Edge], opposite: list[_Edge]) -> int:
    """How much to cut at one side where the two sides are not alike."""
    if not edges:
        return 0
    edge = edges[-1]
    if not opposite:
        return edge.extent if edge.stands_alone else 0
    if edge.sharp:
        return edge.extent
    # the film is dark on this side: cut no more than on the other
    return min(edge.extent, opposite[-1].extent) if opposite[-1].sharp else 0


def _edges(lines: NDArray[np.float32]) -> list[_Edge]:
    """Where the bar that begins at the first line may end, by increasing depth and trust; often nothing."""
    count = len(lines)
    outer = lines[: max(2, count // 100)]
    level = float(np.median(outer))
    noise = 1.4826 * float(np.median(np.abs(outer - level)))
    if noise > _NOISIEST:
        return []
    deviation = np.abs(lines - np.float32(level))
    tight = (deviation <= _TIGHT + 3.0 * noise).mean(axis=1)
    if tight[: len(outer)].min() < 0.8:
        return []
    means = lines.mean(axis=1)
    wander = np.abs(means - means[: len(outer)].mean())
    line_tolerance = _LINE_MEAN + 3.0 * float(means[: len(outer)].std())
    reach = max(2, count // 180)

    clean = (tight >= 0.98) & (wander <= line_tolerance)
    mostly = _run(tight >= 0.5)
    clean_lines = np.flatnonzero(clean[:mostly])
    loose = (deviation <= _LOOSE + 3.0 * noise).mean(axis=1)
    tight_extent = int(clean_lines[-1]) + 1 if len(clean_lines) else 0
    loose_extent = _run(loose >= 0.5)
    loose_share = _step(loose, loose_extent, reach)
    found = [(tight_extent, _step(tight, tight_extent, reach))]
    if loose_extent > tight_extent and loose_share >= 0.45:
        found.append((loose_extent, loose_share))
    return [
        _Edge(extent, share, share >= 0.12 or _most(wander, extent, reach) >= 2 * line_tolerance, level < 40)
        for extent, share in found
        if max(2.0, count * _THINNEST_BAR) <= extent < count
    ]


def _most(values: NDArray[np.floating], start: int, reach: int) -> float:
    return float(values[start : start + reach].max())


def _run(good: NDArray[np.bool_]) -> int:
    """Number of lines before the first that is not good."""
    bad = int(np.argmin(good))
    return len(good) if good[bad] else bad


def _step(share: NDArray[np.floating], edge: int, reach: int) -> float:
    """How much of the line changes from the bar's colour to another within `reach` lines of an edge."""
    if not 0 < edge < len(share):
        return 0.0
    return float(share[max(0, edge - reach) : edge].max() - share[edge : edge + reach].min())
