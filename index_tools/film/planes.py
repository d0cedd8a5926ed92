"""Means over the blocks of decoded frames, taken from the planes as the decoder left them.

trace.moe stretches every frame to 320 x 180 pixels and takes the mean colour of 8 x 8 blocks of it
(`index_tools.descriptors.color_layout`).  Here the samples of each plane are summed over the same blocks
of the full-size picture and only the means become colours; no scaled and no RGB picture is made.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from av.video.frame import VideoFrame
from av.video.plane import VideoPlane
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from index_tools.film.color import ColorMatrix, grey_matrix, planar_rgb_matrix, yuv_matrix
from index_tools.film.plane_sums import Grid, PlaneSums, Samples, plane_sums

#: Blocks of the descriptor along each side.
BLOCKS = 8
#: Cells along each side of the coarse luma picture, which tells shots apart.
LUMA_CELLS = 16

#: What trace.moe stretches a frame to, and what a frame becomes whose planes cannot be summed here.
_STRETCHED = (320, 180)
#: Frames with a shorter side are stretched first: their blocks would be a few samples wide.
_SMALLEST_SIDE = 64

_EDGES_ACROSS = np.arange(BLOCKS + 1) / BLOCKS
_EDGES_DOWN = np.ceil(np.arange(BLOCKS + 1) * _STRETCHED[1] / BLOCKS) / _STRETCHED[1]


@dataclass(frozen=True, eq=False, slots=True)
class BlockMeans:
    """Of n frames: `rgb` float64 (n, 8, 8, 3), mean colours 0..255; `luma` float32 (n, 16, 16), 0..255.

    Both are upright and stretched to the whole frame.  Luma is as stored, 16..235 for most films.
    """

    rgb: NDArray[np.float64]
    luma: NDArray[np.float32]


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
        self._stretch = not _can_be_summed(frame)
        if self._stretch:
            frame = _stretched(frame)
        bits = frame.format.components[0].bits
        self._unit = float(1 << (bits - 8))
        self._wide = bits > 8
        self._matrix = _matrix(frame)
        planes = 1 if frame.format.name.startswith("gray") else 3
        self._planes: list[PlaneSums] = [
            plane_sums(
                _grid(LUMA_CELLS if number == 0 else BLOCKS, quarter_turns),
                frame.planes[number].width,
                _lines(frame.planes[number], self._wide),
                capacity,
            )
            for number in range(planes)
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
        if self._stretch:
            frame = _stretched(frame)
        for sums, plane in zip(self._planes, frame.planes, strict=False):
            sums.add(self._count, _lines(plane, self._wide))
        self._count += 1

    def take(self) -> BlockMeans:
        """The means of the frames added since the last `take`."""
        n, self._count = self._count, 0
        cells = self._planes[0].means(n)
        means = np.zeros((n, BLOCKS, BLOCKS, 3))
        means[..., 0] = _joined(cells)
        for number, plane in enumerate(self._planes[1:], 1):
            means[..., number] = plane.means(n)
        rgb = self._matrix.to_rgb(means)
        luma = (cells / self._unit).astype(np.float32)
        if self._turns:
            rgb = np.ascontiguousarray(np.rot90(rgb, self._turns, axes=(1, 2)))
            luma = np.ascontiguousarray(np.rot90(luma, self._turns, axes=(1, 2)))
        return BlockMeans(rgb, luma)


def means_of(frame: VideoFrame, quarter_turns: int) -> BlockMeans:
    """The means of one frame."""
    sums = BlockSums(frame, quarter_turns, 1)
    sums.add(frame)
    return sums.take()


def _signature(frame: VideoFrame) -> tuple[object, ...]:
    # The stride is part of it: a frame of the same size may come from another pool of buffers.
    return (
        frame.width,
        frame.height,
        frame.format.name,
        frame.colorspace,
        frame.color_range,
        frame.planes[0].line_size,
    )


def _can_be_summed(frame: VideoFrame) -> bool:
    """Planar samples of 8 to 16 bits in the order of bytes of most machines, one component a plane."""
    if min(frame.width, frame.height) < _SMALLEST_SIDE:
        return False
    name = frame.format.name
    if name.startswith("gray"):
        return name in ("gray", "gray10le", "gray12le", "gray14le", "gray16le")
    if not name.startswith(("yuv4", "yuvj4", "yuva4", "gbrp", "gbrap")) or name.endswith("be"):
        return False
    bits = {component.bits for component in frame.format.components}
    return frame.format.is_planar and len(bits) == 1 and max(bits) <= 16


def _stretched(frame: VideoFrame) -> VideoFrame:
    """The frame as planar RGB of trace.moe's size, by trace.moe's filter."""
    return frame.reformat(*_STRETCHED, format="gbrp", interpolation=Interpolation.BICUBIC, threads=1)


def _matrix(frame: VideoFrame) -> ColorMatrix:
    name, bits = frame.format.name, frame.format.components[0].bits
    color_range = 2 if name.startswith("yuvj") else int(frame.color_range)
    if name.startswith("gb"):
        return planar_rgb_matrix(bits)
    if name.startswith("gray"):
        return grey_matrix(bits)
    return yuv_matrix(int(frame.colorspace), color_range, bits)


def _lines(plane: VideoPlane, wide: bool) -> Samples:
    """The samples of one plane where the decoder put them, (height, samples a line with padding)."""
    buffer = memoryview(plane)
    if wide:
        return np.frombuffer(buffer, np.uint16).reshape(plane.height, -1)
    return np.frombuffer(buffer, np.uint8).reshape(plane.height, -1)


def _grid(cells: int, quarter_turns: int) -> Grid:
    """Where the stored picture is cut so that the upright one is cut as trace.moe's."""
    down, across = _EDGES_DOWN, _EDGES_ACROSS
    if quarter_turns in (1, 2):
        down = 1.0 - down[::-1]
    if quarter_turns % 2:
        down, across = across, down
    return Grid(_finer(down, cells), _finer(across, cells))


def _finer(edges: NDArray[np.float64], parts: int) -> NDArray[np.float64]:
    """Edges 0..1 of the blocks, each block split evenly so that there are `parts` in all."""
    return np.interp(np.arange(parts + 1) * BLOCKS / parts, np.arange(BLOCKS + 1), edges)


def _joined(cells: NDArray[np.float64]) -> NDArray[np.float64]:
    """Means of blocks of 2 x 2 cells; the cells of a block are of one size."""
    joined: NDArray[np.float64] = cells.reshape(len(cells), BLOCKS, 2, BLOCKS, 2).mean(axis=(2, 4))
    return joined
