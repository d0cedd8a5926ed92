"""Two degradations in which the frame is a part of a larger picture: a player's window, a photographed
screen.
"""

from __future__ import annotations

import numpy as np

from index_tools.measure.picture_edits import Rgb, Rng, as_rgb, bordered, jpeg, resized, text, to_u8
from index_tools.opencv import cv2

_DARK_PAGE = ((24, 24, 27), (44, 44, 50), (205, 205, 210))
_LIGHT_PAGE = ((250, 250, 250), (222, 225, 230), (60, 60, 66))
_BUTTONS = ((255, 95, 86), (255, 189, 46), (39, 201, 63))


def player_window(rgb: Rgb, rng: Rng) -> Rgb:
    """A picture of a desktop: a browser's or player's window with the frame on 45 to 75 % of the area."""
    h, w = rgb.shape[:2]
    area = float(rng.uniform(0.45, 0.75))
    fx = float(np.clip(np.sqrt(area) * rng.uniform(0.95, 1.05), 0.5, 0.97))
    fy = min(0.92, area / fx)
    width, height = int(w / fx), int(h / fy)
    page, bar, ink = _DARK_PAGE if rng.random() < 0.5 else _LIGHT_PAGE
    out: Rgb = np.tile(np.array(page, np.uint8), (height, width, 1))
    x = int((width - w) * rng.uniform(0.05, 0.6))
    top = int((height - h) * rng.uniform(0.35, 0.65))
    head = max(6, int(top * 0.85))
    out[:head] = bar
    for i, colour in enumerate(_BUTTONS):
        at = (int(head * (0.5 + 0.55 * i)), head // 2)
        cv2.circle(out, at, max(2, head // 6), colour, -1, cv2.LINE_AA)
    address = ((int(width * 0.14), int(head * 0.25)), (int(width * 0.8), int(head * 0.75)))
    cv2.rectangle(out, *address, page, -1)
    size = max(8, int(head * 0.35))
    out = text(out, "player - episode 07", (width * 0.3, head / 2), size, ink).copy()
    out[top : top + h, x : x + w] = rgb
    foot, unit = top + h, max(4, (height - top - h) // 6)
    if rng.random() < 0.5:  # a control bar under or over the frame
        y = foot - unit * 2 if rng.random() < 0.5 else min(height - 2, foot + unit)
        thick = max(1, unit // 2)
        cv2.line(out, (x + unit, y), (x + w - unit, y), (150, 150, 150), thick)
        cv2.line(out, (x + unit, y), (x + int(w * rng.uniform(0.1, 0.9)), y), (230, 33, 23), thick)
    size = int(np.clip((height - foot) * 0.28, 8, h * 0.06))
    centre = (x + w * 0.3, foot + (height - foot) * 0.45)
    out = text(out, "Watch: season 2, episode 7 (1080p)", centre, size, ink).copy()
    for i in range(3):  # lines of a comment
        y = int(foot + (height - foot) * (0.66 + 0.12 * i))
        cv2.line(out, (x, y), (x + int(w * rng.uniform(0.3, 0.9)), y), (128, 130, 134), max(1, unit // 4))
    side, y = x + w + unit * 2, top
    while width - side > 24 and y < height - 40:  # suggestions to the right
        tall = int((width - side) * 0.5)
        shade = [int(value) for value in rng.integers(30, 225, 3)]
        cv2.rectangle(out, (side, y), (width - unit, y + tall), shade, -1)
        y += int(tall * 1.35)
    return out


def photo_of_screen(rgb: Rgb, rng: Rng) -> Rgb:
    """A telephone's photograph of a monitor: pixel grid, bezel, glare, perspective, colour cast, blur."""
    h, w = rgb.shape[:2]
    k = 960 / max(w, h)
    img = resized(rgb, round(w * k), round(h * k)).astype(np.float32)
    h, w = img.shape[:2]
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    angle, period = rng.uniform(0, np.pi), rng.uniform(5, 11)  # beat between pixel grid and sensor
    phase = (xx * np.cos(angle) + yy * np.sin(angle)) / period + 0.6 * np.sin(yy / rng.uniform(60, 120))
    for c in range(3):
        img[..., c] *= 1 + rng.uniform(0.04, 0.09) * np.sin(2 * np.pi * phase + c * 2.1)
    gx, gy = rng.uniform(0.1, 0.9) * w, rng.uniform(0.0, 0.6) * h
    dx, dy = (xx - gx) / (w * rng.uniform(0.12, 0.3)), (yy - gy) / (h * rng.uniform(0.1, 0.25))
    glare = np.exp(-(dx**2 + dy**2))
    img = img * rng.uniform(0.75, 0.95) + 14 + (glare * rng.uniform(40, 120))[..., None]
    img *= np.array([rng.uniform(0.92, 1.08), 1.0, rng.uniform(0.92, 1.12)], np.float32)
    rim = int(min(w, h) * rng.uniform(0.02, 0.05))
    screen = bordered(to_u8(img), rim, rim, rim, rim, (22, 22, 24))
    bh, bw = screen.shape[:2]
    mx, my = int(bw * rng.uniform(0.03, 0.12)), int(bh * rng.uniform(0.03, 0.12))
    corners = np.array([[0, 0], [bw, 0], [bw, bh], [0, bh]], np.float32)
    moved = corners + np.array([mx, my], np.float32)
    moved = moved + rng.uniform(-0.045, 0.045, (4, 2)).astype(np.float32) * [bw, bh]
    out_w, out_h = bw + 2 * mx, bh + 2 * my
    wall = np.full((out_h, out_w, 3), rng.uniform(40, 150, 3), np.float32)
    wall *= np.linspace(1.15, 0.75, out_h, dtype=np.float32)[:, None, None]
    m = cv2.getPerspectiveTransform(corners, moved.astype(np.float32))
    warped = as_rgb(cv2.warpPerspective(screen, m, (out_w, out_h), flags=cv2.INTER_AREA))
    mask = np.asarray(cv2.warpPerspective(np.ones((bh, bw), np.float32), m, (out_w, out_h)))[..., None]
    sharp = to_u8(warped * mask + wall * (1 - mask))
    photo = as_rgb(cv2.GaussianBlur(sharp, (0, 0), float(rng.uniform(0.7, 1.4))))
    return jpeg(to_u8(photo + rng.normal(0, 4, photo.shape)), 70)
