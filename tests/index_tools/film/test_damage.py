"""Damaged films: what can be decoded is delivered, what cannot is told, and nothing hangs."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index_tools.film import FilmReader, index_film
from tests.index_tools.film.drawn_films import number_in

DrawFilm = Callable[..., Path]


@pytest.mark.parametrize("name", ["cut.mkv", "cut.mp4"])
def test_a_film_cut_off_in_the_middle(draw_film: DrawFilm, name: str) -> None:
    options = {"g": "24", "bf": "2"}
    whole = draw_film(name, 120, options=options)
    if name.endswith("mp4"):
        whole = _index_first(whole)
    data = whole.read_bytes()
    whole.write_bytes(data[: len(data) * 6 // 10])
    with FilmReader(whole) as reader:
        numbers = [number_in(frame.picture().rgb) for frame in reader.frames()]
        assert any("promises 5.0 s: it was cut off" in sentence for sentence in reader.warnings)
        assert all(name in sentence for sentence in reader.warnings)
    assert len(numbers) > 30
    assert numbers[:30] == list(range(30))


@pytest.mark.parametrize("name", ["flip.mkv", "flip.mp4", "flip.ts", "flip.avi"])
def test_flipped_bits_in_the_middle(draw_film: DrawFilm, name: str) -> None:
    path = draw_film(name, 96, codec="mpeg4" if name.endswith("avi") else "libx264", options={"g": "24"})
    data = bytearray(path.read_bytes())
    random = np.random.default_rng(3)
    for place in random.integers(len(data) // 3, 2 * len(data) // 3, 40):
        data[place] ^= 1 << int(random.integers(8))
    path.write_bytes(data)
    index = index_film(path)
    assert 48 <= index.video.frame_count <= 100
    assert index.video.duration_s < 6.0
    assert (np.diff(index.track.times_s) > 0).all()
    assert index.warnings
    assert all(name in sentence and sentence.endswith(".") for sentence in index.warnings)


def test_the_size_may_change_in_the_middle(draw_film: DrawFilm) -> None:
    large = draw_film("large.ts", 24, shots=(12,))
    small = draw_film("small.ts", 24, size=(128, 72), shots=(12,))
    joined = large.with_name("joined.ts")
    joined.write_bytes(large.read_bytes() + small.read_bytes())
    index = index_film(joined)
    assert index.video.frame_count == 48
    assert index.video.duration_s == pytest.approx(2.0, abs=0.05)
    with FilmReader(joined) as reader:
        pictures = [frame.picture().rgb for frame in reader.frames()]
    assert {rgb.shape for rgb in pictures} == {(96, 160, 3), (72, 128, 3)}
    assert [number_in(rgb) for rgb in pictures] == [*range(24), *range(24)]


def test_every_cut_of_a_small_file_ends(draw_film: DrawFilm, tmp_path: Path) -> None:
    data = draw_film("source.mkv", 48, options={"g": "6"}).read_bytes()
    delivered = []
    for tenth in range(4, 10):
        path = tmp_path / f"{tenth}.mkv"
        path.write_bytes(data[: len(data) * tenth // 10])
        with FilmReader(path) as reader:
            delivered.append(sum(1 for _ in reader.frames()))
    assert delivered == sorted(delivered)
    assert delivered[-1] >= 36


def _index_first(path: Path) -> Path:
    """The MP4 with its index before its pictures, as files for the network have it."""
    import av

    target = path.with_name(f"first-{path.name}")
    with av.open(str(path)) as source, av.open(str(target), "w", options={"movflags": "faststart"}) as copy:
        stream = copy.add_stream_from_template(source.streams.video[0])
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                copy.mux(packet)
    return target.rename(path)
