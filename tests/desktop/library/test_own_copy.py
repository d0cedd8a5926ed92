"""The very episode that the service found, told from others of the library."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop.library.own_copy import is_same_episode
from index_tools.nouns import Video
from tests.desktop.state.far_hands import make_far

FAR = make_far(300.0)
VIDEO = Video("work 5 - 03.mkv", 1, "print", 1441.2, 34000, 24.0, 640, 360, "Work 5", 1, "03")


@pytest.mark.parametrize(
    "video",
    [
        VIDEO,
        replace(VIDEO, episode="3", title="WORK-5"),
        replace(VIDEO, title="Other name", titles={"ja": "作品5"}),
        replace(VIDEO, title="Other name", ids={"anilist": "5"}),
    ],
)
def test_series_episode_and_length_agree(video: Video) -> None:
    assert is_same_episode(video, FAR)


@pytest.mark.parametrize(
    "video",
    [
        replace(VIDEO, episode="04"),
        replace(VIDEO, duration_s=1443.0),
        replace(VIDEO, title="Another work"),
        replace(VIDEO, title="", titles={}),
        replace(VIDEO, ids={"anilist": "6"}),
    ],
)
def test_anything_else_is_another_film(video: Video) -> None:
    assert not is_same_episode(video, FAR)


def test_without_a_length_nobody_knows() -> None:
    assert not is_same_episode(VIDEO, replace(FAR, duration_s=None))
    assert is_same_episode(replace(VIDEO, episode=""), replace(FAR, episode=""))
    assert is_same_episode(replace(VIDEO, episode="01-02"), replace(FAR, episode="1-2"))
