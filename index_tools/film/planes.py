"""Means over the blocks of decoded frames, taken from the planes as the decoder left them.

trace.moe stretches every frame to 320 x 180 pixels and takes the mean colour of 8 x 8 blocks of it
(`index_tools.descriptors.color_layout`).  Here the samples of each plane are summed over the same blocks
of the full-size picture and only the means become colours; no scaled and no RGB picture is made.

One pass of additions over the rows of each plane (OpenCV, at the speed of memory) makes bands as wide
as the picture; the bands of several frames are cut into columns together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from index_tools.film.color import ColorMatrix, grey_matrix, planar_rgb_matrix, yuv_matrix
from index_tools.opencv import cv2

#: Blocks of the descriptor along each side.
BLOCKS = 8
#: Rows and columns of the coarse luma picture, which tells shots apart.
LUMA_ROWS = 16
LUMA_COLUMNS = 32

#: What trace.moe stretches a frame to, and a frame whose planes cannot be summed here.
_STRETCHED = (320, 180)
#: Smaller frames are stretched first; a block would have too few rows to be cut at whole ones.
_SMALLEST_SIDE = 64

_EDGES_ACROSS = np.arange(BLOCKS + 1) / BLOCKS
_EDGES_DOWN = np.ceil(np.arange(BLOCKS + 1) * _STRETCHED[1] / BLOCKS) / _STRETCHED[1]


@dataclass(frozen=True, eq=False, slots=True)
class BlockMeans:
    """Of n frames: `rgb` float64 (n, 8, 8, 3), mean colours 0..255; `luma` float32 (n, 16, 32), 0..255.

    Both are upright and stretched to the whole frame.
    """

    rgb: NDArray[np.float64]
    luma: NDArray[np.float32]


@dataclass(frozen=True, eq=False, slots=True)
class _Plane:
    """How one plane is cut: whole rows `row_edges`, and columns at fractions of a sample."""

    width: int
    row_edges: tuple[int, ...]
    column_edges: NDArray[np.float64]


class BlockSums:
    """Sums over the blocks of up to `capacity` frames of one geometry and format.

    `fits` tells whether a frame may be added to the ones before; `add` takes its sums at once, so that the
    frame may be let go; `take` gives the means of all and starts anew.  `quarter_turns` is the number of
    quarter turns against the clock that make the stored picture upright.
    """

    def __init__(self, frame: VideoFrame, quarter_turns: int, capacity: int) -> None:
        self._signature = _signature(frame)
        self._turns = quarter_turns
        self._capacity = capacity
        self._convert = not _can_be_summed(frame)
        first = _stretched(frame) if self._convert else frame
        self._matrix = _matrix(first)
        self._bits = first.format.components[0].bits
        self._dtype = np.dtype(np.uint8 if self._bits == 8 else np.uint16)
        grey = len(first.format.components) < 3 or first.format.name.startswith("gray")
        self._planes = [
            _cut(first.planes[p].width, first.planes[p].height, p == 0, quarter_turns)
            for p in range(1 if grey else 3)
        ]
        self._sums = [
            np.zeros((capacity, len(plane.row_edges) - 1, plane.width), np.float32) for plane in self._planes
        ]
        self._slots = [
            [[sums[i, k : k + 1] for k in range(sums.shape[1])] for i in range(capacity)]
            for sums in self._sums
        ]
        self._count = 0

    def __len__(self) -> int:
        return self._count

    @property
    def full(self) -> bool:
        """Whether `take` must come before the next `add`."""
        return self._count == self._capacity

    def fits(self, frame: VideoFrame) -> bool:
        """Whether the frame has the size, format and colours that this was made for."""
        return _signature(frame) == self._signature

    def add(self, frame: VideoFrame) -> None:
        """Sum the frame's planes."""
        if self._convert:
            frame = _stretched(frame)
        for number, plane in enumerate(self._planes):
            samples = _samples(frame, number, self._dtype)
            edges = plane.row_edges
            for slot, top, bottom in zip(self._slots[number][self._count], edges, edges[1:], strict=False):
                cv2.reduce(samples[top:bottom], 0, cv2.REDUCE_SUM, slot, cv2.CV_32F)
        self._count += 1

    def take(self) -> BlockMeans:
        """The means of the frames added since the last `take`."""
        n, self._count = self._count, 0
        means = np.full((n, BLOCKS, BLOCKS, 3), 0.0)
        luma = np.zeros((n, LUMA_ROWS, LUMA_COLUMNS), np.float32)
        for number, plane in enumerate(self._planes):
            sums = _cut_columns(self._sums[number][:n], plane.column_edges)
            rows = np.diff(plane.row_edges)
            columns = np.diff(plane.column_edges)
            across, down = len(columns) // BLOCKS, len(rows) // BLOCKS
            blocks = sums.reshape(n, BLOCKS, down, BLOCKS, across).sum(axis=(2, 4))
            area = np.outer(rows.reshape(BLOCKS, down).sum(1), columns.reshape(BLOCKS, across).sum(1))
            means[..., number] = blocks / area
            if number == 0:
                luma = (sums / np.outer(rows, columns)).astype(np.float32)
        rgb = self._matrix.to_rgb(means)
        luma = luma * np.float32(1.0 / (1 << (self._bits - 8)))
        if self._turns:
            rgb = np.rot90(rgb, self._turns, axes=(1, 2))
            luma = np.rot90(luma, self._turns, axes=(1, 2))
        return BlockMeans(np.ascontiguousarray(rgb), np.ascontiguousarray(luma))


def _signature(frame: VideoFrame) -> tuple[object, ...]:
    return (frame.width, frame.height, frame.format.name, frame.colorspace, frame.color_range)


def _can_be_summed(frame: VideoFrame) -> bool:
    """Planar samples of 8 to 16 bits in the machine's byte order, one component a plane."""
    if min(frame.width, frame.height) < _SMALLEST_SIDE:
        return False
    name = frame.format.name
    if name.startswith("gray"):
        return name in ("gray", "gray10le", "gray12le", "gray14le", "gray16le")
    if not (name.startswith(("yuv4", "yuvj4", "yuva4", "gbrp", "gbrap")) and not name.endswith("be")):
        return False
    bits = {component.bits for component in frame.format.components}
    return len(bits) == 1 and max(bits) <= 16 and frame.format.is_planar


def _stretched(frame: VideoFrame) -> VideoFrame:
    """The frame as planar RGB of trace.moe's size, by trace.moe's filter."""
    return frame.reformat(*_STRETCHED, format="gbrp", interpolation=Interpolation.BICUBIC, threads=1)


def _matrix(frame: VideoFrame) -> ColorMatrix:
    name, bits = frame.format.name, frame.format.components[0].bits
    color_range = 2 if name.startswith("yuvj") else int(frame.color_range)
    if name.startswith("gb"):
        return planar_rgb_matrix(bits)
    if name.startswith("gray"):
        return grey_matrix(color_range, bits)
    return yuv_matrix(int(frame.colorspace), color_range, bits)


def _samples(frame: VideoFrame, number: int, dtype: np.dtype[np.generic]) -> NDArray[np.generic]:
    """The samples of one plane (height, width) where the decoder put them."""
    plane = frame.planes[number]
    flat: NDArray[np.generic] = np.frombuffer(plane, dtype)
    return flat.reshape(plane.height, -1)[:, : plane.width]


def _cut(width: int, height: int, is_luma: bool, quarter_turns: int) -> _Plane:
    """Where the blocks of a plane begin; luma is cut finer, into `LUMA_ROWS` x `LUMA_COLUMNS`."""
    down, across = _EDGES_DOWN, _EDGES_ACROSS
    rows, columns = LUMA_ROWS, LUMA_COLUMNS
    if quarter_turns % 2:
        down, across = across, down if quarter_turns == 3 else 1.0 - down[::-1]
        rows, columns = columns, rows
    elif quarter_turns == 2:
        down = 1.0 - down[::-1]
    row_edges = np.rint(_finer(down, rows if is_luma else BLOCKS) * height).astype(int)
    column_edges = _finer(across, columns if is_luma else BLOCKS) * width
    return _Plane(width, tuple(int(edge) for edge in row_edges), column_edges)


def _finer(edges: NDArray[np.float64], parts: int) -> NDArray[np.float64]:
    """Edges 0..1 of the blocks, each block split evenly so that there are `parts` in all."""
    return np.interp(np.arange(parts + 1) * BLOCKS / parts, np.arange(BLOCKS + 1), edges)


def _cut_columns(bands: NDArray[np.float32], edges: NDArray[np.float64]) -> NDArray[np.float64]:
    """Sums of bands (n, rows, width) between edges, fractions of a sample counted in part."""
    running = np.zeros((*bands.shape[:2], bands.shape[2] + 1))
    np.cumsum(bands, axis=2, dtype=np.float64, out=running[..., 1:])
    whole = np.minimum(edges.astype(int), bands.shape[2] - 1)
    part = edges - whole
    at_edges = running[..., whole] * (1.0 - part) + running[..., whole + 1] * part
    return np.diff(at_edges, axis=2)


def means_of(frames: Sequence[VideoFrame], quarter_turns: int) -> BlockMeans:
    """The means of a few frames of one geometry."""
    sums = BlockSums(frames[0], quarter_turns, len(frames))
    for frame in frames:
        sums.add(frame)
    return sums.take()
