from __future__ import annotations

from index_tools.nouns import Match
from index_tools.search.matches import one_a_shot
from tests.index_tools.search.conftest import invented_film


def match(shot: int, at_s: float, pack_id: str = "a") -> Match:
    video = invented_film(1).video
    return Match(video, at_s, at_s, at_s, 1.0, 0.5, False, "as_is", pack_id, "pack", 0, shot)


def test_a_shot_stands_where_its_first_scene_does() -> None:
    scenes = [match(7, 90.0), match(2, 30.0), match(7, 60.0), match(7, 95.0, "b"), match(2, 33.0)]
    assert one_a_shot(scenes) == (scenes[0], scenes[1], scenes[3])
