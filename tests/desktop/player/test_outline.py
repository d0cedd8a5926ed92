"""The picture's place in the frame is outlined while the scene is held at its matched frame."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.player import PlayerPanel, Scene
from desktop.player.outline import worth_outlining

CROP = ((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))
WHOLE = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
AT_S = 40 / 30


@pytest.fixture
def held(qtbot: QtBot, panel: PlayerPanel, long_gop: Path) -> PlayerPanel:
    """A panel that holds the matched frame of a scene."""
    panel.set_autoplay(False)
    with qtbot.waitSignal(panel.first_frame_shown, timeout=5000):
        panel.load(Scene(long_gop, 0.5, AT_S, 3.0))
    return panel


def brightness(panel: PlayerPanel, x: float, y: float) -> float:
    """The mean of three colours at a place of the picture, in shares of its sides."""
    area = panel.view.picture_rect()
    at = area.x() + round(x * area.width()), area.y() + round(y * area.height())
    colour = panel.view.grab().toImage().pixelColor(*at)
    return (colour.red() + colour.green() + colour.blue()) / 3


def test_outside_of_the_outline_the_frame_is_darker(held: PlayerPanel) -> None:
    before = brightness(held, 0.9, 0.9), brightness(held, 0.5, 0.6)
    held.outline.set_place(AT_S, CROP)
    assert held.view.outlined == (CROP, "Your picture")
    assert brightness(held, 0.9, 0.9) < 0.75 * before[0] or before[0] < 8
    assert brightness(held, 0.5, 0.6) == pytest.approx(before[1], abs=2)
    assert brightness(held, 0.25, 0.6) > 150


def test_it_goes_with_the_frame_and_comes_back(qtbot: QtBot, held: PlayerPanel) -> None:
    held.outline.set_place(AT_S, CROP, mirrored=True)
    assert held.view.outlined == (CROP, "Your picture, mirrored")
    held.step(10)
    qtbot.waitUntil(lambda: held.view.outlined is None)
    held.seek(AT_S)
    qtbot.waitUntil(lambda: held.view.outlined is not None)
    held.play()
    assert held.view.outlined is None


def test_a_whole_frame_is_not_outlined(held: PlayerPanel) -> None:
    held.outline.set_place(AT_S, WHOLE)
    assert held.view.outlined is None
    held.outline.set_place(AT_S, None)
    assert held.view.outlined is None


def test_only_parts_are_worth_it() -> None:
    assert worth_outlining(CROP)
    assert worth_outlining([(-0.2, -0.1), (0.8, 0.1), (0.85, 0.9), (-0.1, 1.0)])
    assert not worth_outlining(WHOLE)
    assert not worth_outlining([(-0.3, -0.3), (1.3, -0.3), (1.3, 1.3), (-0.3, 1.3)])
    assert not worth_outlining([(0.5, 0.5), (0.51, 0.5), (0.51, 0.51), (0.5, 0.51)])
