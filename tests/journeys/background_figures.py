"""Figures of waiting behind the tray, measured from outside; prints JSON.

    python -m tests.journeys.background_figures [SECONDS]

Starts `scenelens --background` on a private X server, openbox and session bus with a tray; gives resident
and proportional memory (MB of 10⁶ bytes), processor time over SECONDS (60) of idling, and for later starts
the milliseconds from their process being started to its end, which comes after the running instance has
answered; for `--show` also to the window being on the screen.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time

from build_spec.with_display import private_display
from tests.journeys.background_program import BackgroundProgram
from tests.standins.session_bus import TrayHost, session_bus

SETTLE_S = 5.0
ROUNDS = 7


def main() -> int:
    """Measure and print."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    with private_display() as display, session_bus() as bus, tempfile.TemporaryDirectory() as home:
        os.environ.update(display)
        os.environ.pop("WAYLAND_DISPLAY", None)
        os.environ.update(
            DBUS_SESSION_BUS_ADDRESS=bus, SCENELENS_HOME=home, QT_QPA_PLATFORM="xcb", XDG_CONFIG_HOME=home
        )
        tray = TrayHost(bus)
        try:
            figures = measure(tray, seconds)
        finally:
            tray.end()
    sys.stdout.write(json.dumps(figures, indent=2) + "\n")
    return 0


def measure(tray: TrayHost, seconds: float) -> dict[str, object]:
    """Give the figures."""
    with BackgroundProgram("--background") as program:
        tray.told()
        time.sleep(SETTLE_S)
        memory, ticks = program.memory_mb(), program.cpu_ticks()
        time.sleep(seconds)
        used_s = (program.cpu_ticks() - ticks) / os.sysconf("SC_CLK_TCK")
        before = os.times()
        passed_on = [program.start_again("--background")[2] * 1000 for _ in range(ROUNDS)]
        after = os.times()
        children_s = (
            after.children_user + after.children_system - before.children_user - before.children_system
        )
        begun = time.perf_counter()
        program.start_again("--show")
        program.wait_until(lambda: bool(program.windows("^SceneLens$")), "the window comes")
        shown_ms = (time.perf_counter() - begun) * 1000
        return {
            "idle_memory_mb": memory,
            "idle_cpu_percent": round(100 * used_s / seconds, 2),
            "idle_seconds": seconds,
            "later_start_ms": {
                "median": round(statistics.median(passed_on)),
                "worst": round(max(passed_on)),
                "processor_time": round(children_s * 1000 / ROUNDS),
                "rounds": ROUNDS,
            },
            "later_start_to_window_ms": round(shown_ms),
            "load": round(os.getloadavg()[0], 1),
        }


if __name__ == "__main__":
    sys.exit(main())
