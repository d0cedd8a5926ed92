"""Drawing the frames that are asked for, and degrading them.

A film is drawn with probability proportional to the square root of its length, then one of its frames.
Every class of degradation is applied to the same frames, each with its own generator, so that classes
and versions are compared in pairs.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_tools.film import read_frame
from index_tools.measure.degradations import DEGRADATIONS
from index_tools.measure.survey import Survey, near_uniform
from index_tools.opencv import cv2

#: The longer side of a query, in pixels, is at most this.
LONGEST_SIDE = 960
#: Frames of films that are not indexed take their random numbers from here on.
UNKNOWN_FROM = 50_000
#: Drawings for one query before the films are given up as showing nothing.
_DRAWINGS = 500


@dataclass(frozen=True, eq=False, slots=True)
class Drawn:
    """A frame that is asked for: its number, its film, its time and its pixels, uint8 (h, w, 3)."""

    number: int
    film: Survey
    at_s: float
    rgb: NDArray[np.uint8]

    def degraded(self, name: str, seed: int) -> NDArray[np.uint8]:
        """The frame after the degradation of that name."""
        numbers = np.random.default_rng([seed * 100_003 + self.number, zlib.crc32(name.encode())])
        return DEGRADATIONS[name](self.rgb, numbers)


def draw(films: Sequence[Survey], count: int, seed: int, first_number: int = 0) -> Iterator[Drawn]:
    """`count` frames of the films, near-uniform ones drawn again.

    Raises ValueError when the films show nothing but near-uniform frames.
    """
    numbers = np.random.default_rng(seed)
    weights = np.sqrt([film.length_s for film in films])
    for number in range(first_number, first_number + count):
        for _ in range(_DRAWINGS):
            film = films[int(numbers.choice(len(films), p=weights / weights.sum()))]
            at_s = float(film.times_s[int(numbers.integers(len(film.times_s)))])
            rgb = read_frame(film.path, at_s, LONGEST_SIDE).rgb
            if not near_uniform(rgb):
                yield Drawn(number, film, at_s, rgb)
                break
        else:
            raise ValueError("the films show nothing but frames of one colour")


def as_png(rgb: NDArray[np.uint8]) -> bytes:
    """The bytes of a PNG file of a picture, uint8 (h, w, 3)."""
    good, data = cv2.imencode(".png", rgb[..., ::-1], [cv2.IMWRITE_PNG_COMPRESSION, 1])
    if not good:
        raise ValueError("the picture could not be encoded")
    return data.tobytes()
