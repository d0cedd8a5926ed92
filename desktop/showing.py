"""From the state of the search to what is on screen and in the player."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage

from desktop.actions import Facts
from desktop.listed_pictures import ListedPictures
from desktop.lookup.merged import Hit
from desktop.player import Scene
from desktop.scenes import is_nearly, overlap, preview_wanted, scene_of
from desktop.state.preview import PreviewStage
from desktop.state.query import Found, Query, SearchState
from desktop.state.remote import is_same_scene
from desktop.state.running import Failure, Lane
from desktop.state.series import Series, series_of
from desktop.window import hit_words
from desktop.window.picture_view import image_of
from desktop.work.operations import AFTER_PAINTING_MS
from index_tools.nouns import Match

if TYPE_CHECKING:
    from desktop.app import Application

CHOOSING_KEY = "choosing"

#: The answer is sharpened when the scene's first frame is on screen, or after so long without one: both
#: decode the film, and the frame is what the user waits for.
SHARPEN_AFTER_MS = 600


class Showing(QObject):
    """Shows each new state; loads the player when another scene is selected."""

    def __init__(self, app: Application) -> None:
        super().__init__(app)
        self._app = app
        self._loaded: Scene | None = None
        self._previewed: tuple[int | None, str, int] | None = None
        self._is_clip = False
        self._query: Query | None = None
        self._hit: Hit | None = None
        self._found: Found | None = None
        self.unfolded = app.settings.show_guesses
        self._pictures = ListedPictures(app)
        self._pictures.came.connect(self.refresh_still)
        app.window.results.match_chosen.connect(app.session.select)
        app.window.results.fold_wanted.connect(self.toggle_guesses)
        app.window.card.region_wanted.connect(app.session.search_region)
        app.window.card.position_wanted.connect(self.preview)
        self._sharpen = QTimer(self, singleShot=True, interval=SHARPEN_AFTER_MS)
        self._sharpen.timeout.connect(app.session.sharpen)
        self._foresee = QTimer(self, singleShot=True, interval=AFTER_PAINTING_MS)
        self._foresee.timeout.connect(app.session.foresee)
        app.player.first_frame_shown.connect(self._sharpen_soon)
        app.previewing.changed.connect(lambda: self.show_search(app.session.state))
        app.previewing.ready.connect(self._play_preview)
        app.player.failed.connect(self._tell_of_film)

    @property
    def scene(self) -> Scene | None:
        """The scene in the player."""
        return self._loaded

    def show_search(self, state: SearchState) -> None:
        """Show a state of the search; behind the tray that waits until the window comes back."""
        app = self._app
        if app.in_background:
            return
        if state.query is not self._query:
            self._begin_anew(state.query)
        app.previewing.look_at(preview_wanted(state.hit))
        self._pictures.fetch(state, self.unfolded)
        self.refresh_facts()  # pages offer what can be done
        app.window.show_search(state, self.unfolded, self._still(state), app.previewing.state)
        before, self._found = self._found, state.found
        sharpened = before is not None and state.found is not None and state.found is not before
        self._play(state.hit, sharpened=sharpened)
        app.window.scene.show_attribution(self._attribution(state.match))
        app.informing.show_search(state)
        app.asking.show_search(state)
        if state.found is not None and state.found.answer.can_be_sharpened and not state.stage.is_busy:
            self._sharpen.start()
        if state.remote.is_open and state.remote.cost is None:
            self._foresee.start()
        self.refresh_facts()

    def catch_up(self) -> None:
        """Show what came about while the window was away."""
        self.show_search(self._app.session.state)

    def refresh_facts(self) -> None:
        """Enable the actions that make sense now."""
        app, state = self._app, self._app.session.state
        hit, match, preview = state.hit, state.match, app.previewing.state
        app.window.actions_set.set_facts(
            Facts(
                has_place=bool(self._app.settings.capture_place),
                has_query=state.query is not None,
                has_region=state.query is not None and state.query.region is not None,
                has_clip=state.query is not None and state.query.clip is not None,
                searches_clip=state.query is not None and state.query.moments is not None,
                has_matches=bool(state.hits),
                has_match=hit is not None,
                has_guesses=any(not found.is_match for found in state.hits),
                has_film=self._loaded is not None and not self._is_clip,
                lacks_film=match is not None and match.film is None,
                has_scene=self._loaded is not None,
                has_own_copy=preview.own_copy is not None and (self._loaded is None or self._is_clip),
                lacks_preview=preview.stage is PreviewStage.FAILED,
                may_ask_remote=state.query is not None and state.query.is_askable and not state.is_busy,
                has_series=self._new_series() is not None,
                is_within=state.is_within,
                is_busy=state.is_busy,
                is_indexing=app.library.state.indexing is not None,
                is_full_screen=app.window.isFullScreen(),
                has_tray=app.presence.has_tray,
                has_recent=bool(app.remembering.searches),
            )
        )

    def toggle_guesses(self) -> None:
        """Unfold the guesses, or fold them."""
        self.unfolded = not self.unfolded
        self._app.change(show_guesses=self.unfolded)
        self.show_search(self._app.session.state)

    def keep_to_series(self) -> None:
        """Search the picture again in the series of the selected hit alone."""
        series = self._new_series()
        if series is not None:
            self._app.session.search_within(series)

    def play_own_copy(self) -> None:
        """Play the scene that the service found in the user's own copy of the episode."""
        hit = self._app.session.state.hit
        scene = self._app.previewing.take_own_copy()
        if scene is not None and hit is not None and hit.remote is not None:
            self._previewed, self._is_clip = hit.remote.scene, False
            self._load(scene)
            self.show_search(self._app.session.state)

    def refresh_still(self) -> None:
        """Show the picture of the selected hit, which has just come."""
        state = self._app.session.state
        if state.hit is not None and state.hit.here is None:
            self._app.window.scene.show_state(state, self._still(state), self._app.previewing.state)

    def preview(self, position: float) -> None:
        """Show the frame of the clip that the slider stands at, without searching it."""
        query = self._app.session.state.query
        if query is None or query.clip is None:
            return
        clip = query.clip
        self._app.operations.run(
            Lane.READING,
            lambda _progress: image_of(clip.picture_at(position)),
            self._app.window.card.show_frame,
            self._tell,
            key=CHOOSING_KEY,
        )

    def _new_series(self) -> Series | None:
        """Give the series of the selected hit, None where it is not known or alone is searched already."""
        state = self._app.session.state
        if state.hit is None or state.is_within:
            return None
        return series_of(state.hit, hit_words.title(state.hit))

    def _sharpen_soon(self) -> None:
        """Sharpen in the next turn of the event loop, after the frame has reached the screen."""
        if self._sharpen.isActive():
            self._sharpen.start(0)
            self._sharpen.setInterval(SHARPEN_AFTER_MS)

    def _begin_anew(self, query: Query | None) -> None:
        """Let go what belongs to another query; behind the tray nothing was shown in between."""
        self._query, self._hit, self._found = query, None, None
        self._app.previewing.look_at(None)
        self._unload()

    def _play(self, hit: Hit | None, *, sharpened: bool) -> None:
        """Load another scene; one that is only sharpened waits behind what the user does in it."""
        player = self._app.player
        scene = scene_of(hit)
        if scene is None:
            shows_it = hit is not None and hit.remote is not None and hit.remote.scene == self._previewed
            if self._is_clip and self._app.previewing.state.stage is PreviewStage.FAILED:
                shows_it = False  # it turned out to be cut
            if not shows_it:
                self._unload()
            return
        goes_on = sharpened or (hit is not None and self._hit is not None and is_same_scene(hit, self._hit))
        self._hit = hit
        in_hand = goes_on and player.handled and overlap(scene, self._loaded)
        if self._loaded is not None and (in_hand or is_nearly(scene, self._loaded)):
            self._loaded = replace(self._loaded, at_s=scene.at_s)  # what plays goes on
            player.set_match(scene.at_s)
        else:
            self._previewed, self._is_clip = None, False
            self._load(scene)
        self._outline(hit)

    def _play_preview(self, scene: Scene) -> None:
        """Load a clip; one of the same scene that has sound, too, goes on where the silent one was."""
        hit, player = self._app.session.state.hit, self._app.player
        if hit is None or hit.remote is None:
            return
        goes_on = self._is_clip and self._previewed == hit.remote.scene
        at_s, playing = player.at_s, player.playing
        self._previewed, self._is_clip = hit.remote.scene, True
        self._load(scene)
        if goes_on:
            player.seek(at_s)
            if not playing:
                player.pause()
        self.refresh_facts()

    def _unload(self) -> None:
        if self._loaded is not None:
            self._loaded, self._previewed, self._is_clip = None, None, False
            self._app.player.clear()

    def _load(self, scene: Scene) -> None:
        self._loaded = scene
        self._app.player.load(scene)

    def _outline(self, hit: Hit | None) -> None:
        """Have the player outline where in the matched frame the picture lies."""
        match, outline = None if hit is None else hit.here, self._app.player.outline
        if match is not None:
            outline.set_place(match.at_s, match.place, mirrored="mirrored" in match.hypothesis)

    def _still(self, state: SearchState) -> QImage:
        """Give the picture of the selected hit: of its pack, or what was fetched for the list."""
        hit = state.hit
        if hit is None:
            return QImage()
        data = state.thumbnail(hit)
        return QImage.fromData(data) if data else self._app.window.results.results.image(hit)

    def _attribution(self, match: Match | None) -> str:
        """Give the line that the licence of the demo's film asks for."""
        demo = self._app.demo
        shows_demo = demo is not None and match is not None and match.film == demo.film
        return demo.attribution if demo is not None and shows_demo else ""

    def _tell_of_film(self, sentence: str) -> None:
        """Tell why a film cannot be played; of a preview that is said in its place."""
        if self._app.previewing.state.stage is not PreviewStage.FAILED:
            self._app.window.notice.tell(sentence)

    def _tell(self, failure: Failure) -> None:
        if not failure.cancelled:
            self._app.window.notice.tell(failure.sentence)
