"""Which series a hit belongs to, and which videos belong to a series."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.lookup.merged import Hit
from desktop.lookup.remote_answer import RemoteAnime
from desktop.state.series import Series, series_of
from tests.desktop.state.far_hands import make_far
from tests.desktop.state.hands import make_match

VIDEO = replace(make_match(1.0).video, title="Rabbit Tales", titles={"ja": "うさぎ物語"})
TALES = Series(5, ("うさぎ物語", "Rabbit Tales"))


def test_a_hit_of_both_has_the_names_and_the_number_of_both() -> None:
    here = replace(make_match(1.0), video=VIDEO)
    assert series_of(Hit(here), "うさぎ物語") == Series(0, ("うさぎ物語", "Rabbit Tales"))
    assert series_of(Hit(remote=make_far(1.0)), "Work 5") == Series(5, ("Work 5", "作品5"))
    both = series_of(Hit(here, make_far(1.0)), "Rabbit Tales")
    assert both == Series(5, ("Rabbit Tales", "うさぎ物語", "作品5", "Work 5"))


def test_a_file_of_which_only_the_name_is_known_belongs_to_none() -> None:
    here = replace(make_match(1.0), video=replace(VIDEO, title="", titles={}))
    assert series_of(Hit(here), "clip.mkv") is None
    far = replace(make_far(1.0), anime=RemoteAnime(None))
    assert series_of(Hit(remote=far), "clip.mkv") is None
    numbered = replace(here, video=replace(here.video, ids={"anilist": "7"}))
    assert series_of(Hit(numbered), "clip.mkv") == Series(7, ("clip.mkv",))


@pytest.mark.parametrize(
    ("video", "belongs"),
    [
        (VIDEO, True),
        (replace(VIDEO, titles={}, title="RABBIT-TALES"), True),
        (replace(VIDEO, ids={"anilist": "5"}, title="Another name", titles={}), True),
        (replace(VIDEO, ids={"anilist": "6"}), False),
        (replace(VIDEO, titles={}, title="Rabbit Tales II"), False),
        (replace(VIDEO, titles={}, title=""), False),
    ],
)
def test_numbers_decide_and_names_where_one_is_missing(video: object, belongs: bool) -> None:
    assert TALES.holds(video) is belongs  # type: ignore[arg-type]
