"""The desktop portal's Screenshot: works on every Wayland desktop that has one, and asks the user.

asyncio and the bus are loaded in the worker: where the portal is not needed they cost nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from desktop.system.capture.geometry import Screen
from desktop.system.capture.handlers.pictures import read_image
from desktop.system.capture.handlers.programs import parted
from desktop.system.capture.models import Frozen, Verdict, Way
from desktop.system.errors import CaptureDeniedError, CaptureError, PortalDeniedError, PortalError
from desktop.system.platform import Platform
from index_tools.progress import Progress

#: Seconds that the portal may take; it may show a dialog of its own, which somebody has to read.
LIMIT_S = 20.0

_WHO = "The desktop's portal"
_LOOK_S = 0.1


class Portal:
    """Asks for a picture of the whole desktop, reads the file and removes it."""

    way = Way.PORTAL
    in_window_thread = False

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        self._limit_s = limit_s

    def judge(self, platform: Platform) -> Verdict:
        """It fits where the portal answered."""
        if platform.system != "linux":
            return Verdict(self.way, False, "only on Linux")
        version = platform.portals.get("Screenshot", 0)
        if not version:
            remedy = (
                "Install xdg-desktop-portal and the part for your desktop "
                "(xdg-desktop-portal-gnome, -kde, -wlr)"
            )
            reason = "no Screenshot portal answers" if platform.has_bus else "there is no session bus"
            return Verdict(self.way, False, reason, remedy if platform.session == "wayland" else "")
        return Verdict(self.way, True, f"the Screenshot portal answers (version {version})")

    def grab(self, screens: Sequence[Screen], progress: Progress) -> tuple[Frozen, ...]:
        """Ask in a worker.  Raises CaptureDeniedError where the user said no."""
        import asyncio

        try:
            uri = asyncio.run(self._ask(progress))
        except PortalDeniedError as error:
            raise CaptureDeniedError(
                "The desktop did not allow a picture of the screen; nothing was captured. Say yes in its "
                "dialog, or allow SceneLens screenshots in the desktop's privacy settings."
            ) from error
        except PortalError as error:
            raise CaptureError(f"{error} Nothing was captured.") from error
        path = _path_of(uri)
        try:
            image = read_image(path, _WHO)
        finally:
            path.unlink(missing_ok=True)
        return parted(image, screens, _WHO)

    async def _ask(self, progress: Progress) -> str:
        """Ask, and look now and then whether the user gave up."""
        import asyncio

        asking = asyncio.create_task(self._request())
        try:
            while not asking.done():
                await asyncio.wait({asking}, timeout=_LOOK_S)
                progress.check()
        finally:
            asking.cancel()
        return asking.result()

    async def _request(self) -> str:
        from dbus_fast import Variant

        from desktop.system import portal

        async with portal.connected() as bus:
            await portal.register(bus)
            options = {"interactive": Variant("b", False), "modal": Variant("b", False)}
            results = await portal.request(
                bus, "Screenshot.Screenshot", "sa{sv}", [""], options, self._limit_s
            )
        uri = results.get("uri")
        if not isinstance(uri, str):
            raise PortalError("The desktop's portal answered without a picture.")
        return uri


def _path_of(uri: str) -> Path:
    """The file that the portal names.  Raises CaptureError for anything but a regular file here."""
    parts = urlsplit(uri)
    path = Path(unquote(parts.path))
    if parts.scheme != "file" or parts.netloc not in ("", "localhost") or not path.is_absolute():
        raise CaptureError(f"{_WHO} named {uri[:200]!r}, which is no file here; nothing was captured.")
    if path.is_symlink() or not path.is_file():
        raise CaptureError(f"{_WHO} named {path.name}, which is no picture; nothing was captured.")
    return path
