"""Makes the sample pictures and the pack of the demo from its film.

    .venv/bin/python resources/demo/make.py            both
    .venv/bin/python resources/demo/make.py samples    the pictures alone

The film itself is an excerpt of Big Buck Bunny; see resources/LICENSES.md.  The pack holds nothing of
the machine it was made on: where the film lies is found out by each program that opens the pack.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

from PIL import Image, ImageOps

from index_tools.build import build_pack
from index_tools.film import read_frame
from index_tools.pack import PackAbout

DEMO = Path(__file__).parent
SAMPLE_WIDTH = 640
QUALITY = 82


def main() -> None:
    """Make what the arguments name, or all."""
    demo = json.loads((DEMO / "demo.json").read_text())
    wanted = sys.argv[1:] or ["samples", "pack"]
    if "samples" in wanted:
        make_samples(demo)
    if "pack" in wanted:
        make_pack(demo)


def make_samples(demo: dict[str, object]) -> None:
    """One JPEG a sample, each read another way: as it is, with bars, mirrored."""
    samples = demo["samples"]
    assert isinstance(samples, list)
    (DEMO / "samples").mkdir(exist_ok=True)
    for sample in samples:
        frame = read_frame(DEMO / str(demo["film"]), sample["at_s"])
        picture = Image.fromarray(frame.rgb)
        height = round(SAMPLE_WIDTH * picture.height / picture.width)
        picture = picture.resize((SAMPLE_WIDTH, height), Image.Resampling.LANCZOS)
        if "bars" in sample["file"]:
            picture = ImageOps.pad(picture, (SAMPLE_WIDTH, SAMPLE_WIDTH * 3 // 4), color="black")
        if "mirrored" in sample["file"]:
            picture = ImageOps.mirror(picture)
        picture.save(DEMO / sample["file"], quality=QUALITY, optimize=True)


def make_pack(demo: dict[str, object]) -> None:
    """The pack of the film, made anew."""
    pack = DEMO / str(demo["pack"])
    if pack.exists():
        shutil.rmtree(pack)
    about = PackAbout(
        title=str(demo["title"]),
        creator="SceneLens",
        licence=str(demo["attribution"]),
        pack_id="5ce7e1e75de30de35ce7e1e75de30de3",
    )
    film = DEMO / str(demo["film"])
    build_pack(pack, [film], about=about, title=str(demo["title"]), workers=1, proxies=False)
    (pack / "places.json").unlink(missing_ok=True)


if __name__ == "__main__":
    main()
