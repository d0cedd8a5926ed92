"""Looks into films: the frame of a part of a picture, shots of one set-up, and how much is decoded."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.build import build_pack
from index_tools.descriptors.frame_parts import CUTS
from index_tools.film import FilmReader, read_frame
from index_tools.opencv import cv2
from index_tools.pack import ScenePack
from index_tools.picture import Picture
from index_tools.search import Engine, filmed, rerank
from index_tools.search.films import Films
from index_tools.search.maps import windows
from tests.index_tools.search.test_rerank import cropped

Rgb = NDArray[np.uint8]


def darkened(rgb: Rgb) -> Rgb:
    return np.asarray(np.rint(150 * (rgb / 255.0) ** 2.2), np.uint8)


def captioned(rgb: Rgb) -> Rgb:
    out = np.array(rgb)
    cv2.putText(out, "WHEN THE TEST", (40, 90), 0, 2.2, (255, 255, 255), 9, cv2.LINE_AA)
    return out


@pytest.mark.parametrize("edit", [cropped, darkened, captioned, lambda rgb: cropped(captioned(rgb))[:, ::-1]])
def test_the_very_frame_is_found_in_long_moving_shots(demo: ScenePack, edit: object) -> None:
    film = demo.film_path(0)
    assert film is not None
    assert callable(edit)
    engine = Engine([demo])
    errors = []
    for at_s in (12.0, 27.5, 44.0, 51.3, 62.0):
        rgb = np.ascontiguousarray(edit(read_frame(film, at_s).rgb))
        best = engine.find(Picture.of(rgb)).best
        errors.append(np.inf if best is None else abs(best.at_s - at_s))
    assert float(np.median(errors)) <= 2 / 24
    assert sum(error > 1.0 for error in errors) <= 1
    engine.close()


def upright(rgb: Rgb) -> Rgb:
    """A window of 9:16, so soft that it has no corners."""
    height, width = rgb.shape[:2]
    left = int(0.55 * width)
    return np.asarray(cv2.GaussianBlur(rgb[:, left : left + height * 9 // 16], (0, 0), height / 14), np.uint8)


def test_an_upright_window_without_corners_is_found(demo: ScenePack, monkeypatch: pytest.MonkeyPatch) -> None:
    film = demo.film_path(0)
    assert film is not None

    def found() -> int:
        """Of pictures whose shot is the first match, how many are seen in their place."""
        engine = Engine([demo])
        right = 0
        for at_s in (12.0, 51.3, 62.0):
            whole = Picture.of(np.ascontiguousarray(read_frame(film, at_s).rgb))
            answer = replace(engine.search(whole), ranked=())
            picture = Picture.of(np.ascontiguousarray(upright(whole.rgb)))
            first = replace(answer.matches[0], confidence=0.3, is_match=False)
            match = engine.refine(picture, replace(answer, matches=(first,))).matches[0]
            right += match.place is not None and abs(match.place[0][0] - 0.55) < 0.05
        engine.close()
        return right

    assert found() >= 2
    monkeypatch.setattr(filmed, "windows", lambda *_: [])
    assert found() == 0


def test_a_shot_in_which_nothing_moves_is_one_scene(tmp_path: Path, demo_film: Path) -> None:
    """A still of 90 s: any moment looks like any other, and the match says so."""
    still = read_frame(demo_film, 47.5, 480).rgb
    film = tmp_path / "still.mkv"
    write_still(film, still, 90)
    build_pack(tmp_path / "pack", [film], workers=1)
    with ScenePack.open(tmp_path / "pack") as pack:
        engine = Engine([pack])
        for picture in (still, cropped(still)):
            best = engine.find(Picture.of(np.ascontiguousarray(picture))).best
            assert best is not None
            assert (best.start_s, best.end_s) == pytest.approx((0.0, 90.0), abs=1.0)
        engine.close()


def test_so_much_of_films_is_decoded_and_no_more(demo: ScenePack, monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture of nothing here is laid over few scenes, the fewer the larger the films are."""
    numbers = np.random.default_rng(5)
    rgb = cv2.resize(numbers.integers(0, 256, (9, 16, 3), dtype=np.uint8), (640, 360))
    seen: list[int] = []
    end = Films.__exit__

    def watched(films: Films, *what: object) -> None:
        seen.append(films.decoded_pixels)
        end(films, None, None, None)

    monkeypatch.setattr(Films, "__exit__", watched)
    engine = Engine([demo])
    assert engine.find(Picture.of(np.asarray(rgb, np.uint8))).best is None
    spent, seen[:] = sum(seen), []
    monkeypatch.setattr(rerank, "PIXELS", 1)
    assert engine.find(Picture.of(np.asarray(rgb, np.uint8))).best is None
    assert sum(seen) <= spent
    engine.close()


def test_decoded_pixels_count_the_way_from_the_key_frame(demo_film: Path) -> None:
    with FilmReader(demo_film) as reader:
        before = reader.decoded_pixels
        frames = list(reader.frames(30.0, 30.5))
        assert reader.decoded_pixels - before >= len(frames) * 854 * 480


def write_still(film: Path, rgb: Rgb, seconds: int) -> None:
    import av

    with av.open(str(film), "w") as container:
        stream = container.add_stream("libx264", rate=10)
        stream.width, stream.height, stream.pix_fmt = rgb.shape[1] & ~1, rgb.shape[0] & ~1, "yuv420p"
        frame = av.VideoFrame.from_ndarray(np.ascontiguousarray(rgb[: stream.height, : stream.width]))
        for number in range(10 * seconds):
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def test_windows_show_all_of_one_side() -> None:
    upright_ones = windows((9 / 16, 1.0), (1.0, 9 / 16))
    assert len(upright_ones) > 3
    for matrix in upright_ones:
        corners = np.array([[0, 0, 1], [9 / 16, 1, 1]]) @ matrix.T
        assert corners[:, 1] == pytest.approx([0, 9 / 16])
        assert corners[0, 0] >= 0
        assert corners[1, 0] <= 1 + 1e-9
    wide_ones = windows((1.0, 0.42), (1.0, 0.75))
    assert [matrix[0, 2] for matrix in wide_ones] == [0.0] * len(wide_ones)
    assert wide_ones[-1][1, 2] == pytest.approx(0.33)
    whole, *cuts = windows((1.0, 9 / 16), (1.0, 9 / 16))
    assert np.array_equal(whole, np.eye(3))
    assert len(cuts) == len(CUTS)
    for place, (left, upper, right, lower) in zip(cuts, CUTS, strict=True):
        corners = np.array([[0, 0, 1], [1.0, 9 / 16, 1]]) @ place.T
        there = [left, upper * 9 / 16, right, lower * 9 / 16]
        assert corners[:, :2].ravel() == pytest.approx(there)
