"""Synthesised film: the same seed gives the same frames; shots move and differ."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from index_tools.training.art import Art, load_art
from index_tools.training.films import HEIGHT, FilmShot, SynthesisedFilm, draw_film, render


@pytest.fixture
def film(art: list[Art]) -> SynthesisedFilm:
    return draw_film(5, [a for a in art if not a.cut_out], [a for a in art if a.cut_out])


def test_a_film_is_drawn_from_its_seed(film: SynthesisedFilm, art: list[Art], reduced: Path) -> None:
    places, cast = [a for a in art if not a.cut_out], [a for a in art if a.cut_out]
    again = draw_film(5, places, cast)
    assert again == film
    assert draw_film(6, places, cast) != film
    load = partial(load_art, reduced)
    np.testing.assert_array_equal(render(film, 3, 0.4, load), render(again, 3, 0.4, load))


def test_frames_have_the_aspect_of_the_film(film: SynthesisedFilm, reduced: Path) -> None:
    for shot in range(len(film.shots)):
        frame = render(film, shot, 0.0, partial(load_art, reduced))
        assert frame.shape == (HEIGHT, round(HEIGHT * film.aspect), 3)
        assert frame.dtype == np.uint8


def test_shots_share_places_and_frames_of_a_shot_differ_less_than_shots(
    art: list[Art], reduced: Path
) -> None:
    load = partial(load_art, reduced)
    places, cast = [a for a in art if not a.cut_out], [a for a in art if a.cut_out]
    within, between = [], []
    for seed in range(4):
        film = draw_film(seed, places, cast)
        assert len({_name(shot) for shot in film.shots}) < len(film.shots)
        starts = [render(film, i, 0.0, load).astype(float) for i in range(6)]
        for i in range(5):
            within.append(np.abs(render(film, i, 0.1, load) - starts[i]).mean())
            between.append(np.abs(starts[i + 1] - starts[i]).mean())
    assert max(within) > 0
    assert np.mean(within) < 0.5 * np.mean(between)


def _name(shot: FilmShot) -> str:
    return str(shot.place) if isinstance(shot.place, int) else shot.place.file
