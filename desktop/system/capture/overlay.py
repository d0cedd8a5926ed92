"""One frozen screen as a window: shows what is marked and turns mouse and keys into changes of it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QCloseEvent,
    QContextMenuEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QWidget

from desktop.system.capture import painting
from desktop.system.capture.bar import Bar
from desktop.system.capture.commands import Command, command_of
from desktop.system.capture.geometry import Rect, pixel_at
from desktop.system.capture.models import Frozen
from desktop.system.capture.selection import Grip, Selection, too_small

#: Logical pixels: around an edge that is taken hold of; a drag of less is a click.
REACH, SLIP = 7, 6


class RegionOverlay(QWidget):
    """Frameless, above all, as large as its screen; never scrolls, never scales."""

    pointed = Signal(int, int)
    """The pointer moved to a native pixel, no button pressed."""
    touched = Signal()
    """The user turned to this screen."""
    commanded = Signal(object)
    """A `Command` by key or button; which screen it is for is decided elsewhere."""
    marked = Signal(object, bool)
    """The mouse was released: the part marked; whether it stays to be adjusted."""
    clicked = Signal(int, int, bool)
    """A click at a native pixel, which marks nothing; whether what it takes stays to be adjusted."""
    given_up = Signal()
    first_painted = Signal()

    def __init__(self, frozen: Frozen, bar: Bar) -> None:
        super().__init__(None, Qt.WindowType.FramelessWindowHint | Qt.WindowType.WindowStaysOnTopHint)
        self.frozen, self.bar = frozen, bar
        self.selection = Selection(frozen.size)
        self.debug: Callable[[], tuple[str, ...]] | None = None
        """Gives the lines of the debug overlay; None while it is off."""
        self._debug_lines: tuple[str, ...] = ()
        self._pointer: QPointF | None = None
        self._painted = False
        self._covered = QRegion()
        self._bright: QRectF | None = None
        self._label = QRect()
        self._shown = QImage(frozen.image)
        self.setObjectName("regionOverlay")
        self.setWindowTitle(self.tr("SceneLens: mark the picture"))
        self.setAccessibleName(self.tr("Mark the film's picture on screen {0}").format(frozen.screen.name))
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        # with the main window hidden in the tray this is the last one, whose end must not end the program
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        bar.setParent(self)
        bar.commanded.connect(lambda deed: self.commanded.emit(Command(deed)))

    def change(self, selection: Selection) -> None:
        """Show another selection; paints what differs."""
        if selection != self.selection:
            self.selection = selection
            part = selection.shown
            self.setAccessibleDescription("" if part is None else self._size_of(part))
            self.refresh()

    def refresh(self) -> None:
        """Paint anew what has changed since the last time."""
        part = self.selection.shown
        bright = None if part is None else painting.area_of(part, self.frozen.ratio)
        self._debug_lines = self.debug() if self.debug is not None else ()
        if (
            not self.bar.isHidden() and not self.bar.underMouse()
        ):  # a button must not run away from the pointer
            self.bar.settle(self.rect(), None if bright is None else bright.toAlignedRect())
        covered = self._decorated(bright)
        changed = self._covered.united(covered)
        changed = changed.united(_region(self._bright).xored(_region(bright)))
        self._covered, self._bright = covered, bright
        self.update(changed)

    def point_at(self, at: QPointF | None) -> None:
        """Show the magnifier at a place within the overlay, or nowhere."""
        self._pointer = at
        self.refresh()

    # --- what the user does

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to mark, or take hold of what is marked; the right button starts again."""
        self.touched.emit()
        if event.button() is Qt.MouseButton.RightButton:
            if self.selection.marked is None and not self.selection.is_dragging:
                self.given_up.emit()
            else:
                self.change(self.selection.restarted())
                self.bar.set_dragging(False)
        elif event.button() is Qt.MouseButton.LeftButton:
            self.change(self.selection.pressed(self._pixel(event.position()), self._native(REACH)))
            self.bar.set_dragging(True)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Mark further, or look what is under the pointer."""
        self._pointer = event.position()
        pixel = self._pixel(event.position())
        if self.selection.is_dragging:
            self.selection = self.selection.dragged(pixel)
        else:
            self.touched.emit()
            self.setCursor(_cursor(self.selection.grip_at(pixel, self._native(REACH))))
            if self.selection.marked is None:
                self.change(self.selection.proposed(self.selection.proposal_at(pixel)))
                self.pointed.emit(*pixel)
        self.refresh()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Take what was marked; with Shift held it stays, to be adjusted."""
        if event.button() is not Qt.MouseButton.LeftButton or not self.selection.is_dragging:
            return
        was_adjusting = self.selection.grip is not None
        pixel = self._pixel(event.position())
        self.bar.set_dragging(False)
        self.change(self.selection.dragged(pixel).released(self._native(SLIP)))
        stays = was_adjusting or bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if self.selection.marked is None:
            self.clicked.emit(*pixel, stays)
        else:
            self.marked.emit(self.selection.marked, stays)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Accept what is marked, as most programs do."""
        part = self.selection.marked
        if part is not None and part.holds(*self._pixel(event.position())):
            self.marked.emit(part, False)
        else:
            self.mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Take the right button for ourselves."""
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Pass on what means something here."""
        command = command_of(event.key(), event.modifiers())
        if command is None:
            super().keyPressEvent(event)
        else:
            self.commanded.emit(command)

    def leaveEvent(self, event: object) -> None:
        """Hide the magnifier."""
        if not self.selection.is_dragging:
            self.point_at(None)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Give up when the window manager closes the window."""
        event.accept()
        self.given_up.emit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the bar in its place."""
        super().resizeEvent(event)
        self.refresh()

    # --- what the user sees

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the frozen screen and what lies over it."""
        painter = QPainter(self)
        accent = painting.visible(self.palette().color(QPalette.ColorRole.Highlight))
        dragging, part = self.selection.is_dragging, self.selection.shown
        self._fit()
        painting.paint_frozen(painter, event.region(), self._shown, self.size(), self._bright)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if part is not None and self._bright is not None:
            is_marked = self.selection.marked is not None
            painting.paint_outline(
                painter, self._bright, accent, is_proposal=not is_marked, grips=is_marked and not dragging
            )
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
            painting.paint_label(painter, self._label, self._label_lines(part))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        at = self._magnified
        if at is not None:
            area, pixel = painting.magnifier_area(at, self.rect()), self._pixel(at)
            painting.paint_magnifier(painter, area, self.frozen.image, pixel, accent)
        if self._debug_lines:
            painting.paint_label(painter, self._debug_area(), self._debug_lines)
        painter.end()
        if not self._painted:
            self._painted = True
            self.first_painted.emit()

    def _fit(self) -> None:
        """Give the image the window's ratio where its pixels are the screen's, so that it is copied."""
        ratio = self.devicePixelRatioF()
        if abs(ratio - self.frozen.ratio) < 1e-3 and self._shown.devicePixelRatio() != ratio:
            self._shown.setDevicePixelRatio(ratio)

    def _decorated(self, bright: QRectF | None) -> QRegion:
        """All that is painted over the frozen screen, the bright part's inside left out."""
        covered = QRegion()
        if bright is not None and self.selection.shown is not None:
            outer, inner = bright.toAlignedRect().adjusted(-9, -9, 9, 9), bright.toAlignedRect()
            covered = QRegion(outer).subtracted(QRegion(inner.adjusted(9, 9, -9, -9)))
            bar = self.bar.geometry() if self.bar.isVisible() else None
            lines = self._label_lines(self.selection.shown)
            self._label = painting.label_area(lines, bright, self.rect(), bar)
            covered = covered.united(QRegion(self._label.adjusted(-2, -2, 2, 2)))
        at = self._magnified
        if at is not None:
            area = painting.magnifier_area(at, self.rect())
            covered = covered.united(QRegion(area.adjusted(-2, -2, 2, 2)))
        if self._debug_lines:
            covered = covered.united(QRegion(self._debug_area().adjusted(-2, -2, 2, 2)))
        return covered

    def _label_lines(self, part: Rect) -> list[str]:
        size = self._size_of(part)
        if self.selection.marked is None:
            return [self.tr("{0}: click to search this picture").format(size)]
        return [self.tr("{0}: too small").format(size)] if too_small(part) else [size]

    @property
    def _magnified(self) -> QPointF | None:
        """What the magnifier shows; nothing over a proposed picture, which a click takes as a whole."""
        selection = self.selection
        is_over_proposal = (
            self._pointer is not None
            and selection.marked is None
            and selection.proposal_at(self._pixel(self._pointer)) is not None
        )
        return None if is_over_proposal else self._pointer

    def _debug_area(self) -> QRect:
        top_left = QRectF(8, 8, 1, 1)
        return painting.label_area(self._debug_lines, top_left, self.rect())

    def _pixel(self, at: QPointF) -> tuple[int, int]:
        return pixel_at(at.x(), at.y(), self.frozen.ratio, self.frozen.size)

    def _native(self, logical: int) -> int:
        return round(logical * self.frozen.ratio)

    @staticmethod
    def _size_of(part: Rect) -> str:
        return f"{part.width} × {part.height}"


def _region(area: QRectF | None) -> QRegion:
    return QRegion() if area is None else QRegion(area.toAlignedRect())


def _cursor(grip: Grip | None) -> Qt.CursorShape:
    """The pointer's shape over what could be taken hold of."""
    if grip is None:
        return Qt.CursorShape.CrossCursor
    if grip.is_whole:
        return Qt.CursorShape.SizeAllCursor
    if (grip.left and grip.top) or (grip.right and grip.bottom):
        return Qt.CursorShape.SizeFDiagCursor
    if (grip.right and grip.top) or (grip.left and grip.bottom):
        return Qt.CursorShape.SizeBDiagCursor
    return Qt.CursorShape.SizeHorCursor if grip.left or grip.right else Qt.CursorShape.SizeVerCursor
