"""The JavaScript anchor computes the same vectors, and is slower."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import index_tools
from index_tools.descriptors import color_layout

ANCHOR = Path(index_tools.__file__).parent / "measure" / "anchors" / "color_layout.mjs"


@pytest.mark.skipif(shutil.which("node") is None, reason="the anchor runs in node")
def test_the_anchor_gives_the_same_vectors(golden: list[Any], tmp_path: Path) -> None:
    frames = np.stack([one.rgb for one in golden if one.rgb.shape == (180, 320, 3)])[-8:]
    raw = tmp_path / "frames.rgb"
    frames.tofile(raw)
    shown = subprocess.run(
        ["node", str(ANCHOR), str(raw), "320", "180", "50", "1"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    answer = json.loads(shown.stdout)
    expected = [color_layout.encode_base64(vector) for vector in color_layout.describe_batch(frames)]
    assert answer["vectors"] == expected
    assert answer["frames_per_s"] > 0
    assert answer["frames_per_cpu_s"] > 0
