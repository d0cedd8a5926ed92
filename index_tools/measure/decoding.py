"""The seconds that ffmpeg needs to decode films: the yardstick for building."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from index_tools.errors import FilmError


@dataclass(frozen=True, slots=True)
class Cost:
    """What a child process took: seconds of the clock, and of the processor (user and system)."""

    wall_s: float
    cpu_s: float


def ffmpeg() -> str | None:
    """The path of ffmpeg, None where it is not installed."""
    return shutil.which("ffmpeg")


def node() -> str | None:
    """The path of node, None where it is not installed."""
    return shutil.which("node")


def cost_of(
    command: Sequence[str], *, cores: set[int] | None = None, environment: dict[str, str] | None = None
) -> Cost:
    """Run a command to its end, on some cores only where wanted, and count what it and its children took.

    Raises `subprocess.CalledProcessError` when it ends with an error.
    """
    if cores is not None and shutil.which("taskset"):
        command = ["taskset", "-c", ",".join(map(str, sorted(cores))), *command]
    before = os.times()
    begun = time.perf_counter()
    subprocess.run(
        command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        env={**os.environ, **(environment or {})},
    )  # fmt: skip
    wall_s = time.perf_counter() - begun
    after = os.times()
    cpu_s = after.children_user - before.children_user + after.children_system - before.children_system
    return Cost(wall_s, cpu_s)


def decode(program: str, film: Path, *, threads: int | None = None, cores: set[int] | None = None) -> Cost:
    """What pure decoding of a film's first video stream takes; raises `FilmError` where ffmpeg cannot."""
    options = [] if threads is None else ["-threads", str(threads)]
    command = [program, "-v", "error", *options, "-i", str(film), "-map", "0:v:0", "-f", "null", "-"]
    try:
        return cost_of(command, cores=cores)
    except subprocess.CalledProcessError as error:
        reason = error.stderr.decode(errors="replace").strip().splitlines()[-1:] or ["no reason given"]
        raise FilmError(
            f"ffmpeg could not decode {film.name} ({reason[0]}); it cannot be measured."
        ) from None


def ordinary_film(program: str, film: Path, *, lines: int, repeats: int, folder: Path) -> Path:
    """A film as people have them: `film` itself, or its enlarged and repeated copy in `folder`.

    A film of fewer than 720 `lines` is enlarged to 1280 x 720 by x264 at its everyday settings (medium, CRF
    23); one that is to count for longer is repeated without encoding it again.  Raises `FilmError` where
    ffmpeg cannot.
    """
    if lines < 720:
        film = film_of_lines(program, film, lines=720, folder=folder)
    if repeats > 1:
        copied = folder / "long.mkv"
        _copy(program, film, copied, ["-stream_loop", str(repeats - 1)], ["-c", "copy"])
        film = copied
    return film


def film_of_lines(
    program: str, film: Path, *, lines: int, folder: Path, length_s: float | None = None
) -> Path:
    """A copy of a film, or of its beginning, in `folder`: 16:9 with so many lines, by x264 at its everyday
    settings (medium, CRF 23).  Raises `FilmError` where ffmpeg cannot.
    """
    made = folder / f"{lines}p.mp4"
    scale = f"scale={round(lines * 16 / 9 / 2) * 2}:{lines}:flags=lanczos,setsar=1"
    begin = [] if length_s is None else ["-t", str(length_s)]
    _copy(program, film, made, begin, ["-vf", scale, "-c:v", "libx264", "-preset", "medium", "-crf", "23"])
    return made


def _copy(program: str, film: Path, made: Path, before: list[str], after: list[str]) -> None:
    try:
        cost_of([program, "-v", "error", *before, "-i", str(film), "-an", *after, str(made)])
    except subprocess.CalledProcessError as error:
        raise FilmError(f"ffmpeg could not copy {film.name} to measure with; nothing was changed.") from error
