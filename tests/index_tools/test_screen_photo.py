"""A photographed screen is found and made straight, and is seen nowhere else."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from index_tools.hypotheses import look_inside, read_hypotheses
from index_tools.opencv import cv2
from index_tools.picture import Picture
from index_tools.screen_photo import find_photographed_screen, straightened
from tests.index_tools.page_pictures import PAGES, Pixels, compressed

PICTURES = Path(__file__).parents[1] / "golden" / "pictures"
FILMS = ["bunny-a-320x180", "bunny-b-320x180", "bunny-c-426x240"]
# their dark corners and edges run into the rim
DARK_FILMS = ["china-320x213", "coffee-300x200"]


def film(name: str, width: int = 960) -> Pixels:
    with Image.open(PICTURES / f"{name}.png") as image:
        high = round(width * image.height / image.width)
        return np.array(image.convert("RGB").resize((width, high), Image.Resampling.LANCZOS))


def photographed(
    frame: Pixels, rng: np.random.Generator, lean: float = 0.05
) -> tuple[Pixels, NDArray[np.float32]]:
    """A television before a wall with a shelf: frame, black rim, leaning, soft, grainy; and its corners."""
    high, wide = frame.shape[:2]
    rim = int(wide * rng.uniform(0.02, 0.04))
    screen = cv2.copyMakeBorder(frame, rim, rim, rim, rim, cv2.BORDER_CONSTANT, value=(12, 12, 13))
    width, height = int(wide * 1.4), int(high * 1.45)
    light = np.linspace(150, 90, width, dtype=np.float32)[None, :, None]
    wall = light + rng.uniform(-25, 25, 3) + rng.normal(0, 3, (height, width, 1))
    wall[int(height * 0.93) :] *= 0.6
    inner = np.array([[rim, rim], [rim + wide, rim], [rim + wide, rim + high], [rim, rim + high]], np.float32)
    shape = np.array([[0, 0], [1, 0], [1, 1], [0, 1]], np.float32) * (wide + 2 * rim, high + 2 * rim)
    shape = shape.astype(np.float32)
    moved = shape + (width * 0.14, height * 0.12) + rng.uniform(-lean, lean, (4, 2)) * (wide, high)
    mapping = cv2.getPerspectiveTransform(shape, moved.astype(np.float32))
    warped = cv2.warpPerspective(screen, mapping, (width, height), flags=cv2.INTER_LINEAR)
    mask = cv2.warpPerspective(np.ones(screen.shape[:2], np.float32), mapping, (width, height))
    photo = np.asarray(warped, np.float32) * 0.9 + 5
    photo = photo * np.asarray(mask)[..., None] + wall * (1 - np.asarray(mask)[..., None])
    soft = np.asarray(cv2.GaussianBlur(photo, (0, 0), 1.1))
    grainy = np.clip(soft + rng.normal(0, 3, soft.shape), 0, 255).astype(np.uint8)
    corners = np.asarray(cv2.perspectiveTransform(inner[None], mapping), np.float32)[0]
    return compressed(grainy, 75), corners


def likeness(one: Pixels, other: Pixels) -> float:
    small = [np.asarray(cv2.resize(rgb, (64, 36), interpolation=cv2.INTER_AREA)) for rgb in (one, other)]
    return float(np.corrcoef(small[0].ravel(), small[1].ravel())[0, 1])


def test_found_and_made_straight() -> None:
    found = 0
    for number, name in enumerate(FILMS + DARK_FILMS):
        for again in range(3):
            frame = film(name)
            photo, corners = photographed(frame, np.random.default_rng([number, again]))
            got = find_photographed_screen(photo)
            if got is None:
                continue
            found += name in FILMS
            assert np.abs(got - corners).max() <= 0.03 * photo.shape[1], name
            straight = straightened(photo, got)
            assert max(straight.shape[:2]) <= 640
            assert likeness(straight, frame) >= 0.9, name
    assert found >= 8


def test_all_sizes_of_photographs() -> None:
    photo, corners = photographed(film("bunny-a-320x180"), np.random.default_rng(1))
    for width in (500, 900, 1199, 1200, 2401, 4000):
        scale = width / photo.shape[1]
        size = width, round(photo.shape[0] * scale)
        got = find_photographed_screen(np.asarray(cv2.resize(photo, size), np.uint8))
        assert got is not None, width
        assert np.abs(got - corners * scale).max() <= 0.02 * width, width


@pytest.mark.parametrize("dark", [1.0, 0.3])
def test_nothing_in_frames_alone(dark: float) -> None:
    for path in sorted(PICTURES.glob("*.png")):
        rgb = (film(path.stem) * dark).astype(np.uint8)
        assert find_photographed_screen(rgb) is None, path.stem


@pytest.mark.parametrize("kind", PAGES)
def test_what_lies_upright_is_not_made_straight(kind: str) -> None:
    for number, name in enumerate(FILMS):
        rgb, _ = PAGES[kind](film(name, 640), np.random.default_rng(number))
        assert find_photographed_screen(rgb) is None, name


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 1), (30, 5000), (64, 64), (640, 360)])
def test_flat_and_tiny_pictures(size: tuple[int, int]) -> None:
    for value in (0, 40, 255):
        assert find_photographed_screen(np.full((size[1], size[0], 3), value, np.uint8)) is None


def test_it_is_a_reading_of_the_picture_and_of_its_mirror_image() -> None:
    photo, corners = photographed(film("bunny-a-320x180"), np.random.default_rng(1))
    picture = Picture.of(photo, "photo.jpg")
    plain = read_hypotheses(picture)
    found = {one.name: one for one in (*plain, *look_inside(picture, plain))}
    straight, turned = found["photographed_screen"], found["photographed_screen_mirrored"]
    assert np.array_equal(straight.picture.rgb[:, ::-1], turned.picture.rgb)
    assert straight.picture.origin == "photo.jpg"
    left, top, right, bottom = straight.box
    around = [*corners.min(axis=0), *corners.max(axis=0)]
    assert np.abs(np.subtract((left, top, right, bottom), around)).max() <= 0.02 * photo.shape[1]
    assert 0 <= left < right <= photo.shape[1]
    assert 0 <= top < bottom <= photo.shape[0]


def test_a_photograph_is_looked_at_quickly() -> None:
    photo, _ = photographed(film("bunny-c-426x240", 1400), np.random.default_rng(3))
    spent = []
    for _ in range(7):
        began = process_time()
        find_photographed_screen(photo)
        spent.append(process_time() - began)
    # 4 to 6 ms on one core; the bound leaves room for a loaded machine
    assert min(spent) < 0.05
