"""Times and frames: every frame with its exact time, from the start and from any second."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from index_tools.errors import FilmError
from index_tools.film import FilmReader, is_film_name, read_frame
from tests.index_tools.film.drawn_films import number_in, turned_film

DrawFilm = Callable[..., Path]

B_FRAMES = {"bf": "3", "g": "24"}


@pytest.mark.parametrize(
    ("name", "codec", "tick_s"),
    [
        ("a.mp4", "libx264", 1e-9),
        ("a.mov", "libx264", 1e-9),
        ("a.mkv", "libx264", 0.0006),
        ("a.webm", "libvpx-vp9", 0.0006),
        ("a.ts", "libx264", 1e-4),
        ("a.avi", "mpeg4", 1e-9),
        ("b.avi", "libx264", 1e-9),
        ("a.mpg", "mpeg2video", 1e-4),
    ],
)
def test_every_frame_comes_with_its_time(draw_film: DrawFilm, name: str, codec: str, tick_s: float) -> None:
    options = {"cpu-used": "8", "deadline": "realtime"} if "vp9" in codec else B_FRAMES
    path = draw_film(name, 48, codec=codec, options=options)
    with FilmReader(path) as reader:
        frames = [(frame.at_s, number_in(frame.picture().rgb)) for frame in reader.frames()]
        assert reader.warnings == []
    assert [number for _, number in frames] == list(range(48))
    assert frames[0][0] == 0.0
    assert max(abs(at_s - number / 24) for at_s, number in frames) < tick_s + 1e-9


def test_frames_of_too_many_pixels_are_refused_whole(draw_film: DrawFilm) -> None:
    path = draw_film("vast.avi", 2, codec="mjpeg", pixels="yuvj420p", size=(8192, 1024), aspect=Fraction(10))
    with pytest.raises(FilmError, match=r"vast.avi has frames of 81,920 × 1,024 pixels"):
        read_frame(path, 0.0)
    assert read_frame(path, 0.0, 320).rgb.shape == (4, 320, 3)


def test_a_stream_that_starts_late_starts_at_zero(draw_film: DrawFilm) -> None:
    path = draw_film("late.mkv", 48, ticks=[34 + i for i in range(48)], options=B_FRAMES)
    with FilmReader(path) as reader:
        times = [frame.at_s for frame in reader.frames()]
        assert times[0] == 0.0
        assert times[-1] == pytest.approx(47 / 24, abs=0.002)
        assert number_in(reader.frame_at(1.0).picture().rgb) == 24


@pytest.mark.parametrize(("name", "codec"), [("a.ts", "libx264"), ("a.mpg", "mpeg2video")])
def test_a_film_joined_of_two_is_read_at_any_second(draw_film: DrawFilm, name: str, codec: str) -> None:
    first = draw_film(name, 48, codec=codec, options=B_FRAMES)
    second = draw_film(f"second {name}", 120, codec=codec, options=B_FRAMES)
    joined = first.with_stem("joined")
    joined.write_bytes(first.read_bytes() + second.read_bytes())
    with FilmReader(joined) as reader:
        whole = [(frame.at_s, number_in(frame.picture().rgb)) for frame in reader.frames()]
        for at_s, number in whole[30::30]:
            assert number_in(reader.frame_at(at_s).picture().rgb) == number
        (frame, *_) = reader.frames(whole[100][0] - 1e-3)
        assert number_in(frame.picture().rgb) == whole[100][1]


def test_frames_of_uneven_length_keep_their_times(draw_film: DrawFilm) -> None:
    ticks = np.cumsum(np.random.default_rng(5).integers(1, 9, 40)).tolist()
    path = draw_film("vfr.mp4", 40, ticks=ticks, options=B_FRAMES)
    with FilmReader(path) as reader:
        times = [frame.at_s for frame in reader.frames()]
        assert times == pytest.approx([(tick - ticks[0]) / 24 for tick in ticks], abs=1e-9)
        for number in (0, 7, 23, 39):
            assert number_in(reader.frame_at(times[number]).picture().rgb) == number
        between = (times[10] + times[11]) / 2
        assert number_in(reader.frame_at(between).picture().rgb) == 10


@pytest.mark.parametrize("name", ["seek.mp4", "seek.mkv", "seek.ts"])
def test_a_range_begins_and_ends_on_the_frame(draw_film: DrawFilm, name: str) -> None:
    path = draw_film(name, 120, options={"bf": "3", "g": "48"})
    with FilmReader(path) as reader:
        times = [frame.at_s for frame in reader.frames()]
        for first, end in ((0, 5), (1, 3), (47, 50), (48, 49), (95, 120), (119, 120)):
            end_s = times[end] if end < 120 else None
            found = [number_in(frame.picture().rgb) for frame in reader.frames(times[first], end_s)]
            assert found == list(range(first, end))
        assert list(reader.frames(10.0)) == []
        assert number_in(reader.frame_at(99.0).picture().rgb) == 119


def test_several_threads_and_drafts_deliver_the_same_frames(draw_film: DrawFilm) -> None:
    path = draw_film("threads.mp4", 30, options=B_FRAMES)
    for threads, draft in ((2, False), (1, True)):
        with FilmReader(path, threads=threads, draft=draft) as reader:
            assert [number_in(frame.picture().rgb) for frame in reader.frames()] == list(range(30))


def test_info_and_pictures_apply_the_shape_of_pixels(draw_film: DrawFilm) -> None:
    path = draw_film("wide.mp4", 6, size=(160, 96), aspect=Fraction(4, 3), sound=True)
    with FilmReader(path) as reader:
        assert (reader.info.width, reader.info.height) == (213, 96)
        assert reader.info.has_sound
        assert reader.info.codec == "h264"
        assert reader.info.fps == pytest.approx(24)
        frame = next(reader.frames())
        assert frame.picture().rgb.shape == (96, 213, 3)
        assert frame.picture(100).rgb.shape == (45, 100, 3)
        assert frame.small_luma().shape == (36, 64)
    assert number_in(read_frame(path, 0.2, max_side=120).rgb) == 4


def test_a_turned_film_is_shown_upright(draw_film: DrawFilm) -> None:
    turned = turned_film(draw_film("straight.mp4", 6))
    with FilmReader(turned) as reader:
        assert reader.info.rotation == 90
        assert (reader.info.width, reader.info.height) == (96, 160)
        frame = reader.frame_at(3 / 24)
    rgb = frame.picture().rgb
    assert rgb.shape == (160, 96, 3)
    stored = np.ascontiguousarray(np.rot90(rgb, -1))
    assert number_in(stored) == 3
    # The block means are those of the upright picture.
    means = frame.layout_means()
    assert np.abs(means[0, 7] - rgb[:20, -12:].mean(axis=(0, 1))).max() < 6
    assert np.abs(means[7, 0] - rgb[-20:, :12].mean(axis=(0, 1))).max() < 6


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.mp4", b""), ("text.mkv", b"not a film\n" * 50), ("noise.avi", bytes(range(256)) * 40)],
)
def test_what_is_no_film_is_named(tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(FilmError, match=name):
        FilmReader(path)


def test_a_missing_file_and_a_folder_are_named(tmp_path: Path) -> None:
    with pytest.raises(FilmError, match=r"gone\.mkv cannot be read"):
        FilmReader(tmp_path / "gone.mkv")
    with pytest.raises(FilmError, match="is not a file"):
        FilmReader(tmp_path)


def test_names_of_films() -> None:
    assert is_film_name(Path("A.MKV"))
    assert not is_film_name("a.txt")
