"""`scenelens-index describe`, as a person or a program calls it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image

from index_tools.cli.describe import describe
from index_tools.descriptors import color_layout

GOLDEN = Path(__file__).parents[2] / "golden"
BUNNY = GOLDEN / "pictures" / "bunny-a-320x180.png"
BUNNY_VECTOR = next(
    entry["vector"]
    for entry in json.loads((GOLDEN / "color_layout.json").read_text(encoding="utf-8"))["pictures"]
    if entry["name"] == "bunny-a-320x180"
)


def called(*words: object) -> Result:
    return CliRunner().invoke(describe, [str(word) for word in words])


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.mark.parametrize("raw", [[], ["--raw"]])
def test_the_vector_of_the_reference(raw: list[str]) -> None:
    """A picture of 320 x 180 is as large as a prepared one."""
    result = called(*raw, BUNNY, "--json")
    assert result.exit_code == 0
    assert lines(result) == [
        {
            "query": str(BUNNY),
            "color_layout": BUNNY_VECTOR,
            "color_layout_base64": color_layout.encode_base64(np.array(BUNNY_VECTOR, np.uint8)),
        }
    ]
    assert result.stderr == ""


def test_raw_takes_the_pixels_as_they_are(tmp_path: Path) -> None:
    rgb = np.random.default_rng(2).integers(0, 256, (5, 7, 3), dtype=np.uint8)
    path = tmp_path / "small.png"
    Image.fromarray(rgb).save(path)
    (raw,) = lines(called("--raw", path, "--json"))
    (prepared,) = lines(called(path, "--json"))
    assert raw["color_layout"] == color_layout.describe(rgb).tolist()
    assert prepared["color_layout"] == color_layout.describe(color_layout.fit_for_query(rgb)).tolist()
    assert raw["color_layout"] != prepared["color_layout"]


def test_one_that_cannot_be_read_does_not_stop_the_others(tmp_path: Path) -> None:
    text = tmp_path / "text.png"
    text.write_text("no picture")
    gone = tmp_path / "gone.mp4"
    result = called(text, BUNNY, gone, "--json")
    assert result.exit_code == 2
    first, second, third = lines(result)
    assert first["query"] == str(text)
    assert first["error"].startswith("text.png is not a picture")
    assert "color_layout" not in first
    assert second["color_layout"] == BUNNY_VECTOR
    assert "gone.mp4" in third["error"]


def test_a_video_counts_as_its_first_frame(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    with Image.open(BUNNY) as image:
        first = np.array(image.convert("RGB"))
    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=24, options={"crf": "4"})
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = 320, 180, "yuv420p"
        for rgb in (first, np.zeros_like(first), np.zeros_like(first)):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(rgb, format="rgb24")))
        container.mux(stream.encode(None))
    (line,) = lines(called(path, "--json"))
    distance = int(((np.array(line["color_layout"]) - BUNNY_VECTOR) ** 2).sum())
    assert distance <= 12


def test_an_animation_counts_as_its_first_frame(tmp_path: Path) -> None:
    path = tmp_path / "clip.gif"
    colours = [(200, 30, 40), (20, 40, 210)]
    frames = [Image.new("RGB", (64, 36), colour) for colour in colours]
    frames[0].save(path, save_all=True, append_images=frames[1:])
    (line,) = lines(called(path, "--json"))
    assert line["color_layout"] == color_layout.describe(np.array(frames[0])).tolist()


def test_for_people(tmp_path: Path) -> None:
    text = tmp_path / "text.png"
    text.write_text("no picture")
    result = called(BUNNY, text)
    assert result.exit_code == 2
    assert color_layout.encode_base64(np.array(BUNNY_VECTOR, np.uint8)) in result.stdout
    assert result.stderr.startswith("text.png is not a picture")
    assert called(BUNNY).exit_code == 0


def test_without_a_picture_it_explains_itself() -> None:
    result = called()
    assert result.exit_code == 2
    assert "PICTURE" in result.stderr
