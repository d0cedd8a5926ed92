"""Pictures looked up in the proxy of a film."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.build import build_pack
from index_tools.film import read_frame
from index_tools.opencv import cv2
from index_tools.pack import ScenePack
from index_tools.pack.beside import proxy_path
from index_tools.picture import Picture
from index_tools.search import Engine, rerank
from index_tools.search.films import Films

Rgb = NDArray[np.uint8]
FRAME_S = 1 / 24


def cropped(rgb: Rgb) -> Rgb:
    height, width = rgb.shape[:2]
    return rgb[int(0.15 * height) : int(0.80 * height), int(0.25 * width) : int(0.85 * width)]


def film_of(pack: ScenePack) -> Path:
    film = pack.film_path(0)
    assert film is not None
    return film


@pytest.fixture
def proxy(demo: ScenePack, demo_proxy: Path) -> Path:
    """The proxy beside the demo's pack."""
    path = proxy_path(demo.folder, demo.videos[0].fingerprint)
    path.parent.mkdir()
    shutil.copyfile(demo_proxy, path)
    return path


@pytest.mark.parametrize(
    ("edit", "within"), [(lambda rgb: rgb, 0.5), (cropped, 2.5), (lambda rgb: rgb[:, ::-1], 0.5)]
)
@pytest.mark.usefixtures("proxy")
def test_the_frame_is_found_though_the_film_is_away(
    demo: ScenePack, edit: Callable[[Rgb], Rgb], within: float
) -> None:
    """Within so many frames; the color layouts tell the very one where the picture is a whole frame."""
    film = film_of(demo)
    times = (12.0 + FRAME_S, 27.5, 44.0, 51.3, 62.0)
    pictures = [np.ascontiguousarray(edit(read_frame(film, at_s).rgb)) for at_s in times]
    film.unlink()
    errors = []
    for at_s, rgb in zip(times, pictures, strict=True):
        answer = Engine([demo]).find(Picture.of(rgb))
        assert answer.refined
        assert answer.best is not None
        errors.append(abs(answer.best.at_s - at_s))
    assert float(np.median(errors)) <= within * FRAME_S


def test_little_is_decoded(demo: ScenePack, demo_proxy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Picture.of(np.ascontiguousarray(cropped(read_frame(film_of(demo), 27.5).rgb)))
    decoded: list[int] = []
    end = Films.__exit__

    def watched(films: Films, *what: object) -> None:
        decoded.append(films.decoded_pixels)
        end(films, None, None, None)

    monkeypatch.setattr(Films, "__exit__", watched)
    engine = Engine([demo])
    searched = engine.search(picture)
    engine.rerank(picture, searched)
    path = proxy_path(demo.folder, demo.videos[0].fingerprint)
    path.parent.mkdir()
    shutil.copyfile(demo_proxy, path)
    engine.rerank(picture, searched)
    film, proxy = decoded
    assert 0 < proxy < film / 2


def test_a_damaged_one_is_passed_over_for_the_film(demo: ScenePack, proxy: Path) -> None:
    proxy.write_bytes(b"no video")
    rgb = read_frame(film_of(demo), 9.8).rgb
    answer = Engine([demo]).find(Picture.of(np.ascontiguousarray(cropped(rgb))))
    assert answer.refined
    assert answer.best is not None
    assert abs(answer.best.at_s - 9.8) < 0.5


def write_shimmer(path: Path, frames: int) -> list[Rgb]:
    """A film of one shot in which each frame is another mixture of pictures; its frames."""
    numbers = np.random.default_rng(3)
    parts = [
        cv2.resize(numbers.normal(0, 45, (9, 16)), (640, 360), interpolation=cv2.INTER_CUBIC)
        for _ in range(frames // 3 + 1)
    ]
    pictures: list[Rgb] = []
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24)
        stream.width, stream.height, stream.pix_fmt = 640, 360, "yuv420p"
        for number in range(frames):
            luma = 128 + sum(
                np.exp(-(((number - 3 * place) / 3) ** 2)) * part for place, part in enumerate(parts)
            )
            pictures.append(np.repeat(luma.clip(0, 255).astype(np.uint8)[..., None], 3, 2))
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pictures[-1], format="rgb24")))
        container.mux(stream.encode())
    return pictures


def test_a_frame_between_those_of_the_proxy_is_found_in_the_film(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the scene is in doubt: what the proxy shows is not quite the picture."""
    for limit, value in (("SETTLED", 2.0), ("TWICE_SURE", 2.0), ("DOUBTED", 0.0)):
        monkeypatch.setattr(rerank, limit, value)
    film = tmp_path / "film.mkv"
    pictures = write_shimmer(film, 48)
    build_pack(tmp_path / "pack", [film], workers=1)
    with ScenePack.open(tmp_path / "pack") as pack:
        assert pack.proxy_path(0) is not None
        engine = Engine([pack])
        for number in (13, 25, 31):
            rgb = np.ascontiguousarray(pictures[number][20:330, 40:600])
            picture = Picture.of(rgb)
            at_s = engine.rerank(picture, engine.search(picture)).matches[0].at_s
            assert round(at_s * 24) == number
        engine.close()
