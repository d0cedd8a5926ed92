"""Packs to search: the demo's with its film at hand, and packs of invented films."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from index_tools.film import index_film
from index_tools.nouns import KEPT_FRAME, SHOT, FilmIndex, Track, Video
from index_tools.pack import PackAbout, ScenePack, write_pack

FPS = 24.0
#: Every so manieth frame of an invented film is kept.
KEPT_EVERY = 12

OpenPack = Callable[..., ScenePack]


def invented_film(seed: int, shot_seconds: tuple[float, ...] = (4.0, 6.0, 3.0), title: str = "") -> FilmIndex:
    """A film of slowly drifting color layouts, far apart from shot to shot; two kept frames a second."""
    numbers = np.random.default_rng(seed)
    layouts, shots, kept = [], [], []
    begin = 0
    for number, seconds in enumerate(shot_seconds):
        count = round(seconds * FPS)
        base = numbers.integers(8, 30, 33)
        drift = np.cumsum(numbers.integers(-1, 2, (count, 33)) * (numbers.random((count, 33)) < 0.04), axis=0)
        layouts.append(np.clip(base + drift, 0, 31))
        shots.append((0, begin / FPS, (begin + count) / FPS))
        for first in range(begin, begin + count, KEPT_EVERY):
            last = min(first + KEPT_EVERY, begin + count) - 1
            kept.append((0, number, (first + last) // 2 / FPS, first / FPS, last / FPS))
        begin += count
    layout = np.concatenate(layouts).astype(np.uint8)
    frames = np.array(kept, KEPT_FRAME)
    rows = np.rint(frames["at_s"] * FPS).astype(int)
    return FilmIndex(
        video=Video(
            file_name=f"film {seed}.mkv",
            size_bytes=1000 + seed,
            fingerprint=f"{seed:032x}",
            duration_s=begin / FPS,
            frame_count=begin,
            fps=FPS,
            width=640,
            height=360,
            title=title or f"Film {seed}",
            episode=f"{seed:02}",
            titles={"ja": f"映画{seed}"},
        ),
        kept=frames,
        shots=np.array(shots, SHOT),
        color_layout=layout[rows],
        track=Track(np.arange(begin) / FPS, layout),
    )


@pytest.fixture
def open_pack(tmp_path: Path) -> Iterator[OpenPack]:
    """A function: films in, an open pack of them out."""
    opened: list[ScenePack] = []

    def make(*films: FilmIndex, title: str = "pack") -> ScenePack:
        folder = tmp_path / f"{title} {len(opened)}"
        write_pack(folder, films, PackAbout(title=title))
        opened.append(ScenePack.open(folder))
        return opened[-1]

    yield make
    for pack in opened:
        pack.close()


@pytest.fixture(scope="session")
def demo_proxy(demo_film: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The proxy of the demo's film."""
    proxy = tmp_path_factory.mktemp("proxies") / "demo.mkv"
    index_film(demo_film, thumbnails=False, proxy=proxy)
    return proxy


@pytest.fixture
def demo(demo_pack: Path, demo_film: Path, tmp_path: Path) -> Iterator[ScenePack]:
    """The demo's pack, open, its film noted as being at hand (in a folder of the test's own)."""
    folder, film = tmp_path / "demo pack", tmp_path / "films" / demo_film.name
    shutil.copytree(demo_pack, folder)
    film.parent.mkdir()
    shutil.copyfile(demo_film, film)
    with ScenePack.open(folder) as pack:
        pack.note_places({pack.videos[0].fingerprint: film})
        yield pack
