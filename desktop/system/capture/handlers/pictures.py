"""Read a picture of the desktop that another program wrote."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtGui import QImage, QImageReader

from desktop.system.errors import CaptureError


def read_image(path: Path, who: str) -> QImage:
    """Decode a picture in a worker.  Raises CaptureError where there is none, or it is damaged.

    Qt's own limit holds: 256 MB decoded, which is seven screens of 3840 × 2160.
    """
    image = QImageReader(str(path)).read()
    if image.isNull():
        raise CaptureError(f"{who} left no picture of the screen that can be read; nothing was captured.")
    return image
