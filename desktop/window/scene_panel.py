"""The right side: the scene that plays under its title, or the page that says why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.library.library import LibraryState
from desktop.lookup.merged import Hit
from desktop.state.preview import PreviewStage, PreviewState
from desktop.state.query import SearchState, Stage
from desktop.state.remote import RemoteStage
from desktop.window import hit_words, words
from desktop.window.action_set import ActionSet
from desktop.window.message_page import MessagePage
from desktop.window.pieces import ElidedLabel, label, push_button
from desktop.window.remote_line import price, said, waiting

if TYPE_CHECKING:
    from desktop.player import PlayerPanel


class ScenePanel(QWidget):
    """Shows the selected match of a state; loading it into the player is the window's business."""

    #: A search that ends sooner never shows the page of waiting.
    DELAY_MS = 250

    def __init__(self, actions: ActionSet, player: PlayerPanel) -> None:
        super().__init__()
        self.player = player
        self._library = LibraryState()
        self._bare = False
        self._title = ElidedLabel("heading")
        self._title.setObjectName("sceneTitle")
        self._time = label("", "title")
        self._time.setObjectName("sceneTime")
        self._episode = ElidedLabel("muted")
        self._source = label("", "badge")
        self._source.setObjectName("source")
        self._preview = PreviewState()
        self._attribution = label("", "small", wrap=True)
        self._attribution.setObjectName("attribution")
        self._attribution.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.heading = self._make_heading(actions)
        self.busy = MessagePage("lens", push_button(actions["cancel"]), colour="accent")
        self.nothing = MessagePage(
            "nothing", push_button(actions["ask_remote"]), push_button(actions["send_picture"]),
            push_button(actions["guesses"]), push_button(actions["add_videos"]),
            push_button(actions["open_pack"]),
        )  # fmt: skip
        self.question = MessagePage(
            "outside",
            push_button(actions["remote_unsure"], "primary", self.tr("Ask in such cases")),
            push_button(actions["remote_always"], "", self.tr("Always ask")),
            push_button(actions["remote_never"], "", self.tr("Do not ask")),
            colour="accent",
        )
        self.fetching = MessagePage("lens", push_button(actions["own_copy"]), colour="accent")
        self.no_preview = MessagePage(
            "film", push_button(actions["own_copy"], "primary"), push_button(actions["retry_preview"])
        )
        self.failed = MessagePage(
            "warning",
            push_button(actions["paste"], "primary"),
            push_button(actions["open"]),
            colour="warning",
        )
        self.absent = MessagePage("film", push_button(actions["locate"], "primary"))
        self._pages = QStackedWidget()
        for page in (
            player, self.busy, self.nothing, self.failed, self.absent,
            self.question, self.fetching, self.no_preview,
        ):  # fmt: skip
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.heading)
        column.addWidget(self._pages, 1)
        column.addWidget(self._attribution)
        self._delay = QTimer(self, singleShot=True, interval=self.DELAY_MS)
        self._delay.timeout.connect(lambda: self._turn_to(self.busy))

    @property
    def page(self) -> QWidget | None:
        """The page that is shown."""
        return self._pages.currentWidget()

    def set_library(self, state: LibraryState) -> None:
        """Know what is searched, to say so."""
        self._library = state

    def show_state(self, state: SearchState, still: QImage, preview: PreviewState) -> None:
        """Show what a state asks for; `still` is the thumbnail of the selected hit."""
        self._preview = preview
        if not state.is_busy:
            self._delay.stop()
        hit = state.hit
        if hit is not None:
            self._delay.stop()
            self._show_hit(hit, still)
        elif state.stage is Stage.NO_MATCH and state.remote.is_busy:
            self.busy.say(self.tr("Nothing here is similar enough"), waiting(state.remote))
            self._wait()
        elif state.stage is Stage.NO_MATCH and state.remote.stage is RemoteStage.QUESTION:
            self._ask(state)
        elif state.stage is Stage.NO_MATCH:
            self._say_nothing_found(state)
        elif state.stage is Stage.FAILED:
            self.failed.say(self.tr("That did not work"), state.failure)
            self._turn_to(self.failed)
        elif state.stage.is_busy:
            self._say_busy(state)

    def show_attribution(self, text: str) -> None:
        """Show the line that the film's licence asks for, "" for none."""
        self._attribution.setText(text)
        self._frame_page()

    def bare(self, bare: bool) -> None:
        """Show the player alone, for the full screen."""
        self._bare = bare
        self.player.set_bare(bare)
        self._frame_page()

    def _show_hit(self, hit: Hit, still: QImage) -> None:
        self._title.show_text(hit_words.title(hit))
        self._time.setText(hit_words.span(hit))
        parts = [hit_words.episode(hit), hit_words.measure(hit), hit_words.verdict(hit)]
        self._episode.show_text(" · ".join(part for part in parts if part))
        self._source.setText(hit_words.source(hit))
        match = hit.here
        if match is not None and match.film is not None:
            self._turn_to(self.player)
            return
        if hit.remote is not None:
            self._show_preview(still)
            return
        assert match is not None
        self.absent.say(
            self.tr("Found, but the film is not at hand"),
            self.tr(
                "The scene is at {0} of {1}.\nIf you have this very file, locate it and the scene plays."
            ).format(words.clock(match.at_s), match.video.file_name),
        )
        self.absent.show_still(still)
        self._turn_to(self.absent)

    def _show_preview(self, still: QImage) -> None:
        """Show the preview, or how far it is, or why there is none."""
        preview = self._preview
        if preview.can_be_seen:
            self._turn_to(self.player)
        elif preview.stage is PreviewStage.FAILED:
            self.no_preview.say(self.tr("Found, but there is no preview"), preview.text)
            self.no_preview.show_still(still)
            self.no_preview.hide_disabled()
            self._turn_to(self.no_preview)
        else:
            self.fetching.say(self.tr("Fetching the preview…"), preview.text)
            self.fetching.show_still(still)
            self.fetching.hide_disabled()
            self._turn_to(self.fetching)

    def _ask(self, state: SearchState) -> None:
        """Ask, the first time, whether the service may be asked."""
        compared = f"{self._compared(state)}\n\n" if self._library.films else ""
        asked = self.tr(
            "The public service trace.moe would get 33 numbers that describe the picture's colours, never "
            "the picture itself; AniList would get the numbers of the works that are found."
        )
        text = f"{compared}{asked} {price(state.remote.cost)}".strip()
        self.question.say(self.tr("Ask trace.moe as well?"), text)
        self._turn_to(self.question)

    def _say_nothing_found(self, state: SearchState) -> None:
        library, told = self._library, said(state.remote, within=state.is_within)
        title, lines = self.tr("No scene is similar enough"), [""]
        if library.films or library.opening:
            more = self.tr(
                "If it shows a page or a player around the film, draw a rectangle around the film on it."
            )
            lines = [f"{self._compared(state)}\n{more}"]
        elif state.remote.stage is not RemoteStage.ANSWERED:
            title = self.tr("There is nothing to search yet")
            lines = [
                self.tr("Add videos of your own, or open a pack that someone has made, and search again.")
            ]
        self.nothing.say(title, "\n\n".join(line for line in (*lines, told) if line))
        self.nothing.hide_disabled()
        self._turn_to(self.nothing)

    def _compared(self, state: SearchState) -> str:
        """Say what was searched in vain."""
        searched = state.found.answer.frames_searched if state.found else 0
        within = state.query.within if state.query is not None else None
        if within is not None and not searched:
            return self.tr("No film here belongs to “{0}”.").format(within.shown)
        if within is not None:
            return self.tr("Compared with {0} of “{1}”, also mirrored and without borders.").format(
                words.frames(searched), within.shown
            )
        return self.tr("Compared with {0} of {1}, also mirrored and without borders.").format(
            words.frames(searched), words.films(self._library.films)
        )

    def _say_busy(self, state: SearchState) -> None:
        if state.stage is Stage.READING:
            self.busy.say(self.tr("Reading the picture…"), state.origin)
        elif state.stage is Stage.LOOKING:
            self.busy.say(
                self.tr("Looking more closely…"), self.tr("The picture is laid over the likeliest scenes")
            )
        elif self._library.opening and not self._library.packs:
            self.busy.say(
                self.tr("Opening the library…"), self.tr("The search begins as soon as it is open.")
            )
        elif state.query is not None and state.query.within is not None:
            self.busy.say(self.tr("Searching…"), self.tr("Only in {0}").format(state.query.within.shown))
        else:
            searched = words.frames(self._library.frames)
            self.busy.say(self.tr("Searching…"), self.tr("{0} are compared").format(searched))
        self._wait()

    def _wait(self) -> None:
        if not self._delay.isActive() and self.page is not self.busy:
            self._delay.start()

    def _turn_to(self, page: QWidget) -> None:
        self._pages.setCurrentWidget(page)
        self._frame_page()

    def _frame_page(self) -> None:
        """Show above and below the page what belongs there."""
        has_heading = self.page in (self.player, self.absent, self.fetching, self.no_preview)
        self.heading.setVisible(has_heading and not self._bare)
        self._attribution.setVisible(bool(self._attribution.text()) and not self._bare)

    def _make_heading(self, actions: ActionSet) -> QWidget:
        heading = QWidget()
        rows = QVBoxLayout(heading)
        rows.setContentsMargins(4, 0, 4, 0)
        rows.setSpacing(4)
        first = QHBoxLayout()
        first.setSpacing(16)
        first.addWidget(self._title, 1)
        first.addWidget(self._time)
        second = QHBoxLayout()
        second.setSpacing(4)
        second.addWidget(self._source)
        second.addSpacing(4)
        second.addWidget(self._episode, 1)
        self._own = push_button(actions["own_copy"], "quiet")
        second.addWidget(self._own)
        self._own.setVisible(self._own.isEnabled())
        actions["own_copy"].enabledChanged.connect(self._own.setVisible)
        second.addWidget(push_button(actions["copy_result"], "quiet", self.tr("Copy")))
        second.addWidget(push_button(actions["search_shown"], "quiet", self.tr("Search this frame")))
        rows.addLayout(first)
        rows.addLayout(second)
        return heading
