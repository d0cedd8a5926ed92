"""Banks of drawn things that people put on or around a frame: captions, marks, players, pages.

Drawn with OpenCV alone, in its stroke fonts and in invented strokes for scripts that these lack, so that
a bank needs no font files and is the same on every machine.  A bank is drawn once from a seed and laid
over views by the hundred.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index_tools.opencv import cv2

_FACES = (
    cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX,
    cv2.FONT_HERSHEY_TRIPLEX, cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
)  # fmt: skip
_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_DRAWN_AT = 2  # things are drawn this many times larger, then scaled down


@dataclass(frozen=True, eq=False)
class Bank:
    """`layers` to lay over: RGBA uint8 (n, side, side, 4); `pages` to lay under: RGB (m, side, side, 3)."""

    layers: NDArray[np.uint8]
    pages: NDArray[np.uint8]


def draw_bank(seed: int, side: int, layers: int = 384, pages: int = 96) -> Bank:
    """Draw a bank; the same arguments give the same bank."""
    kinds: tuple[tuple[Callable[[np.random.Generator, NDArray[np.uint8]], None], float], ...] = (
        (_subtitle, 0.26), (_headline, 0.26), (_watermark, 0.14),
        (_controls, 0.12), (_stickers, 0.16), (_patch, 0.06),
    )  # fmt: skip
    shares = np.array([share for _, share in kinds])
    drawn = []
    for number in range(layers):
        rng = np.random.default_rng([17, seed, number])
        layer = np.zeros((side * _DRAWN_AT, side * _DRAWN_AT, 4), np.uint8)
        kinds[int(rng.choice(len(kinds), p=shares / shares.sum()))][0](rng, layer)
        drawn.append(_halved(layer, side))
    under = []
    for number in range(pages):
        page = _page(np.random.default_rng([19, seed, number]), side * _DRAWN_AT)
        under.append(_halved(page, side))
    return Bank(np.stack(drawn), np.stack(under))


def _halved(picture: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    return np.asarray(cv2.resize(picture, (side, side), interpolation=cv2.INTER_AREA), np.uint8)


def _colour(rng: np.random.Generator) -> tuple[int, int, int]:
    kind = rng.random()
    if kind < 0.45:
        return (255, 255, 255)
    if kind < 0.6:
        return (250, 235, 60)
    red, green, blue = (int(value) for value in rng.integers(0, 256, 3))
    return red, green, blue


def _word(rng: np.random.Generator) -> str:
    return "".join(_LETTERS[int(i)] for i in rng.integers(0, 26, int(rng.integers(1, 10))))


def _write(
    rng: np.random.Generator,
    layer: NDArray[np.uint8],
    centre: tuple[float, float],
    height: float,
    opacity: int = 255,
) -> None:
    """A line of words, outlined at times, about `height` pixels high and centred."""
    side = layer.shape[0]
    colour = (*_colour(rng), opacity)
    if rng.random() < 0.35:
        _strokes(rng, layer, centre, height, colour)
        return
    text = " ".join(_word(rng) for _ in range(int(rng.integers(1, 6))))
    text = text.upper() if rng.random() < 0.5 else text
    face = int(rng.choice(_FACES))
    scale = height / 22
    thick = max(1, round(height / rng.uniform(6, 12)))
    (width, tall), _ = cv2.getTextSize(text, face, scale, thick)
    if width > side * 0.95:
        scale *= side * 0.95 / width
        (width, tall), _ = cv2.getTextSize(text, face, scale, thick)
    at = (int(centre[0] - width / 2), int(centre[1] + tall / 2))
    if rng.random() < 0.75:
        cv2.putText(layer, text, at, face, scale, (0, 0, 0, opacity), thick + max(2, thick), cv2.LINE_AA)
    elif rng.random() < 0.5:
        pad = int(tall * 0.4)
        box = ((at[0] - pad, at[1] - tall - pad), (at[0] + width + pad, at[1] + pad))
        cv2.rectangle(layer, *box, (0, 0, 0, min(opacity, 200)), -1)
    cv2.putText(layer, text, at, face, scale, colour, thick, cv2.LINE_AA)


def _strokes(
    rng: np.random.Generator,
    layer: NDArray[np.uint8],
    centre: tuple[float, float],
    height: float,
    colour: tuple[int, int, int, int],
) -> None:
    """A line of square signs of a few strokes each, as East Asian scripts look from afar."""
    count = min(int(rng.integers(3, 18)), max(1, int(layer.shape[1] * 0.95 / height)))
    thick = max(1, round(height / 9))
    for sign in range(count):
        left = centre[0] + (sign - count / 2) * height
        for _ in range(int(rng.integers(3, 9))):
            a, b = rng.uniform(0.05, 0.9, 2) * height
            length, upright = rng.uniform(0.3, 0.9) * height, rng.random() < 0.45
            start = (int(left + a), int(centre[1] - height / 2 + b))
            end = (start[0] + int(0 if upright else length), start[1] + int(length if upright else 0))
            end = (min(end[0], int(left + height * 0.95)), min(end[1], int(centre[1] + height / 2)))
            cv2.line(layer, start, end, (0, 0, 0, colour[3]), thick + max(2, thick), cv2.LINE_AA)
            cv2.line(layer, start, end, colour, thick, cv2.LINE_AA)


def _subtitle(rng: np.random.Generator, layer: NDArray[np.uint8]) -> None:
    side = layer.shape[0]
    height = side * rng.uniform(0.045, 0.1)
    y = side * (rng.uniform(0.85, 0.96) if rng.random() < 0.8 else rng.uniform(0.05, 0.15))
    for line in range(int(rng.integers(1, 4))):
        _write(rng, layer, (side * rng.uniform(0.45, 0.55), y - line * height * 1.3), height)


def _headline(rng: np.random.Generator, layer: NDArray[np.uint8]) -> None:
    side = layer.shape[0]
    for y in (0.1, 0.9) if rng.random() < 0.6 else (float(rng.uniform(0.1, 0.9)),):
        for line in range(int(rng.integers(1, 3))):
            height = side * rng.uniform(0.1, 0.24)
            _write(rng, layer, (side / 2, side * (y + line * 0.13 * (1 if y < 0.5 else -1))), height)


def _watermark(rng: np.random.Generator, layer: NDArray[np.uint8]) -> None:
    side = layer.shape[0]
    for _ in range(int(rng.integers(1, 4))):
        centre = (side * float(rng.uniform(0.15, 0.85)), side * float(rng.uniform(0.05, 0.95)))
        _write(rng, layer, centre, side * rng.uniform(0.03, 0.12), int(rng.integers(60, 256)))


def _controls(rng: np.random.Generator, layer: NDArray[np.uint8]) -> None:
    """A player's bar at the foot, a play sign in the middle at times."""
    side = layer.shape[0]
    top = int(side * rng.uniform(0.84, 0.95))
    dark = int(rng.integers(0, 60))
    cv2.rectangle(layer, (0, top), (side, side), (dark, dark, dark, int(rng.integers(90, 256))), -1)
    y, thick = (top + side) // 2, max(2, int(side * rng.uniform(0.008, 0.02)))
    done = int(side * rng.uniform(0.05, 0.9))
    cv2.line(layer, (int(side * 0.03), y), (int(side * 0.97), y), (150, 150, 150, 255), thick, cv2.LINE_AA)
    cv2.line(layer, (int(side * 0.03), y), (done, y), (*_colour(rng), 255), thick, cv2.LINE_AA)
    cv2.circle(layer, (done, y), thick * 2, (255, 255, 255, 255), -1, cv2.LINE_AA)
    if rng.random() < 0.5:
        r = side * rng.uniform(0.05, 0.13)
        corners = np.array([[-0.5, -0.6], [-0.5, 0.6], [0.7, 0]]) * r + side / 2
        cv2.circle(layer, (side // 2, side // 2), int(r * 1.5), (0, 0, 0, 150), -1, cv2.LINE_AA)
        cv2.fillPoly(layer, [corners.astype(np.int32)], (255, 255, 255, 230), cv2.LINE_AA)


def _stickers(rng: np.random.Generator, layer: NDArray[np.uint8]) -> None:
    """Blobs, stars, hearts and arrows with dots for eyes."""
    side = layer.shape[0]
    for _ in range(int(rng.integers(1, 6))):
        radius = side * float(rng.uniform(0.04, 0.22))
        x, y = (float(v) for v in rng.uniform(0, side, 2))
        corners = int(rng.integers(3, 14))
        angle = np.linspace(0, 2 * np.pi, corners * 2, endpoint=False) + rng.uniform(0, 6)
        reach = radius * np.where(np.arange(corners * 2) % 2, 1.0, rng.uniform(0.4, 1.0))
        outline = np.stack([x + reach * np.cos(angle), y + reach * np.sin(angle)], 1).astype(np.int32)
        cv2.fillPoly(layer, [outline], (*_colour(rng), int(rng.integers(170, 256))), cv2.LINE_AA)
        for eye in (-1, 1) if rng.random() < 0.6 else ():
            spot = (int(x + eye * radius / 3), int(y - radius / 5))
            cv2.circle(layer, spot, max(1, int(radius / 8)), (30, 20, 20, 255), -1, cv2.LINE_AA)


def _patch(rng: np.random.Generator, layer: NDArray[np.uint8]) -> None:
    """Rectangles that hide a part, as censor bars and pasted boxes do."""
    side = layer.shape[0]
    for _ in range(int(rng.integers(1, 4))):
        x, y = (int(v) for v in rng.uniform(0, side * 0.85, 2))
        w, h = (int(v) for v in side * rng.uniform(0.08, 0.4, 2))
        cv2.rectangle(layer, (x, y), (x + w, y + h), (*_colour(rng), 255), -1)


def _page(rng: np.random.Generator, side: int) -> NDArray[np.uint8]:
    """A desktop, feed or page: bars, cards, lines of text, buttons; what a frame is embedded in."""
    dark = rng.random() < 0.5
    ground = rng.uniform(5, 60) if dark else rng.uniform(200, 256)
    page = np.full((side, side, 3), ground + rng.uniform(-8, 8, 3), np.float64).clip(0, 255).astype(np.uint8)
    ink = int(rng.integers(120, 230) if dark else rng.integers(20, 150))
    for _ in range(int(rng.integers(0, 4))):  # bars and cards
        x, y = (int(v) for v in rng.uniform(0, side, 2))
        w, h = (int(v) for v in rng.uniform(0.1, 1.0, 2) * side)
        shade = tuple(int(v) for v in np.clip(ground + rng.uniform(-40, 40, 3), 0, 255))
        cv2.rectangle(page, (x - w // 2, y - h // 4), (x + w // 2, y + h // 4), shade, -1)
    for _ in range(int(rng.integers(4, 30))):  # lines of text
        x, y = (int(v) for v in rng.uniform(0, side, 2))
        thick = max(1, int(side * rng.uniform(0.004, 0.02)))
        cv2.line(page, (x, y), (x + int(side * rng.uniform(0.05, 0.5)), y), (ink, ink, ink), thick)
    for _ in range(int(rng.integers(0, 10))):  # pictures and buttons
        x, y = (int(v) for v in rng.uniform(0, side, 2))
        size = int(side * rng.uniform(0.02, 0.15))
        fill = tuple(int(v) for v in rng.integers(0, 256, 3))
        if rng.random() < 0.5:
            cv2.circle(page, (x, y), size // 2, fill, -1, cv2.LINE_AA)
        else:
            cv2.rectangle(page, (x, y), (x + size, y + size // 2), fill, -1)
    return page
