"""A desktop's tray on a private session bus: the StatusNotifierWatcher and host in one small program.

    python -m tests.standins.tray_host

Prints one line of JSON for each item that registers, and obeys lines on its standard input:

    menu            prints the labels of the item's menu, with their numbers
    press NUMBER    chooses an entry of the menu
    click           clicks the icon
    quit            ends, as a desktop's panel does when it crashes

Source: freedesktop.org's StatusNotifierItem, and `com.canonical.dbusmenu` of libdbusmenu.
"""

import asyncio
import json
import sys
from typing import Annotated, Any

from dbus_fast import BusType, Message, MessageType, Variant
from dbus_fast.aio import MessageBus
from dbus_fast.annotations import DBusBool, DBusInt32, DBusSignature, DBusStr
from dbus_fast.constants import PropertyAccess
from dbus_fast.service import ServiceInterface, dbus_method, dbus_property, dbus_signal

WATCHER = "org.kde.StatusNotifierWatcher"
MENU = "com.canonical.dbusmenu"

Strings = Annotated[list[str], DBusSignature("as")]


class Watcher(ServiceInterface):
    """The service that items register with."""

    def __init__(self, tray: "Tray") -> None:
        super().__init__(WATCHER)
        self._tray = tray

    @dbus_method()
    def RegisterStatusNotifierItem(self, service: DBusStr):  # type: ignore[no-untyped-def]  # noqa: N802 - the interface's name
        self._tray.waiting.put_nowait(service)

    @dbus_method()
    def RegisterStatusNotifierHost(self, service: DBusStr):  # type: ignore[no-untyped-def]  # noqa: N802
        """One host is enough."""

    @dbus_property(access=PropertyAccess.READ)
    def RegisteredStatusNotifierItems(self) -> Strings:  # noqa: N802
        return []

    @dbus_property(access=PropertyAccess.READ)
    def IsStatusNotifierHostRegistered(self) -> DBusBool:  # noqa: N802
        return True

    @dbus_property(access=PropertyAccess.READ)
    def ProtocolVersion(self) -> DBusInt32:  # noqa: N802
        return 0

    @dbus_signal()
    def StatusNotifierHostRegistered(self):  # type: ignore[no-untyped-def]  # noqa: N802
        """Tell that there is a host."""


class Tray:
    """Knows the last item that registered."""

    def __init__(self, bus: MessageBus) -> None:
        self.bus = bus
        self.waiting: asyncio.Queue[str] = asyncio.Queue()
        self.item = ""
        self.menu_path = ""

    async def call(self, path: str, interface: str, member: str, signature: str = "", *body: Any) -> Any:
        """Call the item."""
        reply = await self.bus.call(
            Message(
                destination=self.item, path=path, interface=interface, member=member,
                signature=signature, body=list(body),
            )
        )  # fmt: skip
        assert reply is not None
        if reply.message_type is MessageType.ERROR:
            raise RuntimeError(f"{member}: {reply.body}")
        return reply.body

    async def property(self, name: str) -> Any:
        """Read a property of the item."""
        told = await self.call(
            "/StatusNotifierItem", "org.freedesktop.DBus.Properties", "Get", "ss",
            "org.kde.StatusNotifierItem", name,
        )  # fmt: skip
        return told[0].value

    async def watch(self) -> None:
        """Greet the items that register."""
        while True:
            self.item = await self.waiting.get()
            self.menu_path = str(await self.property("Menu"))
            say(item=self.item, title=await self.property("Title"), id=await self.property("Id"))

    async def obey(self, line: str) -> bool:
        """Do what a line says; False at the end."""
        word, _, number = line.strip().partition(" ")
        if word == "menu":
            await self.call(self.menu_path, MENU, "AboutToShow", "i", 0)
            told = await self.call(self.menu_path, MENU, "GetLayout", "iias", 0, -1, [])
            say(menu=entries(told[1]))
        elif word == "press":
            await self.call(self.menu_path, MENU, "Event", "isvu", int(number), "clicked", Variant("i", 0), 0)
            say(pressed=int(number))
        elif word == "click":
            await self.call("/StatusNotifierItem", "org.kde.StatusNotifierItem", "Activate", "ii", 0, 0)
            say(clicked=True)
        return word != "quit"


def entries(node: list[Any]) -> list[list[Any]]:
    """Give [number, label] of all visible entries below a node of the layout."""
    found = []
    for child in node[2]:
        number, told, _ = child.value
        visible = told.get("visible")
        if visible is not None and not visible.value:
            continue
        if "label" in told:
            found.append([number, told["label"].value])
        found += entries(child.value)
    return found


def say(**told: Any) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


async def main() -> None:
    bus = await MessageBus(bus_type=BusType.SESSION).connect()
    tray = Tray(bus)
    bus.export("/StatusNotifierWatcher", Watcher(tray))
    await bus.request_name(WATCHER)
    say(ready=True)
    watching = asyncio.create_task(tray.watch())
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin
    )
    while line := (await reader.readline()).decode():
        try:
            if not await tray.obey(line):
                break
        except RuntimeError as error:
            say(error=str(error))
    watching.cancel()
    bus.disconnect()


if __name__ == "__main__":
    asyncio.run(main())
