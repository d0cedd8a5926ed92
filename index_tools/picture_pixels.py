"""From Pillow's many pixel modes to plain 8-bit sRGB, upright, transparency on black."""

from __future__ import annotations

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFile

#: EXIF tag of the orientation (JEITA CP-3451, 4.6.4 A).
_ORIENTATION = 0x0112

# Colour space of an ICC profile (ICC.1, 7.2.8) -> the mode that its pixels have here.
_PROFILE_MODES = {"RGB ": "RGB", "GRAY": "L", "CMYK": "CMYK", "Lab ": "LAB"}


def flat_rgb(image: Image.Image) -> NDArray[np.uint8]:
    """The pixels of a loaded image as uint8 (height, width, 3), sRGB, not yet turned upright.

    Deep pixels keep their upper eight bits, an embedded profile is turned to sRGB (one that is damaged,
    or is for another colour space, does not count), transparent pixels lie on black.
    """
    profile = image.info.get("icc_profile")
    if image.mode.startswith(("I", "F")):
        image = _eight_bits(image)
    alpha: Image.Image | None = None
    if image.mode in ("RGBa", "La"):
        image = image.convert(image.mode.upper())
    if image.has_transparency_data:
        image = image.convert("LA" if image.mode == "LA" else "RGBA")
        alpha = image.getchannel("A")
        image = image.convert("L" if image.mode == "LA" else "RGB")
    elif image.mode in ("P", "PA", "YCbCr", "HSV", "RGBX"):
        image = image.convert("RGB")
    elif image.mode == "1":
        image = image.convert("L")
    image = _srgb(image, profile)
    if alpha is not None:
        black = Image.new("RGB", image.size)
        black.paste(image, mask=alpha)
        image = black
    return np.array(image, np.uint8)


def upright(rgb: NDArray[np.uint8], image: ImageFile.ImageFile) -> NDArray[np.uint8]:
    """The pixels turned as the image's EXIF orientation says; a value outside 1..8 turns nothing."""
    orientation = image.getexif().get(_ORIENTATION)
    if orientation in (5, 6, 7, 8):
        rgb = rgb.transpose(1, 0, 2)
    if orientation in (2, 3, 6, 7):
        rgb = rgb[:, ::-1]
    if orientation in (3, 4, 7, 8):
        rgb = rgb[::-1]
    return np.ascontiguousarray(rgb)


def _eight_bits(image: Image.Image) -> Image.Image:
    """A grey image of 16 or 32 bits or of floats as 8 bits.

    Integers count as 16 bits.  Floats count as 0..1 or, where a value is larger, as 0..255.
    """
    values = np.asarray(image)
    if values.dtype.kind == "f":
        values = np.nan_to_num(values, nan=0.0, posinf=255.0, neginf=0.0)
        scale = 255.0 if values.size and values.max() <= 1.0 else 1.0
        return Image.fromarray(np.clip(np.rint(values * scale), 0, 255).astype(np.uint8))
    return Image.fromarray((np.clip(values, 0, 65535) >> 8).astype(np.uint8))


def _srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The image as RGB through its profile if it has one that fits, else by plain formulas."""
    if profile or image.mode == "LAB":
        from PIL import ImageCms  # loads the colour engine, which few pictures need

        if profile:
            try:
                source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            except (OSError, ImageCms.PyCMSError):
                return image.convert("RGB")
        else:
            source = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
        fits = _PROFILE_MODES.get(source.profile.xcolor_space) == image.mode
        if fits and not _is_srgb(source):
            try:
                converted = ImageCms.profileToProfile(
                    image, source, ImageCms.createProfile("sRGB"), outputMode="RGB"
                )
            except ImageCms.PyCMSError:
                return image.convert("RGB")
            if converted is not None:
                return converted
    return image.convert("RGB")


def _is_srgb(profile: object) -> bool:
    description = getattr(getattr(profile, "profile", None), "profile_description", None) or ""
    return description.lower().startswith("srgb")
