"""What is inside a page is looked for only where the plain readings lead to nothing."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index_tools.film import read_frame
from index_tools.pack import ScenePack
from index_tools.picture import Picture
from index_tools.search.engine import Engine
from tests.index_tools.page_pictures import video_site

AT_S = 26.0


@pytest.fixture
def engine(demo_film: Path) -> Engine:
    return Engine([ScenePack.open(demo_film.parent / "pack")])


def test_a_page_is_looked_into_and_its_match_refined(engine: Engine, demo_film: Path) -> None:
    page, _ = video_site(read_frame(demo_film, AT_S).rgb.copy(), np.random.default_rng(4))
    with engine.packs[0]:
        answer = engine.find(Picture.of(page, "page.png"))
        again = engine.refine(Picture.of(page, "page.png"), answer)
        engine.close()
    for one in (answer, again):
        assert one.best is not None
        assert one.best.hypothesis == "inner_picture"
        assert one.best.start_s <= AT_S <= one.best.end_s


def test_a_plain_picture_is_not_looked_into(
    engine: Engine, demo_film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked: list[Picture] = []

    def look(picture: Picture, _plain: object) -> tuple[()]:
        looked.append(picture)
        return ()

    monkeypatch.setattr("index_tools.search.readings.look_inside", look)
    with engine.packs[0]:
        plain = engine.search(read_frame(demo_film, AT_S))
        assert plain.best is not None
        assert not looked
        noise = np.random.default_rng(1).integers(0, 256, (90, 160, 3), np.uint8)
        assert engine.search(Picture.of(noise)).best is None
        assert len(looked) == 1
        engine.close()


def test_nothing_is_looked_into_where_there_is_nothing_to_search(monkeypatch: pytest.MonkeyPatch) -> None:
    def look(_picture: Picture, _plain: object) -> tuple[()]:
        raise AssertionError("looked into")

    monkeypatch.setattr("index_tools.search.readings.look_inside", look)
    picture = Picture.of(np.random.default_rng(1).integers(0, 256, (90, 160, 3), np.uint8))
    assert Engine().search(picture).matches == ()
