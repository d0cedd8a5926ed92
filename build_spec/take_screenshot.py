"""Takes the README's picture of the window: the demo, searched and playing, on a private X server.

.venv/bin/python build_spec/take_screenshot.py
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

# Started as a file, Python looks for modules in this folder alone.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from build_spec.with_display import private_display

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "resources" / "screenshots" / "window.png"


def main() -> None:
    """Write resources/screenshots/window.png; a palette would draw bands across the film's picture."""
    TARGET.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, private_display() as display:
        shot = Path(folder) / "window.png"
        environment = {**os.environ, **display, "QT_QPA_PLATFORM": "xcb"}
        subprocess.run(
            [sys.executable, "-m", "desktop", "--screenshot", str(shot)],
            cwd=ROOT,
            env=environment,
            check=True,
        )
        with Image.open(shot) as picture:
            picture.convert("RGB").save(TARGET, optimize=True)
    sys.stdout.write(f"{TARGET.relative_to(ROOT)}: {TARGET.stat().st_size / 1e3:.0f} kB\n")


if __name__ == "__main__":
    main()
