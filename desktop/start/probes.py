"""Questions to Qt that may end the process which asks them; run by the doctor in a child process."""

from __future__ import annotations

import ctypes
import importlib
import os
import sys
from multiprocessing.connection import Connection
from pathlib import Path

#: state, what, how, remedy: a finding as plain text, since it crosses to another process.
Row = tuple[str, str, str, str]

#: What the platform plugins of Linux need beyond the usual, by Debian's names.
XCB_PACKAGES = (
    "libegl1 libgl1 libdbus-1-3 libfontconfig1 libxkbcommon-x11-0 libx11-xcb1 libxcb-cursor0 libxcb-icccm4 "
    "libxcb-keysyms1 libxcb-xkb1 libxcb-shape0"
)


def ask_qt(answer: Connection) -> None:
    """Send the rows, and end."""
    rows: list[Row] = []
    rows += _plugins()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        rows += _gui()
    except ImportError as error:
        rows.append(("missing", "Window", f"Qt cannot be loaded ({error})", f"apt install {XCB_PACKAGES}"))
    rows += _sound()
    answer.send(rows)
    answer.close()


def _plugins() -> list[Row]:
    """Load the platform plugins and name the library that one of them lacks."""
    if not sys.platform.startswith("linux"):
        return []
    pyside = importlib.import_module("PySide6")
    importlib.import_module("PySide6.QtGui")  # brings the libraries that the plugins are linked with
    folder = Path(str(pyside.__file__)).parent / "Qt" / "plugins" / "platforms"
    rows: list[Row] = []
    for name, remedy in (("xcb", XCB_PACKAGES), ("wayland", "libwayland-client0 libwayland-cursor0")):
        plugin = next(iter(sorted(folder.glob(f"libq{name}*.so"))), None)
        if plugin is None:
            continue
        try:
            ctypes.CDLL(str(plugin))
            rows.append(("good", f"Windows on {name}", "its plugin loads", ""))
        except OSError as error:
            rows.append(("limited", f"Windows on {name}", str(error), f"apt install {remedy}"))
    return rows


def _gui() -> list[Row]:
    from PySide6.QtGui import QFontDatabase, QGuiApplication, QImageReader

    app = QGuiApplication.instance() or QGuiApplication(["doctor"])
    rows: list[Row] = [("good", "Window", f"Qt starts ({QGuiApplication.platformName()})", "")]
    japanese = QFontDatabase.families(QFontDatabase.WritingSystem.Japanese)
    if japanese:
        rows.append(("good", "Japanese and Chinese titles", f"fonts are there ({japanese[0]}, …)", ""))
    else:
        rows.append(
            (
                "limited",
                "Japanese and Chinese titles",
                "no font has these letters",
                "apt install fonts-noto-cjk",
            )
        )
    kinds = {bytes(kind.data()).decode() for kind in QImageReader.supportedImageFormats()}
    if "webp" in kinds:
        rows.append(("good", "Thumbnails", "WebP is read", ""))
    else:
        rows.append(
            ("limited", "Thumbnails", "Qt cannot read WebP", "Install the whole of PySide6-Essentials")
        )
    clipboard = QGuiApplication.clipboard()
    rows.append(("good" if clipboard is not None else "limited", "Clipboard", "can be read", ""))
    del app
    return rows


def _sound() -> list[Row]:
    # what the sound libraries remark on stderr is said better by the finding
    os.environ["QT_LOGGING_RULES"] = "*=false"
    try:
        multimedia = importlib.import_module("PySide6.QtMultimedia")
    except ImportError as error:
        return [
            ("limited", "Sound", f"films play silently ({error})", "apt install libpulse0 libxrandr2 libdrm2")
        ]
    outputs = multimedia.QMediaDevices.audioOutputs()
    if not outputs:
        return [("limited", "Sound", "no device; films play silently", "Plug in or turn on a sound device")]
    return [("good", "Sound", str(outputs[0].description()), "")]
