"""What the user wants of the services: whether to ask, the key, titles, and what is left for today."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.lookup.policy import AskWhen
from desktop.lookup.quota import Quota, Renewed, Renewing
from desktop.lookup.remote_answer import RemoteAnswer
from desktop.state.query import SearchState
from desktop.state.running import Failure, Lane
from desktop.window import hit_words
from desktop.window.online_page import OnlinePage

if TYPE_CHECKING:
    from desktop.app import Application

QUOTA_KEY, SECRET_KEY = "quota", "secret"


class Asking(QObject):
    """Keeps the wishes, and shows what is left."""

    def __init__(self, app: Application) -> None:
        super().__init__(app)
        self._app = app
        self._quota: Quota | None = None
        self._answer: RemoteAnswer | None = None
        self._page: OnlinePage | None = None

    @property
    def wish(self) -> AskWhen:
        """When trace.moe is asked."""
        return AskWhen(self._app.settings.ask_remote)

    @property
    def may_look_up(self) -> bool:
        """Whether details may be fetched unasked."""
        return self.wish in (AskWhen.UNSURE, AskWhen.ALWAYS)

    def choose(self, wish: AskWhen) -> None:
        """Take the user's wish, and act upon it for the picture at hand."""
        self._app.change(ask_remote=wish.value)
        self.mark()
        self._app.session.decide_again()

    def mark(self) -> None:
        """Tick what is wished."""
        actions, settings = self._app.window.actions_set, self._app.settings
        for wish in (AskWhen.UNSURE, AskWhen.ALWAYS, AskWhen.NEVER):
            actions[f"remote_{wish.value}"].setChecked(self.wish is wish)
        actions["show_adult"].setChecked(settings.show_adult)
        actions["details"].setChecked(settings.show_details)
        self._app.window.beside.set_wanted(settings.show_details)
        if self._page is not None:
            self._page.show_settings(settings)

    def toggle_adult(self) -> None:
        """List adult works, or hide them."""
        self._app.change(show_adult=not self._app.settings.show_adult)
        self.mark()
        self._app.session.show_adult(self._app.settings.show_adult)

    def toggle_details(self) -> None:
        """Show the details, or hide them."""
        self._app.change(show_details=not self._app.settings.show_details)
        self.mark()
        window = self._app.window
        if self._app.settings.show_details and not window.beside.fits:
            window.remark(self.tr("The details come when the window is larger"))

    def order_titles(self, order: tuple[str, ...]) -> None:
        """Show titles in another order."""
        self._app.change(title_order=order)
        hit_words.set_title_order(order)
        self._app.showing.show_search(self._app.session.state)
        self._app.window.details.show_titles()

    def show_search(self, state: SearchState) -> None:
        """Keep what an answer says of the quota."""
        answer, before = state.remote.answer, self._answer
        self._answer = answer
        if answer is not None and answer is not before and answer.quota is not None:
            self._has_quota(answer.quota)

    def heed_renewal(self, told: object) -> None:
        """Show what renewing the address of a preview takes of the quota, and what is left after it."""
        if isinstance(told, Renewing):
            self._app.window.show_renewing(told)
        elif isinstance(told, Renewed) and told.quota is not None:
            self._has_quota(told.quota)
        elif isinstance(told, Renewed):
            self._app.window.show_renewing(None)

    def show_page(self) -> None:
        """Show the page of all this."""
        page = OnlinePage(self._app.window, self._app.window.actions_set)
        page.wish_chosen.connect(lambda value: self.choose(AskWhen(value)))
        page.adult_toggled.connect(self.toggle_adult)
        page.order_chosen.connect(self.order_titles)
        page.key_given.connect(self._keep_key)
        page.key_unwanted.connect(self._forget_key)
        page.finished.connect(lambda _code: self._forget_page())
        page.show_settings(self._app.settings)
        page.show_quota(self._quota)
        self._page = page
        page.open()
        self._read_key()
        if self.may_look_up:
            self._ask_quota()
        else:
            self._recall_quota()

    def show_known_quota(self) -> None:
        """Show what was left at the last time, without asking."""
        if self.may_look_up:
            self._recall_quota()

    def _recall_quota(self) -> None:
        self._app.operations.run(
            Lane.NETWORK,
            lambda _progress: self._app.distant.known_quota(),
            lambda quota: self._has_quota(quota) if quota is not None else None,
            self._has_no_quota,
            key=QUOTA_KEY,
        )

    def _ask_quota(self) -> None:
        distant = self._app.distant
        self._app.operations.run(
            Lane.NETWORK, distant.quota, self._has_quota, self._has_no_quota, key=QUOTA_KEY
        )

    def _has_quota(self, quota: Quota) -> None:
        self._quota = quota
        self._app.window.show_quota(quota)
        if self._page is not None:
            self._page.show_quota(quota)

    def _has_no_quota(self, failure: Failure) -> None:
        if self._page is not None and not failure.cancelled:
            self._page.say_quota(failure.sentence)

    def _read_key(self) -> None:
        keys = self._app.distant
        self._run_key(lambda: keys.keys.read() is not None)

    def _keep_key(self, secret: str) -> None:
        distant = self._app.distant

        def keep() -> bool:
            distant.keys.write(secret)
            return True

        self._run_key(keep)

    def _forget_key(self) -> None:
        distant = self._app.distant

        def forget() -> bool:
            distant.keys.forget()
            return False

        self._run_key(forget)

    def _run_key(self, act: Callable[[], bool]) -> None:
        """Do something about the key in a worker, since the key ring may ask the user."""

        def show(has_key: bool) -> None:
            if self._page is not None:
                self._page.show_key(has_key)

        def tell(failure: Failure) -> None:
            if self._page is not None and not failure.cancelled:
                self._page.say_key(failure.sentence)

        self._app.operations.run(Lane.NETWORK, lambda _progress: act(), show, tell, key=SECRET_KEY)

    def _forget_page(self) -> None:
        self._page = None
