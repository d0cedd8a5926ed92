"""Offers become queries: pictures, animations, films; what cannot be read is a sentence."""

from __future__ import annotations

import base64
import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage

from desktop.intake.data_uri import decode_data_uri
from desktop.intake.offers import DataUri, LocalFile, PictureBytes, Pixels
from desktop.intake.reading import query_of_film_frame, read, read_first, whole
from index_tools.errors import Cancelled, PictureError, SceneLensError
from index_tools.film import read_frame
from index_tools.progress import Progress

PROGRESS = Progress()


def png(colour: tuple[int, int, int] = (200, 30, 40)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (32, 18), colour).save(buffer, "PNG")
    return buffer.getvalue()


def gif() -> bytes:
    frames = [Image.new("RGB", (32, 18), (60 * number, 0, 0)) for number in range(5)]
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=100)
    return buffer.getvalue()


def test_bytes() -> None:
    query = read(PictureBytes(png(), "clipboard"), PROGRESS)
    assert query.origin == "clipboard"
    assert query.clip is None
    assert query.picture.rgb[0, 0].tolist() == [200, 30, 40]


def test_first_that_can_be_read_wins() -> None:
    broken = PictureBytes(b"\x89PNG broken", "clipboard")
    query = read_first((broken, PictureBytes(png(), "second")), PROGRESS)
    assert query.origin == "second"


def test_error_of_the_first_is_told_when_all_fail() -> None:
    offers = (PictureBytes(b"no picture", "first"), PictureBytes(b"none either", "second"))
    with pytest.raises(PictureError, match="first"):
        read_first(offers, PROGRESS)
    with pytest.raises(PictureError, match="no picture in it"):
        read_first((), PROGRESS)


def test_cancelled_reading_stops() -> None:
    progress = Progress()
    progress.cancel()
    with pytest.raises(Cancelled):
        read_first((PictureBytes(png(), "a"),), progress)


def test_data_uri() -> None:
    text = "data:text/plain;base64," + base64.b64encode(png()).decode()
    assert read(DataUri(text), PROGRESS).picture.width == 32
    folded = text[:60] + "\r\n " + text[60:]
    assert read(DataUri(folded), PROGRESS).picture.width == 32


@pytest.mark.parametrize(
    "text",
    [
        "data:image/png;base64",
        "data:image/png;base64,",
        "data:image/png;base64,A",
        "data:image/png;base64,****",
        "image/png;base64,AAAA",
    ],
)
def test_damaged_data_uri_is_a_sentence(text: str) -> None:
    with pytest.raises(PictureError, match="data: address"):
        decode_data_uri(text)


def test_data_uri_of_something_else_is_no_picture() -> None:
    with pytest.raises(PictureError):
        read(DataUri("data:image/png;base64," + base64.b64encode(b"<html>").decode()), PROGRESS)


def test_escaped_data_uri() -> None:
    assert decode_data_uri("data:,a%20b") == b"a b"


def test_pixels_of_our_own_frame() -> None:
    image = QImage(7, 5, QImage.Format.Format_RGB32)  # rows of 7 pixels are padded
    image.fill(0xFF336699)
    query = read(Pixels(image, "frame"), PROGRESS)
    assert query.picture.rgb.shape == (5, 7, 3)
    assert np.all(query.picture.rgb == (0x33, 0x66, 0x99))


def test_animation_offers_its_frames(tmp_path: Path) -> None:
    path = tmp_path / "a.gif"
    path.write_bytes(gif())
    query = read(LocalFile(path), PROGRESS)
    clip = query.clip
    assert clip is not None
    assert not clip.counts_seconds
    assert (clip.length, clip.step) == (4.0, 1.0)
    assert query.moments is None  # pictures of one colour tell nothing together
    reds = [int(clip.picture_at(position).rgb[0, 0, 0]) for position in (0, 1, 3, 4, 99, -5)]
    assert np.allclose(reds, [0, 60, 180, 240, 240, 0], atol=8)


def test_animation_and_short_film_are_queries_of_all_their_moments(demo_film: Path, tmp_path: Path) -> None:
    frames = [
        Image.fromarray(read_frame(demo_film, 30.0 + number / 8, 160).rgb).resize((160, 90))
        for number in range(12)
    ]
    path = tmp_path / "scene.gif"
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=125)
    told: list[float] = []
    query = read(LocalFile(path), Progress(lambda report: told.append(report.done)))
    assert query.moments is not None
    assert query.moments.length_s == pytest.approx(1.5, abs=0.1)
    assert 3 <= query.position <= 8
    assert query.clip is not None
    assert np.array_equal(query.picture.rgb, query.clip.picture_at(query.position).rgb)
    assert told
    # of a long film one frame is searched; the seconds around it when that is asked for
    film = read(LocalFile(demo_film), PROGRESS)
    assert film.moments is None
    assert film.clip is not None
    assert not film.clip.is_short
    around = whole(film, 40.0, PROGRESS)
    assert around.moments is not None
    assert around.moments.length_s == pytest.approx(10.0, abs=0.1)
    assert around.position == pytest.approx(40.0, abs=1.5)


def test_film_offers_its_frames(demo_film: Path) -> None:
    query = read(LocalFile(demo_film), PROGRESS)
    clip = query.clip
    assert clip is not None
    assert clip.counts_seconds
    assert clip.length == pytest.approx(75.0 - 1 / 24, abs=0.05)
    assert clip.step == pytest.approx(1 / 24, abs=1e-4)
    assert query.picture.width == 854
    assert clip.picture_at(1e9).width == 854
    same = query_of_film_frame(demo_film, query.position, "x")
    assert np.array_equal(same.picture.rgb, query.picture.rgb)


def test_picture_without_its_suffix(tmp_path: Path) -> None:
    path = tmp_path / "f_000123"
    path.write_bytes(png())
    assert read(LocalFile(path), PROGRESS).picture.width == 32


@pytest.mark.parametrize("name", ["a.png", "a.mkv", "a", "a.txt"])
@pytest.mark.parametrize("content", [b"", b"this is text", b"\x00" * 5000])
def test_files_that_are_neither(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(SceneLensError, match=name):
        read(LocalFile(path), PROGRESS)


def test_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="does not exist"):
        read(LocalFile(tmp_path / "gone.png"), PROGRESS)
