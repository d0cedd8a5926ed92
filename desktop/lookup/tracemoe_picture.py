"""The picture as it is uploaded, when the user asks for that."""

from __future__ import annotations

import io

from desktop.lookup import service_facts as facts
from index_tools.picture import Picture

#: Quality of the JPEG: the service encodes it once more.
_QUALITY = 95


def encoded(picture: Picture) -> bytes:
    """The picture as a JPEG of 640 pixels at most, without any metadata."""
    from PIL import Image

    image = Image.fromarray(picture.rgb)
    image.thumbnail((facts.PICTURE_SIDE, facts.PICTURE_SIDE), Image.Resampling.LANCZOS)
    held = io.BytesIO()
    image.save(held, "JPEG", quality=_QUALITY, subsampling=0)
    return held.getvalue()
