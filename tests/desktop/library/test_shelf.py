"""The shelf: what is searched, and what of it is shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from desktop.library.demo import find_demo
from desktop.library.shelf import Shelf
from desktop.state.query import Query
from index_tools.film import read_frame
from index_tools.nouns import Sharpness
from index_tools.picture import Picture
from index_tools.progress import Progress


def test_what_is_not_worth_showing_at_first_may_be_proven(tmp_path: Path) -> None:
    """A cut and tinted picture has another color layout than any frame, so that no guess is shown."""
    demo = find_demo()
    assert demo is not None
    shelf = Shelf(tmp_path)
    shelf.open_demo(demo, Progress())
    rgb = read_frame(demo.film, 27.5).rgb
    height, width = rgb.shape[:2]
    part = rgb[int(0.15 * height) : int(0.8 * height), int(0.25 * width) : int(0.85 * width)]
    tinted = np.ascontiguousarray((part * np.array([0.9, 0.7, 0.5])).astype(np.uint8))
    query = Query(Picture.of(tinted), "cut.png")
    first = shelf.search(query, Progress())
    assert first.answer.matches == ()
    assert first.answer.can_be_sharpened
    nearly = shelf.refine(query, first, Progress())
    assert nearly.answer.sharpness is Sharpness.NEARLY
    assert nearly.answer.best is not None
    exact = shelf.refine(query, nearly, Progress())
    assert not exact.answer.can_be_sharpened
    assert exact.answer.best is not None
    assert abs(exact.answer.best.at_s - 27.5) <= 1 / 24
    shelf.close_all()
