"""Renders resources/icons/scenelens.svg to the sizes that desktops and installers ask for.

.venv/bin/python build_spec/render_icons.py
"""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

ICONS = Path(__file__).parent.parent / "resources" / "icons"
SIZES = (16, 24, 32, 48, 64, 128, 256)


def main() -> None:
    """Write one PNG a size, and one .ico with those that Windows asks for."""
    application = QGuiApplication([])
    drawing = QSvgRenderer(str(ICONS / "scenelens.svg"))
    for size in SIZES:
        image = QImage(size, size, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        drawing.render(painter)
        painter.end()
        image.save(str(ICONS / f"scenelens-{size}.png"))
    with Image.open(ICONS / "scenelens-256.png") as largest:
        largest.save(ICONS / "scenelens.ico", sizes=[(size, size) for size in (16, 32, 48, 256)])
    del application


if __name__ == "__main__":
    main()
