"""How alike a picture and a frame are once one is laid over the other, block by block.

Each block is compared by correlation, which does not see brightness, contrast or tint; and the middle
one of all blocks counts, so that captions, stickers and a hand before the screen, on less than half of
the picture, do not.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_tools.opencv import cv2

#: Longer side on which pictures are compared, in pixels, and the side of a block.
SIDE, BLOCK = 96, 8
#: A block of a frame with less contrast (standard deviation, levels) says nothing.
_FLAT = 3.0
#: A block correlating this much is the same.
SAME = 0.6
#: Of a block so much must lie within the frame.
_INSIDE = 0.95


@dataclass(frozen=True, slots=True)
class Likeness:
    """`middle` is the median correlation of blocks, -1..1; `same` the share, 0..1, of blocks that are
    the same; `blocks` how many had something to compare; `overall` the mean correlation weighted by
    contrast, -1..1.
    """

    middle: float
    same: float
    blocks: int
    overall: float


NONE = Likeness(0.0, 0.0, 0, 0.0)


def compare(
    picture: NDArray[np.float32], frame: NDArray[np.float32], matrix: NDArray[np.float64]
) -> Likeness:
    """Two pictures' luma, float32 (h, w), one laid over the other.

    `matrix`, float64 (3, 3), leads from picture to frame, in units of their longer sides.
    """
    grid = small(picture)
    height, width = grid.shape
    to_unit = np.diag([1.0 / max(height, width), 1.0 / max(height, width), 1.0])
    longer = max(frame.shape)
    to_frame = np.diag([longer, longer, 1.0]) @ matrix @ to_unit
    step = float(np.sqrt(abs(np.linalg.det(to_frame[:2, :2]))))
    source = frame if step <= 1.2 else np.asarray(cv2.GaussianBlur(frame, (0, 0), 0.45 * step), np.float32)
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    laid = np.asarray(
        cv2.warpPerspective(
            source, to_frame, (width, height), flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=-1e4
        ),
        np.float32,
    )
    inside = laid > -1.0
    laid = np.asarray(cv2.GaussianBlur(np.where(inside, laid, 0), (0, 0), 0.8), np.float32)
    mine = _blocks(grid)
    theirs = _blocks(laid)
    whole = _blocks(inside.astype(np.float32)).mean(1) >= _INSIDE
    mine, theirs = mine[whole], theirs[whole]
    mine = mine - mine.mean(1, keepdims=True)
    theirs = theirs - theirs.mean(1, keepdims=True)
    spread_mine, spread_theirs = np.sqrt((mine**2).mean(1)), np.sqrt((theirs**2).mean(1))
    told = spread_theirs >= _FLAT
    if int(told.sum()) < 4:
        return NONE
    products = (mine * theirs).mean(1)[told]
    correlations = products / (np.maximum(spread_mine[told], 0.5) * spread_theirs[told])
    weights = spread_theirs[told]
    return Likeness(
        middle=float(np.median(correlations)),
        same=float((correlations > SAME).mean()),
        blocks=int(told.sum()),
        overall=float((correlations * weights).sum() / weights.sum()),
    )


def small(luma: NDArray[np.float32]) -> NDArray[np.float32]:
    """Luma scaled so that the longer side is `SIDE`, softened a little."""
    height, width = luma.shape
    scale = SIDE / max(height, width)
    size = (max(BLOCK, round(width * scale)), max(BLOCK, round(height * scale)))
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    scaled = cv2.resize(luma, size, interpolation=method)
    return np.asarray(cv2.GaussianBlur(scaled, (0, 0), 0.8), np.float32)


def _blocks(grid: NDArray[np.float32]) -> NDArray[np.float32]:
    """Blocks as rows, float32 (n, BLOCK * BLOCK); what is left at the edges falls away."""
    rows, columns = grid.shape[0] // BLOCK, grid.shape[1] // BLOCK
    cut = grid[: rows * BLOCK, : columns * BLOCK]
    parted = cut.reshape(rows, BLOCK, columns, BLOCK).transpose(0, 2, 1, 3)
    return np.ascontiguousarray(parted.reshape(rows * columns, BLOCK * BLOCK))
