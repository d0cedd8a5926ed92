"""What was given, before anybody looked into it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage

from desktop.intake.deep_link import Playing


@dataclass(frozen=True, slots=True)
class PictureBytes:
    """An encoded picture, of whatever kind its bytes show."""

    data: bytes
    origin: str


@dataclass(frozen=True, slots=True)
class DataUri:
    """A `data:` address, not yet decoded."""

    text: str


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file or folder of this machine."""

    path: Path


@dataclass(frozen=True, slots=True)
class Address:
    """An http or https address that the user pasted, dropped or agreed to."""

    url: str
    playing: Playing | None = None
    """How the link that it came in wants the scene to be played."""


@dataclass(frozen=True, eq=False, slots=True)
class Pixels:
    """A decoded picture of this very program (a frame copied from its player)."""

    image: QImage
    origin: str


Offer = PictureBytes | DataUri | LocalFile | Address | Pixels
