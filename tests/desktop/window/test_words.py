from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QLocale

from desktop.library.own_pack import Added, Indexing
from desktop.window import words
from index_tools.nouns import Match
from tests.desktop.state.hands import make_match


@pytest.fixture(autouse=True)
def english() -> None:
    QLocale.setDefault(QLocale(QLocale.Language.English))


def match(**changes: object) -> Match:
    return replace(make_match(754.2), **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0, "0:00:00"), (59.999, "0:00:59"), (60, "0:01:00"), (754.25, "0:12:34"), (3600, "1:00:00"),
     (-1, "0:00:00"), (36000, "10:00:00"), (0.9999999, "0:00:01")],
)  # fmt: skip
def test_clock(seconds: float, text: str) -> None:
    assert words.clock(seconds) == text


def test_span() -> None:
    assert words.span(match()) == "0:12:33 – 0:12:35"
    assert words.span(match(start_s=10.1, end_s=10.8)) == "0:00:10"


@pytest.mark.parametrize(
    ("similarity", "text"),
    [(1.0, "100.0 % similar"), (0.99999, "99.9 % similar"), (0.9, "90.0 % similar"), (0, "0.0 % similar")],
)
def test_similarity_is_never_rounded_up(similarity: float, text: str) -> None:
    assert words.similar(similarity) == text


@pytest.mark.parametrize(("confidence", "text"), [(1.0, "99 % sure"), (0.986, "98 % sure"), (0, "0 % sure")])
def test_nothing_is_quite_certain(confidence: float, text: str) -> None:
    assert words.sure(confidence) == text


def test_verdict() -> None:
    assert words.verdict(match(similarity=0.99)) == "Same frame"
    assert words.verdict(match(similarity=0.96)) == "Very close"
    assert words.verdict(match(similarity=0.1)) == "Same scene"
    assert words.verdict(match(similarity=0.99, is_match=False)) == "Only a guess"


def test_result_as_text() -> None:
    video = replace(match().video, title="葬送のフリーレン", season=1, episode="05-06")
    assert words.as_text(match(video=video)) == (
        "葬送のフリーレン · Season 1 · Episode 05-06 · 0:12:33 – 0:12:35 · 90 % sure"
    )
    untitled = replace(video, title="", season=None, episode="")
    assert words.as_text(match(video=untitled)).startswith("film-0.mkv · 0:12")


def test_counts_and_durations() -> None:
    assert words.films(1) == "1 film"
    assert words.frames(1234567) == "1,234,567 frames"
    assert [words.duration(s) for s in (40, 89, 720, 12600)] == ["40 s", "89 s", "12 min", "3.5 h"]


def test_added() -> None:
    assert words.added(Added(2)) == "2 films were added and can be searched now."
    assert "already" in words.added(Added(0))
    one = words.added(Added(1, ((Path("/a.mkv"), "It holds no video."),)))
    assert one == "1 film was added. a.mkv was left out: It holds no video."
    assert words.added(Added(0, ((Path("a"), "x."), (Path("b"), "y.")))).endswith("So were 1 more.")
    flawed = words.added(Added(1, warnings=("a.mkv has a gap.", "a.mkv ends early.")))
    assert flawed == "1 film was added and can be searched now. a.mkv has a gap. (and 1 more like this)"
    assert "Stopped" in words.added(Added(0, stopped=True))


def test_indexing() -> None:
    assert words.indexing(Indexing()) == "Getting ready to read the films"
    assert words.indexing(Indexing("", 3, 3, 1.0, 38.4, writing=True)) == "Writing the library"
    assert (
        words.indexing(Indexing("a.mkv", 1, 3, 0.4, 38.4, 600))
        == "a.mkv · 1 of 3 · 38 × real time · 10 min left"
    )
    assert "finished films are kept" in words.indexing(Indexing("a.mkv", stopping=True))
