"""A picture that nothing here knows, on a real X server, with stand-ins in the place of the services."""

from __future__ import annotations

import io
import json
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
from tests.journeys.window_program import WindowProgram, copy_to_clipboard
from tests.standins.anilist import AniList
from tests.standins.server import Server
from tests.standins.tracemoe import ANILIST_PATH, tracemoe
from tests.standins.tracemoe_faults import FAULTS

pytestmark = pytest.mark.x11

SAMPLE = Path(__file__).parent.parent.parent / "resources" / "demo" / "samples" / "close-up.jpg"

#: Where the preview is beside the details, as fractions of the window.
PREVIEW = (0.34, 0.22, 0.72, 0.8)


@pytest.fixture
def far() -> Iterator[Server]:
    """The stand-ins of both services."""
    with tracemoe() as (server, service):
        service.other = {ANILIST_PATH: AniList().handle}
        yield server


@pytest.fixture
def demo_engine(demo_pack: Path) -> Iterator[Engine]:
    """The engine with the demo's pack, to recognise what is on the screen."""
    with ScenePack.open(demo_pack) as pack, closing(Engine([pack])) as engine:
        yield engine


def start(far: Server, **settings: object) -> WindowProgram:
    """Start the program without the demo, so that it knows no film."""
    home = Path(os.environ["SCENELENS_HOME"])
    (home / "config").mkdir(parents=True, exist_ok=True)
    kept = {"version": 1, "use_demo": False, **settings}
    (home / "config" / "settings.json").write_text(json.dumps(kept))
    return WindowProgram(SCENELENS_TRACEMOE_URL=far.url, SCENELENS_ANILIST_URL=far.url + ANILIST_PATH)


def paste(program: WindowProgram) -> None:
    picture = io.BytesIO()
    Image.open(SAMPLE).save(picture, "PNG")
    copy_to_clipboard("image/png", picture.getvalue())
    program.press("ctrl+v")


def shows_preview(program: WindowProgram, engine: Engine) -> bool:
    best = engine.search(Picture.of(program.seen(PREVIEW), "screen")).best
    return best is not None and 33 <= best.at_s <= 39


def test_a_pasted_picture_unknown_here_plays_its_preview(far: Server, demo_engine: Engine) -> None:
    with start(far) as program:
        paste(program)
        program.xdotool("sleep", "1.5")
        assert far.records == []  # the first use asks
        program.press("ctrl+alt+4")
        program.wait_until(lambda: shows_preview(program, demo_engine), "the preview is shown")
        before = program.seen(PREVIEW).astype(np.int16)
        program.wait_until(
            lambda: float(np.abs(program.seen(PREVIEW) - before).mean()) > 0.3, "the preview plays"
        )
        program.press("i", "Down", "o", "Return", "i", "Up")
        program.xdotool("sleep", "0.5")
        assert program.quit() == 0
    assert "Traceback" not in program.messages
    assert len(far.asked("/search")) == 1
    assert json.loads((Path(os.environ["SCENELENS_HOME"]) / "config" / "settings.json").read_text())[
        "ask_remote"
    ] == "unsure"  # fmt: skip


def test_refused_means_that_nothing_leaves_the_machine(far: Server) -> None:
    with start(far) as program:
        paste(program)
        program.xdotool("sleep", "1")
        program.press("ctrl+alt+6")
        paste(program)
        program.xdotool("sleep", "1.5")
        assert program.quit() == 0
    assert far.records == []
    assert "Traceback" not in program.messages


def test_a_service_in_trouble_harms_nothing(far: Server, demo_engine: Engine) -> None:
    far.fault_next("/search", FAULTS["drop"])
    far.fault_next(ANILIST_PATH, FAULTS["drop"], times=9)
    with start(far, ask_remote="always") as program:
        paste(program)
        program.wait_until(lambda: bool(far.asked("/search")), "the service is asked")
        program.xdotool("sleep", "1")
        assert program.is_running
        program.press("ctrl+t")
        program.wait_until(lambda: shows_preview(program, demo_engine), "the preview is shown")
        assert program.quit() == 0
    assert "Traceback" not in program.messages
