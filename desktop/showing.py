"""From the state of the search to what is on screen and in the player."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QImage

from desktop.actions import Facts
from desktop.player import Scene
from desktop.state.query import Found, SearchState
from desktop.state.running import Failure, Lane
from desktop.window import words
from desktop.window.picture_view import image_of
from desktop.window.result_model import key_of
from index_tools.nouns import Match

if TYPE_CHECKING:
    from desktop.app import Application

CHOOSING_KEY = "choosing"

#: A sharpened scene of which the ends moved by less, or the matched frame within it, is the same scene:
#: the player goes on undisturbed.
SAME_ENDS_S = 0.02
SAME_FRAME_S = 0.25

#: The answer is sharpened when the scene's first frame is on screen, or after so long without one: both
#: decode the film, and the frame is what the user waits for.
SHARPEN_AFTER_MS = 600

#: Longest side of a thumbnail taken from a film, in pixels.
THUMBNAIL_SIDE = 224


class Showing(QObject):
    """Shows each new state; loads the player when another scene is selected."""

    def __init__(self, app: Application) -> None:
        super().__init__(app)
        self._app = app
        self._loaded: Scene | None = None
        self._found: Found | None = None
        self.unfolded = app.settings.show_guesses
        app.window.results.match_chosen.connect(app.session.select)
        app.window.results.fold_wanted.connect(self.toggle_guesses)
        app.window.card.region_wanted.connect(app.session.search_region)
        app.window.card.position_wanted.connect(self.preview)
        self._sharpen = QTimer(self, singleShot=True, interval=SHARPEN_AFTER_MS)
        self._sharpen.timeout.connect(app.session.sharpen)
        app.player.first_frame_shown.connect(self._sharpen_soon)
        app.player.failed.connect(lambda sentence: app.window.notice.tell(sentence))

    @property
    def scene(self) -> Scene | None:
        """The scene in the player."""
        return self._loaded

    def show_search(self, state: SearchState) -> None:
        """Show a state of the search."""
        app = self._app
        self._fetch_thumbnails(state)
        app.window.show_search(state, self.unfolded, self._still(state))
        before, self._found = self._found, state.found
        sharpened = before is not None and state.found is not None and state.found is not before
        self._play(state.match, sharpened=sharpened)
        app.window.scene.show_attribution(self._attribution(state.match))
        if state.found is not None and not state.found.answer.refined and not state.stage.is_busy:
            self._sharpen.start()
        self.refresh_facts()

    def refresh_facts(self) -> None:
        """Enable the actions that make sense now."""
        app, state = self._app, self._app.session.state
        match = state.match
        app.window.actions_set.set_facts(
            Facts(
                has_query=state.query is not None,
                has_region=state.query is not None and state.query.region is not None,
                has_clip=state.query is not None and state.query.clip is not None,
                searches_clip=state.query is not None and state.query.moments is not None,
                has_matches=bool(state.matches),
                has_match=match is not None,
                has_guesses=any(not found.is_match for found in state.matches),
                has_film=match is not None and match.film is not None,
                lacks_film=match is not None and match.film is None,
                is_busy=state.stage.is_busy,
                is_indexing=app.library.state.indexing is not None,
                is_full_screen=app.window.isFullScreen(),
            )
        )

    def toggle_guesses(self) -> None:
        """Unfold the guesses, or fold them."""
        self.unfolded = not self.unfolded
        self._app.change(show_guesses=self.unfolded)
        self.show_search(self._app.session.state)

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

    def _sharpen_soon(self) -> None:
        """Sharpen in the next turn of the event loop, after the frame has reached the screen."""
        if self._sharpen.isActive():
            self._sharpen.start(0)
            self._sharpen.setInterval(SHARPEN_AFTER_MS)

    def _play(self, match: Match | None, *, sharpened: bool) -> None:
        """Load another scene; one that is only sharpened waits behind what the user does in it."""
        player = self._app.player
        if match is None or match.film is None:
            if self._loaded is not None:
                self._loaded = None
                player.clear()
            return
        scene = Scene(match.film, match.start_s, match.at_s, match.end_s, words.title(match.video))
        in_hand = sharpened and player.handled and _overlap(scene, self._loaded)
        if not in_hand and not _is_same(scene, self._loaded):
            self._loaded = scene
            player.load(scene)
        player.outline.set_place(match.at_s, match.place, mirrored="mirrored" in match.hypothesis)

    def _still(self, state: SearchState) -> QImage:
        if state.match is None or state.selected is None or state.found is None:
            return QImage()
        pictures = state.found.thumbnails
        data = pictures[state.selected] if state.selected < len(pictures) else None
        return QImage.fromData(data) if data else QImage()

    def _attribution(self, match: Match | None) -> str:
        """Give the line that the licence of the demo's film asks for."""
        demo = self._app.demo
        shows_demo = demo is not None and match is not None and match.film == demo.film
        return demo.attribution if demo is not None and shows_demo else ""

    def _fetch_thumbnails(self, state: SearchState) -> None:
        """Take from the film what the pack has no picture of."""
        results, found = self._app.window.results, state.found
        if found is None:
            return
        for match, data in zip(state.matches, found.thumbnails, strict=False):
            if data is None and match.film is not None and results.results.lacks_image(match):
                self._fetch(match)

    def _fetch(self, match: Match) -> None:
        key, film, at_s = key_of(match), match.film, match.at_s

        def work(_progress: object) -> QImage:
            from index_tools.film import read_frame

            assert film is not None
            return image_of(read_frame(film, at_s, max_side=THUMBNAIL_SIDE))

        self._app.operations.run(
            Lane.THUMBNAILS,
            work,
            lambda image: self._app.window.results.show_thumbnail(key, image),
            lambda _failure: None,  # the sign of a film stays in its place
            key=f"thumbnail {key}",
        )

    def _tell(self, failure: Failure) -> None:
        if not failure.cancelled:
            self._app.window.notice.tell(failure.sentence)


def _is_same(one: Scene, other: Scene | None) -> bool:
    if other is None or one.film != other.film:
        return False
    ends = max(abs(one.start_s - other.start_s), abs(one.end_s - other.end_s))
    return ends < SAME_ENDS_S and abs(one.at_s - other.at_s) < SAME_FRAME_S


def _overlap(one: Scene, other: Scene | None) -> bool:
    if other is None:
        return False
    return one.film == other.film and one.start_s < other.end_s and other.start_s < one.end_s
