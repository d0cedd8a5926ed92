"""The demo that ships: its pack is whole, of this format, of its film, and its samples are found in it."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path

import pytest

from index_tools.film import fingerprint
from index_tools.pack import ScenePack, verify_pack
from index_tools.picture import read_picture
from index_tools.search import Engine

DEMO = Path(__file__).parent.parent.parent / "resources" / "demo"
ABOUT = json.loads((DEMO / "demo.json").read_text("utf-8"))


def test_the_pack_is_whole_and_of_the_film(demo_pack: Path, demo_film: Path) -> None:
    assert verify_pack(demo_pack) == []
    with ScenePack.open(demo_pack) as pack:
        assert [video.fingerprint for video in pack.videos] == [fingerprint(demo_film)]
        assert "Blender Foundation" in pack.manifest.licence
        assert pack.film_path(0) is None, "the shipped pack must not know any machine's folders"


@pytest.mark.parametrize("sample", ABOUT["samples"], ids=lambda sample: str(sample["file"]))
def test_a_sample_is_found_at_its_second(sample: dict[str, str | float], demo_pack: Path) -> None:
    picture = read_picture(DEMO / str(sample["file"]))
    assert picture.rgb.shape[1] == 640
    with ScenePack.open(demo_pack) as pack, closing(Engine([pack])) as engine:
        best = engine.search(picture).best
    assert best is not None
    assert best.at_s == pytest.approx(sample["at_s"], abs=0.25)


def test_the_attribution_names_author_and_licence() -> None:
    assert "Blender Foundation" in ABOUT["attribution"]
    assert "CC BY 3.0" in ABOUT["attribution"]
