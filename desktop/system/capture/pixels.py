"""Pixels of a Qt image for the engine; imported in workers, since it brings numpy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from desktop.system.capture.geometry import Rect
from index_tools.picture import Picture


def rgb_of(image: QImage) -> NDArray[np.uint8]:
    """RGB uint8 (h, w, 3), C-contiguous, of an image of any format."""
    plain = image.convertToFormat(QImage.Format.Format_RGB888)
    width, height = plain.width(), plain.height()
    rows = np.frombuffer(plain.constBits(), np.uint8).reshape(height, plain.bytesPerLine())
    return rows[:, : 3 * width].reshape(height, width, 3).copy()


def picture_of(image: QImage, part: Rect, origin: str) -> Picture:
    """The part as a picture."""
    return Picture.of(rgb_of(image.copy(part.left, part.top, part.width, part.height)), origin)
