"""Films and a panel for the tests of the player."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.player import PlayerPanel
from desktop.player.scene import Clock
from desktop.player.sound import Sound
from tests.desktop.player.player_films import ManualClock, make_film


@pytest.fixture(scope="session")
def long_gop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """120 frames at 30 fps with one key frame, and sound."""
    return make_film(tmp_path_factory.mktemp("films") / "long.mov", 120, sound=True)


@pytest.fixture
def clock() -> ManualClock:
    """A clock that the test moves."""
    return ManualClock()


@pytest.fixture
def make_panel(qtbot: QtBot) -> Iterator[Callable[..., PlayerPanel]]:
    """Makes panels that are shown, silent unless told otherwise, and taken down after the test."""
    panels = []

    def make(sound: Sound | None = None, clock: Clock | None = None) -> PlayerPanel:
        panel = PlayerPanel(sound=sound or Sound(), clock=clock)
        panels.append(panel)
        panel.resize(480, 360)
        qtbot.addWidget(panel)
        panel.show()
        return panel

    yield make
    for panel in panels:
        panel.shutdown()


@pytest.fixture
def panel(make_panel: Callable[..., PlayerPanel]) -> PlayerPanel:
    """A panel that plays by the machine's clock."""
    return make_panel()
