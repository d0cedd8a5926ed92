"""Icons, drawn as strokes on a grid of 24 and coloured by the theme."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop.window.theme import current

_STROKES = {
    "paste": "M9 4.5h6v3H9zM9 6H6.5v14.5h11V6H15M9.5 12h5M9.5 15.5h5",
    "capture": "M4 8.5V4h4.5M15.5 4H20v4.5M20 15.5V20h-4.5M8.5 20H4v-4.5M9 9h6v6H9z",
    "picture": "M4 5.5h16v13H4zM4 16l4.5-4.5 4 4 2.5-2.5 5 5M15.5 9.6a1 1 0 1 0 .01 0",
    "videos": "M3.5 6h12v12h-12zM15.5 10.5l5-3v9l-5-3M9.5 9.5v5M7 12h5",
    "pack": "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8",
    "menu": "M5 7h14M5 12h14M5 17h14",
    "close": "M7 7l10 10M17 7L7 17",
    "lens": "M10.5 4.5a6 6 0 1 0 .01 0M15 15l5 5",
    "nothing": "M10.5 4.5a6 6 0 1 0 .01 0M15 15l5 5M8 10.5h5",
    "warning": "M12 4l9 16H3zM12 10v4.5M12 17.2v.3",
    "drop": "M12 4v11M7.5 10.5L12 15l4.5-4.5M4.5 16v4h15v-4",
    "folder": "M3.5 6.5h6l2 2.5h9v10h-17z",
    "film": "M4 5h16v14H4zM8 5v14M16 5v14M4 9.5h4M4 14.5h4M16 9.5h4M16 14.5h4",
    "outside": "M13 5h6v6M19 5l-8 8M16 13.5V19H5V8h5.5",
    "copy": "M9 9h10.5v10.5H9zM15 9V4.5H4.5V15H9",
    "keys": "M3.5 6.5h17v11h-17zM7 10h.2M11 10h.2M15 10h.2M7.5 14h9",
    "health": "M3.5 12.5h4l2.5-6 4 11 2.5-5h4",
    "again": "M19 12a7 7 0 1 1-2.2-5.1M19 4v4.5h-4.5",
    "back": "M15 5l-7 7 7 7",
    "forward": "M9 5l7 7-7 7",
    "done": "M5 12.5l4.5 4.5L19 7.5",
    "locate": "M12 4.5a7.5 7.5 0 1 0 .01 0M12 2v5M12 17v5M2 12h5M17 12h5",
}


def icon(name: str, colour: str = "") -> QIcon:
    """Give an icon in a colour, the theme's text if none is named."""
    theme = current()
    made = QIcon()
    for size in (16, 20, 24, 32, 48):
        made.addPixmap(_drawn(name, colour or theme.text, size), QIcon.Mode.Normal)
        made.addPixmap(_drawn(name, theme.faint, size), QIcon.Mode.Disabled)
    return made


def pixmap(name: str, size: int, ratio: float, colour: str) -> QPixmap:
    """Give a picture of `size` device-independent pixels for a screen of the ratio."""
    drawn = _drawn(name, colour, round(size * ratio)).copy()
    drawn.setDevicePixelRatio(ratio)
    return drawn


@lru_cache(maxsize=256)
def _drawn(name: str, colour: str, size: int) -> QPixmap:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24">'
        f'<path d="{_STROKES[name]}" fill="none" stroke="{colour}" stroke-width="1.6" '
        'stroke-linecap="round" stroke-linejoin="round"/></svg>'
    )
    drawn = QPixmap(size, size)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    QSvgRenderer(QByteArray(svg.encode())).render(painter, QRectF(0, 0, size, size))
    painter.end()
    return drawn
