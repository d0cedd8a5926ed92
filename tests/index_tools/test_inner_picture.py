"""A film's picture is found in pages, players, chats and borders, and nowhere where there is none."""

from __future__ import annotations

from pathlib import Path
from time import process_time

import numpy as np
import pytest
from PIL import Image, ImageDraw

from index_tools.hypotheses import look_inside, read_hypotheses
from index_tools.inner_picture import MOST, find_inner_picture_at, find_inner_pictures, overlap
from index_tools.opencv import cv2
from index_tools.picture import Picture
from tests.index_tools.page_pictures import PAGES, Pixels, article, compressed, video_site

PICTURES = Path(__file__).parents[1] / "golden" / "pictures"
FILMS = [
    "bunny-a-320x180",
    "bunny-b-320x180",
    "bunny-c-426x240",
    "camera-257x129",
    "chelsea-225x150",
    "china-320x213",
    "coffee-300x200",
]


def film(name: str, width: int = 854) -> Pixels:
    with Image.open(PICTURES / f"{name}.png") as image:
        high = round(width * image.height / image.width)
        return np.array(image.convert("RGB").resize((width, high), Image.Resampling.LANCZOS))


@pytest.mark.parametrize("kind", PAGES)
def test_found_in(kind: str) -> None:
    found: list[float] = []
    for number, name in enumerate(FILMS):
        for again in range(2):
            rgb, box = PAGES[kind](film(name, 640), np.random.default_rng([number, again, 5]))
            boxes = find_inner_pictures(rgb)
            assert len(boxes) <= MOST
            found.append(overlap(boxes[0], box) if boxes else 0.0)
    assert np.mean(np.array(found) >= 0.95) >= 0.85, np.round(found, 2)


@pytest.mark.parametrize("dark", [1.0, 0.3, 0.08])
@pytest.mark.parametrize("quality", [None, 35])
def test_nothing_in_frames_alone(dark: float, quality: int | None) -> None:
    for path in sorted(PICTURES.glob("*.png")):
        for width in (320, 960):
            rgb = (film(path.stem, width) * dark).astype(np.uint8)
            assert find_inner_pictures(rgb if quality is None else compressed(rgb, quality)) == (), path.stem


def test_nothing_in_cuttings_of_frames() -> None:
    rng = np.random.default_rng(11)
    for name in FILMS:
        rgb = film(name, 1280)
        for _ in range(6):
            high = int(rng.uniform(0.3, 0.8) * len(rgb))
            wide = min(rgb.shape[1], int(high * rng.uniform(0.6, 2.2)))
            x, y = int(rng.integers(0, rgb.shape[1] - wide + 1)), int(rng.integers(0, len(rgb) - high + 1))
            assert find_inner_pictures(np.ascontiguousarray(rgb[y : y + high, x : x + wide])) == (), name


def test_nothing_in_pages_of_text_and_panels() -> None:
    image = Image.new("RGB", (1600, 1000), (250, 250, 250))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1600, 80), fill=(40, 60, 90))
    draw.rectangle((300, 200, 1200, 760), fill=(225, 228, 235), outline=(120, 120, 120))
    for y in range(240, 720, 60):
        draw.text((340, y), "a panel with some words in it", fill=(30, 30, 30), font_size=24)
    assert find_inner_pictures(np.asarray(image)) == ()


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (3000, 1), (20, 4000), (63, 63), (64, 64), (640, 360)])
@pytest.mark.parametrize("value", [0, 16, 255])
def test_flat_and_tiny_pictures(size: tuple[int, int], value: int) -> None:
    rgb = np.full((size[1], size[0], 3), value, np.uint8)
    assert find_inner_pictures(rgb) == ()
    assert find_inner_picture_at(rgb, 0, 0) is None


def test_noise() -> None:
    rgb = np.random.default_rng(3).integers(0, 256, (480, 640, 3), dtype=np.uint8)
    assert find_inner_pictures(rgb) == ()


def test_small_pictures_of_pages() -> None:
    """Scaled to a third by those who send them, and compressed."""
    found: list[float] = []
    for number, name in enumerate(FILMS):
        rgb, box = video_site(film(name), np.random.default_rng(number))
        small = cv2.resize(rgb, (640, 360), interpolation=cv2.INTER_AREA)
        boxes = find_inner_pictures(compressed(np.asarray(small, np.uint8), 60))
        left, top, right, bottom = (value // 3 for value in box)
        found.append(overlap(boxes[0], (left, top, right, bottom)) if boxes else 0.0)
    assert np.mean(np.array(found) >= 0.9) >= 0.85, np.round(found, 2)


def test_around_a_point() -> None:
    """Two films on a page, of which the smaller is no proposal for the whole page."""
    page = np.full((1080, 1920, 3), (30, 30, 34), np.uint8)
    large, small = film("bunny-a-320x180", 1000), film("coffee-300x200", 330)
    boxes = {(120, 150, 1120, 150 + len(large)), (1300, 500, 1630, 500 + len(small))}
    for left, top, right, bottom in boxes:
        page[top:bottom, left:right] = large if right - left == 1000 else small
    for box in boxes:
        found = find_inner_picture_at(page, (box[0] + box[2]) // 2, (box[1] + box[3]) // 2)
        assert found is not None
        assert overlap(found, box) >= 0.98
    assert overlap(find_inner_pictures(page)[0], max(boxes, key=lambda box: box[2] - box[0])) >= 0.98
    for x, y in ((60, 60), (1800, 1000), (-1, 5), (1920, 5), (5, 1080)):
        assert find_inner_picture_at(page, x, y) is None


def test_edges_are_exact_where_they_are_sharp() -> None:
    rgb, box = article(film("bunny-a-320x180"), np.random.default_rng(4))
    found = find_inner_pictures(rgb)[0]
    assert np.abs(np.subtract(found, box)).max() <= 2


def test_the_picture_is_not_changed() -> None:
    rgb, _ = video_site(film("bunny-c-426x240"), np.random.default_rng(2))
    picture = Picture.of(rgb.copy())
    before = picture.rgb.copy()
    assert find_inner_pictures(picture.rgb) == find_inner_pictures(before)
    assert np.array_equal(picture.rgb, before)


def test_it_is_a_reading_of_the_picture_and_of_its_mirror_image() -> None:
    rgb, box = video_site(film("bunny-c-426x240"), np.random.default_rng(2))
    picture = Picture.of(rgb.copy(), "page.png")
    plain = read_hypotheses(picture)
    found = {one.name: one for one in (*plain, *look_inside(picture, plain))}
    assert {"as_is", "inner_picture", "mirrored", "inner_picture_mirrored"} <= set(found)
    left, top, right, bottom = found["inner_picture"].box
    assert overlap((left, top, right, bottom), box) >= 0.98
    assert np.array_equal(found["inner_picture"].picture.rgb, rgb[top:bottom, left:right])
    assert np.array_equal(found["inner_picture_mirrored"].picture.rgb, rgb[top:bottom, left:right][:, ::-1])
    assert found["inner_picture"].picture.origin == "page.png"


def test_plain_bars_are_one_reading() -> None:
    """What cutting the borders finds already is not searched for twice."""
    rgb = np.zeros((720, 1280, 3), np.uint8)
    rgb[92:628] = film("bunny-a-320x180", 1280)[92:628]
    plain = read_hypotheses(Picture.of(rgb))
    assert look_inside(Picture.of(rgb), plain) == ()


def test_a_screen_is_looked_at_quickly() -> None:
    rgb, _ = video_site(film("bunny-c-426x240"), np.random.default_rng(8))
    spent = []
    for _ in range(9):
        began = process_time()
        assert find_inner_pictures(rgb)
        spent.append(process_time() - began)
    # 5 ms on one core; the bound leaves room for a loaded machine
    assert min(spent) < 0.04
