"""From what a person gives to the search or the library: paste, drop, dialog, command line."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication

from desktop.intake.mime import offers_of
from desktop.intake.offers import Address, DataUri, LocalFile, Offer, Pixels
from desktop.intake.reading import read_first
from desktop.intake.routing import sort_offers
from desktop.state.running import Lane
from desktop.window import dialogs

if TYPE_CHECKING:
    from desktop.app import Application


class Taking(QObject):
    """Takes what is given and hands it on."""

    def __init__(self, app: Application) -> None:
        super().__init__(app)
        self._app = app

    def paste(self) -> None:
        """Take what the clipboard holds."""
        held = QGuiApplication.clipboard().mimeData()
        # Qt gives none for an empty clipboard, whatever its type says
        offers = offers_of(held, self.tr("Pasted picture")) if held is not None else ()
        if offers:
            self.take(offers)
        else:
            self._app.window.notice.tell(
                self.tr("The clipboard holds no picture, file or address. Copy one, then paste again.")
            )

    def take_paths(self, paths: Sequence[Path]) -> None:
        """Take files and folders by name."""
        self.take(tuple(LocalFile(path.absolute()) for path in paths))

    def take(self, offers: tuple[Offer, ...]) -> None:
        """Take what was offered: search it, open it as a pack, or add it to the library."""
        given = sort_offers(offers)
        if self._app.is_furnished:
            self._app.window.notice.hide()
        for pack in given.packs:
            self._app.library.open_pack(pack)
        if given.films:
            self.add(given.films)
        if given.query:
            self.search(given.query)
            if given.left_out:
                text = self.tr("One picture is searched at a time: this is the first of {0}")
                self._app.window.remark(text.format(given.left_out + 1))
        elif not given.packs and not given.films:
            self._app.tell(self.tr("There was no picture, file or address in it. Copy the picture itself."))

    def search(self, offers: tuple[Offer, ...], allowed: frozenset[str] = frozenset()) -> None:
        """Search the first of the offers that can be read; `allowed` are private addresses agreed to."""
        lane = Lane.NETWORK if isinstance(offers[0], Address) else Lane.READING
        self._app.linking.begin(offers, allowed)
        self._app.session.open(_name(offers[0]), lambda progress: read_first(offers, progress, allowed), lane)

    def add(self, sources: Sequence[Path]) -> None:
        """Add films to the library."""
        if self._app.library.state.indexing is not None:
            self._app.window.notice.tell(
                self.tr("Films are being added already. Add these when that is done, or stop it first.")
            )
            return
        self._app.library.add_films(sources)

    def open_picture(self) -> None:
        """Ask for a picture or a video, and search it."""
        path = dialogs.ask_picture(self._app.window, self._app.settings.picture_folder)
        if path is not None:
            self._app.change(picture_folder=str(path.parent))
            self.take_paths([path])

    def add_videos(self) -> None:
        """Ask for films, and add them."""
        paths = dialogs.ask_videos(self._app.window, self._app.settings.video_folder)
        if paths:
            self._app.change(video_folder=str(paths[0].parent))
            self.add(paths)

    def add_folder(self) -> None:
        """Ask for a folder, and add its films."""
        path = dialogs.ask_folder(self._app.window, self._app.settings.video_folder)
        if path is not None:
            self._app.change(video_folder=str(path))
            self.add([path])

    def open_pack(self) -> None:
        """Ask for a pack, and open it."""
        path = dialogs.ask_pack(self._app.window, self._app.settings.pack_folder)
        if path is not None:
            self._app.change(pack_folder=str(path.parent))
            self._app.library.open_pack(path)

    def locate_film(self) -> None:
        """Ask where the film of the selected result lies."""
        match = self._app.session.state.match
        if match is None:
            return
        path = dialogs.ask_film(self._app.window, self._app.settings.video_folder, match.video.file_name)
        if path is not None:
            self._app.change(video_folder=str(path.parent))
            self._app.library.locate_film(match, path)


def _name(offer: Offer) -> str:
    match offer:
        case LocalFile(path):
            return path.name
        case Address(url, _):
            return url[:120]
        case DataUri():
            return "data: address"
        case Pixels(_, origin):
            return origin
    return offer.origin
