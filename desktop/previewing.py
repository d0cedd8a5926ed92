"""From a scene that trace.moe found to its preview in the player: one clip when it is looked at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from desktop.lookup.merged import Hit
from desktop.lookup.remote_answer import RemoteMatch
from desktop.lookup.request_queue import Waiting
from desktop.player import Scene
from desktop.state.preview import PreviewStage, PreviewState
from desktop.state.query import SearchState
from desktop.state.running import Failure, Lane, Telling
from desktop.window import hit_words

if TYPE_CHECKING:
    from desktop.app import Application
    from desktop.lookup.previews import Clip

CLIP_KEY, OWN_COPY_KEY = "preview clip", "own copy"

#: Seconds of the user's own film shown before and after the matched frame.
AROUND_S = 2.5


class Previewing(QObject):
    """Fetches the clip of one hit at a time, and the pictures of those that are listed."""

    changed = Signal()
    """Another `state`."""
    ready = Signal(object)
    """A `Scene` for the player."""

    def __init__(self, app: Application) -> None:
        super().__init__(app)
        self._app = app
        self._hit: Hit | None = None
        self._clip: Clip | None = None
        self._pictures: set[hit_words.HitKey] = set()
        self.state = PreviewState()
        app.player.toggles_changed.connect(self._heed_sound)

    def look_at(self, hit: Hit | None) -> None:
        """Fetch the preview of a hit, none for None; another look at the same one changes nothing.

        The caller shows `state` itself; later ones are told by `changed`.
        """
        if hit is not None and self._hit is not None and _far(hit).scene == _far(self._hit).scene:
            self._hit = hit
            return
        self._hit, self._clip = hit, None
        self._app.operations.cancel(CLIP_KEY)
        self._app.operations.cancel(OWN_COPY_KEY)
        self.state = PreviewState() if hit is None else PreviewState(PreviewStage.FETCHING)
        if hit is None:
            return
        self._fetch(_far(hit))
        self._look_for_own_copy(_far(hit))

    def retry(self) -> None:
        """Fetch once more what failed."""
        if self._hit is not None and self.state.stage is PreviewStage.FAILED:
            self._show(replace(self.state, stage=PreviewStage.FETCHING, text=""))
            self._fetch(_far(self._hit))

    def take_own_copy(self) -> Scene | None:
        """Give the scene of the hit in the user's own copy of the episode, to be shown in place of the clip.

        None where there is no such copy.
        """
        own_copy = self.state.own_copy
        if self._hit is None or own_copy is None:
            return None
        self._clip = None
        self._app.operations.cancel(CLIP_KEY)
        self.state = replace(self.state, stage=PreviewStage.READY, text="")
        far = _far(self._hit)
        start_s = max(min(far.start_s, far.at_s - AROUND_S), 0.0)
        return Scene(
            own_copy,
            start_s,
            far.at_s,
            max(far.end_s, far.at_s + AROUND_S),
            hit_words.title(self._hit),
        )

    def fetch_pictures(self, state: SearchState, unfolded: bool) -> None:
        """Fetch the pictures of the hits in the list that have none yet, the first one first."""
        results = self._app.window.results
        for hit in state.hits:
            key, far = hit_words.key_of(hit), hit.remote
            is_listed = hit.is_match or unfolded
            if far is None or not far.image or not is_listed or key in self._pictures:
                continue
            if results.results.lacks_image(hit) and state.thumbnail(hit) is None:
                self._pictures.add(key)
                self._fetch_picture(key, far)

    def _fetch(self, far: RemoteMatch) -> None:
        from desktop.lookup.previews import size_for

        size, muted = size_for(self._app.player.view.pixels()[0]), self._app.player.muted

        def work(progress: Telling) -> Clip:
            return self._app.distant.previews.clip(far, size, progress, progress.tell, muted=muted)

        self._app.operations.run(
            Lane.PREVIEWS, work, self._has_clip, self._has_failed, key=CLIP_KEY, reported=self._told
        )

    def _fetch_picture(self, key: hit_words.HitKey, far: RemoteMatch) -> None:
        from desktop.lookup.previews import Size

        def work(progress: Telling) -> QImage:
            data = self._app.distant.previews.picture(far, Size.MIDDLE, progress, progress.tell)
            return QImage.fromData(data)

        def show(image: QImage) -> None:
            self._pictures.discard(key)
            self._app.window.results.show_thumbnail(key, image)
            self._app.showing.refresh_still()

        def leave(_failure: Failure) -> None:
            """Leave the sign of a film in its place: the match stands without a picture."""

        self._app.operations.run(Lane.STILLS, work, show, leave, key=f"still {key}")

    def _look_for_own_copy(self, far: RemoteMatch) -> None:
        shelf = self._app.shelf

        def take(film: Path | None) -> None:
            if film is not None:
                self._show(replace(self.state, own_copy=film))

        self._app.operations.run(
            Lane.ENGINE,
            lambda _progress: shelf.own_copy(far),
            take,
            lambda _failure: None,  # nothing is offered then
            key=OWN_COPY_KEY,
        )

    def _heed_sound(self) -> None:
        """Fetch the clip with its sound once that is to be heard."""
        clip = self._clip
        if clip is not None and not clip.has_sound and not self._app.player.muted:
            self._clip = None
            self._fetch(clip.match)

    def _has_clip(self, clip: Clip) -> None:
        if self._hit is None:
            return
        self._clip = clip
        self._show(replace(self.state, stage=PreviewStage.READY, text=""))
        self.ready.emit(
            Scene(clip.path, 0.0, clip.at_s, clip.end_s, hit_words.title(self._hit), clip.source_start_s)
        )

    def _has_failed(self, failure: Failure) -> None:
        if not failure.cancelled:
            self._show(replace(self.state, stage=PreviewStage.FAILED, text=failure.sentence))

    def _told(self, told: object) -> None:
        if isinstance(told, Waiting) and self.state.stage is PreviewStage.FETCHING:
            self._show(replace(self.state, text=told.why))

    def _show(self, state: PreviewState) -> None:
        if state != self.state:
            self.state = state
            self.changed.emit()


def _far(hit: Hit) -> RemoteMatch:
    assert hit.remote is not None
    return hit.remote
