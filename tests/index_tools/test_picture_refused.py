"""What is no picture, or too large, or damaged, is refused in one sentence that names it."""

from __future__ import annotations

import io
import logging
import os
import random
import struct
import sys
import tracemalloc
import zlib
from pathlib import Path
from time import perf_counter

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from index_tools import picture as limits
from index_tools.errors import PictureError
from index_tools.picture import count_frames, read_picture


def png(width: int, height: int, data: bytes) -> bytes:
    """A PNG of 8-bit RGB whose compressed data is given."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def noise(form: str, size: tuple[int, int] = (120, 90), **options: object) -> bytes:
    pixels = np.random.default_rng(4).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, form, **options)
    return stream.getvalue()


def read_or_refused(data: bytes) -> NDArray[np.uint8] | str:
    """The pixels of the first frame, or the sentence that says why there are none."""
    try:
        count_frames(data)
        return read_picture(data).rgb
    except PictureError as error:
        return str(error)


def sentence(path: Path) -> str:
    with pytest.raises(PictureError) as caught:
        read_picture(path)
    text = str(caught.value)
    assert text.startswith(path.name)
    assert text.endswith(".")
    assert "\n" not in text
    return text


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.png", b"", "is empty"),
        ("text.png", b"This is a text, not a picture.\n" * 40, "is not a picture"),
        ("page.jpg", b"<html><body>404</body></html>", "is not a picture"),
        ("drawing.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "is not a picture"),
        ("photo.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "is not a picture"),
        ("script.png", b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n", "is not a picture"),
        ("head.png", b"\x89PNG\r\n\x1a\n", "damaged or cut short"),
        ("head.jpg", b"\xff\xd8\xff\xe0", "damaged or cut short"),
        ("head.gif", b"GIF89a", "damaged or cut short"),
        ("head.tif", b"II*\0\xff\xff\xff\xff", "damaged or cut short"),
        ("head.bmp", b"BM", "damaged or cut short"),
        ("head.webp", b"RIFF\x10\0\0\0WEBPVP8 ", "damaged or cut short"),
        ("head.avif", b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", "damaged or cut short"),
        ("none.png", png(0, 5, b""), "damaged or cut short"),
    ],
)
def test_what_is_no_picture(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    assert says in sentence(path)


def test_what_is_no_file(tmp_path: Path) -> None:
    assert "is not a file" in sentence(tmp_path)
    assert "No such file" in sentence(tmp_path / "gone.png")
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.png")
        assert "is not a file" in sentence(tmp_path / "pipe.png")


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "locked.png"
    path.write_bytes(noise("PNG"))
    path.chmod(0)
    assert "Permission denied" in sentence(path)


@pytest.mark.parametrize(
    "size", [(30_000, 30_000), (12_000, 12_000), (2**31 - 1, 2**31 - 1), (64_000_001, 1)]
)
def test_bombs_are_refused_before_they_are_decoded(tmp_path: Path, size: tuple[int, int]) -> None:
    path = tmp_path / "bomb.png"
    # a thousandth of the rows is there: enough to be a bomb if anything were decoded
    path.write_bytes(png(*size, zlib.compress(bytes(min(size[0], 30_000) * 3 + 1) * 30, 9)))
    tracemalloc.start()
    began = perf_counter()
    assert "pixels, more than" in sentence(path)
    elapsed, (_, peak) = perf_counter() - began, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert elapsed < 0.5
    assert peak < 8_000_000
    with pytest.raises(PictureError):
        count_frames(path)


def test_bombs_of_other_formats() -> None:
    def resized(data: bytes, place: int, layout: str) -> bytes:
        return data[:place] + struct.pack(layout, 60_000, 60_000) + data[place + struct.calcsize(layout) :]

    jpeg = noise("JPEG")
    bombs = {
        "bomb.gif": resized(noise("GIF"), 6, "<HH"),
        "bomb.bmp": resized(noise("BMP"), 18, "<ii"),
        "bomb.jpg": resized(jpeg, jpeg.index(b"\xff\xc0") + 5, ">HH"),
    }
    for name, data in bombs.items():
        with pytest.raises(PictureError, match=rf"^{name} has 60,000 × 60,000 pixels, more than"):
            read_picture(data, origin=name)


def test_a_gif_frame_larger_than_its_screen() -> None:
    """Pillow would enlarge the picture to hold it."""
    data = noise("GIF", (20, 20))
    place = data.index(b"\x2c", 13 + 768)
    for size in ((12_000, 12_000), (60_000, 60_000), (9_000, 9_000)):
        grown = data[: place + 5] + struct.pack("<HH", *size) + data[place + 9 :]
        with pytest.raises(PictureError, match=r"^grown\.gif"):
            read_picture(grown, origin="grown.gif")


def test_a_large_jpeg_is_decoded_smaller(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_PIXELS", 100_000)
    monkeypatch.setattr(limits, "MAX_JPEG_PIXELS", 400_000)
    assert read_picture(noise("JPEG", (600, 400))).rgb.shape == (200, 300, 3)
    with pytest.raises(PictureError, match="pixels, more than"):
        read_picture(noise("JPEG", (900, 600)))
    with pytest.raises(PictureError, match="pixels, more than"):
        read_picture(noise("PNG", (600, 400)))


def test_a_large_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "large.png"
    with path.open("wb") as file:
        file.write(noise("PNG"))
        file.truncate(limits.MAX_BYTES + 1)  # sparse: takes no room on the disk
    assert "MB, more than" in sentence(path)


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP", "TIFF"])
def test_cut_short(form: str) -> None:
    """Cut anywhere, a picture gives an error of ours or, near its end, a picture; nothing else."""
    data = noise(form)
    refused = 0
    for share in (0.02, 0.1, 0.3, 0.5, 0.7, 0.9):
        outcome = read_or_refused(data[: int(len(data) * share)])
        if isinstance(outcome, str):
            assert outcome.startswith("The picture ")
            refused += 1
        else:
            assert outcome.shape == (90, 120, 3)
    assert refused >= 5


@pytest.mark.parametrize("form", ["PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP", "TIFF"])
def test_altered_bytes(form: str, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever the bytes, the outcome is a picture or a PictureError."""
    caplog.set_level(logging.CRITICAL, logger="PIL")  # its TIFF decoder logs what it cannot read
    dice = random.Random(form)
    original = noise(form, (40, 30))
    for _ in range(150):
        data = bytearray(original)
        for _ in range(dice.choice((1, 3, 12))):
            # the head, where the structure is, as often as the rest
            place = dice.randrange(min(len(data), dice.choice((64, 600, len(data)))))
            data[place] = dice.randrange(256)
        outcome = read_or_refused(bytes(data))
        if isinstance(outcome, str):
            assert outcome.endswith(".")
        else:
            assert outcome.ndim == 3


def test_nothing_of_pillow_is_changed() -> None:
    before = Image.MAX_IMAGE_PIXELS
    read_picture(noise("PNG"))
    with pytest.raises(PictureError):
        read_picture(png(30_000, 30_000, b""))
    assert before == Image.MAX_IMAGE_PIXELS
