"""What the benchmark measures of scene embeddings: their share of the work of indexing."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_tools.descriptors.model_file import shipped_network
from index_tools.errors import ModelError
from index_tools.measure.child import cores, in_child
from index_tools.measure.decoding import decode, ffmpeg, film_of_lines
from index_tools.measure.figures import Figure, not_measured

#: Lines of the films, and the greatest share of the time of decoding.
LINES, MOST_SHARE = (480, 720, 1080), 0.15
#: So many seconds of a film are measured, so many times.
LENGTH_S, ROUNDS = 30.0, 2


def embedding_cost(film: Path, say: Callable[[str], None]) -> Figure:
    """Processor time that embeddings add to indexing against that of pure decoding, at several sizes."""
    what = f"processor time for scene embeddings while indexing, films of {', '.join(map(str, LINES))} lines"
    target = f"{MOST_SHARE:.0%} of pure decoding (ffmpeg -f null, one thread)"
    program = ffmpeg()
    if program is None:
        why = "ffmpeg is not installed, so there is nothing to compare with."
        return not_measured("embedding", what, target, why)
    try:
        network = shipped_network()
    except ModelError as error:
        return not_measured("embedding", what, target, str(error))
    numbers: dict[str, Any] = {"side": network.side, "model": network.sha256}
    core = {min(cores())}
    with tempfile.TemporaryDirectory() as folder:
        for lines in LINES:
            say(f"  {lines} lines")
            scaled = film_of_lines(program, film, lines=lines, folder=Path(folder), length_s=LENGTH_S)
            decoding = statistics.median(
                decode(program, scaled, threads=1, cores=core).cpu_s for _ in range(ROUNDS)
            )
            found = in_child(f"{__name__}:indexing_times", film=str(scaled), rounds=ROUNDS)
            numbers[str(lines)] = {"decoding_s": decoding, **found, "share": found["embedding_s"] / decoding}
    shares = {lines: numbers[str(lines)]["share"] for lines in LINES}
    reached = ", ".join(f"{share:.0%} at {lines} lines" for lines, share in shares.items())
    rate = numbers[str(LINES[-1])]["a_second"]
    reached += f"; {rate:.2f} pictures a second of film, {network.side} x {network.side} pixels each"
    met = max(shares.values()) <= MOST_SHARE
    return Figure("embedding", what, target, reached, met, "scenelens-index bench --only embedding", numbers)


def indexing_times(film: str, rounds: int) -> dict[str, Any]:
    """Seconds of the processor that embeddings take while a film is indexed; in a child.

    The network's are counted at its door, since the difference of two whole runs is mostly noise; shrinking
    as many frames is measured by itself.
    """
    from index_tools.descriptors.scene_embedding import SceneEmbedder
    from index_tools.film import FilmReader, index_film

    class Timed(SceneEmbedder):
        spent_s = 0.0

        def describe_parts(
            self, pictures: Sequence[NDArray[np.uint8]]
        ) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
            before = time.process_time()
            described = super().describe_parts(pictures)
            self.spent_s += time.process_time() - before
            return described

    embedder = Timed(shipped_network())
    seconds = []
    for _ in range(rounds):
        embedder.spent_s = 0.0
        index = index_film(Path(film), thumbnails=False, embedder=embedder)
        seconds.append(embedder.spent_s)
    with FilmReader(film, draft=True) as reader:
        frames = [frame for number, frame in enumerate(reader.frames()) if number % 48 == 0]
    before = time.process_time()
    for frame in frames:
        frame.square(embedder.network.side)
    shrink_s = (time.process_time() - before) / len(frames)
    assert index.embedded is not None
    count = len(index.embedded)
    return {
        "embedding_s": statistics.median(seconds) + shrink_s * count,
        "shrink_ms": 1000 * shrink_s,
        "pictures": count,
        "a_second": count / index.video.duration_s,
        "shots": len(index.shots),
    }
