"""Moments: the frames of a clip, a GIF or a short film, that are searched together, and their times.

Some dozen frames are enough.  They are taken where the clip moves: evenly along a line on which time and
change of the picture count alike, so that a quick passage gives more of them than a slow one, and a clip in
which nothing moves gives a single one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_tools.opencv import cv2
from index_tools.picture import Picture, is_picture_name, read_animation
from index_tools.progress import Progress

#: Moments of a clip at most.
MOST = 12
#: Of a longer clip only so much is read, in seconds.
LONGEST_S = 30.0
#: Longer side of a moment's picture, in pixels.
SIDE = 960
#: Frames held while a clip is read; with more every other one is let go.
_HELD = 64
#: Frames are compared as grey pictures of this size.
_SMALL = (32, 18)
#: Mean difference of grey levels up to which two frames show the same, and from which on a cut lies between
#: two that follow each other.
_SAME, _CUT = 1.5, 22.0
#: A change counts no more than this, in levels: a cut is no better place than a quick movement.
_ENOUGH = 8.0
#: A frame whose grey levels spread less (standard deviation) shows nothing.
_FLAT = 4.0


@dataclass(frozen=True, eq=False, slots=True)
class Moment:
    """One frame of a clip, `at_s` seconds after the clip's first, `number` frames after it."""

    at_s: float
    picture: Picture
    number: int = 0


@dataclass(frozen=True, eq=False, slots=True)
class Moments:
    """The frames of a clip that are searched, by rising time; at least one.

    `length_s` is how long the clip plays, its last frame included; `cuts_s` are times of frames before
    which the picture changes all at once.
    """

    all: tuple[Moment, ...]
    length_s: float
    cuts_s: tuple[float, ...] = ()

    @property
    def middle(self) -> Moment:
        """The one nearest to the middle of the clip."""
        return min(self.all, key=lambda moment: abs(moment.at_s - self.length_s / 2))

    @property
    def still(self) -> bool:
        """Whether there is but one picture to search."""
        return len(self.all) == 1


def read_moments(
    source: Path | bytes,
    progress: Progress | None = None,
    *,
    origin: str = "",
    start_s: float = 0.0,
    longest_s: float = LONGEST_S,
) -> Moments:
    """The moments of an animation (GIF, WebP, PNG, AVIF; a still picture has one) or of a film.

    `longest_s` seconds are read, of a film from `start_s` on.  Raises PictureError or FilmError, and
    `Cancelled`.
    """
    progress = progress or Progress()
    if isinstance(source, Path) and not is_picture_name(source):
        from index_tools.film import is_film_name
        from index_tools.film.excerpt import read_excerpt  # loads the video library

        if is_film_name(source):
            return moments_of(read_excerpt(source, start_s, start_s + longest_s, SIDE), longest_s, progress)
    return moments_of(_animated(source, origin), longest_s, progress)


def _animated(source: Path | bytes, origin: str) -> Iterator[tuple[float, float, Picture]]:
    """Time, duration and picture of each frame of an animation."""
    at_s = 0.0
    for picture, shown_s in read_animation(source, origin=origin):
        yield at_s, shown_s, picture
        at_s += shown_s


def moments_of(
    frames: Iterator[tuple[float, float, Picture]], longest_s: float, progress: Progress
) -> Moments:
    """The moments of frames as they come: time in seconds, how long it is shown, picture."""
    held: list[tuple[Moment, NDArray[np.float32]]] = []
    cuts: list[float] = []
    before: NDArray[np.float32] | None = None
    every, end_s = 1, 0.0
    for number, (at_s, shown_s, picture) in enumerate(frames):
        progress.check()
        progress.report(at_s, longest_s)
        if held and at_s >= longest_s:
            break
        end_s = at_s + shown_s
        small = _small(picture.rgb)
        if before is not None and float(np.abs(small - before).mean()) > _CUT:
            cuts.append(at_s)
        before = small
        if number % every == 0:
            held.append((Moment(at_s, _fitted(picture), number), small))
        if len(held) > _HELD:
            held, every = held[::2], every * 2
    return Moments(_chosen(held), min(end_s, longest_s), tuple(cuts))


def _chosen(held: list[tuple[Moment, NDArray[np.float32]]]) -> tuple[Moment, ...]:
    """At most `MOST` of the frames, evenly along time and change, none twice the same."""
    telling = [frame for frame in held if float(frame[1].std()) >= _FLAT] or held[:1]
    looks = np.stack([small for _, small in telling])
    change = np.minimum(np.abs(np.diff(looks, axis=0)).mean((1, 2)), _ENOUGH)
    way = np.concatenate([[0.0], np.cumsum(change / max(float(change.sum()), 1e-9))])
    times = np.array([moment.at_s for moment, _ in telling])
    way = way + (times - times[0]) / max(float(times[-1] - times[0]), 1e-9)
    wanted = np.linspace(0.0, float(way[-1]), 2 * MOST + 1)[1::2]
    picked: list[int] = []
    for number in np.unique(np.abs(way[None, :] - wanted[:, None]).argmin(1)):
        if all(float(np.abs(looks[number] - looks[other]).mean()) > _SAME for other in picked):
            picked.append(int(number))
    return tuple(telling[number][0] for number in picked)


def _small(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    small = cv2.resize(rgb, _SMALL, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.float32)


def _fitted(picture: Picture) -> Picture:
    scale = SIDE / max(picture.width, picture.height)
    if scale >= 1:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    return Picture.of(np.asarray(cv2.resize(picture.rgb, size, interpolation=cv2.INTER_AREA)), picture.origin)
