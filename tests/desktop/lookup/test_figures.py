"""What the client itself takes, from a picture to the merged answer: at most 50 ms."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from desktop.lookup.neighbours import Neighbours
from desktop.lookup.request_queue import RequestQueue
from desktop.lookup.services import Services
from desktop.lookup.tracemoe import connect
from index_tools.film import read_frame
from index_tools.progress import Progress
from tests.standins.tracemoe import tracemoe

MOST_MS = 50.0


def test_a_search_takes_the_services_time_and_little_of_ours(demo_film: Path, tmp_path: Path) -> None:
    """Measured as processor time of the thread, so that a busy machine does not count."""
    pictures = [read_frame(demo_film, 4.0 + 5 * number) for number in range(12)]
    with tracemoe() as (server, _):
        turns = RequestQueue(beside=Neighbours(tmp_path, Services(server.url)))
        client = connect(server.url, turns, tmp_path)
        taken_ms = []
        for picture in pictures:
            begun = time.thread_time()
            client.search(client.plan(picture, Progress()), Progress())
            taken_ms.append((time.thread_time() - begun) * 1000)
        client.close()
    middle = statistics.median(taken_ms[2:])  # the first ones load libraries
    print(f"of our own: {middle:.1f} ms in the middle, {max(taken_ms[2:]):.1f} ms at most")  # noqa: T201
    assert middle <= MOST_MS
