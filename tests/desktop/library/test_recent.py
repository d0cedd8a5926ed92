"""The last searches on disk."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from desktop.library import recent
from desktop.library.recent import LIST, MOST, RecentSearch
from index_tools.picture import Picture, read_picture


def picture(shade: int = 100, width: int = 1280) -> Picture:
    rgb = np.full((720, width, 3), shade, np.uint8)
    rgb[:, : width // 2] //= 2
    return Picture.of(rgb, "test")


def search(origin: str, title: str = "") -> RecentSearch:
    return RecentSearch(Path(), origin, title, "0:01:02" if title else "")


def test_what_is_remembered_is_there_the_next_time_newest_first(tmp_path: Path) -> None:
    folder = tmp_path / "recent"
    recent.add(folder, picture(), search("one.png"))
    kept = recent.add(folder, picture(), search("two.png", "Night Train"))
    assert recent.load(folder) == kept
    assert [one.name for one in kept] == ["Night Train · 0:01:02", "one.png"]
    small = read_picture(kept[0].picture, origin="x")
    assert (small.width, small.height) == (640, 360)
    assert abs(int(small.rgb[100, 500, 0]) - 100) < 4


def test_it_is_bounded_on_disk_too(tmp_path: Path) -> None:
    for number in range(MOST + 3):
        recent.add(tmp_path, picture(width=64), search(f"{number}.png"))
    kept = recent.load(tmp_path)
    assert [one.origin for one in kept] == [f"{number}.png" for number in range(MOST + 2, 2, -1)]
    assert len(list(tmp_path.glob("*.jpg"))) == MOST


def test_forgetting_leaves_nothing(tmp_path: Path) -> None:
    folder = tmp_path / "recent"
    recent.add(folder, picture(), search("one.png"))
    recent.forget(folder)
    assert not folder.exists()
    recent.forget(folder)


def test_golden_list_of_version_1(tmp_path: Path) -> None:
    (tmp_path / "ab.jpg").write_bytes(b"x")
    (tmp_path / LIST).write_text(
        '{"version": 1, "searches": [{"picture": "ab.jpg", "origin": "a.png", "title": "場面", '
        '"clock": "0:00:01", "searched_at": 1.5}]}'
    )
    assert recent.load(tmp_path) == (RecentSearch(tmp_path / "ab.jpg", "a.png", "場面", "0:00:01", 1.5),)


@pytest.mark.parametrize(
    "text",
    ["", "[]", '{"version": 2, "searches": []}', '{"version": 1, "searches": 3}', "\0" * 100_000],
)
def test_a_damaged_or_newer_list_is_neither_read_nor_overwritten(tmp_path: Path, text: str) -> None:
    (tmp_path / LIST).write_text(text)
    assert recent.load(tmp_path) == ()
    assert recent.add(tmp_path, picture(width=64), search("a.png")) == ()
    assert (tmp_path / LIST).read_text() == text
    assert list(tmp_path.glob("*.jpg")) == []


@pytest.mark.parametrize("name", ["../secret.jpg", "/etc/passwd", "a.png", "", 3])
def test_no_picture_outside_of_the_folder_is_named(tmp_path: Path, name: object) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"x")
    folder = tmp_path / "recent"
    folder.mkdir()
    entry = {"picture": name, "origin": "a", "title": "", "clock": "", "searched_at": 1}
    (folder / LIST).write_text(json.dumps({"version": 1, "searches": [entry, 3, None]}))
    assert recent.load(folder) == ()
