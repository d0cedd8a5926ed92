"""Synthesised film: shots with pans, zooms and moving figures over re-used backgrounds.

A film is drawn from one seed: a few places (backgrounds), a small cast (cut-outs), a grade of its own,
and shots cut from them.  Neighbouring shots share places and cast, so that they are hard to tell apart;
frames of one shot differ as the frames of a film do.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_tools.opencv import cv2
from index_tools.training.art import Art

HEIGHT = 288
"""Height of a rendered frame, pixels."""
_ASPECTS = (16 / 9, 16 / 9, 16 / 9, 16 / 9, 4 / 3, 4 / 3, 1.85, 2.39)

Loader = Callable[[Art], NDArray[np.uint8]]
"""Art → RGBA uint8 (h, w, 4)."""


@dataclass(frozen=True, slots=True)
class Camera:
    """What of the place is seen: centre (0..1 of the room left) and zoom (1 = all of its height)."""

    x: float
    y: float
    zoom: float


@dataclass(frozen=True, slots=True)
class Actor:
    """A cut-out that moves from `start` to `end` (frame widths and heights) at a height of `size`."""

    art: Art
    start: tuple[float, float]
    end: tuple[float, float]
    size: float
    mirrored: bool
    sway: float


@dataclass(frozen=True, slots=True)
class FilmShot:
    """One shot: its place (a number stands for a painted landscape), camera path, actors and light."""

    place: Art | int
    cameras: tuple[Camera, Camera]
    actors: tuple[Actor, ...]
    light: float


@dataclass(frozen=True, slots=True)
class SynthesisedFilm:
    """All shots of a film; `gains` and `gamma` are its grade."""

    seed: int
    aspect: float
    gains: tuple[float, float, float]
    gamma: float
    shots: tuple[FilmShot, ...]


def draw_film(seed: int, places: Sequence[Art], cast: Sequence[Art], shots: int = 12) -> SynthesisedFilm:
    """Draw a film; the same seed and lists give the same film."""
    rng = np.random.default_rng([7, seed])
    sites: list[Art | int] = [places[int(i)] for i in rng.integers(len(places), size=int(rng.integers(2, 5)))]
    if rng.random() < 0.5:
        sites.append(int(rng.integers(1 << 30)))
    troupe = [cast[int(i)] for i in rng.integers(len(cast), size=int(rng.integers(2, 7)))]
    return SynthesisedFilm(
        seed=seed,
        aspect=_ASPECTS[int(rng.integers(len(_ASPECTS)))],
        gains=(float(rng.uniform(0.8, 1.15)), float(rng.uniform(0.85, 1.1)), float(rng.uniform(0.75, 1.2))),
        gamma=float(np.exp(rng.normal(0, 0.25))),
        shots=tuple(_draw_shot(rng, sites, troupe) for _ in range(shots)),
    )


def render(film: SynthesisedFilm, shot: int, at: float, load: Loader) -> NDArray[np.uint8]:
    """The frame of a shot at 0..1 of its length: RGB uint8 (288, 288 * aspect, 3)."""
    plan = film.shots[shot]
    size = (round(HEIGHT * film.aspect), HEIGHT)
    place = _landscape(plan.place) if isinstance(plan.place, int) else load(plan.place)[..., :3]
    frame = _look(place, _between(*plan.cameras, at), size).astype(np.float32)
    for actor in plan.actors:
        _lay(frame, load(actor.art), actor, at)
    graded = 255 * (np.clip(frame * film.gains * plan.light / 255, 0, 1) ** film.gamma)
    return graded.round().astype(np.uint8)


def _draw_shot(rng: np.random.Generator, sites: Sequence[Art | int], troupe: Sequence[Art]) -> FilmShot:
    zoom = float(rng.choice([1.0, rng.uniform(1, 1.4), rng.uniform(1.3, 2.6)]))
    first = Camera(float(rng.random()), float(rng.random()), zoom)
    move = rng.random()
    last = first
    if move < 0.4:  # pan
        last = Camera(float(np.clip(first.x + rng.normal(0, 0.3), 0, 1)), first.y, zoom)
    elif move < 0.65:  # zoom
        last = Camera(first.x, first.y, float(np.clip(zoom * np.exp(rng.normal(0, 0.2)), 1, 3)))
    actors = []
    for _ in range(int(rng.choice([0, 1, 1, 2, 2, 3, 4]))):
        x, y = float(rng.uniform(0.05, 0.95)), float(rng.uniform(0.35, 1.0))
        still = rng.random() < 0.4
        step = (0.0, 0.0) if still else (float(rng.normal(0, 0.25)), float(rng.normal(0, 0.06)))
        actors.append(
            Actor(
                art=troupe[int(rng.integers(len(troupe)))],
                start=(x, y),
                end=(x + step[0], y + step[1]),
                size=float(np.exp(rng.uniform(np.log(0.2), np.log(1.3)))),
                mirrored=bool(rng.random() < 0.5),
                sway=0.0 if still else float(rng.uniform(0, 6)),
            )
        )
    return FilmShot(
        place=sites[int(rng.integers(len(sites)))],
        cameras=(first, last),
        actors=tuple(actors),
        light=float(rng.choice([1.0, rng.uniform(0.45, 1.2)])),
    )


def _between(first: Camera, last: Camera, at: float) -> Camera:
    return Camera(
        first.x + (last.x - first.x) * at,
        first.y + (last.y - first.y) * at,
        first.zoom * (last.zoom / first.zoom) ** at,
    )


def _look(place: NDArray[np.uint8], camera: Camera, size: tuple[int, int]) -> NDArray[np.uint8]:
    """What the camera sees of a place, scaled to (width, height)."""
    height, width = place.shape[:2]
    aspect = size[0] / size[1]
    seen_h = min(height, width / aspect) / camera.zoom
    seen_w = seen_h * aspect
    left, top = (width - seen_w) * camera.x, (height - seen_h) * camera.y
    scale = size[0] / seen_w
    matrix = np.array([[scale, 0, -left * scale], [0, scale, -top * scale]], np.float32)
    flags = cv2.INTER_LINEAR if scale > 0.7 else cv2.INTER_AREA
    seen = cv2.warpAffine(place, matrix, size, flags=flags, borderMode=cv2.BORDER_REFLECT_101)
    return np.asarray(seen, np.uint8)


def _lay(frame: NDArray[np.float32], cut_out: NDArray[np.uint8], actor: Actor, at: float) -> None:
    """Lay an actor over the frame, in place; its feet stand at the point of its path."""
    frame_h, frame_w = frame.shape[:2]
    height, width = cut_out.shape[:2]
    scale = actor.size * frame_h / height
    x = (actor.start[0] + (actor.end[0] - actor.start[0]) * at) * frame_w
    y = (actor.start[1] + (actor.end[1] - actor.start[1]) * at) * frame_h
    turn = np.deg2rad(actor.sway * np.sin(2 * np.pi * at))
    across = -scale if actor.mirrored else scale
    matrix = np.array(
        [
            [across * np.cos(turn), -scale * np.sin(turn), 0],
            [across * np.sin(turn), scale * np.cos(turn), 0],
        ]
    )
    matrix[:, 2] = (x, y) - matrix[:, :2] @ (width / 2, height)
    soft = cut_out.astype(np.float32)
    soft[..., :3] *= soft[..., 3:] / 255
    laid = cv2.warpAffine(soft, matrix, (frame_w, frame_h), flags=cv2.INTER_LINEAR)
    frame *= 1 - laid[..., 3:] / 255
    frame += laid[..., :3]


def _landscape(seed: int) -> NDArray[np.uint8]:
    """A painted place: sky, ranges of hills and a ground of noise, RGB uint8 (360, 800, 3)."""
    rng = np.random.default_rng([11, seed])
    height, width = 360, 800
    sky = rng.uniform(60, 255, (2, 1, 1, 3))
    rows = np.linspace(0, 1, height)[:, None, None]
    place = np.broadcast_to(sky[0] * (1 - rows) + sky[1] * rows, (height, width, 3)).copy()
    for level in np.sort(rng.uniform(0.3, 0.95, int(rng.integers(1, 5)))):
        ridge = np.full(width, level * height)
        for octave in range(1, 6):
            knots = rng.normal(0, 45 / octave, 3 * 2**octave)
            ridge += np.interp(np.linspace(0, len(knots) - 1, width), np.arange(len(knots)), knots)
        below = np.arange(height)[:, None] > ridge[None]
        coarse = rng.normal(0, 1, (int(rng.integers(8, 90)), int(rng.integers(8, 200))))
        grain = cv2.resize(coarse, (width, height))
        colour = rng.uniform(20, 220, 3) + grain[..., None] * rng.uniform(5, 30)
        place = np.where(below[..., None], colour, place)
    return np.asarray(np.clip(place, 0, 255).round(), np.uint8)
