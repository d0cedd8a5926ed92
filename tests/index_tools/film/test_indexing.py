"""The index of a film: shots, kept frames that tile them, the track, thumbnails."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from index_tools.descriptors.color_layout import describe
from index_tools.errors import Cancelled
from index_tools.film import fingerprint, index_film
from index_tools.film.keeping import LONGEST_STILL_S, MOST_DISTANCE, choose_kept, keeping_figures
from index_tools.film.reader import FilmReader
from index_tools.nouns import FilmIndex
from index_tools.progress import Progress, Report

DrawFilm = Callable[..., Path]

SHOTS = (30, 50, 110)


@pytest.fixture
def index(draw_film: DrawFilm) -> FilmIndex:
    return index_film(draw_film("[Group] Drawn - 07 [480p].mp4", 144, shots=SHOTS))


def test_the_shots_are_found(index: FilmIndex) -> None:
    assert index.shots["start_s"].tolist() == [0.0, *(start / 24 for start in SHOTS)]
    assert index.shots["end_s"].tolist() == pytest.approx([*(start / 24 for start in SHOTS), 6.0])


def test_kept_frames_tile_the_shots_and_are_near_what_they_stand_for(index: FilmIndex) -> None:
    times_s, kept = index.track.times_s, index.kept
    assert np.isin(kept["at_s"], times_s).all()
    assert (kept["from_s"] <= kept["at_s"]).all()
    assert (kept["at_s"] <= kept["to_s"]).all()
    first = np.searchsorted(times_s, kept["from_s"])
    last = np.searchsorted(times_s, kept["to_s"])
    assert first[0] == 0
    assert last[-1] == len(times_s) - 1
    assert (first[1:] == last[:-1] + 1).all()
    starts, ends = index.shots["start_s"][kept["shot"]], index.shots["end_s"][kept["shot"]]
    assert (starts <= kept["from_s"]).all()
    assert (kept["to_s"] < ends).all()
    figures = keeping_figures(index)
    assert figures.worst_distance <= MOST_DISTANCE
    assert figures.longest_gap_s <= 1.0
    assert figures.kept < figures.frames / 4


def test_the_track_is_that_of_the_pictures(index: FilmIndex, tmp_path: Path) -> None:
    assert index.track.color_layout.shape == (144, 33)
    with FilmReader(tmp_path / index.video.file_name) as reader:
        for number, frame in enumerate(reader.frames()):
            exact = describe(np.ascontiguousarray(frame.picture().rgb))
            difference = exact.astype(int) - index.track.color_layout[number]
            assert (difference**2).sum() <= 8


def test_each_shot_has_a_small_picture_of_itself(index: FilmIndex, tmp_path: Path) -> None:
    assert len(index.thumbnails) == len(index.shots)
    with FilmReader(tmp_path / index.video.file_name) as reader:
        for shot, data in zip(index.shots, index.thumbnails, strict=True):
            small = Image.open(io.BytesIO(data))
            assert (small.format, max(small.size)) == ("WEBP", 160)
            assert len(data) < 4000
            middle = reader.frame_at((shot["start_s"] + shot["end_s"]) / 2).picture(160).rgb
            # The blocks drift a little; another shot's colours would differ by some 70 levels.
            assert np.abs(np.asarray(small.convert("RGB")).astype(int) - middle).mean() < 25


def test_the_video_is_described(index: FilmIndex, tmp_path: Path) -> None:
    video = index.video
    assert (video.title, video.episode, video.season) == ("Drawn", "7", None)
    assert (video.width, video.height, video.frame_count) == (160, 96, 144)
    assert video.duration_s == pytest.approx(6.0)
    assert video.fps == pytest.approx(24.0)
    path = tmp_path / video.file_name
    assert video.size_bytes == path.stat().st_size
    assert video.fingerprint == fingerprint(path.rename(tmp_path / "renamed.mp4"))
    assert index.warnings == ()


def test_title_and_thumbnails_are_as_asked(draw_film: DrawFilm) -> None:
    path = draw_film("x.mkv", 30)
    index = index_film(path, title="A title of one's own", thumbnails=False)
    assert index.video.title == "A title of one's own"
    assert index.thumbnails == ()


def test_progress_is_told_and_the_wish_to_stop_heard(draw_film: DrawFilm) -> None:
    path = draw_film("x.mkv", 96)
    told: list[Report] = []
    index_film(path, progress=Progress(told.append))
    assert [report.done for report in told] == sorted(report.done for report in told)
    assert {report.total for report in told} == {4.0}
    stopped = Progress()
    stopped.cancel()
    with pytest.raises(Cancelled):
        index_film(path, progress=stopped)


@pytest.mark.parametrize(
    ("codec", "pixels"),
    [
        ("libx264", "yuv420p10le"),
        ("libx264", "yuv422p"),
        ("libx264", "yuv444p"),
        ("libx264", "gray"),
        ("ffv1", "gbrp10le"),
        ("ffv1", "gray10le"),
        ("ffv1", "bgr0"),
        ("mjpeg", "yuvj420p"),
        ("rawvideo", "nv12"),
    ],
)
def test_any_kind_of_pixel_gives_the_vectors_of_its_picture(
    draw_film: DrawFilm, codec: str, pixels: str
) -> None:
    path = draw_film("kinds.mkv", 8, codec=codec, pixels=pixels, size=(176, 144))
    index = index_film(path, thumbnails=False)
    with FilmReader(path) as reader:
        exact = np.array([describe(frame.picture().rgb) for frame in reader.frames()])
    distance = ((exact.astype(int) - index.track.color_layout) ** 2).sum(axis=1)
    assert distance.max() <= 9
    assert np.median(distance) <= 4


def test_an_animated_gif_is_a_film(tmp_path: Path) -> None:
    pictures = [Image.new("RGB", (90, 60), (40 * i, 255 - 40 * i, 128)) for i in range(6)]
    path = tmp_path / "a.gif"
    pictures[0].save(path, save_all=True, append_images=pictures[1:], duration=100)
    index = index_film(path)
    assert index.track.times_s.tolist() == pytest.approx([0.1 * i for i in range(6)])
    assert (index.video.width, index.video.height) == (90, 60)


def test_one_frame_is_a_film(draw_film: DrawFilm) -> None:
    index = index_film(draw_film("one.mkv", 1))
    assert len(index.kept) == len(index.shots) == len(index.thumbnails) == 1
    assert index.shots["end_s"][0] > 0


def test_a_cover_is_not_the_film_and_the_default_stream_is(draw_film: DrawFilm) -> None:
    film = draw_film("film.mp4", 24)
    path = film.with_name("covered.mp4")
    with av.open(str(film)) as source, av.open(str(path), "w") as copy:
        cover = copy.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 640, 640, "yuvj420p"
        cover.disposition = av.stream.Disposition.attached_pic
        stream = copy.add_stream_from_template(source.streams.video[0])
        copy.mux(cover.encode(av.VideoFrame(640, 640, "yuvj420p")))
        copy.mux(cover.encode())
        for packet in source.demux(video=0):
            if packet.dts is not None:
                packet.stream = stream
                copy.mux(packet)
    assert index_film(path).video.frame_count == 24


def test_where_nothing_moves_few_frames_are_kept() -> None:
    times_s = np.arange(720) / 24
    layout, luma = np.full((720, 33), 16, np.uint8), np.full((720, 16, 16), 90, np.uint8)
    spans = choose_kept(times_s, layout, luma, [0])
    assert len(spans) == 3
    assert max(times_s[span.last] - times_s[span.first] for span in spans) <= LONGEST_STILL_S
    # Something small moves: the vector stays, but a frame a second is kept.
    luma[::2, 3, 4] += 20
    assert 30 <= len(choose_kept(times_s, layout, luma, [0])) <= 36
    gaps = np.diff([times_s[span.keeper] for span in choose_kept(times_s, layout, luma, [0])])
    assert gaps.max() <= 1.0


def test_fingerprints_tell_files_apart(tmp_path: Path) -> None:
    data = np.random.default_rng(1).bytes(3_000_000)
    path = tmp_path / "a"
    path.write_bytes(data)
    whole = fingerprint(path)
    assert len(whole) == 32
    seen = {whole}
    for changed in (
        data[:-1],
        b"x" + data[1:],
        data[:-1] + b"x",
        data[:1_000_000] + b"y" * 200_000 + data[1_200_000:],
    ):
        path.write_bytes(changed)
        seen.add(fingerprint(path))
    assert len(seen) == 5
    path.write_bytes(b"short")
    assert fingerprint(path) not in seen
