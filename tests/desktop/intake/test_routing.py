from __future__ import annotations

from pathlib import Path

import pytest

from desktop.intake.offers import Address, LocalFile, PictureBytes
from desktop.intake.routing import Given, is_film, sort_offers


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pack").mkdir()
    (tmp_path / "pack" / "manifest.json").write_text("{}")
    (tmp_path / "films").mkdir()
    for name in ("a.png", "b.png", "one.mkv", "two.MP4", "some.scenepack"):
        (tmp_path / name).touch()
    return tmp_path


def files(folder: Path, *names: str) -> tuple[LocalFile, ...]:
    return tuple(LocalFile(folder / name) for name in names)


def test_pictures(folder: Path) -> None:
    assert sort_offers(files(folder, "a.png")) == Given(files(folder, "a.png"))
    assert sort_offers(files(folder, "a.png", "b.png")) == Given(files(folder, "a.png"), left_out=1)


def test_one_film_is_opened_several_are_added(folder: Path) -> None:
    assert sort_offers(files(folder, "one.mkv")) == Given(files(folder, "one.mkv"))
    given = sort_offers(files(folder, "one.mkv", "two.MP4", "films"))
    assert given == Given(films=(folder / "films", folder / "one.mkv", folder / "two.MP4"))


def test_packs_are_opened(folder: Path) -> None:
    assert sort_offers(files(folder, "pack", "some.scenepack")).packs == (
        folder / "pack",
        folder / "some.scenepack",
    )
    assert sort_offers(files(folder, "pack")).query == ()


def test_other_ways_to_the_same_picture_stay(folder: Path) -> None:
    offers = (PictureBytes(b"x", "clipboard"), LocalFile(folder / "a.png"), Address("https://e.org"))
    assert sort_offers(offers) == Given(offers)


def test_film_names() -> None:
    assert is_film(Path("A.MKV"))
    assert not is_film(Path("a.gif"))
    assert sort_offers(()) == Given()


def test_a_picture_beside_a_pack_is_searched(folder: Path) -> None:
    given = sort_offers(files(folder, "some.scenepack", "a.png"))
    assert given.packs == (folder / "some.scenepack",)
    assert given.query == files(folder, "a.png")
