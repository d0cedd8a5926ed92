"""Reducing art: what is kept, what is left out, and going on after a stop."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from index_tools.errors import SceneLensError
from index_tools.training.art import SHORT_SIDE, Art, difference_hash, load_art, read_art, reduce_art


def test_tells_cut_outs_from_whole_pictures(art: list[Art]) -> None:
    assert len(art) == 24
    assert {item.name for item in art if item.cut_out} == {"figure0.png", "figure1.png", "figure2.png"}


def test_loads_what_it_reduced(art: list[Art], reduced: Path) -> None:
    for item in art:
        rgba = load_art(reduced, item)
        assert rgba.shape == (item.height, item.width, 4)
        assert abs(float((rgba[..., 3] > 250).mean()) - item.solid) < 0.001


def test_leaves_out_small_even_double_and_damaged_pictures(tmp_path: Path) -> None:
    package = tmp_path / "art" / "some-data"
    package.mkdir(parents=True)
    rng = np.random.default_rng(1)
    rough = Image.fromarray(rng.integers(0, 256, (6, 6, 3), dtype=np.uint8))
    large = rough.resize((1600, 1200), Image.Resampling.BICUBIC)
    large.save(package / "a.png")
    large.resize((800, 600)).save(package / "b-the-same-smaller.png")
    rough.resize((300, 99)).save(package / "c-low.png")
    Image.new("RGB", (300, 300), (9, 80, 20)).save(package / "d-even.png")
    (package / "e-cut-short.png").write_bytes((package / "a.png").read_bytes()[:3000])
    (package / "f-no-picture.png").write_bytes(b"nothing of the kind")
    (package / "COPYRIGHT").write_text("free")
    kept = reduce_art(tmp_path / "art", tmp_path / "out")
    assert [item.name for item in kept] == ["a.png"]
    assert min(kept[0].width, kept[0].height) == SHORT_SIDE


def test_goes_on_with_the_packages_that_are_missing(packages: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    source = tmp_path / "art"
    shutil.copytree(packages / "alpha-data", source / "alpha-data")
    first = reduce_art(source, out)
    before = (out / "alpha-data.jsonl").stat().st_mtime_ns
    shutil.copytree(packages / "beta-data", source / "beta-data")
    assert {item.package for item in reduce_art(source, out)} == {"alpha-data", "beta-data"}
    assert (out / "alpha-data.jsonl").stat().st_mtime_ns == before
    assert first == [item for item in read_art(out) if item.package == "alpha-data"]


def test_says_when_there_is_nothing_to_reduce(tmp_path: Path) -> None:
    with pytest.raises(SceneLensError, match="holds no packages"):
        reduce_art(tmp_path / "absent", tmp_path / "out")


def test_the_hash_of_a_picture_survives_scaling_and_not_mirroring() -> None:
    rng = np.random.default_rng(3)
    rough = Image.fromarray(rng.integers(0, 256, (6, 6, 3), dtype=np.uint8))
    large, small = (np.asarray(rough.resize((s, s), Image.Resampling.BICUBIC)) for s in (400, 120))
    assert (difference_hash(large) ^ difference_hash(small)).bit_count() <= 5
    mirrored = np.ascontiguousarray(large[:, ::-1])
    assert (difference_hash(large) ^ difference_hash(mirrored)).bit_count() > 20
