"""What the named degradations are made of: scaling, re-encoding, text, windows out of a picture.

All take and give RGB uint8 (h, w, 3).
"""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from index_tools.opencv import cv2

Rgb = NDArray[np.uint8]
Rng = np.random.Generator
Colour = tuple[int, int, int]

_FONT_FOLDER = Path("/usr/share/fonts")
_CJK_FONTS = ("NotoSansCJK*Bold*", "NotoSansCJK*", "*wqy*", "*ipag*", "DroidSansFallback*")
_LATIN_FONTS = ("Anton*", "Impact*", "DejaVuSans-Bold.ttf", "LiberationSans-Bold.ttf", "*Bold*.ttf")


def resized(rgb: Rgb, width: float, height: float) -> Rgb:
    """Scaled: by area when it shrinks, by cubics when it grows."""
    shrinks = width * height < rgb.shape[0] * rgb.shape[1]
    size = (max(1, int(width)), max(1, int(height)))
    return as_rgb(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC))


def to_u8(values: NDArray[Any]) -> Rgb:
    """Rounded and clipped to 0..255."""
    rounded: Rgb = np.clip(np.rint(values), 0, 255).astype(np.uint8)
    return rounded


def as_rgb(values: Any) -> Rgb:
    """OpenCV's result as the uint8 array that it is."""
    return np.asarray(values, np.uint8)


def jpeg(rgb: Rgb, quality: int) -> Rgb:
    """Encoded as JPEG of a quality 0..100, and decoded again."""
    data = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    decoded = as_rgb(cv2.imdecode(data, cv2.IMREAD_COLOR))
    return np.ascontiguousarray(decoded[..., ::-1])


def bordered(rgb: Rgb, top: int, bottom: int, left: int, right: int, colour: Colour) -> Rgb:
    """With borders of one colour, their widths in pixels."""
    return as_rgb(cv2.copyMakeBorder(rgb, top, bottom, left, right, cv2.BORDER_CONSTANT, value=colour))


def crop_area(rgb: Rgb, rng: Rng, area: float) -> Rgb:
    """A window somewhere, of a share `area` of the picture; its aspect varies by up to 1.33 either way."""
    height, width = rgb.shape[:2]
    ratio = float(np.exp(rng.uniform(-0.285, 0.285)))
    share = float(np.clip(np.sqrt(area * ratio), area, 1.0))
    return _window(rgb, rng, max(8, round(width * share)), max(8, round(height * (area / share))))


def aspect_window(rgb: Rgb, rng: Rng, aspect: float) -> Rgb:
    """A window of full height (or width) of an aspect, width by height, somewhere."""
    height, width = rgb.shape[:2]
    wide = max(8, min(width, round(height * aspect)))
    return _window(rgb, rng, wide, max(8, min(height, round(width / aspect))))


def _window(rgb: Rgb, rng: Rng, wide: int, high: int) -> Rgb:
    height, width = rgb.shape[:2]
    x, y = int(rng.integers(0, width - wide + 1)), int(rng.integers(0, height - high + 1))
    return rgb[y : y + high, x : x + wide].copy()


def has_cjk_font() -> bool:
    """Whether subtitles in Chinese and Japanese can be drawn."""
    return _font_path(True) is not None


def text(
    rgb: Rgb,
    words: str,
    centre: tuple[float, float],
    size: int,
    fill: Colour,
    *,
    stroke: int = 0,
    cjk: bool = False,
    max_width: float | None = None,
) -> Rgb:
    """With words around a centre (x, y), outlined in black; shrunk until they fit `max_width` pixels."""
    picture = Image.fromarray(rgb)
    draw = ImageDraw.Draw(picture)
    box = draw.textbbox((0, 0), words, font=_font(size, cjk), stroke_width=stroke)
    while max_width is not None and box[2] - box[0] > max_width and size > 9:
        size = int(size * 0.92)
        box = draw.textbbox((0, 0), words, font=_font(size, cjk), stroke_width=stroke)
    at = (centre[0] - (box[0] + box[2]) / 2, centre[1] - (box[1] + box[3]) / 2)
    draw.text(at, words, font=_font(size, cjk), fill=fill, stroke_width=stroke, stroke_fill=(0, 0, 0))
    return np.asarray(picture)


@functools.cache
def _font_path(cjk: bool) -> str | None:
    for pattern in _CJK_FONTS if cjk else _LATIN_FONTS:
        found = sorted(str(path) for path in _FONT_FOLDER.rglob(pattern))
        if found:
            return found[0]
    return None


def _font(size: int, cjk: bool) -> ImageFont.ImageFont | ImageFont.FreeTypeFont:
    path = _font_path(cjk)
    return ImageFont.truetype(path, max(8, size)) if path else ImageFont.load_default(max(8, size))
