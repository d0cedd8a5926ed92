"""The demo without hands: a sample is searched, its scene is shown, the window is pictured."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import click
from PySide6.QtCore import QObject, QTimer

from desktop.app import Application, make_qt
from desktop.library.demo import find_demo
from desktop.start.places import Places
from desktop.state.query import SearchState, Stage
from desktop.window import words

#: Longest that the whole may take, on a slow and busy machine.
LIMIT_MS = 60_000

#: Time after the first frame for the thumbnails and the sharpened answer.
SETTLE_MS = 1200

WINDOW_SIZE = (1280, 800)


class DemoRun(QObject):
    """Watches one search from sample to scene."""

    def __init__(self, app: Application, screenshot: Path | None) -> None:
        super().__init__()
        self._app = app
        self._screenshot = screenshot
        self.code = 1
        app.player.first_frame_shown.connect(self._settle)
        app.session.observe(self._watch)
        self._limit = QTimer(self, singleShot=True, interval=LIMIT_MS)
        self._limit.timeout.connect(lambda: self._fail("The scene did not show within a minute."))
        self._limit.start()
        self._settled = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settled.timeout.connect(self._finish)

    def _watch(self, state: SearchState) -> None:
        if state.stage is Stage.FAILED:
            self._fail(state.failure)
        elif state.stage is Stage.NO_MATCH and self._app.library.state.packs:
            self._fail("The sample was not found in the demo's own pack.")

    def _settle(self) -> None:
        if not self._settled.isActive():
            self._settled.start()

    def _finish(self) -> None:
        state = self._app.session.state
        if state.match is None or state.found is None:
            self._fail("The scene was lost again.")
            return
        answer = state.found.answer
        click.echo(f"{state.origin}: {words.as_text(state.match)} ({words.verdict(state.match)})")
        click.echo(f"{words.frames(answer.frames_searched)} searched in {answer.elapsed_ms:.0f} ms")
        self.code = 0
        if self._screenshot is not None:
            self._screenshot.parent.mkdir(parents=True, exist_ok=True)
            if not self._app.window.grab().save(str(self._screenshot)):
                self._fail(f"{self._screenshot} could not be written.")
                return
            click.echo(f"The window: {self._screenshot}")
        self._app.leave()

    def _fail(self, sentence: str) -> None:
        click.echo(sentence, err=True)
        self.code = 1
        self._app.leave()


def run(screenshot: Path | None, theme: str) -> int:
    """Run the demo in folders of its own, so that it neither uses nor touches the user's."""
    demo = find_demo()
    if demo is None or not demo.samples:
        click.echo("The demo is missing from this installation. Install SceneLens anew.", err=True)
        return 1
    with tempfile.TemporaryDirectory(prefix="scenelens-demo-") as folder:
        base = Path(folder)
        qt = make_qt(sys.argv[:1])
        app = Application(qt, Places(base / "config", base / "data", base / "cache"), demo)
        app.set_theme(theme)
        app.window.resize(*WINDOW_SIZE)
        app.start([demo.samples[0].path])
        watcher = DemoRun(app, screenshot)
        qt.exec()
        app.dispose()
        return watcher.code
