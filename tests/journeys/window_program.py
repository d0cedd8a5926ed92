"""The application as a person meets it: started as a program, looked at and driven through the X server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType

import numpy as np
from numpy.typing import NDArray
from PIL import ImageGrab

#: Where the player shows the film, as fractions of the window: left, top, right, bottom.
PLAYER = (0.33, 0.2, 0.97, 0.8)
LIMIT_S = 40.0


class WindowProgram:
    """A running `scenelens`; leaves the X server as it was, whatever happens."""

    def __init__(self, words: Sequence[str | Path] = (), **variables: str) -> None:
        """Start it with `words` as arguments; returns when its window is on the screen."""
        self._process = subprocess.Popen(
            [sys.executable, "-X", "faulthandler", "-m", "desktop", *map(str, words)],
            env={**os.environ, **variables},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.messages = ""
        self._window = ""

    def __enter__(self) -> WindowProgram:
        """Wait for the window and give it the keyboard."""
        try:
            self.wait_until(self._find_window, "the window appears")
            self.xdotool("windowfocus", "--sync", self._window)
        except BaseException:
            self._end()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it if it still runs."""
        self._end()

    def wait_until(self, come_true: Callable[[], bool], what: str, limit_s: float = LIMIT_S) -> None:
        """Look every tenth of a second until `come_true()`; fails with what the program said."""
        deadline = time.monotonic() + limit_s
        while not come_true():
            status = self._process.poll()
            if status is not None or time.monotonic() > deadline:
                self._end()
                how = "waited in vain" if status is None else f"the program ended with {status}"
                raise AssertionError(f"{how} until {what}; it said:\n{self.messages}")
            time.sleep(0.1)

    @property
    def is_running(self) -> bool:
        """Whether the program has not ended."""
        return self._process.poll() is None

    def press(self, *keys: str) -> None:
        """Press keys by their X names, one after the other."""
        self.xdotool("key", "--delay", "60", *keys)

    def seen(self, place: tuple[float, float, float, float] = PLAYER) -> NDArray[np.uint8]:
        """What is on the screen in a part of the window, uint8 (h, w, 3)."""
        left, top, width, height = self._geometry()
        box = (
            round(left + place[0] * width), round(top + place[1] * height),
            round(left + place[2] * width), round(top + place[3] * height),
        )  # fmt: skip
        screen = ImageGrab.grab(xdisplay=os.environ["DISPLAY"])
        return np.ascontiguousarray(np.asarray(screen.crop(box).convert("RGB")))

    def quit(self) -> int:
        """Press Ctrl+Q; the exit status."""
        self.press("ctrl+q")
        try:
            _, self.messages = self._process.communicate(timeout=20)
        except subprocess.TimeoutExpired:
            self._end()
            raise AssertionError(f"it did not quit; it said:\n{self.messages}") from None
        return self._process.returncode

    def xdotool(self, *words: str) -> str:
        """Run xdotool; its output."""
        return subprocess.run(
            ["xdotool", *words], capture_output=True, text=True, timeout=20, check=True
        ).stdout

    def _find_window(self) -> bool:
        found = subprocess.run(
            ["xdotool", "search", "--onlyvisible", "--pid", str(self._process.pid), "--name", "SceneLens"],
            capture_output=True, text=True, timeout=20, check=False,
        ).stdout.split()  # fmt: skip
        if found:
            self._window = found[-1]
        return bool(found)

    def _geometry(self) -> tuple[int, int, int, int]:
        lines = self.xdotool("getwindowgeometry", "--shell", self._window).splitlines()
        values = dict(line.split("=", 1) for line in lines)
        return int(values["X"]), int(values["Y"]), int(values["WIDTH"]), int(values["HEIGHT"])

    def _end(self) -> None:
        if self._process.poll() is None:
            # faulthandler then writes where every thread is
            self._process.send_signal(signal.SIGABRT)
        if not self.messages:
            _, self.messages = self._process.communicate(timeout=20)


def copy_to_clipboard(kind: str, content: bytes) -> None:
    """Let another program offer `content` on the clipboard until somebody else does."""
    subprocess.run(
        ["xclip", "-selection", "clipboard", "-t", kind, "-i"],
        input=content, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=10, check=True,
    )  # fmt: skip
