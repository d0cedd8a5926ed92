"""A stand-in for xdg-desktop-portal on a private session bus: Screenshot and GlobalShortcuts.

    python -m tests.standins.portal '{"Screenshot": "ok", "GlobalShortcuts": "ok", "picture": "FILE"}'

An interface that is not named is absent.  Ways to answer: ok; deny (code 1); fail (code 2); error (a D-Bus
error instead of a handle); silent (a handle and nothing more); hang (no reply at all); early (the answer
before the handle); old (a handle of the portal's own making); odd (an answer of another form).  Says "ready"
on stdout; each line on stdin is a shortcut to be activated.  What was asked is printed, a JSON object a line.
Contract: the XML of org.freedesktop.portal.{Request,Session,Screenshot,GlobalShortcuts}.
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from dbus_fast import Message, MessageType, PropertyAccess, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.errors import DBusError
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

# mypy: disable-error-code="no-untyped-call,untyped-decorator,name-defined,valid-type,no-untyped-def"
# ruff: noqa: F722, F821, N802, UP037

PATH = "/org/freedesktop/portal/desktop"


def say(**told: Any) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


class Answering:
    """Answers requests in the way that was asked for."""

    def __init__(self, bus: MessageBus, way: str) -> None:
        self.bus, self.way = bus, way
        self.sender = ""
        self._waiting: set[asyncio.Task[None]] = set()

    async def answer(self, options: dict[str, Any], results: dict[str, Variant]) -> str:
        if self.way == "hang":
            await asyncio.sleep(60)
        if self.way == "error":
            raise DBusError("org.freedesktop.portal.Error.NotAllowed", "Not today")
        token = options["handle_token"].value
        sender = self.sender.removeprefix(":").replace(".", "_")
        handle = f"{PATH}/request/{sender}/{token}"
        if self.way == "old":
            handle = f"{PATH}/request/77"
        if self.way == "silent":
            return handle
        code = {"deny": 1, "fail": 2}.get(self.way, 0)
        if self.way == "early":
            self._respond(handle, code, results)
        else:
            self._waiting.add(asyncio.create_task(self._respond_later(handle, code, results)))
        return handle

    async def _respond_later(self, handle: str, code: int, results: dict[str, Variant]) -> None:
        await asyncio.sleep(0.05)
        self._respond(handle, code, results)

    def _respond(self, handle: str, code: int, results: dict[str, Variant]) -> None:
        body: list[Any] = [code, {} if code or self.way == "odd" else results]
        signal = Message(
            destination=self.sender, path=handle, interface="org.freedesktop.portal.Request",
            member="Response", message_type=MessageType.SIGNAL, signature="ua{sv}", body=body,
        )  # fmt: skip
        self.bus.send(signal)


class Screenshot(ServiceInterface):
    def __init__(self, answering: Answering, picture: str) -> None:
        super().__init__("org.freedesktop.portal.Screenshot")
        self._answering, self._picture = answering, picture

    @dbus_property(access=PropertyAccess.READ)
    def version(self) -> "u":
        return 2

    @dbus_method()
    async def Screenshot(self, parent: "s", options: "a{sv}") -> "o":
        say(screenshot={name: value.value for name, value in options.items()}, parent=parent)
        return await self._answering.answer(options, {"uri": Variant("s", self._picture)})


class GlobalShortcuts(ServiceInterface):
    def __init__(self, answering: Answering) -> None:
        super().__init__("org.freedesktop.portal.GlobalShortcuts")
        self._answering = answering
        self._bound: list[str] = []
        self.session = ""

    @dbus_property(access=PropertyAccess.READ)
    def version(self) -> "u":
        return 2

    @dbus_method()
    async def CreateSession(self, options: "a{sv}") -> "o":
        self.session = f"{PATH}/session/1_2/{options['session_handle_token'].value}"
        way, self._answering.way = self._answering.way, "ok"
        handle = await self._answering.answer(options, {"session_handle": Variant("s", self.session)})
        self._answering.way = way
        return handle

    @dbus_method()
    async def BindShortcuts(self, session: "o", shortcuts: "a(sa{sv})", parent: "s", options: "a{sv}") -> "o":
        assert session == self.session
        told = {name: {key: value.value for key, value in facts.items()} for name, facts in shortcuts}
        say(bind=told, parent=parent)
        given = [[name, {"trigger_description": Variant("s", f"Press {facts['preferred_trigger']}")}]
                 for name, facts in told.items()]  # fmt: skip
        if self._answering.way == "partial":
            given = given[:1]
        return await self._answering.answer(options, {"shortcuts": Variant("a(sa{sv})", given)})

    @dbus_signal()
    def Activated(self, session: "o", shortcut: "s") -> "osta{sv}":
        return [session, shortcut, 1234, {}]


class Registry(ServiceInterface):
    def __init__(self) -> None:
        super().__init__("org.freedesktop.host.portal.Registry")

    @dbus_method()
    def Register(self, app_id: "s", options: "a{sv}"):
        say(register=app_id)


async def serve(told: dict[str, str]) -> None:
    bus = await MessageBus().connect()
    answerings = {
        name: Answering(bus, told[name]) for name in ("Screenshot", "GlobalShortcuts") if name in told
    }

    def note_sender(message: Message) -> None:
        if message.message_type is MessageType.METHOD_CALL and (message.interface or "").startswith(
            "org.freedesktop.portal."
        ):
            for answering in answerings.values():
                answering.sender = message.sender

    bus.add_message_handler(note_sender)
    shortcuts = None
    if "Screenshot" in told:
        bus.export(PATH, Screenshot(answerings["Screenshot"], told.get("picture", "")))
    if "GlobalShortcuts" in told:
        shortcuts = GlobalShortcuts(answerings["GlobalShortcuts"])
        bus.export(PATH, shortcuts)
    if told.get("Registry") == "ok":
        bus.export(PATH, Registry())
    await bus.request_name("org.freedesktop.portal.Desktop")
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        if shortcuts is not None:
            shortcuts.Activated(shortcuts.session, line.strip())


if __name__ == "__main__":
    asyncio.run(serve(json.loads(sys.argv[1])))
