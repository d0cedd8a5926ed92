"""Small films made of random numbers, and packs of them."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index_tools.nouns import KEPT_FRAME, SHOT, FilmIndex, Sketches, Track, Video
from index_tools.pack import PackAbout, write_pack

MakeFilm = Callable[..., FilmIndex]
ABOUT = PackAbout(title="Tést", creator="nobody", licence="CC0-1.0", pack_id="0123456789abcdef" * 2)


def random_film(seed: int, *, shots: int = 4, thumbnails: bool = True, name: str = "") -> FilmIndex:
    """A film of 24 frames a second, 12 frames a shot, two kept frames a shot."""
    numbers = np.random.default_rng(seed)
    frames = shots * 12
    times = np.arange(frames) / 24
    steps = numbers.integers(-1, 2, (frames, 33)) * (numbers.random((frames, 33)) < 0.2)
    layout = np.clip(30 + np.cumsum(steps, axis=0), 0, 63).astype(np.uint8)
    shot_rows = np.zeros(shots, SHOT)
    shot_rows["start_s"] = np.arange(shots) / 2
    shot_rows["end_s"] = shot_rows["start_s"] + 0.5
    kept = np.zeros(shots * 2, KEPT_FRAME)
    kept["shot"] = np.repeat(np.arange(shots), 2)
    rows = np.arange(shots * 2) * 6
    kept["at_s"] = kept["from_s"] = times[rows]
    kept["to_s"] = times[rows + 5]
    return FilmIndex(
        video=Video(
            file_name=name or f"film {seed}.mkv",
            size_bytes=1000 + seed,
            fingerprint=f"{seed:032x}",
            duration_s=frames / 24,
            frame_count=frames,
            fps=24.0,
            width=1280,
            height=720,
            title="映画" if seed % 2 else "Film",
            season=1 if seed % 2 else None,
            episode=f"{seed:02}",
            titles={"en": "Film", "ja": "映画"} if seed % 2 else {},
            ids={"anilist": "1"} if seed % 2 else {},
        ),
        kept=kept,
        shots=shot_rows,
        color_layout=layout[rows],
        track=Track(times, layout),
        thumbnails=tuple(numbers.bytes(50) for _ in range(shots)) if thumbnails else (),
        sketches=tuple(random_sketches(numbers, shot / 2) for shot in range(shots)),
    )


def random_sketches(numbers: np.random.Generator, start_s: float) -> Sketches:
    """Two sketches, the second another 0.25 s later."""
    luma = numbers.integers(0, 256, (2, 14, 24), dtype=np.uint8)
    return Sketches(start_s + np.array([0.0, 0.25]), luma)


@pytest.fixture
def make_film() -> MakeFilm:
    return random_film


@pytest.fixture
def films() -> list[FilmIndex]:
    return [random_film(seed) for seed in (1, 2, 3)]


@pytest.fixture(scope="session")
def written_pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Written once: waiting for the disk takes longer than all the rest."""
    folder = tmp_path_factory.mktemp("packs") / "three"
    write_pack(folder, [random_film(seed) for seed in (1, 2, 3)], ABOUT)
    return folder


@pytest.fixture
def pack_folder(tmp_path: Path, written_pack: Path) -> Path:
    """A pack of `films` that a test may spoil."""
    return Path(shutil.copytree(written_pack, tmp_path / "three"))
