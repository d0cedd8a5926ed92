"""Global keys on Wayland: the desktop portal's GlobalShortcuts (version 1 and later), by dbus-fast.

The desktop owns the keys: we propose, the user may be asked, and what was bound comes back as a text to show.
The session lives in a loop of its own thread; what it tells comes to the window's thread by a signal.
"""

from __future__ import annotations

import asyncio
import itertools
import logging
import os
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from desktop.system import portal
from desktop.system.errors import PortalDeniedError, PortalError
from desktop.system.hotkey.models import GLOBAL_ACTIONS, Bound, Hearer, Wanted
from desktop.work.loop_thread import LoopThread

if TYPE_CHECKING:
    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

log = logging.getLogger("scenelens.hotkey")

_INTERFACE = f"{portal.INTERFACE}GlobalShortcuts"

#: Seconds to answer: the desktop may show a dialog with all the keys, which takes its time.
LIMIT_S = 120.0
#: Seconds for making a session, which asks nobody.
SESSION_LIMIT_S = 10.0
_STOP_S = 2.0

_DENIED = (
    "The desktop was told not to give SceneLens these keys. Choose them anew here to be asked again, or bind "
    "the command in the desktop's own keyboard settings."
)

_tokens = itertools.count(1)


class PortalKeys(QObject):
    """Binds keys by the portal; each `bind` makes a session anew, as a session is bound only once."""

    _told = Signal(int, object)
    """A generation, and `Bound`s or the id of an action."""

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        super().__init__()
        self._limit_s = limit_s
        self._thread: LoopThread | None = None
        self._binding: Future[None] | None = None
        self._hearer: Hearer | None = None
        self._generation = 0
        self._bus: MessageBus | None = None
        self._session = ""
        self._told.connect(self._pass_on)

    def bind(self, wanted: Wanted, hearer: Hearer) -> None:
        """Propose these keys; the hearer is told later."""
        self._hearer = hearer
        self._generation += 1
        if not wanted and self._thread is None:
            hearer.bound(())
            return
        if self._thread is None:
            self._thread = LoopThread("global keys")
        texts = {action.id: action.text for action in GLOBAL_ACTIONS}
        proposals = [(action, texts[action], keys.for_portal) for action, keys in wanted.items()]
        if self._binding is not None:
            self._binding.cancel()  # it may still wait for somebody to read a dialog
        self._binding = self._thread.submit(self._bind(self._generation, proposals))

    def stop(self) -> None:
        """End the session and the thread."""
        self._hearer = None
        if self._thread is not None:
            closing = self._thread.submit(self._close())
            try:
                closing.result(_STOP_S)
            except TimeoutError:
                log.info("The portal of the global keys did not close its session in time")
            self._thread.stop(_STOP_S)
            self._thread = None

    def _pass_on(self, generation: int, told: object) -> None:
        """Tell the hearer, in the window's thread; what an older `bind` tells is dropped."""
        if generation == self._generation and self._hearer is not None:
            if isinstance(told, str):
                self._hearer.pressed(told)
            else:
                assert isinstance(told, tuple)
                self._hearer.bound(told)

    # --- in the thread of the loop

    async def _bind(self, generation: int, proposals: list[tuple[str, str, str]]) -> None:
        try:
            outcome = await self._bound(generation, proposals)
        except PortalDeniedError:
            outcome = _all(proposals, _DENIED)
        except PortalError as error:
            outcome = _all(proposals, f"{error} Bind the command in the desktop's own keyboard settings.")
        self._tell(generation, outcome)

    async def _bound(self, generation: int, proposals: list[tuple[str, str, str]]) -> tuple[Bound, ...]:
        from dbus_fast import Variant

        await self._close()
        bus = self._bus = await portal.connect()
        await portal.register(bus)
        bus.add_message_handler(lambda message: self._hear(generation, message))
        await portal.listen(bus, _INTERFACE)
        options = {"session_handle_token": Variant("s", f"scenelens_{os.getpid()}_{next(_tokens)}")}
        made = await portal.request(
            bus, "GlobalShortcuts.CreateSession", "a{sv}", [], options, SESSION_LIMIT_S
        )
        self._session = str(made.get("session_handle", ""))
        if not self._session.startswith("/"):
            raise PortalError("The desktop's portal answered without a session.")
        if not proposals:
            return ()
        wanted = [
            [action, {"description": Variant("s", text), "preferred_trigger": Variant("s", trigger)}]
            for action, text, trigger in proposals
        ]
        given = await portal.request(
            bus, "GlobalShortcuts.BindShortcuts", "oa(sa{sv})sa{sv}", [self._session, wanted, ""], {},
            self._limit_s,
        )  # fmt: skip
        try:
            return _outcome(proposals, given.get("shortcuts", []))
        except (TypeError, ValueError, AttributeError) as error:
            raise PortalError("The desktop's portal answered in a form that is not known.") from error

    def _hear(self, generation: int, message: Message) -> None:
        """Hear the session's signals."""
        if message.interface != _INTERFACE or not message.body or message.body[0] != self._session:
            return
        if message.member == "Activated" and message.signature.startswith("os"):
            self._tell(generation, str(message.body[1]))
        elif message.member == "ShortcutsChanged" and message.signature == "oa(sa{sv})":
            self._tell(generation, tuple(_given(message.body[1]).values()))

    def _tell(self, generation: int, told: object) -> None:
        try:
            self._told.emit(generation, told)
        except RuntimeError:  # the window is gone; nobody is left to be told
            log.debug("The portal told something after the end")

    async def _close(self) -> None:
        """Close the session that was, with its connection; the portal then frees the keys."""
        bus, self._bus, self._session = self._bus, None, ""
        if bus is not None:
            bus.disconnect()
            await asyncio.sleep(0)  # the loop lets go of the socket


def _outcome(proposals: list[tuple[str, str, str]], shortcuts: Any) -> tuple[Bound, ...]:
    given = _given(shortcuts)
    return tuple(
        given.get(
            action, Bound(action, "", "The desktop gave no keys for this. Choose some in its settings.")
        )
        for action, _, _ in proposals
    )


def _given(shortcuts: Any) -> dict[str, Bound]:
    """What the portal says was bound: id and a text to show, which may be empty."""
    bound = {}
    for action, properties in shortcuts:
        shown = properties.get("trigger_description")
        text = str(shown.value) if shown is not None else ""
        bound[str(action)] = Bound(str(action), text or "as set in the desktop")
    return bound


def _all(proposals: list[tuple[str, str, str]], problem: str) -> tuple[Bound, ...]:
    return tuple(Bound(action, "", problem) for action, _, _ in proposals)
