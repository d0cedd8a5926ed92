"""Where in a frame a picture lies if a reading of it is right: maps that need no features to be found.

A reading says which part of the picture is the whole frame, so it says where the picture lies.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from index_tools.descriptors.frame_parts import CUTS, PARTS, Box
from index_tools.hypotheses import Hypothesis
from index_tools.nouns import Place
from index_tools.opencv import cv2
from index_tools.screen_photo import Corners
from index_tools.search.alignment import Map
from index_tools.search.reading_names import upright_name

#: What a reading with bars added has behind its name, and the aspect that these make.
BARS_ADDED, FRAME = "bars_added", 16 / 9

#: Aspects whose ratio is no less are the same.
SAME_ASPECT = 0.9
#: Windows are tried so far apart, as a share of the frame's longer side: the sketches bear with half of it.
APART = 1 / 6

_TURNS: Mapping[str, tuple[tuple[float, float, float], ...]] = {
    "turned_left": ((0, 1, 0), (-1, 0, 1), (0, 0, 1)),
    "turned_right": ((0, -1, 1), (1, 0, 0), (0, 0, 1)),
}


def place_as_read(hypotheses: Sequence[Hypothesis], size: tuple[int, int], reading: str) -> Place | None:
    """Where in the frame a picture of `size` lies if a reading of it is right: see `Match.place`."""
    known = maps_of(hypotheses, size).get(reading)
    if known is None:
        return None
    mirrored, matrix = known
    return corners_of(size, matrix, mirrored)


def place_in_part(
    hypotheses: Sequence[Hypothesis],
    size: tuple[int, int],
    reading: str,
    part: int,
    frame: tuple[float, float],
) -> Place | None:
    """Roughly where in a frame of that width and height a picture of `size` lies if its reading, upright, is
    alike a part of the frame: as large as the part and around its middle, in the shape that it has.
    """
    known = maps_of(hypotheses, size).get(upright_name(reading))
    if known is None:
        return None
    matrix = known[1]
    left, upper, right, lower = PARTS[part]
    # what is wide and high of the reading, in units of the picture, is so much of the frame
    shape = np.linalg.norm(np.linalg.inv(matrix)[:2, :2], axis=0) / frame
    lengths = shape * math.sqrt((right - left) * (lower - upper) / math.prod(shape))
    lengths /= max(1.0, *lengths)
    middle = np.clip([(left + right) / 2, (upper + lower) / 2], lengths / 2, 1 - lengths / 2)
    inside = np.diag([*lengths, 1.0])
    inside[:2, 2] = middle - lengths / 2
    return corners_of(size, inside @ matrix)


def map_of(size: tuple[float, float], place: Place, frame: tuple[float, float]) -> Map:
    """The map, float64 (3, 3), from a picture to a frame that takes it to a place; both are given by width
    and height in units of the longer side.
    """
    width, height = size
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    return np.asarray(
        cv2.getPerspectiveTransform(corners, (np.array(place) * frame).astype(np.float32)), np.float64
    )


def scale_of(matrix: Map) -> float:
    """How long a picture's longer side is in the frame that a map takes it to, in units of the frame's."""
    return float(np.sqrt(abs(np.linalg.det(matrix[:2, :2]))))


def _cut(scale: float, box: Box, frame: tuple[float, float]) -> Map:
    left, upper, right, lower = box
    place = np.diag([scale * (right - left), scale * (lower - upper), 1.0])
    place[:2, 2] = left * frame[0], upper * frame[1]
    return place


def corners_of(size: tuple[float, float], matrix: Map, mirrored: bool = False) -> Place:
    """Where in a frame the corners of a picture of `size` lie that a map, float64 (3, 3), takes there."""
    width, height = size[0] / max(size), size[1] / max(size)
    corners = np.array([[0.0, 0.0, 1.0], [width, 0.0, 1.0], [width, height, 1.0], [0.0, height, 1.0]])
    if mirrored:
        corners[:, 0] = width - corners[:, 0]
    first, second, third, fourth = ((float(x / w), float(y / w)) for x, y, w in corners @ matrix.T)
    return first, second, third, fourth


def maps_of(
    hypotheses: Sequence[Hypothesis], size: tuple[int, int]
) -> dict[str, tuple[bool, NDArray[np.float64]]]:
    """For each reading of a picture of `size` (width, height in pixels), by name: whether the picture is
    mirrored first, and the map, float64 (3, 3), from it to the frame's width and height (0..1 each).

    The picture's units are its longer side.
    """
    width, _ = size
    longer = max(size)
    found: dict[str, tuple[bool, NDArray[np.float64]]] = {}
    for hypothesis in hypotheses:
        name = hypothesis.name
        if hypothesis.corners is not None:
            found[name] = hypothesis.mirrored, _straightening(hypothesis.corners, size, hypothesis.mirrored)
            continue
        left, top, right, bottom = hypothesis.box
        if hypothesis.mirrored:
            left, right = width - right, width - left
        wide, high = right - left, bottom - top
        matrix = np.array(
            [[longer / wide, 0, -left / wide], [0, longer / high, -top / high], [0, 0, 1]], np.float64
        )
        matrix = np.array(_TURNS.get(name, np.eye(3)), np.float64) @ matrix
        found[name] = hypothesis.mirrored, matrix
        share = high * FRAME / wide
        if share < 1 and name not in _TURNS:
            squeezed = np.array([[1, 0, 0], [0, share, (1 - share) / 2], [0, 0, 1]], np.float64)
            barred = BARS_ADDED if name == "as_is" else f"{name}_{BARS_ADDED}"
            found[barred] = hypothesis.mirrored, squeezed @ matrix
    return found


def _straightening(corners: Corners, size: tuple[int, int], mirrored: bool) -> NDArray[np.float64]:
    """The map from a picture of `size`, mirrored perhaps, that makes what lies between four corners of it
    straight.
    """
    if mirrored:
        corners = np.column_stack([size[0] - corners[:, 0], corners[:, 1]])[[1, 0, 3, 2]]
    begins = (corners / max(size)).astype(np.float32)
    ends = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32)
    return np.asarray(cv2.getPerspectiveTransform(begins, ends), np.float64)


def windows(picture: tuple[float, float], frame: tuple[float, float]) -> list[NDArray[np.float64]]:
    """Where a picture may lie of which nothing else tells it, float64 (3, 3).

    One that shows all of a frame's height, or width, but not all of the other, as upright pictures of wide
    films do: at places `APART` of the frame's longer side apart.  One of nearly the frame's aspect: in all of
    it, and in its `CUTS`.

    Both are width and height in units of the longer side.
    """
    scales = frame[0] / picture[0], frame[1] / picture[1]
    scale = min(scales)
    if scale > SAME_ASPECT * max(scales):
        return [_cut(scale, box, frame) for box in ((0.0, 0.0, 1.0, 1.0), *CUTS)]
    free = frame[0] - scale * picture[0], frame[1] - scale * picture[1]
    along = int(np.argmax(free))
    places = []
    for offset in np.linspace(0, free[along], 1 + math.ceil(free[along] / APART)):
        matrix = np.diag([scale, scale, 1.0])
        matrix[along, 2] = offset
        places.append(matrix)
    return places
