"""From a scene that trace.moe found to its preview in the player: one clip when it is looked at.

A clip plays as it comes; should it turn out to be cut, or nothing that can be played, it is taken out of the
player again.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.lookup.merged import Hit
from desktop.lookup.paces import Waiting
from desktop.lookup.quota import Renewed, Renewing
from desktop.lookup.remote_answer import RemoteMatch
from desktop.player import PlayerPanel, Scene
from desktop.state.preview import PreviewStage, PreviewState
from desktop.state.running import Failure, Lane, Telling
from desktop.window import hit_words
from desktop.window.remote_line import renewing
from desktop.work.operations import AFTER_PAINTING_MS

if TYPE_CHECKING:
    from desktop.app import Application
    from desktop.lookup.previews import Clip

#: Seconds of the user's own film shown before and after the matched frame.
AROUND_S = 2.5


class Previewing(QObject):
    """Fetches the clip of one hit at a time, as large and with such sound as one player shows it.

    The window and the small one each have their own, told apart by `place`.
    """

    changed = Signal()
    """Another `state`."""
    ready = Signal(object)
    """A `Scene` for the player."""

    def __init__(self, app: Application, player: PlayerPanel, place: str) -> None:
        super().__init__(app)
        self._app, self._player = app, player
        self._clip_key, self._copy_key = f"preview clip {place}", f"own copy {place}"
        self._hit: Hit | None = None
        self._clip: Clip | None = None
        self._is_renewing = False
        self.state = PreviewState()
        self._soon = QTimer(self, singleShot=True, interval=AFTER_PAINTING_MS)
        self._soon.timeout.connect(self._begin)
        player.toggles_changed.connect(self._heed_sound)
        player.failed.connect(self._refuse)

    def look_at(self, hit: Hit | None) -> None:
        """Fetch the preview of a hit once it is listed, none for None; another look at the same one changes
        nothing.

        The caller shows `state` itself; later ones are told by `changed`.
        """
        if hit is not None and self._hit is not None and _far(hit).scene == _far(self._hit).scene:
            self._hit = hit
            return
        self._hit, self._clip = hit, None
        self._give_up()
        self._app.operations.cancel(self._copy_key)
        self.state = PreviewState() if hit is None else PreviewState(PreviewStage.FETCHING)
        if hit is None:
            self._soon.stop()
        else:
            self._soon.start()

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
        self._soon.stop()
        self._give_up()
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

    def _begin(self) -> None:
        if self._hit is not None:
            self._fetch(_far(self._hit))
            self._look_for_own_copy(_far(self._hit))

    def _fetch(self, far: RemoteMatch) -> None:
        from desktop.lookup.previews import size_for

        size, muted = size_for(self._player.view.pixels()[0]), self._player.muted

        def work(progress: Telling) -> Clip:
            return self._app.distant.previews.clip(far, size, progress, progress.tell, muted=muted)

        self._app.operations.run(
            Lane.PREVIEWS, work, self._has_clip, self._has_failed, key=self._clip_key, reported=self._told
        )

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
            key=self._copy_key,
        )

    def _heed_sound(self) -> None:
        """Fetch the clip with its sound once that is to be heard."""
        clip = self._clip
        is_whole = self.state.stage is PreviewStage.READY
        if clip is not None and is_whole and not clip.has_sound and not self._player.muted:
            self._clip = None
            self._fetch(clip.match)

    def _plays(self, clip: Clip) -> None:
        """Play a clip of which enough has come, unless another one of the scene plays already."""
        if self._hit is not None and self.state.stage is PreviewStage.FETCHING:
            self._clip = clip
            self._show(replace(self.state, stage=PreviewStage.PLAYING, text=""))
            self._emit(clip, self._hit)

    def _has_clip(self, clip: Clip) -> None:
        if self._hit is None:
            return
        plays, self._clip = self.state.stage is PreviewStage.PLAYING, clip
        self._show(replace(self.state, stage=PreviewStage.READY, text=""))
        if not plays:
            self._emit(clip, self._hit)
        self._heed_sound()  # what was switched on meanwhile

    def _emit(self, clip: Clip, hit: Hit) -> None:
        title, incoming = hit_words.title(hit), clip.incoming
        self.ready.emit(Scene(clip.path, 0.0, clip.at_s, clip.end_s, title, clip.source_start_s, incoming))

    def _refuse(self) -> None:
        """Have a clip that cannot be played give way to a sentence, and not be kept."""
        clip, scene = self._clip, self._player.scene
        if clip is None or scene is None or scene.film != clip.path:
            return
        self._clip = None
        self._app.operations.cancel(self._clip_key)
        self._app.distant.previews.drop(clip)
        text = self.tr(
            "What trace.moe sent of this preview cannot be played. The match stands without it; "
            "fetch it again to try once more."
        )
        self._show(replace(self.state, stage=PreviewStage.FAILED, text=text))

    def _has_failed(self, failure: Failure) -> None:
        if not failure.cancelled:
            self._show(replace(self.state, stage=PreviewStage.FAILED, text=failure.sentence))

    def _told(self, told: object) -> None:
        from desktop.lookup.previews import Clip

        if isinstance(told, Clip):
            self._plays(told)
        elif self.state.stage is PreviewStage.FETCHING and isinstance(told, Waiting):
            self._show(replace(self.state, text=told.why))
        elif isinstance(told, Renewing | Renewed):
            self._heed_renewal(told)

    def _heed_renewal(self, told: Renewing | Renewed) -> None:
        """Say what a new address takes of the quota, and show what is left after it."""
        self._is_renewing = isinstance(told, Renewing)
        if self._app.is_furnished:
            self._app.asking.heed_renewal(told)
        if self.state.stage is PreviewStage.FETCHING:
            text = renewing(told.cost) if isinstance(told, Renewing) else ""
            self._show(replace(self.state, text=text))

    def _give_up(self) -> None:
        """Fetch no more, and count what a search that was under way may have taken."""
        self._app.operations.cancel(self._clip_key)
        if self._is_renewing:
            self._heed_renewal(Renewed(self._app.distant.known_quota()))

    def _show(self, state: PreviewState) -> None:
        if state != self.state:
            self.state = state
            self.changed.emit()


def _far(hit: Hit) -> RemoteMatch:
    assert hit.remote is not None
    return hit.remote
