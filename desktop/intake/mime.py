"""Clipboard and drop: what is offered, in the order of trust.

The picture's own bytes, then local files, then the picture that a piece of HTML names, then an address,
then text.  Bytes are copied out here, since the data of a drop dies with its event; nothing is decoded.
HTML and text come from any web page: text may name a file to search, but no folder or pack to add.
"""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from desktop.intake.offers import LocalFile, Offer, PictureBytes, Pixels
from desktop.intake.routing import would_add
from desktop.intake.text import offer_of_address, offer_of_text, offers_of_copied_files, offers_of_html

#: Most bytes of a pasted or dropped picture.  A 16-bit 4K PNG stays below.
LARGEST_BYTES = 64 * 1024 * 1024

COPIED_FILES = "x-special/gnome-copied-files"
QT_IMAGE = "application/x-qt-image"

#: Kinds of picture, lossless and common ones first; others are tried after these.
FAVOURITE_KINDS = (
    "image/png",
    "image/webp",
    "image/jpeg",
    "image/gif",
    "image/avif",
    "image/bmp",
    "image/tiff",
)


def is_acceptable(mime: QMimeData) -> bool:
    """Say by the formats alone whether there may be something in it; cheap, for a drag passing over."""
    return (
        mime.hasUrls()
        or mime.hasImage()
        or mime.hasHtml()
        or mime.hasText()
        or mime.hasFormat(COPIED_FILES)
        or any(kind.startswith("image/") for kind in mime.formats())
    )


def offers_of(mime: QMimeData, origin: str) -> tuple[Offer, ...]:
    """Give all that is offered, best first.  `origin` names the place for pictures without a name."""
    found: list[Offer] = []
    found += _pictures(mime, origin)
    urls = [url for url in mime.urls() if url.isValid()] if mime.hasUrls() else []
    found += [LocalFile(Path(url.toLocalFile())) for url in urls if url.isLocalFile()]
    if mime.hasFormat(COPIED_FILES):
        found += offers_of_copied_files(bytes(mime.data(COPIED_FILES).data()))
    if mime.hasHtml():
        found += offers_of_html(mime.html())
    for url in urls:
        address = offer_of_address(url.toString()) if url.scheme() in ("http", "https", "scenelens") else None
        found += [] if address is None else [address]
    if mime.hasText():
        offer = offer_of_text(mime.text())
        found += [] if offer is None or would_add(offer) else [offer]
    return tuple(dict.fromkeys(found))


def _pictures(mime: QMimeData, origin: str) -> list[Offer]:
    kinds = [kind for kind in mime.formats() if kind.startswith("image/")]
    kinds.sort(key=lambda kind: FAVOURITE_KINDS.index(kind) if kind in FAVOURITE_KINDS else 99)
    found: list[Offer] = []
    for kind in kinds[:4]:
        data = mime.data(kind)
        if 0 < data.size() <= LARGEST_BYTES:
            found.append(PictureBytes(bytes(data.data()), origin))
    if not found and mime.hasFormat(QT_IMAGE):
        image = mime.imageData()
        if isinstance(image, QImage) and not image.isNull():
            found.append(Pixels(image, origin))
    return found
