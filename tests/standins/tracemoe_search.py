"""`/search` of the stand-in: what it takes, what it answers, and where it breaks as the real one does."""

from __future__ import annotations

import ipaddress
import json
import math
from collections.abc import Mapping
from email import message_from_bytes
from email.policy import HTTP
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from index_tools.borders import content_box
from index_tools.descriptors.color_layout import SIZE, decode_base64, describe
from index_tools.descriptors.fitting import fit_for_query
from index_tools.errors import PictureError
from index_tools.picture import read_picture
from tests.standins.server import Asked, Told, as_html, as_json

JSON_BYTES, FILE_BYTES, MOST_VECTORS = 100 * 1024, 26_214_400, 10
_RAW = ("image/", "video/", "application/octet-stream", "application/x-www-form-urlencoded")
#: How near to 16:9, 4:3 and 21:9 a picture without its borders must come (color layout, section 3).
_NEAR = {16 / 9: 0.05, 4 / 3: 0.05, 21 / 9: 0.1}

Vector = NDArray[np.uint8]


class Refusal(Exception):  # noqa: N818 - an answer on its way, not a failure
    """An answer that is no result."""

    def __init__(self, told: Told) -> None:
        super().__init__(told.status)
        self.told = told


def refuse(status: int, words: str, **more: object) -> Refusal:
    """A refusal in JSON."""
    return Refusal(as_json({"error": words, **more}, status))


def parse(asked: Asked) -> None:
    """What Express and multer do before the service sees a request.  Raises Refusal."""
    kind = content_type(asked)
    if kind == "application/json":
        if len(asked.body) > JSON_BYTES:
            raise Refusal(as_html(413, "PayloadTooLargeError: request entity too large"))
        try:
            value = json.loads(asked.body) if asked.body else {}
        except ValueError as error:
            raise Refusal(as_html(400, f"SyntaxError: {error}")) from error
        if not isinstance(value, dict | list):
            raise Refusal(as_html(400, "SyntaxError: Unexpected token in JSON"))
    elif kind == "multipart/form-data":
        files = form_files(asked)
        if len(files) > 1 or any(len(file) > FILE_BYTES for file in files):
            raise Refusal(as_html(500, "MulterError: Unexpected field or file too large"))
    elif kind.startswith(_RAW) and len(asked.body) > FILE_BYTES:
        raise Refusal(as_html(413, "PayloadTooLargeError: request entity too large"))


def queries(asked: Asked, hosts: Mapping[str, bytes | int]) -> tuple[list[Vector], bool]:
    """The vectors that a request asks for, and whether it is a batch.  Raises Refusal.

    `hosts` maps addresses to what their hosts give: a picture, or a status.
    """
    kind = content_type(asked)
    value = json.loads(asked.body) if kind == "application/json" and asked.body else None
    if isinstance(value, dict) and "vector" in value:
        return _vectors(value["vector"])
    cut = bool(asked.given("cutBorders"))
    url = (asked.given("url") or [""])[0]
    if asked.given("url"):
        return [_described(_fetched(url, hosts), cut)], False
    if asked.method == "GET":
        raise refuse(405, "Method Not Allowed")
    if kind == "multipart/form-data" and form_files(asked):
        return [_described(form_files(asked)[0], cut)], False
    if kind.startswith(_RAW) or kind == "application/json":
        return [_described(asked.body, cut)], False
    raise refuse(405, "Method Not Allowed")


def content_type(asked: Asked) -> str:
    """The content type without its parameters."""
    return asked.headers.get("content-type", "").partition(";")[0].strip().lower()


def form_files(asked: Asked) -> list[bytes]:
    """The files of a form."""
    head = f"Content-Type: {asked.headers['content-type']}\r\n\r\n".encode()
    form = message_from_bytes(head + asked.body, policy=HTTP)
    if not form.is_multipart():
        return []
    parts = [part for part in form.iter_parts() if part.get_filename() is not None]
    return [bytes(part.get_payload(decode=True) or b"") for part in parts]


def _vectors(value: Any) -> tuple[list[Vector], bool]:
    """One vector, or a batch: an array of which the first item is no number."""
    if isinstance(value, list) and value and not _is_number(value[0]):
        if len(value) > MOST_VECTORS:
            raise refuse(400, f"Too many vectors (max {MOST_VECTORS})")
        return [_vector(one) for one in value], True
    return [_vector(value)], False


def _vector(value: Any) -> Vector:
    try:
        if isinstance(value, str):
            return decode_base64(value)
        if isinstance(value, list) and len(value) == SIZE and all(map(_is_number, value)):
            return np.array([int(number) % 256 for number in value], np.uint8)
    except ValueError:
        pass
    raise refuse(400, "Invalid vector format")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _fetched(url: str, hosts: Mapping[str, bytes | int]) -> bytes:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise refuse(400, f"Invalid image url {url}")
    try:
        is_private = not ipaddress.ip_address(parts.hostname).is_global
    except ValueError:
        is_private = parts.hostname == "localhost"
    given = 400 if is_private else hosts.get(url, 400)
    if isinstance(given, int):
        raise refuse(given, f"Failed to fetch image {url}")
    return given


def _described(data: bytes, cut_borders: bool) -> Vector:
    if not data:
        raise refuse(400, "Failed to process file")
    try:
        rgb = read_picture(data).rgb
    except PictureError:
        raise refuse(400, "Failed to process image") from None
    small = fit_for_query(rgb)
    return describe(_without_borders(small) if cut_borders else small)


def _without_borders(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Cut what `cutBorders` cuts; black bars come back where the film is 21:9."""
    left, top, right, bottom = content_box(rgb)
    width, height = right - left, bottom - top
    near = next((aspect for aspect, off in _NEAR.items() if abs(width / height - aspect) < off), None)
    if near is None:
        return rgb
    cut = rgb[top:bottom, left:right]
    if near != 21 / 9:
        return cut
    if (rgb.shape[1] - width) / rgb.shape[1] <= 0.05 and (rgb.shape[0] - height) / rgb.shape[0] <= 0.05:
        return rgb
    fitted = fit_for_query(cut)
    bar = max(0, (180 - fitted.shape[0]) // 2)
    return np.pad(fitted, ((bar, bar), (0, 0), (0, 0)))
