"""What the benchmark measures of search; each function runs in a child on one core and gives plain JSON."""

from __future__ import annotations

import math
import time
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_tools.film import read_frame
from index_tools.measure.degradations import DEGRADATIONS
from index_tools.measure.perturbed import perturbed
from index_tools.measure.queries import LONGEST_SIDE
from index_tools.nouns import FilmIndex
from index_tools.pack import ScenePack
from index_tools.picture import Picture
from index_tools.search import Engine, exact

#: Degradations whose pictures are in the pack, and such that are not.
_PRESENT, _ABSENT = ("identity", "jpeg30", "letterbox"), ("rotate90", "hue_shift")
#: The noise that is added to stored vectors when recall is measured, as peers were measured.
_NOISE = 0.8
_NEAREST = 10


def search_times(pack: str, count: int) -> dict[str, Any]:
    """Milliseconds a search over `count` pictures in memory, half of them not in the pack.

    The pack's first videos must be at hand.  By the clock and by the processor; beside it the exact
    scan of a single reading, by the processor.
    """
    with ScenePack.open(Path(pack)) as opened:
        engine = Engine([opened])
        engine.wait_for_graphs()
        pictures = [*_pictures(opened, count, _PRESENT, 1), *_pictures(opened, count, _ABSENT, 2)]
        for picture in pictures[:5]:
            engine.search(picture)
        wall, processor, asked = [], [], []
        for picture in pictures:
            before = time.process_time()
            answer = engine.search(picture)
            processor.append((time.process_time() - before) * 1000)
            wall.append(answer.elapsed_ms)
            asked.append(any(not math.isnan(one.score) for one in answer.ranked))
        vectors = opened.vectors("color_layout")
        embedded = engine.searches[0].embedded
        scans = []
        for row in range(0, 25 * 37, 37):
            before = time.process_time()
            exact.nearest(vectors, np.array(vectors[row : row + 1]), _NEAREST)
            scans.append((time.process_time() - before) * 1000)
        engine.close()
        return {
            "rows": len(vectors),
            "embeddings": len(embedded.vectors) if embedded else 0,
            "pictures": len(pictures),
            "asked_the_network": sum(asked),
            "asked_median_ms": _median([ms for ms, one in zip(processor, asked, strict=True) if one]),
            "plain_median_ms": _median([ms for ms, one in zip(processor, asked, strict=True) if not one]),
            "median_ms": float(np.median(wall)),
            "p95_ms": float(np.percentile(wall, 95)),
            "processor_median_ms": float(np.median(processor)),
            "processor_p95_ms": float(np.percentile(processor, 95)),
            "exact_one_reading_ms": float(np.median(scans[5:])),
        }


def recall(pack: str, count: int) -> dict[str, Any]:
    """The share of the ten true neighbours that the graph gives, for vectors in the pack (with noise)
    and not.

    A neighbour counts as found when its squared distance is at most that of the true tenth.  No queries
    are asked of a pack without a graph.
    """
    with ScenePack.open(Path(pack)) as opened:
        engine = Engine([opened])
        engine.wait_for_graphs()
        search = engine.searches[0]
        graph = search.graph
        if graph is None or not graph.ready:
            engine.close()
            return {"queries": 0}
        numbers = np.random.default_rng(11)
        vectors = search.vectors
        stored = vectors[np.sort(numbers.choice(len(vectors), count, replace=False))].astype(np.int16)
        present = np.clip(stored + np.rint(numbers.normal(0, _NOISE, stored.shape)), 0, 63).astype(np.uint8)
        other = _absent_vectors(opened, count, numbers)
        shares = {}
        for name, queries in (("present", present), ("absent", other)):
            good = []
            for first in range(0, count, 50):
                some = queries[first : first + 50]
                true_ones = exact.nearest(vectors, some, _NEAREST)
                found = graph.nearest(some, 256)
                good += [
                    float((near[:_NEAREST] <= true[-1]).mean())
                    for (_, near), (_, true) in zip(found, true_ones, strict=True)
                ]
            shares[name] = float(np.mean(good))
        engine.close()
        return {"queries": count, **shares}


def memory(pack: str) -> dict[str, Any]:
    """Megabytes resident after a search with the graph loaded, above those before the pack was opened."""
    before = _resident()
    with ScenePack.open(Path(pack)) as opened:
        engine = Engine([opened])
        engine.wait_for_graphs()
        engine.search(_pictures(opened, 1, _PRESENT, 1)[0])
        after = _resident()
        rows = len(opened.kept)
        engine.close()
    return {"rows": rows, **{f"{name}_mb": (after[name] - before[name]) / 1e6 for name in after}}


def _median(values: list[float]) -> float | None:
    return float(np.median(values)) if values else None


def _pictures(pack: ScenePack, count: int, names: tuple[str, ...], seed: int) -> list[Picture]:
    """Frames of the films at hand, degraded in turns."""
    films = [(number, path) for number in range(len(pack.videos)) if (path := pack.film_path(number))]
    numbers = np.random.default_rng(seed)
    pictures = []
    for number in range(count):
        video, path = films[number % len(films)]
        times = pack.track(video).times_s
        rgb = read_frame(path, float(times[int(numbers.integers(len(times)))]), LONGEST_SIDE).rgb
        pictures.append(Picture.of(DEGRADATIONS[names[number % len(names)]](rgb, numbers)))
    return pictures


def _absent_vectors(pack: ScenePack, count: int, numbers: np.random.Generator) -> NDArray[np.uint8]:
    """Color layouts as those of the pack, of films perturbed in other ways."""
    some: list[NDArray[np.uint8]] = []
    have = 0
    while have < count:
        for number in range(len(pack.videos)):
            if pack.film_path(number) is None:
                continue
            rows, shots = pack.rows_of(number), pack.shots_of(number)
            kept = pack.kept[rows].copy()
            kept["shot"] -= shots.start
            index = FilmIndex(
                pack.videos[number], kept, pack.shots[shots], np.array(pack.vectors("color_layout")[rows]),
                pack.track(number),
            )  # fmt: skip
            some.append(perturbed(index, numbers).color_layout[::7])
            have += len(some[-1])
    every = np.concatenate(some)
    chosen: NDArray[np.uint8] = every[numbers.choice(len(every), count, replace=False)]
    return chosen


def _resident() -> dict[str, float]:
    """Bytes of this process that are in memory: its own, and of files that it has mapped."""
    kinds = {"RssAnon": "own", "RssFile": "mapped"}
    sizes = dict.fromkeys(kinds.values(), 0.0)
    for line in Path("/proc/self/status").read_text().splitlines():
        name, _, value = line.partition(":")
        if name in kinds:
            sizes[kinds[name]] = float(value.split()[0]) * 1024
    return sizes
