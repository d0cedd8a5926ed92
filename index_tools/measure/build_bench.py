"""What the benchmark measures of indexing: processor time, the descriptor alone, the size of packs."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index_tools.build import build_pack
from index_tools.errors import SceneLensError
from index_tools.film import FilmReader
from index_tools.measure.child import ONE_THREAD, cores, in_child
from index_tools.measure.decoding import cost_of, decode, ffmpeg, node, ordinary_film
from index_tools.measure.figures import Figure, not_measured
from index_tools.opencv import cv2
from index_tools.pack import ScenePack, pack_file

#: Shorter films are repeated up to this length, so that starting a process does not count much, in seconds.
LENGTH_S = 300.0
ROUNDS = 3
_ANCHOR = Path(__file__).parent / "anchors" / "color_layout.mjs"
_FRAMES, _SIZE = 128, (320, 180)


def build_cost(film: Path, say: Callable[[str], None]) -> Figure:
    """Processor time of building a pack of a film against decoding it with ffmpeg, medians of
    alternating runs.
    """
    with FilmReader(film) as reader:
        info = reader.info
    size = f"{info.width} x {info.height}" if info.height >= 720 else "1280 x 720 (enlarged)"
    what = f"processor time to build a pack from a film of {size}, every frame read"
    target = "1.25 × pure decoding (ffmpeg -f null, one thread)"
    program = ffmpeg()
    if program is None:
        return not_measured(
            "build", what, target, "ffmpeg is not installed, so there is nothing to compare with."
        )
    core = {min(cores())}
    decoding, building = [], []
    with tempfile.TemporaryDirectory() as folder:
        repeats = max(1, round(LENGTH_S / max(info.duration_s, 1.0)))
        film = ordinary_film(program, film, lines=info.height, repeats=repeats, folder=Path(folder))
        for number in range(ROUNDS):
            say(f"  round {number + 1} of {ROUNDS}")
            decoding.append(decode(program, film, threads=1, cores=core).cpu_s)
            command = [
                sys.executable, "-c", "from index_tools.cli import main; main()", "build",
                "--out", str(Path(folder) / f"pack {number}"), "--workers", "1", str(film),
            ]  # fmt: skip
            building.append(cost_of(command, cores=core, environment=ONE_THREAD).cpu_s)
    ratio = statistics.median(building) / statistics.median(decoding)
    return Figure(
        "build", what, target,
        f"{ratio:.2f} × ({statistics.median(building):.1f} s against {statistics.median(decoding):.1f} s)",
        ratio <= 1.25, "scenelens-index bench --only build",
        {"ratio": ratio, "building_s": building, "decoding_s": decoding, "repeats": repeats},
    )  # fmt: skip


def descriptor_speed(film: Path) -> Figure:
    """Frames a second of the batched descriptor against the same arithmetic in JavaScript, taking turns."""
    what = "color layout of frames of 320 x 180 in memory, frames a second"
    target = "1.5 × the reference's arithmetic in JavaScript"
    program = node()
    if program is None:
        return not_measured(
            "descriptor", what, target, "node is not installed, so there is nothing to compare with."
        )
    frames = []
    with FilmReader(film) as reader:
        for number, frame in enumerate(reader.frames()):
            if number % 5 == 0:
                frames.append(
                    np.asarray(cv2.resize(frame.picture(640).rgb, _SIZE, interpolation=cv2.INTER_AREA))
                )
            if len(frames) == _FRAMES:
                break
    ours: list[float] = []
    theirs: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        raw = Path(folder) / "frames.rgb"
        raw.write_bytes(np.stack(frames).tobytes())
        core = min(cores())
        pin = ["taskset", "-c", str(core)] if sys.platform.startswith("linux") else []
        words = [*pin, program, str(_ANCHOR), str(raw), *map(str, _SIZE), "2000", "3"]
        for _ in range(ROUNDS):
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            if done.returncode:
                raise SceneLensError(f"node could not run {_ANCHOR.name} ({done.stderr.strip()[-200:]}).")
            anchor = json.loads(done.stdout)
            theirs.append(float(anchor["frames_per_cpu_s"]))
            mine = in_child("index_tools.measure.build_bench:describe_speed", raw=str(raw))
            ours.append(mine["frames_per_second"])
            if mine["vectors"] != anchor["vectors"]:
                raise SceneLensError(
                    "Both sides describe the same frames differently; their speeds say nothing."
                )
    ratio = statistics.median(ours) / statistics.median(theirs)
    return Figure(
        "descriptor", what, target,
        f"{ratio:.2f} × ({statistics.median(ours):,.0f} against {statistics.median(theirs):,.0f})",
        ratio >= 1.5, "scenelens-index bench --only descriptor",
        {"ratio": ratio, "ours": ours, "theirs": theirs},
    )  # fmt: skip


def describe_speed(raw: str) -> dict[str, Any]:
    """Frames a second of the batched descriptor over raw frames of 320 x 180, the best of five; in a
    child.
    """
    from index_tools.descriptors.color_layout import describe_batch, encode_base64

    frames = np.fromfile(raw, np.uint8).reshape(-1, _SIZE[1], _SIZE[0], 3)
    batches = [frames[first : first + 32] for first in range(0, len(frames), 32)]
    speeds = []
    for _ in range(7):
        begun = time.process_time()
        for _ in range(8):
            for batch in batches:
                describe_batch(batch)
        speeds.append(8 * len(frames) / (time.process_time() - begun))
    vectors = [encode_base64(vector) for vector in describe_batch(frames[:8])]
    return {"frames_per_second": statistics.median(speeds[2:]), "vectors": vectors}


def sizes(films: Sequence[Path]) -> list[Figure]:
    """Bytes of a pack of the films, member by member: a kept frame, and an hour of film for download."""
    with tempfile.TemporaryDirectory() as folder:
        path, file = Path(folder) / "pack", Path(folder) / "pack.scenepack"
        build_pack(path, films, workers=1)
        pack_file(path, file)
        members: dict[str, int] = defaultdict(int)
        with ScenePack.open(path) as pack:
            kept = len(pack.kept)
            hours = sum(video.duration_s for video in pack.videos) / 3600
            for role, member in pack.manifest.members.items():
                members[role] += member.bytes
        transport = file.stat().st_size
    total = sum(members.values())
    largest = sorted(members.items(), key=lambda item: -item[1])
    numbers = {
        "kept": kept, "hours": hours, "members_bytes": dict(members), "transport_bytes": transport,
        "bytes_per_kept_frame": total / kept, "transport_bytes_per_hour": transport / hours,
        "kept_per_second": kept / hours / 3600,
    }  # fmt: skip
    parts = ", ".join(f"{role} {size / kept:.0f}" for role, size in largest)
    how = "scenelens-index bench --only size"
    return [
        Figure(
            "size", "bytes per kept frame on the disk, without the graph", "stated",
            f"{total / kept:.0f} ({parts})", None, how, numbers,
        ),
        Figure(
            "size", "bytes per hour of film for download, both descriptors and thumbnails",
            "3 MB an hour",
            f"{transport / hours / 1e6:.2f} MB ({kept / hours / 3600:.2f} kept frames a second)",
            transport / hours <= 3e6, how, numbers,
        ),
    ]  # fmt: skip
