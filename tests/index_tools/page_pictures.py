"""Pictures of screens with a film's frame in them, drawn by the tests: pages, players, chats, borders.

Every drawing takes a frame, uint8 (h, w, 3), and a generator, and gives the picture and the box where the
frame lies in it.  Layouts, colours and sizes are drawn at random within what such programs look like.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from index_tools.borders import Box
from index_tools.opencv import cv2

Pixels = NDArray[np.uint8]
Rng = np.random.Generator
Colour = tuple[int, int, int]
Page = Callable[[Pixels, Rng], tuple[Pixels, Box]]

_WORDS = ("the", "night", "we", "met", "nobody", "knew", "what", "would", "happen", "after", "rain", "left")
# page, bar, ink
_SCHEMES: tuple[tuple[Colour, Colour, Colour], ...] = (
    ((255, 255, 255), (238, 238, 240), (20, 20, 20)),
    ((15, 15, 15), (33, 33, 33), (230, 230, 230)),
    ((246, 241, 228), (206, 190, 160), (60, 40, 20)),
    ((30, 33, 60), (60, 66, 110), (210, 215, 240)),
    ((0, 0, 0), (18, 18, 18), (170, 170, 170)),
)


def _scheme(rng: Rng) -> tuple[Colour, Colour, Colour]:
    return _SCHEMES[int(rng.integers(len(_SCHEMES)))]


def _between(rng: Rng, low: float, high: float) -> int:
    return int(rng.integers(int(low), max(int(low) + 1, int(high))))


def _placed(image: Image.Image, frame: Pixels, box: Box) -> None:
    left, top, right, bottom = box
    size = (right - left, bottom - top)
    shrinks = size[0] < frame.shape[1]
    scaled = cv2.resize(frame, size, interpolation=cv2.INTER_AREA if shrinks else cv2.INTER_CUBIC)
    image.paste(Image.fromarray(np.asarray(scaled, np.uint8)), (left, top))


def _lines(draw: ImageDraw.ImageDraw, rng: Rng, box: Box, size: int, ink: Colour) -> None:
    """A paragraph in a box."""
    left, top, right, bottom = box
    y = top
    while y + size < bottom:
        words = " ".join(rng.choice(_WORDS, size=max(1, int((right - left) / size / 3))))
        while words and draw.textlength(words, font_size=size) > (right - left) * rng.uniform(0.6, 1):
            words = words[:-3]
        draw.text((left, y), words, fill=ink, font_size=size)
        y += int(size * 1.5)


def article(frame: Pixels, rng: Rng) -> tuple[Pixels, Box]:
    """A page of text with the frame in its column, and a menu at the side."""
    page, bar, ink = _scheme(rng)
    width, height = _between(rng, 1100, 2000), _between(rng, 800, 1200)
    image = Image.new("RGB", (width, height), page)
    draw = ImageDraw.Draw(image)
    head = _between(rng, 50, 110)
    draw.rectangle((0, 0, width, head), fill=bar)
    draw.text((20, head // 3), "News of the day", fill=ink, font_size=head // 3)
    wide = int(width * rng.uniform(0.4, 0.68))
    high = round(wide * frame.shape[0] / frame.shape[1])
    high = min(high, int((height - head) * 0.8))
    wide = round(high * frame.shape[1] / frame.shape[0])
    left, top = (
        _between(rng, 30, width * 0.22),
        head + _between(rng, 20, max(21, (height - head - high) * 0.8)),
    )
    box = (left, top, left + wide, top + high)
    size = _between(rng, 13, 22)
    _lines(draw, rng, (left, head + 10, left + wide, top - 10), size, ink)
    _lines(draw, rng, (left, top + high + 14, left + wide, height), size, ink)
    _lines(draw, rng, (left + wide + 40, head + 30, width - 20, height), size, ink)
    _placed(image, frame, box)
    return np.asarray(image), box


def player(frame: Pixels, rng: Rng) -> tuple[Pixels, Box]:
    """A player of the desktop: title above, buttons below, the frame between, with bars where it must."""
    width, height = _between(rng, 700, 1920), _between(rng, 480, 1080)
    bar: Colour = _scheme(rng)[1]
    ink: Colour = (200, 200, 200) if sum(bar) < 384 else (40, 40, 40)
    image = Image.new("RGB", (width, height), (0, 0, 0))
    draw = ImageDraw.Draw(image)
    head, foot = _between(rng, 24, 44), _between(rng, 40, 90)
    room = (width, height - head - foot)
    k = min(room[0] / frame.shape[1], room[1] / frame.shape[0])
    wide, high = int(frame.shape[1] * k), int(frame.shape[0] * k)
    left, top = (width - wide) // 2, head + (room[1] - high) // 2
    draw.rectangle((0, 0, width, head - 1), fill=bar)
    draw.rectangle((0, height - foot, width, height), fill=bar)
    draw.text((width * 0.4, 6), "film.mkv", fill=ink, font_size=head // 2)
    for i in range(6):
        x = 20 + i * foot
        draw.ellipse((x, height - foot * 0.75, x + foot // 2, height - foot * 0.25), outline=ink, width=2)
    box = (left, top, left + wide, top + high)
    _placed(image, frame, box)
    return np.asarray(image), box


def video_site(frame: Pixels, rng: Rng) -> tuple[Pixels, Box]:
    """A video's page: controls over the frame's foot, corners perhaps rounded, suggestions at the side."""
    page, bar, ink = _scheme(rng)
    width, height = 1920, 1080
    image = Image.new("RGB", (width, height), page)
    draw = ImageDraw.Draw(image)
    head = _between(rng, 90, 150)
    draw.rectangle((0, 0, width, head * 0.6), fill=bar)
    draw.rounded_rectangle((width * 0.3, head * 0.65, width * 0.65, head * 0.95), 18, outline=bar, width=2)
    wide = int(width * rng.uniform(0.5, 0.68))
    high = min(round(wide * frame.shape[0] / frame.shape[1]), height - head - 60)
    wide = round(high * frame.shape[1] / frame.shape[0])
    left, top = _between(rng, 20, 110), head + _between(rng, 8, 40)
    box = (left, top, left + wide, top + high)
    _placed(image, frame, box)
    draw = ImageDraw.Draw(image)
    if rng.random() < 0.5:
        corners = Image.new("L", (wide, high), 255)
        ImageDraw.Draw(corners).rounded_rectangle((0, 0, wide - 1, high - 1), _between(rng, 8, 18), fill=0)
        image.paste(page, (left, top), corners)
    if rng.random() < 0.6:
        y = top + high - _between(rng, 30, 60)
        draw.line((left + 12, y, left + wide - 12, y), fill=(190, 190, 190), width=4)
        draw.line((left + 12, y, left + wide * 0.4, y), fill=(255, 0, 0), width=5)
        draw.polygon(((left + 20, y + 8), (left + 20, y + 26), (left + 36, y + 17)), fill=(255, 255, 255))
    draw.text((left, top + high + 12), "The night in the small town", fill=ink, font_size=26)
    _lines(draw, rng, (left, top + high + 60, left + wide, height), 17, ink)
    y = head + 10
    thumb = _between(rng, 140, 200)
    while y < height - 40:
        x = left + wide + _between(rng, 18, 30)
        _placed(image, frame[:, ::-1], (x, y, x + thumb, y + thumb * 9 // 16))
        _lines(draw, rng, (x + thumb + 10, y, min(width, x + thumb + 220), y + 60), 15, ink)
        y += thumb * 9 // 16 + 12
    return np.asarray(image), box


def telephone(frame: Pixels, rng: Rng) -> tuple[Pixels, Box]:
    """An upright telephone: status bar, the frame over the whole width, the rest of the page below."""
    page, bar, ink = _scheme(rng)
    width = _between(rng, 640, 1200)
    height = int(width * rng.uniform(1.9, 2.2))
    image = Image.new("RGB", (width, height), page)
    draw = ImageDraw.Draw(image)
    top = _between(rng, width * 0.07, width * 0.45)
    draw.rectangle((0, 0, width, top), fill=bar)
    draw.text((width * 0.06, 12), "21:47", fill=ink, font_size=width // 26)
    draw.rectangle((width * 0.9, 14, width * 0.95, 34), outline=ink, width=2)
    box = (0, top, width, top + round(width * frame.shape[0] / frame.shape[1]))
    _placed(image, frame, box)
    _lines(draw, rng, (30, box[3] + 24, width - 30, height), width // 24, ink)
    return np.asarray(image), box


def chat(frame: Pixels, rng: Rng) -> tuple[Pixels, Box]:
    """Messages of a chat, one of them the frame in a bubble of its own colour."""
    page, bar, ink = _scheme(rng)
    width, height = _between(rng, 700, 1300), _between(rng, 800, 1300)
    image = Image.new("RGB", (width, height), page)
    draw = ImageDraw.Draw(image)
    wide = int(width * rng.uniform(0.55, 0.8))
    high = round(wide * frame.shape[0] / frame.shape[1])
    left, top = _between(rng, 20, width - wide - 20), _between(rng, height * 0.15, height - high - 40)
    rim = _between(rng, 5, 16)
    foot = top + high + rim + _between(rng, 0, 40)
    draw.rounded_rectangle((left - rim, top - rim, left + wide + rim, foot), rim, fill=bar)
    for y in (20, foot + 20):
        across = draw.textlength("did you see this one?", font_size=28)
        draw.rounded_rectangle((40, y, 80 + across, y + 60), 14, fill=bar)
        draw.text((60, y + 14), "did you see this one?", fill=ink, font_size=28)
    box = (left, top, left + wide, top + high)
    _placed(image, frame, box)
    return np.asarray(image), box


def framed(frame: Pixels, rng: Rng) -> tuple[Pixels, Box]:
    """A border of one colour, or two, of four widths, and JPEG."""
    high, wide = frame.shape[:2]
    sides = [_between(rng, 0.015 * high, 0.2 * high) for _ in range(4)]
    left, top, right, bottom = sides
    colours = rng.integers(0, 256, (2, 3))
    outer = _between(rng, 4, 30) if rng.random() < 0.5 else 0
    rgb = np.empty((high + top + bottom + 2 * outer, wide + left + right + 2 * outer, 3), np.uint8)
    rgb[:] = colours[1]
    rgb[outer : len(rgb) - outer, outer : rgb.shape[1] - outer] = colours[0]
    box = (left + outer, top + outer, left + outer + wide, top + outer + high)
    rgb[box[1] : box[3], box[0] : box[2]] = frame
    return compressed(rgb, _between(rng, 40, 90)), box


def blurred_sides(frame: Pixels, rng: Rng) -> tuple[Pixels, Box]:
    """The frame before a blurred enlargement of itself that fills a wider or an upright picture."""
    high, wide = frame.shape[:2]
    if rng.random() < 0.5:
        size = (int(wide * rng.uniform(1.25, 1.8)), high)
    else:
        size = (wide, int(wide * rng.uniform(1, 1.78)))
    k = max(size[0] / wide, size[1] / high)
    back = np.asarray(cv2.resize(frame, None, fx=k, fy=k, interpolation=cv2.INTER_LINEAR), np.uint8)
    x, y = (back.shape[1] - size[0]) // 2, (back.shape[0] - size[1]) // 2
    back = back[y : y + size[1], x : x + size[0]]
    blurred = cv2.GaussianBlur(back, (0, 0), size[1] * float(rng.uniform(0.02, 0.05)))
    rgb = (np.asarray(blurred, np.float32) * rng.uniform(0.5, 1.0)).astype(np.uint8)
    left, top = (rgb.shape[1] - wide) // 2, (rgb.shape[0] - high) // 2
    box = (left, top, left + wide, top + high)
    rgb[top : top + high, left : left + wide] = frame
    return rgb, box


def desktop(frame: Pixels, rng: Rng) -> tuple[Pixels, Box]:
    """A whole screen: a window with the frame before a wallpaper that changes."""
    width, height = ((1920, 1080), (2560, 1440), (1366, 768))[int(rng.integers(3))]
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    wave = np.sin(x / 61) * np.cos(y / 47) * 40 + rng.normal(0, 9, (height, width))
    wall = np.clip(wave[..., None] + rng.uniform(60, 190, 3), 0, 255).astype(np.uint8)
    inner, box = player(frame, rng)
    k = min(1.0, width * 0.85 / inner.shape[1], height * 0.85 / inner.shape[0])
    small = np.asarray(cv2.resize(inner, None, fx=k, fy=k, interpolation=cv2.INTER_AREA), np.uint8)
    left, top = _between(rng, 0, width - small.shape[1]), _between(rng, 0, height - small.shape[0])
    wall[top : top + len(small), left : left + small.shape[1]] = small
    moved = [round(value * k) + shift for value, shift in zip(box, (left, top, left, top), strict=True)]
    return wall, (moved[0], moved[1], moved[2], moved[3])


def compressed(rgb: Pixels, quality: int) -> Pixels:
    """As JPEG keeps it."""
    data = cv2.imencode(".jpg", rgb[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.ascontiguousarray(np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)[..., ::-1])


PAGES: dict[str, Page] = {
    "article": article,
    "player": player,
    "video_site": video_site,
    "telephone": telephone,
    "chat": chat,
    "framed": framed,
    "blurred_sides": blurred_sides,
    "desktop": desktop,
}
