"""Links from outside: shown before anything is fetched, and played as they ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.intake.deep_link import DeepLink, LinkError, Playing, checked_address, is_link, read_link
from desktop.intake.offers import Address, Offer
from desktop.lookup.refusal import PrivateAddressError
from desktop.state.query import SearchState, Stage
from desktop.window.link_page import ask_fetching, ask_private

if TYPE_CHECKING:
    from desktop.app import Application


class Linking(QObject):
    """Asks before it fetches what others asked for, and before it goes into the local network."""

    def __init__(self, app: Application) -> None:
        super().__init__(app)
        self._app = app
        self._offers: tuple[Offer, ...] = ()
        self._allowed: frozenset[str] = frozenset()
        self.borrowed = False
        """Whether the player is set as a link asks, not as the user has it."""
        app.session.observe(self._watch)

    def ask(self, text: str) -> None:
        """Show what a link from outside would have fetched; fetch it if the user agrees."""
        try:
            link = read_link(text) if is_link(text) else DeepLink(checked_address(text))
        except LinkError as error:
            self._app.tell(str(error))
            return
        playing = link.playing if is_link(text) else None
        ask_fetching(
            self._app.window, link.url, lambda: self._app.taking.search((Address(link.url, playing),))
        )

    def begin(self, offers: tuple[Offer, ...], allowed: frozenset[str]) -> None:
        """Note what is searched now, and set the player as its link asks or as the user has it."""
        self._offers, self._allowed = offers, allowed
        first = offers[0]
        playing = first.playing if isinstance(first, Address) else None
        if playing is not None:
            self._borrow(playing)
        elif self.borrowed:
            self._app.set_player(self._app.settings)
            self.borrowed = False

    def _borrow(self, playing: Playing) -> None:
        self.borrowed = True
        player = self._app.player
        player.set_autoplay(playing.autoplay)
        player.set_muted(playing.mute)
        player.set_loop(playing.loop)

    def _watch(self, state: SearchState) -> None:
        """Ask where an address leads into the local network; once for each place."""
        error = state.error
        if state.stage is not Stage.FAILED or not isinstance(error, PrivateAddressError):
            return
        offers, allowed = self._offers, self._allowed | error.addresses
        if not offers or allowed == self._allowed:
            return
        self._app.presence.raise_window()
        ask_private(
            self._app.window,
            error.host,
            sorted(error.addresses),
            lambda: self._app.taking.search(offers, allowed),
        )
