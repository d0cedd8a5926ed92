"""How long from a global key to the overlay, measured with real key presses on X11.

The key is pressed by the server's own XTEST, with another connection; the clock stops when every overlay
has been painted.  The key that is used is the one of the settings.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from desktop.system.hotkey import Combination, Way

if TYPE_CHECKING:
    from desktop.app import Application

ROUNDS = 8

_X_NAMES = {"Ctrl": "Control_L", "Alt": "Alt_L", "Shift": "Shift_L", "Meta": "Super_L"}

#: Milliseconds between rounds, in which the window manager forgets the overlay.
_REST_MS = 250


def measure_capture(
    app: Application, wait_until: Callable[[Callable[[], bool]], None], rest: Callable[[int], None]
) -> dict[str, object]:
    """Give the figures; a reason in their place where there is no X11, or the key is another's."""
    choice, bound = app.hotkeys.choice, app.hotkeys.bound.get("capture")
    if choice is None or choice.way is not Way.X11:
        return {"not_measured": "no X11 session"}
    if bound is None or bound.problem:
        return {"not_measured": bound.problem if bound is not None else "no key is bound"}
    press = _presser(Combination.read(app.settings.key_capture))
    times: list[float] = []
    capture = app.capturing.capture
    app.window.show()
    for _ in range(ROUNDS + 1):
        shown: list[float] = []

        def note(noted: list[float] = shown) -> None:
            noted.append(time.perf_counter())

        capture.shown.connect(note)
        begun = time.perf_counter()
        press()
        wait_until(lambda noted=shown: bool(noted))  # type: ignore[misc]
        times.append((shown[0] - begun) * 1000)
        capture.shown.disconnect(note)
        capture.cancel()
        rest(_REST_MS)
    first, later = times[0], sorted(times[1:])
    return {
        "median": round(statistics.median(later), 1),
        "worst": round(later[-1], 1),
        "first_of_the_process": round(first, 1),
        "rounds": ROUNDS,
    }


def _presser(keys: Combination) -> Callable[[], None]:
    """Give a function that presses the keys and lets them go."""
    from Xlib import XK, X
    from Xlib.display import Display
    from Xlib.ext import xtest

    display = Display()
    names = [*(_X_NAMES[modifier] for modifier in sorted(keys.modifiers)), keys.key.x11]
    codes = [display.keysym_to_keycode(XK.string_to_keysym(name)) for name in names]

    def press() -> None:
        for code in codes:
            xtest.fake_input(display, X.KeyPress, code)
        for code in reversed(codes):
            xtest.fake_input(display, X.KeyRelease, code)
        display.sync()

    return press
