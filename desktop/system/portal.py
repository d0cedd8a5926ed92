"""Requests to xdg-desktop-portal over the session bus, with dbus-fast; all of it for a worker's event loop.

A portal method gives a handle at once and its result later, as the signal Response of that handle.  The
handle is known beforehand (its path is made of our bus name and a token of ours), so the signal is
subscribed to before the call: a portal may answer before the call returns.
Source: the documentation of org.freedesktop.portal.Request.
"""

from __future__ import annotations

import asyncio
import itertools
import os
from collections.abc import Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from desktop.system.errors import PortalDeniedError, PortalError, PortalSilentError

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from dbus_fast import Message
    from dbus_fast.aio import MessageBus

NAME = "org.freedesktop.portal.Desktop"
PATH = "/org/freedesktop/portal/desktop"
INTERFACE = "org.freedesktop.portal."

#: Our name to the portals; that of the desktop file.
APP_ID = "scenelens"

#: Seconds for the bus itself, and for a portal that has to ask nobody.
BUS_LIMIT_S = 5.0

#: Portals of which the versions are asked.
ASKED = ("Screenshot", "GlobalShortcuts")

_tokens = itertools.count(1)


@asynccontextmanager
async def connected() -> AsyncIterator[MessageBus]:
    """A connection to the session bus, closed afterwards.  Raises PortalError where there is none."""
    bus = await connect()
    try:
        yield bus
    finally:
        bus.disconnect()


async def connect() -> MessageBus:
    """Connect to the session bus.  Raises PortalError where there is none, or it does not answer."""
    from dbus_fast.aio import MessageBus

    try:
        return await asyncio.wait_for(MessageBus().connect(), BUS_LIMIT_S)
    except Exception as error:
        raise PortalError(f"The session bus could not be reached ({error}).") from error


async def versions() -> dict[str, int]:
    """The portals that are there, with their versions.  Raises PortalError without a session bus."""
    from dbus_fast import Message

    found = {}
    async with connected() as bus:
        for name in ASKED:
            question = Message(
                destination=NAME, path=PATH, interface="org.freedesktop.DBus.Properties", member="Get",
                signature="ss", body=[INTERFACE + name, "version"],
            )  # fmt: skip
            try:
                answer = await _called(bus, question)
                found[name] = int(answer[0].value)
            except PortalSilentError:
                break  # one that hangs will hang again
            except (PortalError, IndexError, AttributeError, TypeError, ValueError):
                continue
    return found


async def request(
    bus: MessageBus,
    member: str,
    signature: str,
    body: Sequence[Any],
    options: Mapping[str, Any],
    limit_s: float,
) -> dict[str, Any]:
    """Call `Interface.Method` with `body` and, last, `options`; wait for its Response and give its results.

    Raises PortalDeniedError, PortalSilentError, or PortalError with what went wrong.
    """
    from dbus_fast import Message, MessageType, Variant

    token = f"scenelens_{os.getpid()}_{next(_tokens)}"
    sender = str(bus.unique_name).removeprefix(":").replace(".", "_")
    paths = {f"{PATH}/request/{sender}/{token}"}
    answered: asyncio.Future[tuple[int, dict[str, Any]]] = asyncio.get_running_loop().create_future()

    def hear(message: Message) -> None:
        is_answer = message.message_type is MessageType.SIGNAL and message.member == "Response"
        if is_answer and message.path in paths and message.signature == "ua{sv}" and not answered.done():
            code, results = message.body
            answered.set_result((code, {name: value.value for name, value in results.items()}))

    rule = f"type='signal',sender='{NAME}',interface='{INTERFACE}Request',member='Response'"
    await _match(bus, "AddMatch", rule)
    bus.add_message_handler(hear)
    try:
        interface, method = member.split(".")
        call = Message(
            destination=NAME, path=PATH, interface=INTERFACE + interface, member=method, signature=signature,
            body=[*body, {**options, "handle_token": Variant("s", token)}],
        )  # fmt: skip
        given = await _called(bus, call, limit_s)
        if given and isinstance(given[0], str):
            paths.add(given[0])  # portals before 0.9 made up a path of their own
        try:
            code, results = await asyncio.wait_for(answered, limit_s)
        except TimeoutError as error:
            await _close(bus, paths)
            raise PortalSilentError(f"The desktop's portal did not answer within {limit_s:.0f} s.") from error
    finally:
        bus.remove_message_handler(hear)
        if bus.connected:
            await _match(bus, "RemoveMatch", rule)
    if code == 1:
        raise PortalDeniedError("The desktop's portal was told no.")
    if code != 0:
        raise PortalError(f"The desktop's portal gave up (code {code}).")
    return results


async def listen(bus: MessageBus, interface: str) -> None:
    """Have the portal's signals of an interface come to this connection."""
    await _match(bus, "AddMatch", f"type='signal',sender='{NAME}',interface='{interface}'")


async def register(bus: MessageBus) -> None:
    """Tell newer portals our name, since a program outside a sandbox has none; older ones do not know how."""
    from dbus_fast import Message

    hello = Message(
        destination=NAME, path=PATH, interface="org.freedesktop.host.portal.Registry", member="Register",
        signature="sa{sv}", body=[APP_ID, {}],
    )  # fmt: skip
    try:
        await _called(bus, hello)
    except PortalSilentError:
        raise
    except PortalError:
        return  # the method is missing, or our desktop file is: the portal then goes by our process


async def _called(bus: MessageBus, call: Message, limit_s: float = BUS_LIMIT_S) -> list[Any]:
    """Make a call and give what it returned.  Raises PortalError with the bus's own words."""
    from dbus_fast import MessageType

    try:
        answer = await asyncio.wait_for(bus.call(call), limit_s)
    except TimeoutError as error:
        raise PortalSilentError(f"The desktop's portal did not answer within {limit_s:.0f} s.") from error
    except (OSError, EOFError) as error:
        raise PortalError(f"The session bus was lost ({error}).") from error
    if answer is None or answer.message_type is MessageType.ERROR:
        said = answer.body[0] if answer is not None and answer.body else "no reason"
        raise PortalError(f"The desktop's portal refused: {said}")
    return list(answer.body)


async def _match(bus: MessageBus, member: str, rule: str) -> None:
    from dbus_fast import Message

    await _called(
        bus,
        Message(
            destination="org.freedesktop.DBus", path="/org/freedesktop/DBus",
            interface="org.freedesktop.DBus", member=member, signature="s", body=[rule],
        ),
    )  # fmt: skip


async def _close(bus: MessageBus, paths: set[str]) -> None:
    """Withdraw a request that is not waited for any more; its dialog goes away."""
    from dbus_fast import Message

    for path in sorted(paths):
        call = Message(destination=NAME, path=path, interface=f"{INTERFACE}Request", member="Close")
        try:
            await _called(bus, call, 1.0)
        except PortalError:
            continue  # one of the paths does not exist, which is why both are tried
