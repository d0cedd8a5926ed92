"""Films and pictures that are searched besides those asked for, and clips against their frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from index_tools.measure.besides import packs_besides
from index_tools.measure.evaluate import Evaluation, Settings
from index_tools.pack import ScenePack
from index_tools.picture import read_picture
from index_tools.progress import Progress
from index_tools.search import Engine


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of six colourful pictures, one broken file and one text."""
    folder = tmp_path_factory.mktemp("pictures")
    numbers = np.random.default_rng(4)
    for number in range(6):
        coarse = numbers.integers(0, 256, (5, 7, 3), dtype=np.uint8)
        Image.fromarray(coarse).resize((480, 400), Image.Resampling.BICUBIC).save(folder / f"{number}.png")
    (folder / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    (folder / "notes.txt").write_text("no picture")
    return folder


def test_pictures_and_packs_are_searched_besides(pictures: Path, clip_pack: Path) -> None:
    with packs_besides([pictures, clip_pack], Progress()) as packs:
        assert len(packs) == 2
        of_pictures = next(pack for pack in packs if pack.path != clip_pack)
        assert len(of_pictures.shots) == 6
        engine = Engine(packs, graphs=False)
        best = engine.find(read_picture(pictures / "3.png")).best
        engine.close()
        assert best is not None
        assert best.pack_id == of_pictures.manifest.pack_id
        assert best.start_s <= 3.5 * 0.75 <= best.end_s
        place = of_pictures.path
    assert not place.exists()


def test_what_is_besides_counts_as_searched(clip: Path, clip_pack: Path, pictures: Path) -> None:
    settings = Settings(queries=1, classes=("identity",), seed=2)
    with ScenePack.open(clip_pack) as pack, packs_besides([pictures], Progress()) as more:
        figures = Evaluation(pack, settings, None, more).run([clip])
        frames = len(pack.kept) + sum(len(other.kept) for other in more)
    assert figures["frames_searched"] == frames
    assert figures["classes"]["identity"]["recall_at_1"] == 1.0
    assert figures["beside"]["color_layout"]["classes"]["identity"]["recall_at_1"] == 1.0
    assert figures["reliability"]["n"] == 1


def test_clips_are_held_against_their_frames(clip: Path, clip_pack: Path) -> None:
    settings = Settings(queries=2, classes=("identity",), seed=2)
    with ScenePack.open(clip_pack) as pack:
        figures = Evaluation(pack, settings).run_clips([clip])
    summary = figures["clips"]["identity"]
    assert summary["frame"]["recall_at_1"] == 1.0
    assert summary["clip"]["recall_at_1"] == 1.0
    assert summary["clip"]["claimed_and_right"] == 1.0
    assert summary["start_error_s"]["p95"] < 0.2
    assert summary["end_error_s"]["p95"] < 0.2
