"""Where something given belongs: searched, opened as a pack, or added to the library."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from desktop.intake.offers import LocalFile, Offer

PACK_SUFFIX = ".scenepack"

#: Suffixes that are taken for films before anybody looks inside.
FILM_SUFFIXES = frozenset(
    {".mp4", ".mkv", ".webm", ".avi", ".mov", ".m4v", ".ts", ".m2ts", ".mts", ".mpg", ".mpeg"}
    | {".wmv", ".flv", ".ogv", ".ogm", ".3gp", ".vob"}
)


@dataclass(frozen=True, slots=True)
class Given:
    """What was given, sorted: `query` holds offers of one picture or clip, best first."""

    query: tuple[Offer, ...] = ()
    packs: tuple[Path, ...] = ()
    films: tuple[Path, ...] = ()
    left_out: int = 0
    """How many further pictures were given; one is searched at a time."""


def is_pack(path: Path) -> bool:
    """Whether this looks like a scene pack, by name and place alone."""
    return path.suffix.lower() == PACK_SUFFIX or (path.is_dir() and (path / "manifest.json").is_file())


def is_film(path: Path) -> bool:
    """Whether this looks like a film, by name alone."""
    return path.suffix.lower() in FILM_SUFFIXES


def would_add(offer: Offer) -> bool:
    """Whether more is to be done with it than to search it: a pack is opened, a folder added."""
    return isinstance(offer, LocalFile) and (is_pack(offer.path) or offer.path.is_dir())


def sort_offers(offers: tuple[Offer, ...]) -> Given:
    """Sort what was pasted, dropped or named.

    Packs are opened, and what is given beside them is searched in them too.  Folders, and several films
    together, are added to the library; a single film is opened to choose a frame of.  Of several pictures
    the first is searched.
    """
    files = [offer.path for offer in offers if isinstance(offer, LocalFile)]
    packs = tuple(path for path in files if is_pack(path))
    rest = [path for path in files if path not in packs]
    folders = [path for path in rest if path.is_dir()]
    films = [path for path in rest if is_film(path)]
    pictures = [path for path in rest if path not in folders and path not in films]
    if len(films) > 1 or folders:
        return Given((), packs, (*folders, *films))
    if packs and not rest:
        return Given((), packs)
    singles = pictures[:1] or films[:1]
    kept = {LocalFile(path) for path in singles}
    query = tuple(offer for offer in offers if not isinstance(offer, LocalFile) or offer in kept)
    return Given(query, packs, left_out=max(len(pictures) + len(films) - 1, 0))
