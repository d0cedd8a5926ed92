"""`data:` addresses: strict, limited, and never trusted in what they say they are."""

from __future__ import annotations

import base64
import binascii
from urllib.parse import unquote_to_bytes

from index_tools.errors import PictureError

#: Most characters of a data URI; 64 MiB of picture in base64.
LONGEST = 90_000_000


def decode_data_uri(text: str) -> bytes:
    """Give the bytes of a data URI.  Raises PictureError when it is too long, cut off or not base64."""
    if len(text) > LONGEST:
        raise PictureError(
            "The data: address is larger than 64 MB. Save the picture as a file and open that."
        )
    head, comma, body = text.partition(",")
    if not comma or not head.lower().startswith("data:"):
        raise PictureError("The data: address has no content. Copy it again, whole.")
    if not head.lower().endswith(";base64"):
        data = unquote_to_bytes(body)
    else:
        try:
            data = base64.b64decode(
                "".join(body.split()).replace("%2B", "+").replace("%2F", "/"), validate=True
            )
        except (binascii.Error, ValueError) as error:
            raise PictureError("The data: address is cut off or damaged. Copy it again, whole.") from error
    if not data:
        raise PictureError("The data: address holds no picture. Copy it again, whole.")
    return data
