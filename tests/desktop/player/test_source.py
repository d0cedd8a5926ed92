"""Frames by exact time, from any start, whatever the file."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from desktop.player.frame_store import StoredFrame
from desktop.player.source import FilmSource
from index_tools.errors import FilmError
from index_tools.film import FilmReader
from tests.desktop.player.player_films import BITS, make_film


def number_in(frame: StoredFrame) -> int:
    """The number drawn into a stored frame."""
    rgb = frame.pixels.to_ndarray(format="rgb24")
    row = rgb[rgb.shape[0] // 4, :, 1]
    return sum(1 << bit for bit in range(BITS) if row[int((bit + 0.5) * len(row) / BITS)] > 128)


def frames_from(source: FilmSource, tick: int, count: int, keep_from: int | None = None) -> list[StoredFrame]:
    found = []
    for frame in source.frames_from(tick, keep_from):
        if frame is not None:
            found.append(frame)
            if len(found) == count:
                break
    return found


def test_every_frame_of_a_long_gop_is_reached_directly(long_gop: Path) -> None:
    source = FilmSource(long_gop)
    timeline = source.facts.timeline
    for number in (119, 0, 1, 60, 59, 118, 30, 2):
        tick = timeline.at_or_before(number / 30 + 0.002)  # Matroska rounds times to ms
        first, *_ = frames_from(source, tick, 1)
        assert number_in(first) == number
    source.close()


def test_between_frames_the_one_before_comes_first(long_gop: Path) -> None:
    source = FilmSource(long_gop)
    tick = source.facts.timeline.at_or_before(50.5 / 30)
    assert [number_in(frame) for frame in frames_from(source, tick, 3)] == [50, 51, 52]
    assert [number_in(f) for f in frames_from(source, tick, 4, source.facts.timeline.ticks(48 / 30))] == [
        48, 49, 50, 51,
    ]  # fmt: skip
    source.close()


@pytest.mark.parametrize(
    ("suffix", "codec", "slack"),
    [("mp4", "libx264", 0), ("mov", "libx264", 0), ("ts", "libx264", 0), ("webm", "libvpx-vp9", 0),
     ("avi", "mpeg4", 0), ("mpg", "mpeg2video", 0)],
)  # fmt: skip
def test_times_are_those_of_the_engine(tmp_path: Path, suffix: str, codec: str, slack: int) -> None:
    film = make_film(tmp_path / f"film.{suffix}", 50, fps=25, gop=24, codec=codec)
    with FilmReader(film) as reader:
        expected = [frame.at_s for frame in reader.frames()]
    source = FilmSource(film)
    timeline = source.facts.timeline
    all_of_it = frames_from(source, 0, 100)
    assert [timeline.seconds(frame.tick) for frame in all_of_it] == pytest.approx(expected, abs=1e-9)
    assert [number_in(frame) for frame in all_of_it] == list(range(50))
    for at in (7, 31, 48):
        first, *_ = frames_from(source, timeline.at_or_before(expected[at]), 1)
        assert abs(number_in(first) - at) <= slack
        assert timeline.seconds(first.tick) == pytest.approx(expected[number_in(first)], abs=1e-9)
    source.close()


def test_a_film_of_variable_rate_holds_its_long_frames(tmp_path: Path) -> None:
    film = make_film(tmp_path / "variable.mp4", 30, times=lambda n: n * 40 if n < 10 else 5000 + n * 40)
    source = FilmSource(film)
    found = frames_from(source, source.facts.timeline.at_or_before(4.0), 2)
    assert [number_in(frame) for frame in found] == [9, 10]
    assert source.facts.timeline.seconds(found[1].tick) == pytest.approx(5.4)
    source.close()


def test_a_gif_plays_from_anywhere(tmp_path: Path) -> None:
    film = make_film(tmp_path / "moving.gif", 20, fps=10, codec="gif", pix_fmt="rgb8")
    source = FilmSource(film)
    found = frames_from(source, source.facts.timeline.at_or_before(1.21), 2)
    assert [number_in(frame) for frame in found] == [12, 13]
    source.close()


def test_ten_bits_and_widths_off_the_alignment(tmp_path: Path) -> None:
    film = make_film(tmp_path / "ten.mkv", 5, pix_fmt="yuv420p10le", size=(250, 142))
    source = FilmSource(film)
    first, *_ = frames_from(source, 0, 1)
    assert (first.pixels.width, first.pixels.height) == (250, 142)
    assert first.pixels.format.name == "yuv420p"
    source.close()


def test_anamorphic_pixels_become_square(tmp_path: Path) -> None:
    film = make_film(tmp_path / "wide.mp4", 3, size=(180, 144), sample_aspect=Fraction(16, 9))
    source = FilmSource(film)
    assert (source.facts.width, source.facts.height) == (320, 144)
    first, *_ = frames_from(source, 0, 1)
    assert (first.pixels.width, first.pixels.height) == (320, 144)
    source.fit(160, 400)
    first, *_ = frames_from(source, 0, 1)
    assert (first.pixels.width, first.pixels.height) == (160, 72)
    source.close()


def test_skipping_frames_is_undone_when_left_in_the_middle(long_gop: Path) -> None:
    source = FilmSource(long_gop)
    rolling = source.frames_from(source.facts.timeline.at_or_before(3.5))
    for _ in range(20):
        assert next(rolling) is None
    assert [number_in(frame) for frame in frames_from(source, 0, 20)] == list(range(20))
    source.close()


def test_a_film_cut_in_the_middle_gives_what_is_there(tmp_path: Path) -> None:
    film = tmp_path / "cut.mkv"
    content = make_film(tmp_path / "whole.mkv", 120, sound=True).read_bytes()
    film.write_bytes(content[: len(content) // 2])
    source = FilmSource(film)
    numbers = [number_in(frame) for frame in frames_from(source, 0, 200)]
    assert 20 < len(numbers) < 100
    assert numbers[:20] == list(range(20))
    source.close()


def test_a_change_of_size_on_the_way(tmp_path: Path) -> None:
    wide = make_film(tmp_path / "wide.ts", 10)
    narrow = make_film(tmp_path / "narrow.ts", 10, size=(240, 180), times=lambda n: 400 + n * 40)
    film = tmp_path / "joined.ts"
    film.write_bytes(wide.read_bytes() + narrow.read_bytes())
    source = FilmSource(film)
    sizes = {(frame.pixels.width, frame.pixels.height) for frame in frames_from(source, 0, 30)}
    assert sizes == {(320, 180), (240, 180)}
    source.close()


def test_what_is_no_film_is_told(tmp_path: Path) -> None:
    text = tmp_path / "text.mp4"
    text.write_text("no film")
    with pytest.raises(FilmError):
        FilmSource(text)
    with pytest.raises(FileNotFoundError):
        FilmSource(tmp_path / "gone.mp4")
    empty = tmp_path / "empty.mp4"
    empty.touch()
    with pytest.raises(FilmError):
        FilmSource(empty)


def test_white_stays_white_in_full_range_films(tmp_path: Path) -> None:
    path = tmp_path / "full.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=25, options={"qp": "0"})
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
        white = av.VideoFrame.from_ndarray(np.full((48, 64, 3), 255, np.uint8), format="rgb24")
        container.mux(stream.encode(white))
        container.mux(stream.encode())
    source = FilmSource(path)
    first, *_ = frames_from(source, 0, 1)
    shown = first.pixels.reformat(64, 48, "bgra").to_ndarray()
    assert shown[..., :3].min() >= 253
    source.close()
