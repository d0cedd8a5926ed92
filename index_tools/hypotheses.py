"""Hypotheses: the ways in which a picture may show a frame of a film.

People keep screenshots with the bars of a film, or with a page or a player around it, and mirror pictures
to get past copyright filters.  Each reader names one way and says which part of the picture is then the
frame; every reading is also tried mirrored.  Another way to read a picture is one more entry in `_PLAIN` or
`_INSIDE`, or, where more than a cut is needed, a function like `_screens`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index_tools.borders import Box, content_box
from index_tools.inner_picture import find_inner_pictures
from index_tools.opencv import cv2
from index_tools.picture import Picture
from index_tools.screen_photo import Corners, find_photographed_screen, straightened

_Reader = tuple[str, Callable[[NDArray[np.uint8]], Box]]

# Two readings are one where all sides are nearer than this, as a share of the side.
_SAME_SHARE = 0.004

# A picture whose mean is below this (levels) is dark; its brightest level is then taken for white, if it is
# not below the second, and the mean brought up to the third (a share of white) by a power not below the
# fourth.
_DARK, _LEAST_WHITE, _MEAN, _LEAST_POWER = 48.0, 12.0, 0.35, 0.4


@dataclass(frozen=True, eq=False, slots=True)
class Hypothesis:
    """One way to read a picture.

    `name` is "as_is", "borders_cut", "inner_picture", "photographed_screen", "brightened", "mirrored", or
    one of these with "_mirrored" behind it, "inverted", "turned_left" or "turned_right".  `box` is the
    part of the query that it was taken from: left, top, right, bottom in the query's pixels, right and
    bottom being the first beyond.  `upright` is that part before it is mirrored, if it is.  Of a slanted
    part `corners` are its own, clockwise from the upper left.
    """

    name: str
    upright: Picture
    box: Box
    mirrored: bool = False
    corners: Corners | None = None

    @property
    def picture(self) -> Picture:
        """What would be the frame; turned each time it is asked for, if mirrored."""
        if not self.mirrored:
            return self.upright
        return Picture.of(np.asarray(cv2.flip(self.upright.rgb, 1), np.uint8), self.upright.origin)


def read_hypotheses(picture: Picture) -> tuple[Hypothesis, ...]:
    """The plain ways to read a picture, "as_is" first, each different from the others.

    Nothing is cut where no bars are found, and a picture that is its own mirror image is not mirrored.
    """
    return _with_mirrored(_parts(picture, _PLAIN, ()))


def look_inside(picture: Picture, plain: Sequence[Hypothesis]) -> tuple[Hypothesis, ...]:
    """The further ways, different from the `plain` ones: what a page, a player or a photograph shows, and
    what is to be seen in the dark.

    Looking for them takes several milliseconds, so it is done where the plain ways led to nothing.
    """
    return _with_mirrored([*_parts(picture, _INSIDE, plain), *_screens(picture), *_brightened(picture)])


def look_otherwise(picture: Picture) -> tuple[Hypothesis, ...]:
    """The ways to read a picture that nothing else explained: its colours inverted, or a quarter turned."""
    whole = _whole(picture.rgb)
    found = [("inverted", np.asarray(255 - picture.rgb, np.uint8))]
    found += [("turned_left", np.rot90(picture.rgb, 1)), ("turned_right", np.rot90(picture.rgb, 3))]
    return tuple(
        Hypothesis(name, Picture.of(np.ascontiguousarray(rgb), picture.origin), whole) for name, rgb in found
    )


def _parts(picture: Picture, readers: Sequence[_Reader], known: Sequence[Hypothesis]) -> list[Hypothesis]:
    found: list[Hypothesis] = []
    for name, reader in readers:
        box = reader(picture.rgb)
        if all(not _nearly(box, other.box) for other in (*known, *found)):
            found.append(Hypothesis(name, _cropped(picture, box), box))
    return found


def _with_mirrored(upright: Sequence[Hypothesis]) -> tuple[Hypothesis, ...]:
    mirrored = [_mirrored(one) for one in upright if not _symmetric(one.upright.rgb)]
    return (*upright, *mirrored)


def _whole(rgb: NDArray[np.uint8]) -> Box:
    height, width = rgb.shape[:2]
    return 0, 0, width, height


def _inner(rgb: NDArray[np.uint8]) -> Box:
    """The likeliest picture inside a page or player; the whole where there is none."""
    return next(iter(find_inner_pictures(rgb)), _whole(rgb))


def _screens(picture: Picture) -> list[Hypothesis]:
    """The picture of a photographed screen made straight; its box is the upright one around it."""
    corners = find_photographed_screen(picture.rgb)
    if corners is None:
        return []
    left, top = (max(0, int(value)) for value in corners.min(axis=0))
    right, bottom = (int(value) + 1 for value in corners.max(axis=0))
    box = left, top, min(right, picture.width), min(bottom, picture.height)
    straight = Picture.of(straightened(picture.rgb, corners), picture.origin)
    return [Hypothesis("photographed_screen", straight, box, corners=corners)]


def _brightened(picture: Picture) -> list[Hypothesis]:
    """A dark picture as bright as films mostly are: white made white, then the mean lifted."""
    step = max(1, picture.width // 160)
    luma = cv2.cvtColor(np.ascontiguousarray(picture.rgb[::step, ::step]), cv2.COLOR_RGB2GRAY)
    if float(luma.mean()) > _DARK or int(luma.max()) == 0:
        return []
    white = max(float(np.percentile(luma, 99.5)), _LEAST_WHITE)
    mean = float(np.minimum(luma / white, 1.0).mean())
    power = float(np.clip(np.log(_MEAN) / np.log(max(mean, 1e-3)), _LEAST_POWER, 1.0)) if mean < 1 else 1.0
    table = np.rint(255 * np.minimum(np.arange(256) / white, 1.0) ** power).astype(np.uint8)
    bright = Picture.of(np.asarray(cv2.LUT(picture.rgb, table), np.uint8), picture.origin)
    return [Hypothesis("brightened", bright, _whole(picture.rgb))]


def _nearly(one: Box, other: Box) -> bool:
    """Whether two parts of a picture are the same but for what no descriptor sees."""
    apart = np.abs(np.subtract(one, other))
    sides = other[2] - other[0], other[3] - other[1]
    return bool((apart <= _SAME_SHARE * np.array([*sides, *sides])).all())


#: Name of a reading and the function that finds its part of the picture.
_PLAIN: tuple[_Reader, ...] = (("as_is", _whole), ("borders_cut", content_box))
_INSIDE: tuple[_Reader, ...] = (("inner_picture", _inner),)


def _cropped(picture: Picture, box: Box) -> Picture:
    left, top, right, bottom = box
    if box == (0, 0, picture.width, picture.height):
        return picture
    return Picture.of(picture.rgb[top:bottom, left:right], picture.origin)


def _mirrored(hypothesis: Hypothesis) -> Hypothesis:
    name = "mirrored" if hypothesis.name == "as_is" else f"{hypothesis.name}_mirrored"
    return replace(hypothesis, name=name, mirrored=True)


def _symmetric(rgb: NDArray[np.uint8]) -> bool:
    """Whether the mirror image is the same; one line settles it for nearly every picture."""
    middle = rgb[len(rgb) // 2]
    return np.array_equal(middle, middle[::-1]) and np.array_equal(rgb, rgb[:, ::-1])
