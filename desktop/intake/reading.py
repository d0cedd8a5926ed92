"""Decode what was given, in a worker: offers in, a `Query` out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from desktop.intake.clips import LARGEST_SIDE, Animation, FilmClip
from desktop.intake.data_uri import decode_data_uri
from desktop.intake.deep_link import is_link, read_link
from desktop.intake.offers import Address, DataUri, LocalFile, Offer, PictureBytes, Pixels
from desktop.state.query import Query
from index_tools.errors import PictureError, SceneLensError
from index_tools.progress import Progress

if TYPE_CHECKING:
    from index_tools.picture import Picture


def read_first(offers: tuple[Offer, ...], progress: Progress, allowed: frozenset[str] = frozenset()) -> Query:
    """Give the first offer that can be read.  Raises the error of the first, if none can.

    `allowed` are private IP addresses that the user agreed to reach.
    """
    first: SceneLensError | None = None
    for offer in offers:
        progress.check()
        try:
            return read(offer, progress, allowed)
        except SceneLensError as error:
            first = first or error
    raise first or PictureError(
        "There is no picture in it. Copy a picture, a file or an address, and paste again."
    )


def read(offer: Offer, progress: Progress, allowed: frozenset[str] = frozenset()) -> Query:
    """Read one offer.  Raises SceneLensError with a sentence that names it."""
    match offer:
        case PictureBytes(data, origin):
            return _encoded(data, origin, progress)
        case DataUri(text):
            return _encoded(decode_data_uri(text), "data: address", progress)
        case Pixels(image, origin):
            return Query(_from_qt(image, origin), origin)
        case Address(url):
            if is_link(url):
                read_link(url)  # a damaged one, which says in words what is wrong with it
            from desktop.lookup.page import fetch_picture  # brings requests, 0.2 s

            return _encoded(fetch_picture(url, progress, allowed), _short(url), progress)
        case LocalFile(path):
            return _file(path, progress)


def query_of_film_frame(film: Path, at_s: float, name: str) -> Query:
    """Make a query of a frame of a film, as the player shows it.  Raises FilmError."""
    from index_tools.film import read_frame

    return Query(read_frame(film, at_s, max_side=LARGEST_SIDE), name)


def whole(query: Query, position: float, progress: Progress) -> Query:
    """The query of a clip as a whole, or of the seconds around a position.

    Where nothing moves in it that is a query of one frame.  Raises SceneLensError, `Cancelled`.
    """
    if query.clip is None:
        return query
    moments, middle = query.clip.moments_at(position, progress)
    picture = moments.middle.picture
    together = None if moments.still else moments
    return replace(query, picture=picture, position=middle, region=None, moments=together)


def _encoded(source: bytes | Path, origin: str, progress: Progress) -> Query:
    from index_tools.picture import count_frames, read_picture

    frames = count_frames(source, origin=origin)
    picture = read_picture(source, origin=origin)
    if frames <= 1:
        return Query(picture, origin)
    return whole(Query(picture, origin, Animation(source, origin, frames)), 0.0, progress)


def _file(path: Path, progress: Progress) -> Query:
    if not path.exists():
        raise PictureError(
            f"{path} does not exist. It may have been moved or renamed; open it from its new place."
        )
    from index_tools.picture import is_picture_name

    if is_picture_name(path):
        return _encoded(path, path.name, progress)
    from index_tools.film import is_film_name

    if is_film_name(path):
        return _film(path, progress)
    try:
        return _encoded(path, path.name, progress)  # a picture without its suffix, as browsers leave them
    except PictureError as error:
        try:
            return _film(path, progress)
        except SceneLensError:
            raise error from None


def _film(path: Path, progress: Progress) -> Query:
    from index_tools.film import FilmReader

    with FilmReader(path) as reader:
        info = reader.info
    clip = FilmClip(path, info.duration_s, info.fps)
    start = min(clip.length, info.duration_s / 2)
    query = Query(clip.picture_at(start), path.name, clip, start)
    return whole(query, start, progress) if clip.is_short else query


def _from_qt(image: QImage, origin: str) -> Picture:
    import numpy as np

    from index_tools.picture import Picture

    rgb = image.convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(rgb.constBits(), np.uint8).reshape(rgb.height(), rgb.bytesPerLine())
    pixels = rows[:, : rgb.width() * 3].reshape(rgb.height(), rgb.width(), 3)
    return Picture.of(pixels.copy(), origin)


def _short(url: str) -> str:
    """Give the last part of an address, as a name for it."""
    name = url.split("?")[0].rstrip("/").rpartition("/")[2]
    return name[:80] or "address"
