from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from desktop.start.places import find_places
from desktop.start.settings import VERSION, Settings, load, save


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "settings.json"
    settings = replace(Settings(), autoplay=False, volume=0.3, speed=1.5, theme="light", packs=("/a/b", "/ü"))
    save(path, settings)
    assert load(path) == (settings, "")
    assert [entry.name for entry in path.parent.iterdir()] == ["settings.json"]


def test_no_file_means_defaults_and_no_notice(tmp_path: Path) -> None:
    assert load(tmp_path / "none.json") == (Settings(), "")


@pytest.mark.parametrize(
    "text", ["{", "[]", '"x"', '{"version": "1"}', '{"version": 99, "theme": "light"}', "\0"]
)
def test_damaged_or_newer_file_is_kept_aside(tmp_path: Path, text: str) -> None:
    path = tmp_path / "settings.json"
    path.write_text(text)
    settings, notice = load(path)
    assert settings == Settings()
    assert "settings.kept.json" in notice
    assert (tmp_path / "settings.kept.json").read_text() == text
    save(path, settings)
    assert load(path) == (Settings(), "")


def test_golden_file_of_version_1(tmp_path: Path) -> None:
    """What was written by version 1 must be read by every later one."""
    path = tmp_path / "settings.json"
    path.write_text(
        '{"version": 1, "autoplay": false, "muted": false, "loop": false, "volume": 0.25, "speed": 0.5, '
        '"theme": "dark", "geometry": "AdnQ", "list_width": 400, "show_guesses": true, '
        '"picture_folder": "/p", "video_folder": "/v", "pack_folder": "/k", "packs": ["/one", "/two"], '
        '"use_demo": false}'
    )
    assert load(path) == (
        Settings(
            False,
            False,
            False,
            0.25,
            0.5,
            "dark",
            "AdnQ",
            400,
            True,
            "/p",
            "/v",
            "/k",
            ("/one", "/two"),
            False,
        ),
        "",
    )
    assert VERSION == 1


VALUES: tuple[object, ...] = (
    None,
    True,
    0,
    -1,
    10**30,
    0.5,
    -3.5,
    float("nan"),
    float("inf"),
    "",
    "dark",
    "ü\0",
    [],
    ["a"],
    [1],
    {},
)


@pytest.mark.parametrize("value", VALUES, ids=repr)
@pytest.mark.parametrize("field", [*Settings.__slots__, "other"])
def test_any_field_of_any_kind_loads(tmp_path: Path, field: str, value: object) -> None:
    path = tmp_path / "settings.json"
    path.write_text(json.dumps({field: value, "version": 1}))
    settings, notice = load(path)
    assert notice == ""
    assert 0.0 <= settings.volume <= 1.0
    assert 0.1 <= settings.speed <= 8.0
    assert settings.theme in ("system", "dark", "light")
    for name in Settings.__slots__:
        assert type(getattr(settings, name)) is type(getattr(Settings(), name))


def test_one_variable_moves_everything(tmp_path: Path) -> None:
    places = find_places({"SCENELENS_HOME": str(tmp_path)})
    for path in (places.settings_file, places.log_file, places.own_pack, places.cache):
        assert path.is_relative_to(tmp_path)
    elsewhere = find_places({})
    assert elsewhere.config.name == "scenelens"
