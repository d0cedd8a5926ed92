"""Frames of animations come out as a viewer shows them."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image

from index_tools.errors import PictureError
from index_tools.picture import count_frames, read_picture

COLOURS = [(200, 30, 40), (20, 40, 210), (10, 180, 60), (240, 240, 20)]


def animation(form: str, frames: list[Image.Image], **options: Any) -> bytes:
    stream = io.BytesIO()
    frames[0].save(stream, form, save_all=True, append_images=frames[1:], duration=80, **options)
    return stream.getvalue()


def squares(mode: str = "RGB") -> list[Image.Image]:
    """A square of another colour at another place in each frame."""
    frames = []
    for i, colour in enumerate(COLOURS):
        image = Image.new(mode, (64, 48), (90, 90, 90, 255)[: len(mode)])
        image.paste((*colour, 255)[: len(mode)], (12 * i, 8 * i, 12 * i + 12, 8 * i + 12))
        frames.append(image)
    return frames


@pytest.mark.parametrize(
    ("form", "options", "tolerance"),
    [
        ("GIF", {}, 0),
        ("GIF", {"disposal": 1, "optimize": False}, 0),
        ("GIF", {"disposal": 2}, 0),
        ("PNG", {}, 0),
        ("WEBP", {"lossless": True}, 0),
        ("AVIF", {"quality": 100, "subsampling": "4:4:4"}, 12),
    ],
)
def test_every_frame(form: str, options: dict[str, Any], tolerance: int) -> None:
    data = animation(form, squares(), **options)
    assert count_frames(data) == 4
    # not in order, as a slider asks for them
    for i in (3, 0, 2, 1):
        rgb = read_picture(data, frame=i).rgb
        assert np.abs(rgb.astype(int) - np.array(squares()[i])).max() <= tolerance, i


def gif(frames: list[tuple[tuple[int, int, int, int], int, int]]) -> bytes:
    """A GIF of 8 x 8 by hand: (left, top, width, height), colour index and disposal of each frame.

    Colours: 0 black and transparent, 1 red, 2 green, 3 blue.
    """
    data = b"GIF89a" + bytes([8, 0, 8, 0, 0b10000001, 0, 0])
    data += bytes([0, 0, 0, 255, 0, 0, 0, 255, 0, 0, 0, 255])
    for (left, top, width, height), colour, disposal in frames:
        data += bytes([0x21, 0xF9, 4, disposal << 2 | 1, 10, 0, 0, 0])
        data += bytes([0x2C, left, 0, top, 0, width, 0, height, 0, 0, 2])
        # codes of three bits with a clear before every pixel: no table to keep
        codes = [code for _ in range(width * height) for code in (4, colour)] + [5]
        bits = sum(code << (3 * i) for i, code in enumerate(codes))
        raw = bits.to_bytes(-(-3 * len(codes) // 8), "little")
        for start in range(0, len(raw), 255):
            part = raw[start : start + 255]
            data += bytes([len(part)]) + part
        data += b"\0"
    return data + b";"


def test_disposal_of_gif_frames() -> None:
    red, green, blue, nothing = (255, 0, 0), (0, 255, 0), (0, 0, 255), (0, 0, 0)
    data = gif(
        [
            ((0, 0, 8, 8), 1, 1),  # red all over, stays
            ((0, 0, 4, 4), 2, 3),  # green corner, then as before
            ((4, 4, 4, 4), 3, 2),  # blue corner, then background
            ((0, 4, 2, 2), 2, 1),
        ]
    )
    assert count_frames(data) == 4
    corner = [(0, 0), (7, 7), (0, 5), (7, 0)]  # x, y
    expected = [
        [red, red, red, red],
        [green, red, red, red],
        [red, blue, red, red],
        [red, nothing, green, red],
    ]
    for i, colours in enumerate(expected):
        rgb = read_picture(data, frame=i).rgb
        assert [tuple(rgb[y, x].tolist()) for x, y in corner] == colours, i


def test_frames_with_transparency_lie_on_black() -> None:
    frames = squares("RGBA")
    for image in frames:
        image.paste((0, 0, 0, 0), (0, 40, 64, 48))
    for form, options in (("PNG", {}), ("WEBP", {"lossless": True, "exact": True})):
        data = animation(form, frames, **options)
        for i in range(4):
            rgb = read_picture(data, frame=i).rgb
            assert not rgb[40:].any()
            assert rgb[8 * i + 1, 12 * i + 1].tolist() == list(COLOURS[i])


def test_the_still_of_an_animated_png_is_not_a_frame() -> None:
    """The first image of some animated PNG is for viewers that show no animations."""
    still = Image.new("RGB", (64, 48), (1, 2, 3))
    data = animation("PNG", [still, *squares()], default_image=True)
    assert count_frames(data) == 4
    for i in range(4):
        assert np.array_equal(read_picture(data, frame=i).rgb, np.array(squares()[i]))


@pytest.mark.parametrize("frame", [4, 99, -1])
def test_a_frame_that_is_not_there(frame: int) -> None:
    data = animation("GIF", squares())
    with pytest.raises(PictureError, match=r"^clip\.gif has 4 frames, so there is no frame"):
        read_picture(data, origin="clip.gif", frame=frame)
    still = io.BytesIO()
    squares()[0].save(still, "PNG")
    with pytest.raises(PictureError, match=r"has 1 frame, so"):
        read_picture(still.getvalue(), frame=1)
