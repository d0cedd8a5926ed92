"""What of a match plays."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.lookup.merged import Hit
from desktop.scenes import LONGEST_S, scene_of
from tests.desktop.state.hands import make_match

MATCH = replace(make_match(12.0), start_s=10.0, end_s=18.0, film=Path("film.mkv"))


def test_a_scene_plays_whole() -> None:
    scene = scene_of(Hit(MATCH))
    assert scene is not None
    assert (scene.start_s, scene.at_s, scene.end_s) == (10.0, 12.0, 18.0)


@pytest.mark.parametrize(
    ("at_s", "span"), [(200.0, (185.0, 215.0)), (12.0, (10.0, 27.0)), (399.0, (384.0, 400.0))]
)
def test_of_minutes_without_motion_only_the_moment_plays(at_s: float, span: tuple[float, float]) -> None:
    scene = scene_of(Hit(replace(MATCH, at_s=at_s, end_s=400.0)))
    assert scene is not None
    assert (scene.start_s, scene.end_s) == span
    assert scene.end_s - scene.start_s <= LONGEST_S


def test_what_is_not_at_hand_does_not_play() -> None:
    assert scene_of(None) is None
    assert scene_of(Hit(replace(MATCH, film=None))) is None
