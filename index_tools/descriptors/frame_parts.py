"""The parts of a frame that are described besides the whole: upright windows, and cuts of some 30 % of it.

A picture that shows a third of a frame is described quite unlike the frame, yet much like that third of it.
The network describes all of these parts in the one pass in which it describes the frame, out of the features
that lie there.
"""

from __future__ import annotations

from itertools import product

#: Shares of the frame's width and height that a part takes up, and how many of it lie side by side.
_WINDOW, _WINDOWS = (0.316, 1.0), (5, 1)
_CUT, _CUTS = (0.55, 0.55), (3, 3)

#: Left, top, right and bottom of a part, in shares of the frame's width and height.
Box = tuple[float, float, float, float]


def _tiled(size: tuple[float, float], counts: tuple[int, int]) -> list[Box]:
    """Boxes of one size all over the frame, row by row."""
    lefts, tops = (
        [(1 - length) * number / max(count - 1, 1) for number in range(count)]
        for length, count in zip(size, counts, strict=True)
    )
    return [(left, top, left + size[0], top + size[1]) for top, left in product(tops, lefts)]


#: The cuts, which have the frame's aspect, and all parts, in the order in which a network gives them.
CUTS: tuple[Box, ...] = tuple(_tiled(_CUT, _CUTS))
PARTS: tuple[Box, ...] = (*_tiled(_WINDOW, _WINDOWS), *CUTS)
#: The values of a part's vector, compared with the first values of a picture's.
PART_VALUES = 128
