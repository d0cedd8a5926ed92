"""From the sample values of decoded planes to RGB, as ffmpeg's scaler does it.

A matrix says how luma and chroma become red, green and blue; it follows the stream's own statement of
its colour space.  A stream that states none is read as BT.601 whatever its height: that is what
`ffmpeg -vf scale=… -pix_fmt rgb24` does (measured), and with it trace.moe.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

#: libavutil's AVColorSpace -> (Kr, Kb); what is not here is read as BT.601.
_LUMA_WEIGHTS = {
    1: (0.2126, 0.0722),  # BT.709
    4: (0.30, 0.11),  # FCC
    7: (0.212, 0.087),  # SMPTE 240M
    9: (0.2627, 0.0593),  # BT.2020, non-constant luminance
    10: (0.2627, 0.0593),  # BT.2020, constant luminance; the scaler makes no difference
}
_BT601 = (0.299, 0.114)

#: Pictures of films come out a little dark: FFmpeg's plain conversion to 8-bit RGB truncates, by half a
#: level on average at full size and by two levels when it scales as well (measured on flat colours: white
#: becomes 253), which trace.moe's index therefore has; good players round.  One level less than exact is
#: within a median squared distance of 1 of all three.
_TRUNCATION = 1.0

#: libavutil's AVColorRange for 0..255 rather than 16..235.
FULL_RANGE = 2


@dataclass(frozen=True, eq=False, slots=True)
class ColorMatrix:
    """RGB = planes @ matrix + offset, for mean sample values of three planes, RGB in 0..255.

    `matrix` is float64 (3, 3), row p what a unit of plane p gives; `offset` float64 (3,).
    """

    matrix: NDArray[np.float64]
    offset: NDArray[np.float64]

    def to_rgb(self, planes: NDArray[np.float64]) -> NDArray[np.float64]:
        """RGB of mean sample values (..., 3), clipped to 0..255."""
        rgb: NDArray[np.float64] = planes @ self.matrix + self.offset
        return np.clip(rgb, 0.0, 255.0, out=rgb)


def yuv_matrix(colorspace: int, color_range: int, bits: int) -> ColorMatrix:
    """The matrix for luma and chroma of so many bits a sample; the two numbers are libavutil's."""
    kr, kb = _LUMA_WEIGHTS.get(colorspace, _BT601)
    kg = 1.0 - kr - kb
    full = color_range == FULL_RANGE
    unit = float(1 << (bits - 8))
    luma = 1.0 if full else 255.0 / 219.0
    chroma = 1.0 if full else 255.0 / 224.0
    cr_to_r = 2.0 * (1.0 - kr) * chroma
    cb_to_b = 2.0 * (1.0 - kb) * chroma
    matrix = np.array(
        [
            [luma, luma, luma],
            [0.0, -cb_to_b * kb / kg, cb_to_b],
            [cr_to_r, -cr_to_r * kr / kg, 0.0],
        ]
    )
    zero = np.array([0.0 if full else 16.0, 128.0, 128.0])
    return ColorMatrix(matrix / unit, -zero @ matrix - _TRUNCATION)


def grey_matrix(bits: int) -> ColorMatrix:
    """The matrix for a single plane of grey, which the scaler always takes for full range."""
    matrix = yuv_matrix(0, FULL_RANGE, bits).matrix * np.array([[1.0], [0.0], [0.0]])
    return ColorMatrix(matrix, np.zeros(3))


def planar_rgb_matrix(bits: int) -> ColorMatrix:
    """The matrix for planes in the order green, blue, red."""
    order = np.array([[0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
    return ColorMatrix(order / float(1 << (bits - 8)), np.zeros(3))
