"""One decoded frame and what can be had of it, each made only when asked for."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation
from numpy.typing import NDArray

from index_tools.errors import FilmError
from index_tools.film.container import display_size
from index_tools.film.planes import means_of
from index_tools.picture import MAX_PIXELS, Picture

#: Rows and columns that `Frame.small_luma` has of itself.
SMALL_LUMA = (36, 64)


class Frame:
    """A decoded frame and its presentation time `at_s`, in seconds from the film's first frame.

    Holds the decoder's memory (1.4 MB at 720p): let it go soon.  `decoded` is PyAV's frame, as stored.
    """

    __slots__ = ("_aspect", "_origin", "at_s", "decoded", "quarter_turns")

    def __init__(
        self,
        decoded: VideoFrame,
        at_s: float,
        *,
        aspect: Fraction | None = None,
        quarter_turns: int = 0,
        origin: str = "",
    ) -> None:
        self.decoded = decoded
        self.at_s = at_s
        self.quarter_turns = quarter_turns
        self._aspect = aspect
        self._origin = origin

    @property
    def display_size(self) -> tuple[int, int]:
        """Width and height of the upright picture with square pixels."""
        return display_size(self.decoded.width, self.decoded.height, self._aspect, self.quarter_turns)

    def layout_means(self) -> NDArray[np.float64]:
        """Mean RGB, float64 (8, 8, 3) in 0..255, of the blocks of the frame stretched to 320 x 180."""
        means: NDArray[np.float64] = means_of(self.decoded, self.quarter_turns).rgb[0]
        return means

    def small_luma(self, shape: tuple[int, int] = SMALL_LUMA) -> NDArray[np.uint8]:
        """The upright frame's luma stretched to `shape`, rows and columns, uint8; 0 black to 255 white."""
        rows, columns = shape
        return np.ascontiguousarray(self._scaled(columns, rows, "gray", Interpolation.AREA))

    def stored_luma(self) -> NDArray[np.uint8] | None:
        """The luma as the decoder left it, not turned, uint8 (h, w), a view of its memory; None where that is
        not a plane of bytes.
        """
        decoded = self.decoded
        if not decoded.format.name.startswith(("yuv4", "yuvj4", "nv12")) or (
            decoded.format.components[0].bits != 8 or not decoded.format.is_planar
        ):
            return None
        plane = decoded.planes[0]
        lines = np.frombuffer(memoryview(plane), np.uint8).reshape(plane.height, plane.line_size)
        return lines[:, : plane.width]

    def luma(self, max_side: int) -> NDArray[np.uint8]:
        """The upright frame's luma, uint8 (h, w), square pixels, no side longer than `max_side`.

        A third of the work of `picture`.
        """
        width, height = self.display_size
        scale = min(1.0, max_side / max(width, height))
        width, height = max(1, round(width * scale)), max(1, round(height * scale))
        return np.ascontiguousarray(self._scaled(width, height, "gray", Interpolation.AREA))

    def square(self, side: int) -> NDArray[np.uint8]:
        """The upright frame squashed to a square, RGB uint8 (side, side, 3), for the scene embedding."""
        return np.array(self._scaled(side, side, "rgb24", Interpolation.AREA), order="C")

    def picture(self, max_side: int | None = None) -> Picture:
        """The frame as a person sees it: upright, square pixels; no side longer than `max_side`.

        Raises FilmError when the picture would have more pixels than any may have.
        """
        width, height = self.display_size
        if max_side is not None and max(width, height) > max_side:
            scale = max_side / max(width, height)
            width, height = max(1, round(width * scale)), max(1, round(height * scale))
        if width * height > MAX_PIXELS:
            raise FilmError(
                f"{self._origin} has frames of {width:,} × {height:,} pixels, more than the "
                f"{MAX_PIXELS / 1e6:.0f} million that a picture may have; it was left out."
            )
        smaller = width * height < self.decoded.width * self.decoded.height
        method = Interpolation.AREA if smaller else Interpolation.BICUBIC
        exact = method | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
        rgb = self._scaled(width, height, "rgb24", exact)
        return Picture.of(np.array(rgb, order="C"), self._origin)

    def _scaled(self, width: int, height: int, pixels: str, method: Interpolation | int) -> NDArray[np.uint8]:
        """The upright frame at a size, as an array that may be a view."""
        turns = self.quarter_turns
        if turns % 2:
            width, height = height, width
        scaled = self.decoded.reformat(width, height, format=pixels, interpolation=method, threads=1)
        array = scaled.to_ndarray().astype(np.uint8, copy=False)
        return np.rot90(array, turns) if turns else array
