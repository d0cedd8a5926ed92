"""Art that travelled makes the same films in coarser pictures."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pytest

from index_tools.errors import SceneLensError
from index_tools.training.art import Art, load_art
from index_tools.training.plan import take_stock
from index_tools.training.travel import pack_art, unpack_art


def test_arrives_whole_in_several_parts(art: list[Art], reduced: Path, tmp_path: Path) -> None:
    parts = pack_art(reduced, tmp_path / "parts", short_side=200, part_bytes=30_000)
    assert len(parts) > 1
    assert max(part.stat().st_size for part in parts) < 90_000
    arrived = unpack_art(parts, tmp_path / "reduced")
    assert [(a.package, a.name, a.solid) for a in arrived] == [(a.package, a.name, a.solid) for a in art]
    load = partial(load_art, tmp_path / "reduced")
    for item, before in zip(arrived, art, strict=True):
        rgba = load(item)
        assert rgba.shape == (item.height, item.width, 4)
        assert min(rgba.shape[:2]) == min(200, before.width, before.height)
        assert abs(float((rgba[..., 3] > 250).mean()) - before.solid) < 0.02
    assert len(take_stock(arrived, held_out=False).cast) == len(take_stock(art, held_out=False).cast)


def test_says_when_there_is_nothing_to_pack(tmp_path: Path) -> None:
    with pytest.raises(SceneLensError, match="no reduced art"):
        pack_art(tmp_path, tmp_path / "parts")


def test_pictures_keep_their_look(art: list[Art], reduced: Path, tmp_path: Path) -> None:
    parts = pack_art(reduced, tmp_path / "parts")
    for item, before in zip(unpack_art(parts, tmp_path / "reduced"), art, strict=True):
        rgba, own = load_art(tmp_path / "reduced", item), load_art(reduced, before)
        if rgba.shape == own.shape:
            solid = own[..., 3] > 250
            apart = np.abs(rgba[solid][:, :3].astype(int) - own[solid][:, :3].astype(int))
            assert apart.mean() < 8
