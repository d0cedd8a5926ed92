"""From a picture to the playing scene, on a real X server; then what a bad day brings."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from index_tools.pack import ScenePack
from index_tools.picture import Picture
from index_tools.search import Engine
from tests.journeys.index_command import IndexCommand
from tests.journeys.small_films import picture_of, write_film
from tests.journeys.window_program import WindowProgram, copy_to_clipboard
from tests.manners.programs import RunProgram

pytestmark = pytest.mark.x11

SAMPLES = Path(__file__).parent.parent.parent / "resources" / "demo" / "samples"


@pytest.fixture
def demo_engine(demo_pack: Path) -> Iterator[Engine]:
    """The engine with the demo's pack, to recognise what is on the screen."""
    with ScenePack.open(demo_pack) as pack, closing(Engine([pack])) as engine:
        yield engine


def plays_scene(program: WindowProgram, engine: Engine, start_s: float, end_s: float) -> bool:
    """Whether the player plays the film within that range, recognised from the screen itself.

    Two looks show two frames: the first page has pictures of the film too, which stand still.
    """
    times_s: list[float] = []
    for _ in range(2):
        best = engine.search(Picture.of(program.seen(), "screen")).best
        if best is None or not start_s <= best.at_s <= end_s:
            return False
        times_s.append(best.at_s)
        program.xdotool("sleep", "0.2")
    return times_s[0] != times_s[1]


def moves(program: WindowProgram) -> bool:
    """Whether the picture in the player changes within a fifth of a second."""
    before = program.seen().astype(np.int16)
    program.xdotool("sleep", "0.2")
    return float(np.abs(program.seen() - before).mean()) > 0.3


def test_a_pasted_picture_plays_its_scene(demo_engine: Engine) -> None:
    picture = io.BytesIO()
    Image.open(SAMPLES / "mirrored.jpg").save(picture, "PNG")
    with WindowProgram() as program:
        copy_to_clipboard("image/png", picture.getvalue())
        program.press("ctrl+v")
        program.wait_until(lambda: plays_scene(program, demo_engine, 22, 35), "the scene plays")
        program.press("space")
        program.wait_until(lambda: not moves(program), "it pauses")
        program.press("space")
        program.wait_until(lambda: moves(program), "it plays again")
        assert program.quit() == 0
    assert program.messages == ""


def test_a_file_named_on_the_command_line_plays_its_scene(demo_engine: Engine) -> None:
    with WindowProgram([SAMPLES / "black-bars.jpg"]) as program:
        program.wait_until(lambda: plays_scene(program, demo_engine, 40, 73), "the scene plays")
        assert program.quit() == 0
    assert program.messages == ""


def test_a_copied_file_is_searched(demo_engine: Engine) -> None:
    with WindowProgram() as program:
        copy_to_clipboard("text/uri-list", (SAMPLES / "close-up.jpg").as_uri().encode() + b"\r\n")
        program.press("ctrl+v")
        program.wait_until(lambda: plays_scene(program, demo_engine, 33, 38), "the scene plays")
        assert program.quit() == 0


def test_a_film_deleted_while_it_plays_and_no_sound_device(
    tmp_path: Path, index_command: IndexCommand
) -> None:
    film, pack, query = tmp_path / "Loud River - 01.mp4", tmp_path / "loud.pack", tmp_path / "query.png"
    write_film(film, [71, 72, 73], sound=True)
    assert index_command.raw(["build", "--out", pack, film]).returncode == 0
    Image.fromarray(picture_of(72, 10)).resize((640, 360)).save(query)
    # No server and no device: what sound needs is not there, as on many a machine.
    silent = {"PULSE_SERVER": "unix:/nowhere", "XDG_RUNTIME_DIR": str(tmp_path)}
    with WindowProgram([pack], **silent) as program:
        copy_to_clipboard("text/uri-list", query.as_uri().encode() + b"\r\n")
        program.press("ctrl+v")
        program.wait_until(lambda: moves(program), "the scene plays without sound")
        program.press("m", "plus", "m")
        film.unlink()
        program.press("period", "comma", "Right", "Left", "w", "space", "space", "F5")
        program.wait_until(lambda: program.is_running, "it lives on")
        program.xdotool("sleep", "1.5")
        program.press("w", "bracketright", "f", "Escape", "F5")
        program.xdotool("sleep", "0.5")
        assert program.is_running
        assert program.quit() == 0
    assert "Traceback" not in program.messages


@pytest.mark.parametrize("content", [b"", b"this is no picture\n" * 50], ids=["empty", "text"])
def test_a_file_that_is_no_picture_harms_nothing(content: bytes, tmp_path: Path, demo_engine: Engine) -> None:
    bad = tmp_path / "holiday.png"
    bad.write_bytes(content)
    with WindowProgram([bad]) as program:
        program.xdotool("sleep", "1")
        copy_to_clipboard("text/uri-list", (SAMPLES / "close-up.jpg").as_uri().encode())
        program.press("ctrl+v")
        program.wait_until(lambda: plays_scene(program, demo_engine, 33, 38), "the next picture is found")
        assert program.quit() == 0
    assert "Traceback" not in program.messages


def test_without_a_display_it_explains_itself(
    run_program: RunProgram, monkeypatch: pytest.MonkeyPatch
) -> None:
    for variable in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(variable, raising=False)
    result = run_program("-m", "desktop")
    assert result.returncode == 2
    assert "make demo" in result.stderr
    assert "Traceback" not in result.stderr


def test_it_tests_itself(run_program: RunProgram) -> None:
    assert "DISPLAY" in os.environ
    result = run_program("-m", "desktop", "--self-test")
    assert result.returncode == 0, result.stderr
    assert "Big Buck Bunny" in result.stdout
