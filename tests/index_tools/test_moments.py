"""Animations and films as moments: their own times, at most a dozen, none twice."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from index_tools.errors import Cancelled, FilmError, PictureError
from index_tools.moments import LONGEST_S, MOST, SIDE, read_moments
from index_tools.picture import frame_shown_at, read_animation
from index_tools.progress import Progress


def pictures(count: int, size: tuple[int, int] = (160, 90)) -> list[Image.Image]:
    """Pictures of stripes, each in another place."""
    made = []
    for number in range(count):
        rgb = np.full((size[1], size[0], 3), 40, np.uint8)
        rgb[:, (7 * number) % size[0] :: 40] = 220
        rgb[(5 * number) % size[1] :: 30] = (200, 30 * number % 255, 90)
        made.append(Image.fromarray(rgb))
    return made


def animation(made: list[Image.Image], duration: int | list[int], kind: str = "GIF") -> bytes:
    buffer = io.BytesIO()
    made[0].save(buffer, kind, save_all=True, append_images=made[1:], duration=duration)
    return buffer.getvalue()


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_the_times_are_the_animations_own(kind: str) -> None:
    shown = [120, 200, 480, 200, 1000]
    data = animation(pictures(5), shown, kind)
    assert [round(lasts_s, 3) for _, lasts_s in read_animation(data)] == [ms / 1000 for ms in shown]
    moments = read_moments(data)
    assert [moment.at_s for moment in moments.all] == pytest.approx([0.0, 0.12, 0.32, 0.8, 1.0])
    assert moments.length_s == pytest.approx(2.0)
    assert not moments.still


def test_delays_that_no_browser_keeps_are_a_tenth_of_a_second() -> None:
    data = animation(pictures(4), [10, 0, 20, 10])
    assert [lasts_s for _, lasts_s in read_animation(data)] == pytest.approx([0.1, 0.1, 0.02, 0.1])


def test_what_stands_still_is_one_picture() -> None:
    still = pictures(1)[0]
    buffer = io.BytesIO()
    still.save(buffer, "PNG")
    assert read_moments(buffer.getvalue()).still
    moving = [still.copy() for _ in range(6)]
    for number, picture in enumerate(moving):
        picture.putpixel((number, 0), (255, 255, 255))  # or the encoder would make them one
    moments = read_moments(animation(moving, 100))
    assert moments.still
    assert moments.length_s == pytest.approx(0.6)


def test_many_frames_give_a_dozen_over_the_whole_length() -> None:
    moments = read_moments(animation(pictures(300), 50))
    times = [moment.at_s for moment in moments.all]
    assert len(times) == MOST
    assert times == sorted(times)
    assert times[0] < 1.5
    assert times[-1] > 13.5
    assert max(np.diff(times)) < 3.0
    assert moments.length_s == pytest.approx(15.0)


def test_only_the_first_half_minute_is_read() -> None:
    moments = read_moments(animation(pictures(50), 1000))
    assert moments.length_s == LONGEST_S
    assert moments.all[-1].at_s < LONGEST_S


def test_frames_of_one_colour_are_left_out() -> None:
    black = Image.new("RGB", (160, 90))
    moments = read_moments(animation([black, *pictures(5)], 200))
    assert moments.all[0].at_s == pytest.approx(0.2)
    assert len(moments.all) == 5
    assert read_moments(animation([black, Image.new("RGB", (160, 90), (9, 9, 9))], 200)).still


def test_a_cut_is_noted() -> None:
    dark, light = Image.new("RGB", (160, 90), (10, 20, 30)), Image.new("RGB", (160, 90), (200, 210, 190))
    for picture in (dark, light):
        picture.paste((90, 90, 90), (20, 20, 100, 60))
    turned = [picture.copy() for picture in (dark, dark, light, light)]
    turned[1].paste((0, 0, 0), (22, 22, 60, 40))
    turned[3].paste((0, 0, 0), (22, 22, 60, 40))
    assert read_moments(animation(turned, 500)).cuts_s == (1.0,)


def test_a_damaged_tail_leaves_what_was_whole() -> None:
    data = animation(pictures(30), 100)
    moments = read_moments(data[: len(data) * 2 // 3])
    assert 1.0 < moments.length_s < 2.5
    with pytest.raises(PictureError):
        read_moments(data[:80])


def test_a_film_is_read_from_any_second(demo_film: Path) -> None:
    moments = read_moments(demo_film, start_s=30.0, longest_s=2.0)
    assert moments.length_s == pytest.approx(2.0, abs=0.05)
    assert moments.all[0].at_s < 0.4
    assert all(max(m.picture.width, m.picture.height) <= SIDE for m in moments.all)
    past = read_moments(demo_film, start_s=999.0, longest_s=2.0)
    assert past.still


def test_what_is_no_film_says_so(tmp_path: Path) -> None:
    path = tmp_path / "film.mp4"
    path.write_bytes(b"no film")
    with pytest.raises(FilmError, match=r"film\.mp4"):
        read_moments(path)


def test_reading_can_be_stopped(demo_film: Path) -> None:
    progress = Progress(lambda report: progress.cancel() if report.done > 0.5 else None)
    with pytest.raises(Cancelled):
        read_moments(demo_film, progress, longest_s=20.0)


def test_the_frame_shown_at_a_second() -> None:
    data = animation(pictures(4), [100, 500, 100, 100])
    frames = [picture.rgb for picture, _ in read_animation(data)]
    for at_s, number in ((0.0, 0), (0.11, 1), (0.59, 1), (0.65, 2), (99.0, 3)):
        assert np.array_equal(frame_shown_at(data, at_s).rgb, frames[number])
