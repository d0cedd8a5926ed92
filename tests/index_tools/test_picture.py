"""Pictures of every kind come out as upright RGB."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageCms

from index_tools.picture import Picture, count_frames, is_picture_name, read_picture

RED, BLUE = (200, 30, 40), (20, 40, 210)


def halves(width: int = 64, height: int = 48) -> Image.Image:
    """Red on the left, blue on the right, a white corner at the top left."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    image.paste((255, 255, 255), (0, 0, width // 4, height // 4))
    return image


def saved(image: Image.Image, form: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def far(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> int:
    assert first.shape == second.shape
    return int(np.abs(first.astype(int) - second).max())


@pytest.mark.parametrize(
    ("form", "options", "tolerance"),
    [
        ("PNG", {}, 0),
        ("BMP", {}, 0),
        ("TIFF", {}, 0),
        ("TIFF", {"compression": "tiff_lzw"}, 0),
        ("TIFF", {"compression": "tiff_adobe_deflate"}, 0),
        ("WEBP", {"lossless": True}, 0),
        ("JPEG", {"quality": 95, "subsampling": 0}, 8),
        ("JPEG", {"quality": 95, "subsampling": 0, "progressive": True}, 8),
        ("WEBP", {"quality": 95}, 60),
        ("AVIF", {"quality": 95, "subsampling": "4:4:4"}, 12),
        ("GIF", {}, 0),
    ],
)
def test_formats(form: str, options: dict[str, Any], tolerance: int) -> None:
    picture = read_picture(saved(halves(), form, **options), origin="clipboard")
    assert picture.origin == "clipboard"
    assert far(picture.rgb, np.array(halves())) <= tolerance
    assert picture.rgb.flags.c_contiguous
    assert not picture.rgb.flags.writeable
    assert (picture.width, picture.height) == (64, 48)


def test_a_file_is_called_by_its_name(tmp_path: Path) -> None:
    path = tmp_path / "絵 1.png"
    path.write_bytes(saved(halves(), "PNG"))
    assert read_picture(path).origin == "絵 1.png"
    assert read_picture(path, origin="dropped").origin == "dropped"
    assert read_picture(path.read_bytes()).origin == ""


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "TIFF"])
def test_exif_orientation(form: str, orientation: int) -> None:
    stored = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    image = halves() if stored is None else halves().transpose(stored)
    exif = Image.Exif()
    exif[0x0112] = orientation
    every: dict[str, dict[str, Any]] = {"JPEG": {"quality": 95, "subsampling": 0}, "WEBP": {"lossless": True}}
    options = every.get(form, {})
    picture = read_picture(saved(image, form, exif=exif, **options))
    assert far(picture.rgb, np.array(halves())) <= 12


@pytest.mark.parametrize("orientation", [0, 9, 77])
def test_a_senseless_orientation_turns_nothing(orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    assert far(read_picture(saved(halves(), "PNG", exif=exif)).rgb, np.array(halves())) == 0


def test_transparent_pixels_lie_on_black() -> None:
    image = halves().convert("RGBA")
    alpha = Image.new("L", image.size, 255)
    alpha.paste(0, (0, 0, 64, 24))
    alpha.paste(128, (0, 24, 64, 36))
    image.putalpha(alpha)
    for form, options in (("PNG", {}), ("WEBP", {"lossless": True, "exact": True}), ("TIFF", {})):
        rgb = read_picture(saved(image, form, **options)).rgb
        assert not rgb[:24].any()
        assert np.abs(rgb[24:36].astype(float) - np.array(halves())[24:36] * (128 / 255)).max() <= 1
        assert np.array_equal(rgb[36:], np.array(halves())[36:])


@pytest.mark.parametrize("mode", ["L", "LA", "1", "P", "PA"])
def test_modes_of_one_channel(mode: str) -> None:
    grey = Image.fromarray(np.repeat(np.arange(0, 256, 4, dtype=np.uint8)[None], 8, axis=0))
    image = grey.convert(mode)
    expected = np.array(image.convert("RGB"))
    form = "TIFF" if mode == "PA" else "PNG"
    if mode == "PA":
        image = image.convert("RGBA")
    assert np.array_equal(read_picture(saved(image, form)).rgb, expected)


def test_a_palette_with_a_transparent_colour() -> None:
    image = halves().quantize(4)
    index = image.getpixel((60, 40))
    for form in ("PNG", "GIF"):
        rgb = read_picture(saved(image, form, transparency=index)).rgb
        assert not rgb[:, 32:].any()
        assert rgb[40, 8].tolist() == list(RED)
    # several transparent entries, as bytes
    rgb = read_picture(saved(image, "PNG", transparency=bytes([0, 0, 0, 0]))).rgb
    assert not rgb.any()


def test_sixteen_bits_keep_the_upper_eight() -> None:
    deep = (np.arange(48 * 64, dtype=np.uint32).reshape(48, 64) * 21 % 65536).astype(np.uint16)
    for form in ("PNG", "TIFF"):
        rgb = read_picture(saved(Image.fromarray(deep), form)).rgb
        assert np.array_equal(rgb, np.repeat((deep >> 8).astype(np.uint8)[:, :, None], 3, axis=2))


def test_floats_count_as_one_or_as_255() -> None:
    ramp = np.linspace(0, 1, 64, dtype=np.float32)[None].repeat(8, axis=0)
    ramp[0, 0] = np.nan
    small = read_picture(saved(Image.fromarray(ramp), "TIFF")).rgb
    large = read_picture(saved(Image.fromarray(ramp * 255), "TIFF")).rgb
    assert np.array_equal(small, large)
    assert small[1, -1].tolist() == [255, 255, 255]
    assert small[0, 0].tolist() == [0, 0, 0]


@pytest.mark.parametrize("form", ["JPEG", "TIFF"])
def test_cmyk(form: str) -> None:
    """Pillow writes JPEG of CMYK inverted and with Adobe's marker, as Photoshop does."""
    image = halves().convert("CMYK")
    rgb = read_picture(saved(image, form, **({"quality": 95} if form == "JPEG" else {}))).rgb
    assert far(rgb[20:40, 4:28], np.array(halves())[20:40, 4:28]) <= 12
    assert far(rgb[20:40, 36:60], np.array(halves())[20:40, 36:60]) <= 12


def test_an_embedded_profile_is_turned_to_srgb() -> None:
    """A LAB profile round trip: the profile of another colour space does not count."""
    foreign = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert far(read_picture(saved(halves(), "PNG", icc_profile=foreign)).rgb, np.array(halves())) == 0
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert far(read_picture(saved(halves(), "PNG", icc_profile=srgb)).rgb, np.array(halves())) == 0
    damaged = srgb[:200]
    assert far(read_picture(saved(halves(), "PNG", icc_profile=damaged)).rgb, np.array(halves())) == 0


@pytest.fixture
def wide_profile() -> bytes:
    """A matrix profile with the primaries of Adobe RGB (1998) and gamma 2.2, built by hand."""
    import struct

    def fixed(value: float) -> bytes:
        return struct.pack(">i", round(value * 65536))

    def xyz(x: float, y: float, z: float) -> bytes:
        return b"XYZ \0\0\0\0" + fixed(x) + fixed(y) + fixed(z)

    text = b"desc\0\0\0\0" + struct.pack(">I", 5) + b"wide\0" + bytes(78) + b"\0"
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(2.2 * 256)) + b"\0\0"
    tags = {
        b"desc": text,
        b"wtpt": xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": xyz(0.60974, 0.31111, 0.01947),
        b"gXYZ": xyz(0.20528, 0.62567, 0.06087),
        b"bXYZ": xyz(0.14919, 0.06322, 0.74457),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    table, body = struct.pack(">I", len(tags)), b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    head = struct.pack(">I4sI4s4s4s", start + len(body), b"\0\0\0\0", 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + fixed(0.9642) + fixed(1.0) + fixed(0.8249)
    return head + bytes(128 - len(head)) + table + body


def test_a_wide_profile_makes_colours_stronger(wide_profile: bytes) -> None:
    plain = np.array(halves())
    for image in (halves(), halves().convert("RGBA")):
        rgb = read_picture(saved(image, "PNG", icc_profile=wide_profile)).rgb
        # the same numbers mean a stronger red in the wide space, and white stays white
        assert rgb[40, 8, 0] > plain[40, 8, 0] + 10
        assert rgb[40, 8, 1] < plain[40, 8, 1]
        assert rgb[2, 2].tolist() == [255, 255, 255]


def test_lab_tiff() -> None:
    lab = ImageCms.createProfile("LAB")
    image = ImageCms.profileToProfile(halves(), ImageCms.createProfile("sRGB"), lab, outputMode="LAB")
    assert image is not None
    assert far(read_picture(saved(image, "TIFF")).rgb, np.array(halves())) <= 4


def test_one_pixel() -> None:
    for form in ("PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"):
        assert read_picture(saved(Image.new("RGB", (1, 1), (7, 7, 7)), form)).rgb.shape == (1, 1, 3)


def test_names() -> None:
    for name in (
        "a.png",
        "b.JPG",
        "c.jpeg",
        "d.webp",
        "e.GIF",
        "f.avif",
        "g.bmp",
        "h.tif",
        "i.tiff",
        "j.apng",
    ):
        assert is_picture_name(Path(name))
    for name in ("a.mp4", "png", "b.txt", "c.png.part", "d.svg", ""):
        assert not is_picture_name(Path(name))


def test_a_picture_cannot_be_changed() -> None:
    own = np.zeros((4, 5, 3), np.uint8)
    picture = Picture.of(own, "own")
    assert picture.rgb is own
    with pytest.raises(ValueError, match="read-only"):
        own[0, 0, 0] = 1
    base = np.zeros((8, 5, 3), np.uint8)
    part = Picture.of(base[:4])
    base[:] = 9
    assert not part.rgb.any()
    turned = Picture.of(base[:, ::-1])
    assert turned.rgb.flags.c_contiguous


@pytest.mark.parametrize("shape", [(4, 5), (4, 5, 4), (0, 5, 3), (2, 4, 5, 3)])
def test_another_shape_is_no_picture(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="height, width, 3"):
        Picture.of(np.zeros(shape, np.uint8))


def test_frames_of_stills() -> None:
    for form in ("PNG", "JPEG", "GIF", "WEBP", "AVIF", "BMP", "TIFF"):
        assert count_frames(saved(halves(), form)) == 1
    pages = saved(halves(), "TIFF", save_all=True, append_images=[halves()])
    assert count_frames(pages) == 1
