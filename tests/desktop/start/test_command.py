"""The command from outside: what it prints and how it ends."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from PIL import Image


def scenelens(*words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "desktop", *words],
        capture_output=True, text=True, timeout=90, check=False,
        env={name: value for name, value in {**os.environ, **variables}.items() if value},
    )  # fmt: skip


def test_version() -> None:
    done = scenelens("--version")
    assert done.returncode == 0
    assert "0.1" in done.stdout


def test_no_display_is_a_sentence_and_exit_2() -> None:
    done = scenelens(QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY="")
    assert done.returncode == 2
    assert "make demo" in done.stderr
    assert "Traceback" not in done.stderr


def test_screenshot_shows_the_scene_without_a_display(tmp_path: Path) -> None:
    picture = tmp_path / "window.png"
    done = scenelens(
        "--demo", "--screenshot", str(picture), QT_QPA_PLATFORM="", DISPLAY="", WAYLAND_DISPLAY=""
    )
    assert done.returncode == 0, done.stderr
    assert "Big Buck Bunny · 0:00:34 – 0:00:36" in done.stdout
    with Image.open(picture) as image:
        pixels = np.asarray(image.convert("RGB"))
    assert pixels.shape == (800, 1280, 3)
    scene = pixels[270:550, 420:920].astype(int)
    assert scene.std() > 40  # a film's frame, not a page of one colour
    assert (scene[..., 0] - scene[..., 2]).mean() > 30  # the squirrel is red


def test_self_test() -> None:
    done = scenelens("--self-test", QT_QPA_PLATFORM="offscreen")
    assert done.returncode == 0, done.stderr


def test_modules_that_are_heavy_come_after_the_window() -> None:
    program = (
        "import sys, desktop.app; "
        "print(sorted({'cv2', 'av', 'hnswlib', 'requests', 'zstandard'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "[]"
