"""`scenelens search` as people and scripts use it, in a process of its own, against the stand-in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from desktop.start.places import find_places
from desktop.start.search_command import QUESTION, search
from desktop.start.search_lines import Outcome
from desktop.start.settings import Settings, load, save
from index_tools.cli.search import ALL_FOUND, SOME_ERROR, SOME_WITHOUT_MATCH
from index_tools.film import read_frame
from tests.desktop.state.far_hands import make_answer, make_far
from tests.desktop.state.hands import make_found, make_match
from tests.standins.server import Server
from tests.standins.tracemoe import tracemoe
from tests.standins.tracemoe_faults import FAULTS

KEYS = {
    "video", "title", "episode", "start_s", "at_s", "end_s", "similarity", "confidence", "is_match",
    "source", "pack", "anilist", "preview_video", "preview_image",
}  # fmt: skip


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    with tracemoe() as (made, _):
        monkeypatch.setenv("SCENELENS_TRACEMOE_URL", made.url)
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        yield made


@pytest.fixture
def shot(demo_film: Path, tmp_path: Path) -> Path:
    path = tmp_path / "shot.png"
    Image.fromarray(read_frame(demo_film, 36.0).rgb).save(path)
    return path


@pytest.fixture
def gif(demo_film: Path, tmp_path: Path) -> Path:
    """Four seconds of the demo film, from 34.0 s on."""
    path = tmp_path / "clip.gif"
    frames = [Image.fromarray(read_frame(demo_film, 34 + 0.2 * n, max_side=320).rgb) for n in range(20)]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=200)
    return path


@pytest.fixture
def noise(tmp_path: Path) -> Path:
    path = tmp_path / "noise.png"
    Image.fromarray(np.random.default_rng(1).integers(0, 255, (90, 160, 3), np.uint8)).save(path)
    return path


def wish(**changes: Any) -> None:
    save(find_places().settings_file, Settings(**changes))


def run(*words: object) -> Result:
    return CliRunner().invoke(search, list(map(str, words)))


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_what_is_found_here_is_not_asked_for(server: Server, shot: Path) -> None:
    wish(ask_remote="unsure")
    result = run(shot, "--json")
    assert result.exit_code == ALL_FOUND, result.output
    (line,) = lines(result)
    assert set(line) == {"query", "frames_searched", "elapsed_ms", "matches"}
    best = line["matches"][0]
    assert set(best) == KEYS
    assert (best["source"], best["pack"], best["is_match"]) == ("pack", "Big Buck Bunny", True)
    assert server.records == []


def test_what_is_not_found_here_is_asked_for(server: Server, shot: Path) -> None:
    wish(ask_remote="unsure", use_demo=False)
    (line,) = lines(run(shot, "--json"))
    best = line["matches"][0]
    assert set(best) == KEYS
    assert (best["source"], best["confidence"], best["is_match"]) == ("trace.moe", None, True)
    assert best["anilist"] == 900001
    assert abs(best["at_s"] - 36) < 0.1
    assert best["preview_video"].startswith(f"{server.url}/video/")
    assert best["preview_image"].startswith(f"{server.url}/image/")
    again = run(shot, "--json")
    assert lines(again)[0]["matches"] == line["matches"]
    assert len(server.asked("/search")) == 1


def test_a_gif_is_searched_whole_and_by_one_frame(server: Server, gif: Path) -> None:
    wish(ask_remote="never")
    (whole,) = lines(run(gif, "--json"))
    best = whole["matches"][0]
    assert best["is_match"]
    assert best["start_s"] == pytest.approx(34.0, abs=0.3)
    assert best["end_s"] == pytest.approx(38.0, abs=0.5)
    (one,) = lines(run(gif, "--at", "1.0", "--json"))
    assert one["matches"][0]["at_s"] == pytest.approx(35.0, abs=0.1)


def test_seconds_of_a_long_video_are_searched_as_a_clip(server: Server, demo_film: Path) -> None:
    wish(ask_remote="never")
    (clip,) = lines(run(demo_film, "--at", "30", "--seconds", "4", "--json"))
    best = clip["matches"][0]
    assert (best["start_s"], best["end_s"]) == (pytest.approx(30.0, abs=0.3), pytest.approx(34.0, abs=0.3))


def test_of_a_clip_the_service_gets_the_frame_in_the_middle(server: Server, gif: Path) -> None:
    wish(ask_remote="unsure", use_demo=False)
    (line,) = lines(run(gif, "--json"))
    best = line["matches"][0]
    assert (best["source"], best["is_match"]) == ("trace.moe", True)
    assert best["at_s"] == pytest.approx(36.0, abs=0.5)
    assert len(server.asked("/search")) == 1


def test_nothing_is_sent_without_a_word_of_the_user(server: Server, noise: Path) -> None:
    silent = run(noise, noise, "--json")
    assert silent.exit_code == SOME_WITHOUT_MATCH
    assert silent.stderr.count("you have not said yet") == 1
    wish(ask_remote="never")
    assert "trace.moe" not in run(noise, "--json").stderr
    wish(ask_remote="always")
    run(noise, "--json", "--local-only")
    assert server.records == []
    assert "33 numbers" in QUESTION


def test_the_question_is_asked_once_and_kept(
    server: Server, noise: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.start.search_command.on_terminal", lambda: True)
    result = CliRunner().invoke(search, [str(noise), "--json"], input="n\n")
    assert QUESTION in result.stderr
    assert load(find_places().settings_file)[0].ask_remote == "never"
    assert server.records == []
    wish()
    CliRunner().invoke(search, [str(noise), "--json"], input="y\n")
    assert load(find_places().settings_file)[0].ask_remote == "unsure"
    assert len(server.asked("/search")) == 1


def test_here_and_there_in_one_list(server: Server, shot: Path) -> None:
    wish(ask_remote="always")
    (line,) = lines(run(shot, "--json"))
    assert [match["source"] for match in line["matches"][:2]] == ["pack", "trace.moe"]
    assert line["frames_searched"] > 2000


def test_remote_only_asks_there_alone_whatever_was_wished(server: Server, shot: Path) -> None:
    wish(ask_remote="never")
    (line,) = lines(run(shot, "--json", "--remote-only"))
    assert {match["source"] for match in line["matches"]} == {"trace.moe"}
    (picture,) = lines(run(shot, "--json", "--send-picture", "--anilist", "900002"))
    assert server.asked("/search")[-1].headers["content-type"] == "image/jpeg"
    assert {match["anilist"] for match in picture["matches"] if match["source"] == "trace.moe"} == {900002}
    assert run(shot, "--local-only", "--remote-only").exit_code == 2


def test_trouble_there_leaves_what_was_found_here(server: Server, shot: Path, noise: Path) -> None:
    wish(ask_remote="always")
    server.fault_next("/search", FAULTS["500-index"], 2)
    result = run(shot, noise, "--json")
    found, lost = lines(result)
    assert found["matches"][0]["is_match"]
    assert "index is down" in found["error"]
    assert lost["matches"] == []
    assert result.exit_code == SOME_ERROR
    assert result.stderr.count("index is down") == 2


def test_people_get_a_table(server: Server, shot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    wish(ask_remote="always")
    shown = run(shot).stdout
    for words in (
        "Big Buck Bunny",
        "うさぎ物語",
        "trace.moe",
        "00:00:36",
        "100.0%",
        "98 of 100 searches left",
    ):
        assert words in shown


def test_it_needs_no_qt_and_explains_itself(server: Server, shot: Path, run_program: Any) -> None:
    program = "import sys; sys.modules['PySide6'] = None; from desktop.__main__ import main; main()"
    environment = {name: os.environ[name] for name in ("SCENELENS_TRACEMOE_URL", "PYTHON_KEYRING_BACKEND")}
    assert environment["SCENELENS_TRACEMOE_URL"] == server.url
    done = run_program("-c", program, "search", "--remote-only", "--json", str(shot))
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["matches"][0]["is_match"]
    missing = run_program("-c", program, "search", "--json", "nowhere.png")
    assert missing.returncode == SOME_ERROR
    assert "nowhere.png" in missing.stderr
    assert "Traceback" not in missing.stderr


def test_a_film_of_the_own_library_is_listed_whatever_the_service_says_of_it() -> None:
    match = make_match(30.0)
    video = replace(match.video, episode="3", ids={"anilist": "5"})
    here = make_found(replace(match, video=video, pack_id="own", film=None)).answer
    remote = make_answer(make_far(30.0, adult=True), make_far(90.0, adult=True))
    outcome = Outcome(here, remote, own_pack_id="own")
    assert [hit.here is not None for hit in outcome.hits] == [True]
    assert outcome.said == ("Left out as belonging to adult works: 1. The window can show them.",)
    assert Outcome(here, remote, own_pack_id="other").hits == ()


def test_two_processes_search_one_after_another(shot: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with tracemoe(search_s=0.3) as (server, _):
        monkeypatch.setenv("SCENELENS_TRACEMOE_URL", server.url)
        monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
        words = [sys.executable, "-m", "desktop", "search", str(shot), "--remote-only", "--json"]
        both = [subprocess.Popen(words, stdout=subprocess.PIPE, text=True) for _ in range(2)]
        answers = [json.loads(process.communicate(timeout=60)[0]) for process in both]
        assert [process.returncode for process in both] == [0, 0]
        assert all(answer["matches"][0]["source"] == "trace.moe" for answer in answers)
        statuses = [record.status for record in server.records if record.asked.path == "/search"]
    assert set(statuses) == {200}  # a second one beside the first would get 402
