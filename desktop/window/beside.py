"""The scene and what is known of its work: side by side, or one above the other, as the room allows."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from desktop.window.details_panel import DetailsPanel

#: Width of the column; what the scene must keep beside it; height of the strip, and what must stay above it.
COLUMN, SCENE_WIDTH = 248, 480
STRIP, SCENE_HEIGHT = 190, 380


class Beside(QWidget):
    """Holds both.  The details show where they are wanted, where there is something, and where they fit."""

    room_changed = Signal()

    def __init__(self, scene: QWidget, details: DetailsPanel) -> None:
        super().__init__()
        self._details = details
        self._wanted, self._bare, self._has_any = True, False, False
        self._box = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._box.setContentsMargins(0, 0, 0, 0)
        self._box.setSpacing(16)
        self._box.addWidget(scene, 1)
        self._box.addWidget(details)
        details.hide()

    @property
    def fits(self) -> bool:
        """Whether there is room for both."""
        return self._fits_beside() or self.height() >= SCENE_HEIGHT + STRIP + 16

    @property
    def has_any(self) -> bool:
        """Whether there are details of what is shown."""
        return self._has_any

    def set_wanted(self, wanted: bool) -> None:
        """Show the details, or hide them."""
        self._wanted = wanted
        self._arrange()

    def set_bare(self, bare: bool) -> None:
        """Show the scene alone, for the full screen."""
        self._bare = bare
        self._arrange()

    def set_any(self, has_any: bool) -> None:
        """Say whether there are details of what is shown."""
        self._has_any = has_any
        self._arrange()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange both anew."""
        super().resizeEvent(event)
        self._arrange()
        self.room_changed.emit()

    def _fits_beside(self) -> bool:
        return self.width() >= SCENE_WIDTH + COLUMN + 16

    def _arrange(self) -> None:
        beside = self._fits_beside()
        direction = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        self._box.setDirection(direction)
        self._details.set_column(beside)
        if beside:
            self._details.setFixedWidth(COLUMN)
            self._details.setMinimumHeight(0)
            self._details.setMaximumHeight(16_777_215)
        else:
            self._details.setMinimumWidth(0)
            self._details.setMaximumWidth(16_777_215)
            self._details.setFixedHeight(STRIP)
        self._details.setVisible(self._wanted and self._has_any and not self._bare and self.fits)
