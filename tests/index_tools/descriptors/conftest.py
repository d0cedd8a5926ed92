"""The golden pictures, loaded once."""

from __future__ import annotations

import importlib.util
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

GOLDEN = Path(__file__).parents[2] / "golden"


@dataclass(frozen=True, eq=False)
class Golden:
    """One picture and what the reference gives for it."""

    name: str
    rgb: NDArray[np.uint8]
    vector: NDArray[np.uint8]
    base64: str


def _load() -> list[Golden]:
    spec = importlib.util.spec_from_file_location("golden_make_pictures", GOLDEN / "make_pictures.py")
    assert spec is not None
    assert spec.loader is not None
    maker: Any = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(maker)
    entries = json.loads((GOLDEN / "color_layout.json").read_text(encoding="utf-8"))["pictures"]
    golden = []
    for entry in entries:
        rgb = maker.picture(entry)
        assert maker.is_as_described(entry, rgb), entry["name"]
        golden.append(Golden(entry["name"], rgb, np.array(entry["vector"], np.uint8), entry["base64"]))
    return golden


@pytest.fixture(scope="session")
def golden() -> list[Golden]:
    """All golden pictures, checked by their SHA-256."""
    return _load()
