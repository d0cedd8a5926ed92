"""Named degradations of pictures, to measure by: what people do to a screenshot before they ask.

Each is a pure function `f(rgb, rng) -> rgb` on uint8 (h, w, 3); the result may have another size.  All
that is random comes from the generator handed in, so that the same seed gives the same picture (text
depends on the fonts that are installed: DejaVu, and Noto CJK for subtitles in Chinese and Japanese).

`PLAIN` are screenshots as a player saves them, `HOPELESS` edits that trace.moe's own help says cannot
be found, `EXTRA` the rest.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from index_tools.measure.picture_edits import (
    Rgb,
    Rng,
    as_rgb,
    aspect_window,
    bordered,
    crop_area,
    has_cjk_font,
    jpeg,
    resized,
    text,
    to_u8,
)
from index_tools.measure.screen_photos import photo_of_screen, player_window
from index_tools.opencv import cv2

Degradation = Callable[[Rgb, Rng], Rgb]

_LATIN = (
    "I never said that.",
    "Wait! Don't go there alone.",
    "What was that noise?",
    "We have to leave before sunrise.",
    "You knew it all along, didn't you?",
)
_CJK = (
    "待って！行かないで。",
    "そんなこと言ってない",
    "你到底在说什么？",
    "今日は天気がいいですね",
    "我們走吧，別回頭",
)
_MEME = (
    ("WHEN THE TEST", "PASSES THE FIRST TIME"),
    ("NOBODY:", "ME AT 3 AM"),
    ("ONE DOES NOT SIMPLY", "FIND THIS SCENE"),
    ("SAUCE?", "ASKING FOR A FRIEND"),
)
_SEPIA = ((0.393, 0.769, 0.189), (0.349, 0.686, 0.168), (0.272, 0.534, 0.131))


def identity(rgb: Rgb, rng: Rng) -> Rgb:
    """The frame as it is."""
    return rgb.copy()


def jpeg30(rgb: Rgb, rng: Rng) -> Rgb:
    """640 pixels wide, JPEG of quality 30."""
    height, width = rgb.shape[:2]
    return jpeg(resized(rgb, 640, round(640 * height / width)), 30)


def thumbnail(rgb: Rgb, rng: Rng) -> Rgb:
    """160 pixels wide, JPEG of quality 75."""
    height, width = rgb.shape[:2]
    return jpeg(resized(rgb, 160, round(160 * height / width)), 75)


def noise(rgb: Rgb, rng: Rng) -> Rgb:
    """Soft focus, then noise as of a sensor."""
    scale = rgb.shape[1] / 640
    soft = as_rgb(cv2.GaussianBlur(rgb, (0, 0), float(rng.uniform(0.8, 1.8)) * scale))
    return to_u8(soft + rng.normal(0, rng.uniform(6, 14), rgb.shape))


def subtitle(rgb: Rgb, rng: Rng) -> Rgb:
    """One or two lines of outlined text at the bottom, white or yellow."""
    height, width = rgb.shape[:2]
    cjk = bool(rng.random() < 0.4) and has_cjk_font()
    lines = list(rng.choice(_CJK if cjk else _LATIN, size=int(rng.integers(1, 3)), replace=False))
    size = int(height * rng.uniform(0.058, 0.08))
    fill = (255, 255, 255) if rng.random() < 0.7 else (255, 230, 60)
    out = rgb
    for number, line in enumerate(reversed(lines)):
        centre = (width / 2, height * 0.965 - size * (0.6 + 1.25 * number))
        stroke = max(1, size // 12)
        out = text(out, str(line), centre, size, fill, stroke=stroke, cjk=cjk, max_width=width * 0.9)
    return out


def letterbox(rgb: Rgb, rng: Rng) -> Rgb:
    """Black bars above and below."""
    bar = int(rgb.shape[0] * rng.uniform(0.08, 0.2))
    return bordered(rgb, bar, bar, 0, 0, (0, 0, 0))


def mirror(rgb: Rgb, rng: Rng) -> Rgb:
    """Left and right exchanged."""
    return np.ascontiguousarray(rgb[:, ::-1])


def pillarbox(rgb: Rgb, rng: Rng) -> Rgb:
    """Bars left and right: black, or a blurred enlargement of the picture itself."""
    height, width = rgb.shape[:2]
    bar = int(width * rng.uniform(0.12, 0.3))
    if rng.random() < 0.7:
        return bordered(rgb, 0, 0, bar, bar, (0, 0, 0))
    back = resized(rgb, width + 2 * bar, round(height * (width + 2 * bar) / width))
    top = (back.shape[0] - height) // 2
    back = to_u8(as_rgb(cv2.GaussianBlur(back[top : top + height], (0, 0), width / 40)) * 0.6)
    back[:, bar : bar + width] = rgb
    return back


def crop50(rgb: Rgb, rng: Rng) -> Rgb:
    """A window of half the area."""
    return crop_area(rgb, rng, 0.50)


def crop30(rgb: Rgb, rng: Rng) -> Rgb:
    """A window of 30 % of the area."""
    return crop_area(rgb, rng, 0.30)


def window_4_3(rgb: Rgb, rng: Rng) -> Rgb:
    """A 4:3 window out of a wide frame; a square one out of a frame that is 4:3 already."""
    wide = rgb.shape[1] / rgb.shape[0] > 1.4
    return aspect_window(rgb, rng, 4 / 3 if wide else 1.0)


def vertical_9_16(rgb: Rgb, rng: Rng) -> Rgb:
    """An upright window, as telephones show it."""
    return aspect_window(rgb, rng, 9 / 16)


def tint(rgb: Rgb, rng: Rng) -> Rgb:
    """A strong colour filter over the whole picture."""
    hsv = np.array([[[rng.integers(0, 180), 200, 255]]], np.uint8)
    colour = as_rgb(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB))[0, 0]
    share = float(rng.uniform(0.35, 0.6))
    grey_part = rgb.mean(2, keepdims=True) / 255 * 0.7 + 0.3
    return to_u8(rgb * (1 - share) + share * (colour * grey_part))


def sepia(rgb: Rgb, rng: Rng) -> Rgb:
    """Brown, like an old photograph."""
    return to_u8(rgb.astype(np.float32) @ np.array(_SEPIA, np.float32).T)


def grey(rgb: Rgb, rng: Rng) -> Rgb:
    """Without colour."""
    one = cv2.cvtColor(rgb, cv2.COLOR_RGB2GRAY)
    return as_rgb(cv2.cvtColor(one, cv2.COLOR_GRAY2RGB))


def dark(rgb: Rgb, rng: Rng) -> Rgb:
    """Much darker, the shadows gone."""
    return to_u8(255 * (rgb / 255.0) ** rng.uniform(1.8, 2.6) * rng.uniform(0.7, 0.95))


def meme_text(rgb: Rgb, rng: Rng) -> Rgb:
    """Large outlined capitals at the top and the bottom, about a quarter of the picture."""
    height, width = rgb.shape[:2]
    above, below = _MEME[int(rng.integers(len(_MEME)))]
    size = int(height * rng.uniform(0.13, 0.17))
    out = rgb
    for words, y in ((above, 0.105), (below, 0.895)):
        centre = (width / 2, height * y)
        out = text(
            out, words, centre, size, (255, 255, 255), stroke=max(2, size // 10), max_width=width * 0.97
        )
    return out


def rotate6(rgb: Rgb, rng: Rng) -> Rgb:
    """Turned by 3 to 6 degrees either way, black corners."""
    height, width = rgb.shape[:2]
    angle = float(rng.uniform(3, 6) * (1 if rng.random() < 0.5 else -1))
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    return as_rgb(cv2.warpAffine(rgb, turn, (width, height), flags=cv2.INTER_LINEAR))


def combined(rgb: Rgb, rng: Rng) -> Rgb:
    """A slight crop, a subtitle, a border and JPEG: the usual forum screenshot."""
    out = subtitle(crop_area(rgb, rng, float(rng.uniform(0.85, 0.95))), rng)
    height, width = out.shape[:2]
    top, bottom, left, right = (int(side * rng.uniform(0.02, 0.1)) for side in (height, height, width, width))
    shade = ((0, 0, 0), (255, 255, 255), (32, 34, 37))[int(rng.integers(3))]
    out = bordered(out, top, bottom, left, right, shade)
    return jpeg(resized(out, 720, round(720 * out.shape[0] / out.shape[1])), 35)


def sticker(rgb: Rgb, rng: Rng) -> Rgb:
    """Round faces and a watermark."""
    height, width = rgb.shape[:2]
    out = rgb.copy()
    for _ in range(int(rng.integers(2, 5))):
        r = int(min(height, width) * rng.uniform(0.07, 0.14))
        x, y = int(rng.uniform(r, width - r)), int(rng.uniform(r, height - r))
        colour = ((255, 204, 50), (240, 80, 80), (90, 180, 250))[int(rng.integers(3))]
        ink = (60, 40, 10)
        cv2.circle(out, (x, y), r, colour, -1, cv2.LINE_AA)
        for side in (-1, 1):
            eye = (x + side * r // 3, y - r // 4)
            cv2.ellipse(out, eye, (r // 9 + 1, r // 6 + 1), 0, 0, 360, ink, -1, cv2.LINE_AA)
        mouth = ((x, y + r // 6), (r // 2, r // 3))
        cv2.ellipse(out, *mouth, 0, 10, 170, ink, max(2, r // 10), cv2.LINE_AA)
    centre = (width * rng.uniform(0.2, 0.8), height * rng.uniform(0.15, 0.85))
    marked = text(out, "@scene.archive", centre, int(height * 0.06), (255, 255, 255), stroke=1)
    return to_u8(0.45 * out + 0.55 * marked)


def crop75(rgb: Rgb, rng: Rng) -> Rgb:
    """A window of three quarters of the area."""
    return crop_area(rgb, rng, 0.75)


def bright(rgb: Rgb, rng: Rng) -> Rgb:
    """Washed out: lifted blacks, low contrast."""
    return to_u8(255 * (0.3 + 0.7 * (rgb / 255.0) ** rng.uniform(0.5, 0.75)))


def hue_shift(rgb: Rgb, rng: Rng) -> Rgb:
    """All hues turned by 50 to 310 degrees."""
    hsv = as_rgb(cv2.cvtColor(rgb, cv2.COLOR_RGB2HSV))
    hsv[..., 0] = (hsv[..., 0].astype(int) + int(rng.integers(25, 156))) % 180
    return as_rgb(cv2.cvtColor(hsv, cv2.COLOR_HSV2RGB))


def invert(rgb: Rgb, rng: Rng) -> Rgb:
    """The negative."""
    return np.asarray(255 - rgb, np.uint8)


def rotate90(rgb: Rgb, rng: Rng) -> Rgb:
    """A quarter turn either way."""
    return np.ascontiguousarray(np.rot90(rgb, 1 if rng.random() < 0.5 else 3))


def squeeze(rgb: Rgb, rng: Rng) -> Rgb:
    """Squashed sideways by a quarter: 16:9 shown as 4:3."""
    height, width = rgb.shape[:2]
    return resized(rgb, round(width * 0.75), height)


def vhs(rgb: Rgb, rng: Rng) -> Rgb:
    """Film grain, bleeding colour, scan lines, trembling lines and a torn band."""
    height, width = rgb.shape[:2]
    ycc = np.asarray(cv2.cvtColor(rgb, cv2.COLOR_RGB2YCrCb), np.float32)
    for channel in (1, 2):
        soft = cv2.GaussianBlur(ycc[..., channel], (0, 0), width / 110, sigmaY=1)
        ycc[..., channel] = np.roll(soft, width // 130, axis=1)
    ycc[..., 0] += cv2.GaussianBlur(rng.normal(0, 34, (height, width)).astype(np.float32), (0, 0), 0.9)
    ycc[:: max(2, height // 180), :, 0] *= 0.8
    tall = height // 14
    band = int(rng.integers(0, max(1, height - tall)))
    torn = np.where(abs(np.arange(height) - band - tall / 2) < tall / 2, width / 30, 0)
    shift = np.rint(rng.normal(0, width / 700, height) + torn).astype(int)
    ycc = ycc[np.arange(height)[:, None], (np.arange(width)[None] - shift[:, None]) % width]
    return as_rgb(cv2.cvtColor(to_u8(ycc), cv2.COLOR_YCrCb2RGB))


def combined_hard(rgb: Rgb, rng: Rng) -> Rgb:
    """Mirrored, cropped to 45 to 70 %, tinted, captioned, encoded again."""
    out = crop_area(mirror(rgb, rng), rng, float(rng.uniform(0.45, 0.7)))
    out = subtitle(tint(out, rng), rng)
    return jpeg(resized(out, 540, round(540 * out.shape[0] / out.shape[1])), 45)


def _named(*functions: Degradation) -> dict[str, Degradation]:
    return {getattr(function, "__name__", ""): function for function in functions}


PLAIN = _named(identity, jpeg30, thumbnail, noise, subtitle, letterbox)
HOPELESS = _named(
    mirror, pillarbox, player_window, crop50, crop30, window_4_3, vertical_9_16, tint, sepia, grey, dark,
    meme_text, photo_of_screen, rotate6, combined,
)  # fmt: skip
EXTRA = _named(sticker, crop75, bright, hue_shift, invert, rotate90, squeeze, vhs, combined_hard)
GROUPS: dict[str, dict[str, Degradation]] = {"plain": PLAIN, "hopeless": HOPELESS, "extra": EXTRA}
DEGRADATIONS: dict[str, Degradation] = {**PLAIN, **HOPELESS, **EXTRA}
