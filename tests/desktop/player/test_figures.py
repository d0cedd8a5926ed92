"""The figures are measured with the real panel and keep what is promised."""

from __future__ import annotations

from pathlib import Path

import pytest

from desktop.player.figures import measure


@pytest.mark.slow
@pytest.mark.usefixtures("qapp")
def test_the_figures_are_measured(demo_film: Path) -> None:
    figures = measure(demo_film, loads=3, loops=2)
    assert figures["loop"]["all_exact"] is True
    assert figures["loop"]["loops"] >= 1
    assert 0 < figures["load"]["median_ms"] < 2000
