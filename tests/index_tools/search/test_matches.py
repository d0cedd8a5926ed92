from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from index_tools.nouns import Match
from index_tools.search.alignment import Alignment
from index_tools.search.confidence import Evidence
from index_tools.search.evidence import NEGATIVE, PLAIN, Proof
from index_tools.search.features import find_features
from index_tools.search.likeness import Likeness
from index_tools.search.looking import Found
from index_tools.search.matches import one_a_shot, proven
from index_tools.search.options import SearchOptions
from tests.index_tools.search.conftest import invented_film

PLACE = ((0.0, 0.0), (0.5, 0.0), (0.5, 0.5), (0.0, 0.5))


def match(shot: int, at_s: float, pack_id: str = "a") -> Match:
    video = invented_film(1).video
    return Match(video, at_s, at_s, at_s, 1.0, 0.5, False, "as_is", pack_id, "pack", 0, shot)


def test_a_shot_stands_where_its_first_scene_does() -> None:
    scenes = [match(7, 90.0), match(2, 30.0), match(7, 60.0), match(7, 95.0, "b"), match(2, 33.0)]
    assert one_a_shot(scenes) == (scenes[0], scenes[1], scenes[3])


@pytest.mark.parametrize(
    ("sureness", "likeness", "at_s"),
    [(0.6, 0.8, 12.0), (0.6, 0.97, 17.0), (0.9, 0.8, 17.0), (0.2, 0.4, 12.0)],
)
def test_the_frame_stays_where_the_first_step_saw_it_until_the_film_shows_it(
    sureness: float, likeness: float, at_s: float
) -> None:
    frame = find_features(np.random.default_rng(1).integers(0, 255, (90, 160), dtype=np.uint8), 160, 50)
    evidence = Evidence(0.5, 3, 0.5, likeness, likeness, 0.5, 40, 0.3, of_film=True)
    alike = Likeness(middle=likeness, same=0.5, blocks=40, overall=likeness)
    laid = Alignment(np.eye(3), inliers=5, cells=3, pairs=9)
    proof = Proof(laid, alike, PLAIN, evidence, sureness, frame)
    scene = replace(match(7, 12.0), start_s=10.0, end_s=14.0)
    found = proven(scene, Found(0, proof, 17.0, 9.0, 20.0, PLACE), SearchOptions())
    assert found.at_s == at_s
    assert (found.start_s, found.end_s) == ((10.0, 14.0) if at_s == 12.0 else (9.0, 20.0))
    assert found.place == PLACE
    assert found.confidence == sureness
    assert found.is_match == (sureness >= SearchOptions().threshold)


@pytest.mark.parametrize(
    ("read_as", "variant", "named"),
    [("inverted", PLAIN, "as_is"), ("as_is", NEGATIVE, "inverted"), ("inverted", NEGATIVE, "inverted")],
)
def test_a_picture_is_named_for_how_it_was_laid_over_the_frame(
    read_as: str, variant: int, named: str
) -> None:
    frame = find_features(np.random.default_rng(1).integers(0, 255, (90, 160), dtype=np.uint8), 160, 50)
    evidence = Evidence(0.5, 3, 0.5, 0.9, 0.9, 0.5, 40, 0.3, of_film=True)
    laid, alike = Alignment(np.eye(3), inliers=5, cells=3, pairs=9), Likeness(0.9, 0.5, 40, 0.9)
    found = Found(0, Proof(laid, alike, variant, evidence, 0.9, frame), 12.0, 9.0, 20.0, PLACE)
    assert proven(replace(match(7, 12.0), hypothesis=read_as), found, SearchOptions()).hypothesis == named
