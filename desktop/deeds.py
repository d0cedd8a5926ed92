"""What each action does."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QGuiApplication, QImage

from desktop.intake.reading import query_of_film_frame, whole
from desktop.lookup.policy import AskWhen
from desktop.player import Scene
from desktop.state.running import Failure, Lane
from desktop.system.outside import Command, find_command, open_film, show_in_folder
from desktop.window import dialogs, hit_words, words
from desktop.window.keys_page import keys_page
from desktop.window.library_page import LibraryPage
from desktop.window.picture_view import image_at_full_size

if TYPE_CHECKING:
    from desktop.app import Application

#: Seconds of one step of the arrow keys, in the scene and in the whole film.
SEEK_S, SEEK_IN_FILM_S = 1.0, 5.0

VOLUME_STEP = 0.1

#: Speeds that the keys go through; the player offers the same.
SPEEDS = (0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0)


class Deeds(QObject):
    """Ties the actions to the objects of the application."""

    def __init__(self, app: Application) -> None:
        super().__init__(app)
        self._app = app
        self._was_maximized = False
        player, taking, session, window = app.player, app.taking, app.session, app.window
        window.actions_set.tie({
            "paste": taking.paste,
            "open": taking.open_picture,
            "capture": app.capturing.begin_from_window,
            "capture_again": app.capturing.again_from_window,
            "search_again": session.search_again,
            "whole_picture": lambda: session.search_region(None),
            "search_frame": lambda: session.search_position(window.card.chooser.position),
            "search_clip": lambda: session.search_clip(window.card.chooser.position, whole),
            "clip_back": lambda: window.card.chooser.step(-1),
            "clip_forward": lambda: window.card.chooser.step(1),
            "clear": session.clear,
            "cancel": self.cancel,
            "quit": app.presence.quit,
            "play": player.toggle_playing,
            "frame_back": lambda: player.step(-1),
            "frame_forward": lambda: player.step(1),
            "seek_back": lambda: self.seek(-1),
            "seek_forward": lambda: self.seek(1),
            "to_match": self.go_to_match,
            "mute": lambda: player.set_muted(not player.muted),
            "loop": lambda: player.set_loop(not player.loop),
            "autoplay": lambda: player.set_autoplay(not player.autoplay),
            "louder": lambda: self.change_volume(VOLUME_STEP),
            "quieter": lambda: self.change_volume(-VOLUME_STEP),
            "slower": lambda: self.change_speed(-1),
            "faster": lambda: self.change_speed(1),
            "whole_film": lambda: player.set_whole_film(not player.whole_film),
            "full_screen": self.toggle_full_screen,
            "outside": self.open_outside,
            "folder": self.show_folder,
            "copy_frame": self.copy_frame,
            "search_shown": self.search_shown,
            "next": lambda: window.results.step(1),
            "previous": lambda: window.results.step(-1),
            "guesses": app.showing.toggle_guesses,
            "copy_result": self.copy_result,
            "this_series": app.showing.keep_to_series,
            "all_series": lambda: session.search_within(None),
            "add_videos": taking.add_videos,
            "add_folder": taking.add_folder,
            "open_pack": taking.open_pack,
            "locate": taking.locate_film,
            "library": self.show_library,
            "stop_indexing": app.library.stop_adding,
            "ask_remote": session.ask_remote,
            "send_picture": session.send_picture,
            "own_copy": app.showing.play_own_copy,
            "retry_preview": app.previewing.retry,
            "remote_unsure": lambda: app.asking.choose(AskWhen.UNSURE),
            "remote_always": lambda: app.asking.choose(AskWhen.ALWAYS),
            "remote_never": lambda: app.asking.choose(AskWhen.NEVER),
            "show_adult": app.asking.toggle_adult,
            "online": app.asking.show_page,
            "details": app.asking.toggle_details,
            "theme_system": lambda: app.set_theme("system"),
            "theme_dark": lambda: app.set_theme("dark"),
            "theme_light": lambda: app.set_theme("light"),
            **app.habits.deeds,
            "menu": self.show_menu,
            "keys": lambda: keys_page(window, app.capturing.wanted).open(),
            "global_keys": app.capturing.show_keys,
            "doctor": self.show_doctor,
            "about": self.show_about,
        })  # fmt: skip
        self.mark_theme()
        app.habits.mark()
        app.asking.mark()
        player.full_screen_wanted.connect(self.toggle_full_screen)
        player.open_outside_wanted.connect(lambda _at_s: self.open_outside())
        player.show_in_folder_wanted.connect(self.show_folder)
        window.results.menu_wanted.connect(self.show_result_menu)

    def mark_theme(self) -> None:
        """Tick the theme in use."""
        self._app.window.actions_set[f"theme_{self._app.settings.theme}"].setChecked(True)

    def cancel(self) -> None:
        """Leave the full screen; without it stop the search under way."""
        if self._app.window.isFullScreen():
            self.toggle_full_screen()
        else:
            self._app.session.cancel()

    def seek(self, direction: int) -> None:
        """Go on or back."""
        player = self._app.player
        player.seek(player.at_s + direction * (SEEK_IN_FILM_S if player.whole_film else SEEK_S))

    def go_to_match(self) -> None:
        """Hold at the matched frame, to compare it with the picture."""
        scene = self._app.showing.scene
        if scene is not None:
            self._app.player.pause()
            self._app.player.seek(scene.at_s)

    def change_volume(self, by: float) -> None:
        """Raise or lower the volume; raising it ends the silence."""
        player = self._app.player
        player.set_volume(min(max(player.volume + by, 0.0), 1.0))
        if by > 0:
            player.set_muted(False)

    def change_speed(self, places: int) -> None:
        """Go to the next speed up or down."""
        player = self._app.player
        nearest = min(range(len(SPEEDS)), key=lambda place: abs(SPEEDS[place] - player.speed))
        player.set_speed(SPEEDS[min(max(nearest + places, 0), len(SPEEDS) - 1)])

    def toggle_full_screen(self) -> None:
        """Show the player alone on the whole screen, or come back."""
        window = self._app.window
        if window.isFullScreen():
            window.set_bare(False)
            window.showMaximized() if self._was_maximized else window.showNormal()
        elif self._app.showing.scene is not None:
            self._was_maximized = window.isMaximized()
            window.set_bare(True)
            window.showFullScreen()
        self._app.showing.refresh_facts()

    def open_outside(self) -> None:
        """Open the film in the user's own player at the second shown."""
        scene = self._app.showing.scene
        if scene is None:
            return
        at_s = self._app.player.at_s or scene.at_s
        self._app.player.pause()
        self._app.operations.run(
            Lane.READING,
            lambda _progress: find_command(scene.film, at_s),
            lambda command: self._has_player(scene, command),
            self._tell,
            key="outside",
        )

    def show_folder(self) -> None:
        """Show the film in the file manager."""
        scene = self._app.showing.scene
        if scene is not None and not show_in_folder(scene.film):
            self._app.window.notice.tell(
                self.tr("No file manager could be started. The film is {0}.").format(scene.film)
            )

    def copy_result(self) -> None:
        """Copy the result as text."""
        hit = self._app.session.state.hit
        if hit is not None:
            QGuiApplication.clipboard().setText(hit_words.as_text(hit))
            self._app.window.remark(self.tr("Copied: {0}").format(hit_words.as_text(hit)))

    def copy_frame(self) -> None:
        """Copy the frame shown, in full size."""
        scene = self._app.showing.scene
        if scene is None:
            return
        film, at_s = scene.film, self._app.player.at_s

        def work(_progress: object) -> QImage:
            from index_tools.film import read_frame

            return image_at_full_size(read_frame(film, at_s))

        self._app.operations.run(Lane.READING, work, self._has_frame, self._tell, key="copy")

    def search_shown(self) -> None:
        """Search the frame that the player shows."""
        scene = self._app.showing.scene
        if scene is not None:
            film, at_s = scene.film, self._app.player.at_s
            name = self.tr("{0} at {1}").format(scene.title or film.name, words.clock(at_s))
            self._app.session.open(name, lambda _progress: query_of_film_frame(film, at_s, name))

    def show_library(self) -> None:
        """Show the page of the library."""
        app = self._app
        page = LibraryPage(app.window, app.window.actions_set)
        page.pack_unwanted.connect(self._close_pack)
        page.absent_unwanted.connect(self._forget_pack)
        page.film_unwanted.connect(app.library.remove_film)
        forget = app.library.observe(page.show_library)
        page.finished.connect(lambda _code: forget())
        page.open()

    def show_menu(self) -> None:
        """Show the menu of everything below its button."""
        button = self._app.window.menu_button
        menu = self._app.window.menu
        corner = button.mapToGlobal(QPoint(button.width() - menu.sizeHint().width(), button.height() + 4))
        menu.popup(corner)

    def show_result_menu(self, at: QPoint) -> None:
        """Show what can be done with a result."""
        ids = ("play", "outside", "folder", "locate", "", "copy_result", "copy_frame", "search_shown")
        within = "all_series" if self._app.session.state.is_within else "this_series"
        menu = self._app.window.actions_set.context_menu((*ids, "", within))
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(at)

    def show_doctor(self) -> None:
        """Examine the machine in a worker, then show what was found."""
        from desktop.start.doctor import examine

        self._app.window.remark(self.tr("Examining this machine…"))
        places = self._app.places
        self._app.operations.run(
            Lane.NETWORK, lambda _progress: examine(places), self._has_examined, self._tell, key="doctor"
        )

    def show_about(self) -> None:
        """Say what this is."""
        from importlib.metadata import version

        attribution = self._app.demo.attribution if self._app.demo else ""
        rows = [
            (self.tr("SceneLens"), self.tr("Version {0}").format(version("scenelens")), ""),
            (self.tr("Licence"), self.tr("MIT; made with Qt (LGPL), PyAV, OpenCV, hnswlib and NumPy"), ""),
        ]
        if attribution:
            rows.append((self.tr("Demo film"), attribution, ""))
        dialogs.rows_page(self._app.window, self.tr("About SceneLens"), rows, "aboutPage").open()

    def _has_player(self, scene: Scene, command: Command | None) -> None:
        window = self._app.window
        if not open_film(scene.film, command):
            window.notice.tell(self.tr("No program could be started for {0}.").format(scene.film))
        elif command is None:
            window.notice.tell(
                self.tr("The film opens at its beginning: of the known players that can start at a second "
                        "(mpv, VLC, Celluloid, …) none is installed. The scene is at {0}.")
                .format(words.clock(scene.at_s))
            )  # fmt: skip
        else:
            window.remark(self.tr("Opened in {0}").format(command.player))

    def _has_frame(self, image: QImage) -> None:
        QGuiApplication.clipboard().setImage(image)
        self._app.window.remark(self.tr("The frame was copied as a picture"))

    def _has_examined(self, findings: object) -> None:
        from desktop.start.doctor import Finding

        assert isinstance(findings, tuple)
        marks = {"good": "✓", "limited": "!", "missing": "✕"}
        rows = [
            (f"{marks[row.state]}  {row.what}", row.how, row.remedy)
            for row in findings
            if isinstance(row, Finding)
        ]
        dialogs.rows_page(self._app.window, self.tr("What works on this machine"), rows, "doctorPage").open()

    def _close_pack(self, pack_id: str) -> None:
        library = self._app.library
        for pack in library.state.packs:
            if pack.pack_id == pack_id:
                self._app.forget_pack(pack.path)
        library.close_pack(pack_id)

    def _forget_pack(self, path: Path) -> None:
        self._app.forget_pack(path)
        self._app.library.forget_absent(path)

    def _tell(self, failure: Failure) -> None:
        if not failure.cancelled:
            self._app.window.notice.tell(failure.sentence)
