from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index_tools.errors import Cancelled
from index_tools.film import DiskRefusedError, FilmReader, index_film
from index_tools.film.proxy import LONGER_SIDE
from index_tools.progress import Progress
from tests.index_tools.film.drawn_films import turned_film, write_film

SIZE = (640, 360)


def made(film: Path, proxy: Path) -> list[tuple[float, np.ndarray[tuple[int, int], np.dtype[np.uint8]]]]:
    """Times and pictures of the frames of a film's proxy."""
    index_film(film, thumbnails=False, proxy=proxy)
    with FilmReader(proxy) as reader:
        return [(frame.at_s, frame.luma(LONGER_SIDE)) for frame in reader.frames()]


@pytest.mark.parametrize("pixels", ["yuv420p", "yuv444p", "yuv420p10le"])
def test_every_other_frame_at_its_own_time(tmp_path: Path, pixels: str) -> None:
    film = write_film(tmp_path / "film.mkv", 60, size=SIZE, shots=(25,), pixels=pixels)
    frames = made(film, tmp_path / "proxy.mkv")
    with FilmReader(film) as reader:
        wanted = [(frame.at_s, frame.luma(LONGER_SIDE)) for frame in reader.frames()][::2]
    assert [at_s for at_s, _ in frames] == pytest.approx([at_s for at_s, _ in wanted], abs=1e-3)
    for (_, mine), (_, theirs) in zip(frames, wanted, strict=True):
        assert mine.shape == (136, 240)
        assert np.corrcoef(mine[:135].ravel(), theirs.ravel())[0, 1] > 0.97


def test_times_that_vary_are_kept(tmp_path: Path) -> None:
    ticks = [0, 1, 2, 5, 6, 9, 20, 21, 22, 40]
    film = write_film(tmp_path / "film.mkv", 10, size=SIZE, ticks=ticks)
    frames = made(film, tmp_path / "proxy.mkv")
    whole = {round(tick / 24, 3) for tick in ticks}
    assert frames
    assert {round(at_s, 3) for at_s, _ in frames} <= whole


def test_it_is_upright(tmp_path: Path) -> None:
    film = turned_film(write_film(tmp_path / "film.mp4", 6, size=SIZE))
    frames = made(film, tmp_path / "proxy.mkv")
    with FilmReader(film) as reader:
        wanted = next(iter(reader.frames())).luma(LONGER_SIDE)
    _, first = frames[0]
    assert (first.shape, wanted.shape) == ((240, 136), (240, 135))
    assert np.corrcoef(first[:, :135].ravel(), wanted.ravel())[0, 1] > 0.97


def test_a_small_film_is_quick_enough_itself(tmp_path: Path, draw_film: Callable[..., Path]) -> None:
    index_film(draw_film("small.mkv", 12), proxy=tmp_path / "proxy.mkv")
    assert not (tmp_path / "proxy.mkv").exists()


def test_what_is_broken_off_leaves_nothing(tmp_path: Path) -> None:
    film = write_film(tmp_path / "film.mkv", 60, size=SIZE)
    folder = tmp_path / "proxies"
    stopped = Progress()
    stopped.cancel()
    with pytest.raises(Cancelled):
        index_film(film, proxy=folder / "proxy.mkv", progress=stopped)
    assert list(folder.iterdir()) == []


def test_a_film_that_cannot_be_encoded_is_indexed_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = write_film(tmp_path / "film.mkv", 24, size=SIZE)
    monkeypatch.setattr("index_tools.film.proxy._CODEC", "no such encoder")
    index = index_film(film, proxy=tmp_path / "proxies" / "proxy.mkv")
    assert index.video.frame_count == 24
    assert index.warnings == ("film.mkv: no proxy was made of it. There is no encoder of H.264 here.",)
    assert list((tmp_path / "proxies").iterdir()) == []


def test_frames_that_the_encoder_refuses_leave_the_film_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    film = write_film(tmp_path / "film.mkv", 24, size=SIZE)
    monkeypatch.setattr("index_tools.film.proxy._OPTIONS", {"preset": "no such preset"})
    index = index_film(film, proxy=tmp_path / "proxies" / "proxy.mkv")
    assert index.video.frame_count == 24
    assert "no proxy was made of it" in index.warnings[0]
    assert list((tmp_path / "proxies").iterdir()) == []


def test_a_full_disk_is_told_apart_from_a_bad_film(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    film = write_film(tmp_path / "film.mkv", 24, size=SIZE)

    def refuse(_path: Path, _target: Path) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(DiskRefusedError) as refused:
        index_film(film, proxy=tmp_path / "proxies" / "proxy.mkv")
    assert refused.value.errno == errno.ENOSPC
    assert list((tmp_path / "proxies").iterdir()) == []
