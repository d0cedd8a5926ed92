"""The small window: shows the current search where the user is, and leads to the whole window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint, QRect
from PySide6.QtGui import QCursor, QGuiApplication, QImage, QScreen

from desktop.lookup.merged import Hit
from desktop.previewing import Previewing
from desktop.scenes import is_nearly, preview_wanted, scene_of
from desktop.state.preview import PreviewState
from desktop.state.query import SearchState
from desktop.state.remote import is_same_scene
from desktop.window.picture_view import image_of
from desktop.window.placement import Rect, beside, corner
from desktop.window.popup import Popup

if TYPE_CHECKING:
    from desktop.app import Application


class Presenting(QObject):
    """Makes the small window at the first need, and lets it go when it is closed."""

    def __init__(self, app: Application) -> None:
        super().__init__(app)
        self._app = app
        self.popup: Popup | None = None
        self._previewing: Previewing | None = None
        self._hit: Hit | None = None
        self._still_of: object = None
        self._still = QImage()
        app.session.observe(self._show_state)

    @property
    def is_open(self) -> bool:
        """Whether the small window is on the screen."""
        return self.popup is not None and self.popup.isVisible()

    def present(self, selection: QRect | None = None, screen: QScreen | None = None) -> None:
        """Show the current search beside a selection of the screen, in its corner without one.

        Where the window itself is at work, it shows the search already.  The small window takes the
        keyboard only beside a selection: our overlay had it until now, so it is taken from nobody, Esc
        closes at once, and the desktop gives it back to the program before.
        """
        app = self._app
        if app.is_furnished and app.window.isActiveWindow():
            return
        popup = self._ready()
        self._show(popup, app.session.state)
        popup.adjustSize()
        place = self._place(popup, selection, screen)
        popup.show_at(place, takes_keyboard=selection is not None)

    def offer(self) -> None:
        """Ask whether what was copied is to be searched."""
        if not self.is_open:
            popup = self._ready()
            popup.offer()
            popup.adjustSize()
            popup.show_at(self._place(popup, None, None), takes_keyboard=False)

    def tell(self, title: str, text: str) -> None:
        """Tell a word where the desktop has no place for one."""
        popup = self._ready()
        popup.tell(title, text)
        popup.adjustSize()
        popup.show_at(self._place(popup, None, None), takes_keyboard=False)

    def close(self) -> None:
        """Close it, and end its player."""
        if self.popup is not None:
            popup, self.popup = self.popup, None
            popup.close()
            self._let_previews_go()
            popup.player.shutdown()
            popup.deleteLater()

    def colour(self) -> None:
        """Draw it anew after the theme has changed."""
        if self.popup is not None:
            self.popup.colour()

    def _ready(self) -> Popup:
        if self.popup is None:
            popup = self.popup = Popup()
            popup.closed.connect(self._leave_preview)
            popup.window_wanted.connect(self._open_window)
            popup.offer_taken.connect(self._app.presence.search_clipboard)
            popup.playing.connect(self._app.session.sharpen)
            popup.closed.connect(self._app.presence.consider_rest)
            previewing = self._previewing = Previewing(self._app, popup.player, "small window")
            previewing.changed.connect(lambda: self._show_state(self._app.session.state))
            previewing.ready.connect(popup.play)
        return self.popup

    def _open_window(self) -> None:
        self.close()
        self._app.presence.raise_window()

    def _show_state(self, state: SearchState) -> None:
        """Show a new state, while somebody sees it."""
        if self.popup is not None and self.popup.isVisible():
            self._show(self.popup, state)

    def _show(self, popup: Popup, state: SearchState) -> None:
        hit, before, self._hit = state.hit, self._hit, state.hit
        scene = scene_of(hit)
        if scene is None and (hit is None or before is None or not is_same_scene(hit, before)):
            popup.player.clear()
        preview = self._look_at(hit)
        popup.show_state(state, self._still_for(state), self._app.library.state.films, preview)
        if scene is not None and not is_nearly(scene, popup.player.scene):
            popup.play(scene)
        if scene is None and state.found is not None:
            self._app.session.sharpen()  # nothing plays that it could disturb

    def _look_at(self, hit: Hit | None) -> PreviewState:
        """Have the preview of a hit fetched where no film at hand shows it."""
        if self._previewing is None:
            return PreviewState()
        self._previewing.look_at(preview_wanted(hit))
        return self._previewing.state

    def _leave_preview(self) -> None:
        """Give up what was fetched for a window that nobody sees any more."""
        self._hit = None
        self._look_at(None)

    def _let_previews_go(self) -> None:
        if self._previewing is not None:
            self._previewing.deleteLater()
            self._previewing = None

    def _still_for(self, state: SearchState) -> QImage:
        """Give the thumbnail of what is shown, else the picture that is searched."""
        shown = state.hit or (state.hits[0] if state.hits else None)
        data = state.thumbnail(shown) if shown is not None else None
        if data:
            return QImage.fromData(data)
        if state.query is None:
            return QImage()
        if state.query.picture is not self._still_of:
            self._still_of, self._still = state.query.picture, image_of(state.query.picture)
        return self._still

    def _place(self, popup: Popup, selection: QRect | None, screen: QScreen | None) -> QPoint | None:
        """Find the place; None where the desktop places windows itself."""
        if QGuiApplication.platformName().startswith("wayland"):
            return None
        screen = screen or QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
        size = (popup.width(), popup.height())
        area = _rect(screen.availableGeometry())
        if selection is None:
            return QPoint(*corner(size, area))
        return QPoint(*beside(_rect(selection), size, area))


def _rect(rect: QRect) -> Rect:
    return rect.x(), rect.y(), rect.width(), rect.height()
