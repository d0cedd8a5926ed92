from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from index_tools.cli import commands
from index_tools.cli.search import clock, in_words
from index_tools.film import read_frame

KEYS = {
    "video", "title", "episode", "start_s", "at_s", "end_s", "similarity", "confidence", "is_match",
}  # fmt: skip


@pytest.fixture
def shot(demo_film: Path, tmp_path: Path) -> Path:
    path = tmp_path / "shot.png"
    Image.fromarray(read_frame(demo_film, 30.5).rgb).save(path)
    return path


def search(pack: Path, *words: object) -> Result:
    return CliRunner().invoke(commands, ["search", "--pack", str(pack), *map(str, words)])


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_picture_is_answered_in_one_line(demo_pack: Path, shot: Path) -> None:
    result = search(demo_pack, shot, "--json")
    assert result.exit_code == 0
    (line,) = lines(result)
    assert set(line) == {"query", "frames_searched", "elapsed_ms", "matches"}
    assert line["query"] == str(shot)
    assert line["frames_searched"] > 50
    assert line["elapsed_ms"] > 0
    assert 1 <= len(line["matches"]) <= 10
    for match in line["matches"]:
        assert set(match) == KEYS
        assert match["start_s"] <= match["at_s"] <= match["end_s"]
    best = line["matches"][0]
    assert best["is_match"] is True
    assert abs(best["at_s"] - 30.5) < 0.5


def test_pictures_are_answered_in_their_order_also_around_one_that_cannot_be_read(
    demo_pack: Path, shot: Path, tmp_path: Path
) -> None:
    text = tmp_path / "text.png"
    text.write_text("no picture")
    missing, black = tmp_path / "missing.png", tmp_path / "black.png"
    Image.fromarray(np.zeros((90, 160, 3), np.uint8)).save(black)
    result = search(demo_pack, text, shot, missing, black, "--json")
    assert result.exit_code == 2
    answers = lines(result)
    assert [line["query"] for line in answers] == [str(path) for path in (text, shot, missing, black)]
    for line in (answers[0], answers[2]):
        assert line["matches"] == []
        assert Path(line["query"]).name in line["error"]
        assert line["error"] in result.stderr
    assert answers[1]["matches"][0]["is_match"]
    assert not any(match["is_match"] for match in answers[3]["matches"])


def test_the_exit_status_tells_of_pictures_without_a_match(
    demo_pack: Path, shot: Path, tmp_path: Path
) -> None:
    black = tmp_path / "black.png"
    Image.fromarray(np.zeros((90, 160, 3), np.uint8)).save(black)
    assert search(demo_pack, shot, black, "--json").exit_code == 1
    assert search(demo_pack, shot, "--title", "no such title", "--json").exit_code == 1


def test_a_video_is_asked_by_one_of_its_frames(demo_pack: Path, demo_film: Path) -> None:
    result = search(demo_pack, demo_film, "--at", "61", "--json", "--limit", "1")
    assert result.exit_code == 0
    (line,) = lines(result)
    assert len(line["matches"]) == 1
    assert abs(line["matches"][0]["at_s"] - 61) < 1.0


def test_a_pack_twice_gives_each_scene_once(demo_pack: Path, shot: Path) -> None:
    result = search(demo_pack, "--pack", demo_pack, shot, "--json", "--no-refine")
    (line,) = lines(result)
    ranges = [(match["start_s"], match["end_s"]) for match in line["matches"]]
    assert len(set(ranges)) == len(ranges)


def test_people_get_a_table(
    demo_pack: Path, shot: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    result = search(demo_pack, shot, "--no-refine")
    assert result.exit_code == 0
    shown = " ".join(result.stdout.split())
    for words in ("00:00:3", "the same picture", "%", "frames of"):
        assert words in shown
    black = tmp_path / "black.png"
    Image.fromarray(np.zeros((90, 160, 3), np.uint8)).save(black)
    assert "no match" in search(demo_pack, black).stdout


def test_a_pack_that_is_none_is_an_error_in_words(tmp_path: Path, shot: Path, run_program: Any) -> None:
    done = run_program(
        "-c", "from index_tools.cli import main; main()", "search", "--pack", str(tmp_path), str(shot)
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert str(tmp_path) in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("seconds", "decimals", "text"),
    [
        (0, 0, "00:00:00"),
        (59.9999, 0, "00:00:59"),
        (3725.5, 3, "01:02:05.500"),
        (30.333333, 3, "00:00:30.333"),
    ],
)
def test_times_are_read_as_on_a_clock(seconds: float, decimals: int, text: str) -> None:
    assert clock(seconds, decimals) == text


def test_a_similarity_in_words_follows_the_number() -> None:
    assert len({in_words(similarity) for similarity in (1.0, 0.95, 0.85, 0.5)}) == 4


def test_a_gif_is_searched_whole_and_by_one_frame(demo_pack: Path, demo_film: Path, tmp_path: Path) -> None:
    frames = [Image.fromarray(read_frame(demo_film, 30.0 + number / 5, 320).rgb) for number in range(11)]
    gif = tmp_path / "clip.gif"
    frames[0].save(gif, save_all=True, append_images=frames[1:], duration=200)
    (whole,) = lines(search(demo_pack, gif, "--json"))
    best = whole["matches"][0]
    assert best["is_match"]
    assert best["start_s"] == pytest.approx(30.0, abs=0.5)
    assert best["end_s"] == pytest.approx(32.2, abs=0.5)
    (one,) = lines(search(demo_pack, gif, "--at", "1.0", "--json"))
    assert one["matches"][0]["at_s"] == pytest.approx(31.0, abs=0.5)


def test_a_stretch_of_a_long_video_is_searched_as_a_clip(demo_pack: Path, demo_film: Path) -> None:
    result = search(demo_pack, demo_film, "--at", "50", "--seconds", "2", "--json", "--no-refine")
    best = lines(result)[0]["matches"][0]
    assert best["start_s"] == pytest.approx(50.0, abs=0.5)
    assert best["end_s"] == pytest.approx(52.0, abs=0.5)
    # without a second a video of more than half a minute is asked by its first frame, which is black here
    assert search(demo_pack, demo_film, "--json", "--no-refine").exit_code == 1
