"""The right side: the scene that plays under its title, or the page that says why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.library.library import LibraryState
from desktop.state.query import SearchState, Stage
from desktop.window import words
from desktop.window.action_set import ActionSet
from desktop.window.message_page import MessagePage
from desktop.window.pieces import ElidedLabel, label, push_button
from index_tools.nouns import Match

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
        self._title = ElidedLabel("heading")
        self._title.setObjectName("sceneTitle")
        self._time = label("", "title")
        self._time.setObjectName("sceneTime")
        self._episode = ElidedLabel("muted")
        self._attribution = label("", "small", wrap=True)
        self._attribution.setObjectName("attribution")
        self._attribution.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.heading = self._make_heading(actions)
        self.busy = MessagePage("lens", push_button(actions["cancel"]), colour="accent")
        self.nothing = MessagePage(
            "nothing", push_button(actions["guesses"]), push_button(actions["add_videos"]),
            push_button(actions["open_pack"]),
        )  # fmt: skip
        self.failed = MessagePage(
            "warning",
            push_button(actions["paste"], "primary"),
            push_button(actions["open"]),
            colour="warning",
        )
        self.absent = MessagePage("film", push_button(actions["locate"], "primary"))
        self._pages = QStackedWidget()
        for page in (player, self.busy, self.nothing, self.failed, self.absent):
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

    def show_state(self, state: SearchState, still: QImage) -> None:
        """Show what a state asks for; `still` is the thumbnail of the selected match."""
        if not state.stage.is_busy:
            self._delay.stop()
        match = state.match
        if match is not None:
            self._show_match(match, still)
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
        self._attribution.setVisible(bool(text))

    def bare(self, bare: bool) -> None:
        """Show the player alone, for the full screen."""
        self.player.set_bare(bare)
        self.heading.setVisible(not bare)
        self._attribution.setVisible(not bare and bool(self._attribution.text()))

    def _show_match(self, match: Match, still: QImage) -> None:
        self._title.show_text(words.title(match.video))
        self._time.setText(words.span(match))
        parts = [words.episode(match.video), words.percent(match.similarity), words.verdict(match)]
        self._episode.show_text(" · ".join(part for part in parts if part))
        if match.film is not None:
            self._turn_to(self.player)
            return
        self.absent.say(
            self.tr("Found, but the film is not at hand"),
            self.tr(
                "The scene is at {0} of {1}.\nIf you have this very file, locate it and the scene plays."
            ).format(words.clock(match.at_s), match.video.file_name),
        )
        self.absent.show_still(still)
        self._turn_to(self.absent)

    def _say_nothing_found(self, state: SearchState) -> None:
        library = self._library
        if not library.films and not library.opening:
            self.nothing.say(
                self.tr("There is nothing to search yet"),
                self.tr("Add videos of your own, or open a pack that someone has made, and search again."),
            )
        else:
            searched = state.found.answer.frames_searched if state.found else 0
            text = self.tr("Compared with {0} of {1}, also mirrored and without borders.").format(
                words.frames(searched), words.films(library.films)
            )
            more = self.tr(
                "If it shows a page or a player around the film, draw a rectangle around the film on it."
            )
            self.nothing.say(self.tr("No scene is similar enough"), f"{text}\n{more}")
        self.nothing.hide_disabled()
        self._turn_to(self.nothing)

    def _say_busy(self, state: SearchState) -> None:
        if state.stage is Stage.READING:
            self.busy.say(self.tr("Reading the picture…"), state.origin)
        elif self._library.opening and not self._library.packs:
            self.busy.say(
                self.tr("Opening the library…"), self.tr("The search begins as soon as it is open.")
            )
        else:
            searched = words.frames(self._library.frames)
            self.busy.say(self.tr("Searching…"), self.tr("{0} are compared").format(searched))
        if not self._delay.isActive() and self.page is not self.busy:
            self._delay.start()

    def _turn_to(self, page: QWidget) -> None:
        has_heading = page is self.player or page is self.absent
        self.heading.setVisible(has_heading)
        self._pages.setCurrentWidget(page)

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
        second.addWidget(self._episode, 1)
        second.addWidget(push_button(actions["copy_result"], "quiet", self.tr("Copy")))
        second.addWidget(push_button(actions["search_shown"], "quiet", self.tr("Search this frame")))
        rows.addLayout(first)
        rows.addLayout(second)
        return heading
