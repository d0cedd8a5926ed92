"""The process that indexes films, one after another, at the wish of the builder.

It is spawned, not forked, so that it works from a bundle and beside a window.  Both sides speak JSON over a
pipe.  To it: {"path", "entry", "thumbnails", "network", "proxy", "parts"}.  From it: {"kind": "ready"},
{"kind": "progress", "done_s", "total_s"}, {"kind": "done", "frames", "film_s"},
{"kind": "failed" | "disk", "reason"}.
"""

from __future__ import annotations

import json
import os
import signal
import threading
from dataclasses import replace
from multiprocessing import connection, parent_process
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from index_tools.errors import ModelError, SceneLensError
from index_tools.progress import Progress, Report

if TYPE_CHECKING:
    from index_tools.descriptors.scene_embedding import SceneEmbedder

#: Seconds between two reports of a worker.
_EVERY_S = 0.1


def work(pipe: connection.Connection, *, gentle: bool) -> None:
    """Index what comes through `pipe` until it ends; `gentle` leaves the processor to others first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the builder decides what Ctrl+C means
    threading.Thread(target=_end_with_parent, name="parent watch", daemon=True).start()
    if gentle and hasattr(os, "nice"):
        os.nice(10)
    from index_tools.film import index_film  # noqa: F401 - loaded before the first film is begun

    try:
        _send(pipe, kind="ready")
        while True:
            task = json.loads(pipe.recv_bytes())
            _send(pipe, **_index(pipe, task))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # the builder is done with us, or is no more


def _index(pipe: connection.Connection, task: dict[str, Any]) -> dict[str, Any]:
    from index_tools.build.journal import write_entry
    from index_tools.film import DiskRefusedError, index_film
    from index_tools.pack.beside import write_parts
    from index_tools.pack.durable import reason
    from index_tools.pack.stored_film import store_film

    path = Path(task["path"])
    last = 0.0

    def report(report: Report) -> None:
        nonlocal last
        now = monotonic()
        if now - last >= _EVERY_S:
            last = now
            _send(pipe, kind="progress", done_s=report.done, total_s=report.total)

    try:
        embedder, warnings = _embedder(task["network"])
        proxy = None if task["proxy"] is None else Path(task["proxy"])
        index = index_film(
            path, thumbnails=task["thumbnails"], embedder=embedder, proxy=proxy, progress=Progress(report)
        )
        film = store_film(replace(index, warnings=(*index.warnings, *warnings)))
    except SceneLensError as error:
        return {"kind": "failed", "reason": str(error)}
    except (BrokenPipeError, ConnectionResetError):
        raise
    except DiskRefusedError as error:
        return {"kind": "disk", "reason": reason(error)}
    except MemoryError:
        return {"kind": "failed", "reason": f"{path.name} needs more memory than there is; it was left out."}
    except Exception as error:  # noqa: BLE001 - a defect that one film shows must not end the others
        what = f"{type(error).__name__}: {error}"
        return {"kind": "failed", "reason": f"{path.name} could not be indexed ({what}); it was left out."}
    try:
        if task["parts"] is not None and index.scene_parts is not None:
            write_parts(Path(task["parts"]), index.scene_parts)
        write_entry(Path(task["entry"]), film, path)
    except OSError as error:
        return {"kind": "disk", "reason": reason(error)}
    return {"kind": "done", "frames": film.video.frame_count, "film_s": film.video.duration_s}


def _embedder(path: str | None) -> tuple[SceneEmbedder | None, tuple[str, ...]]:
    """The network in a file; none, and a sentence, where it cannot be loaded."""
    if path is None:
        return None, ()
    from index_tools.descriptors.model_file import network_file
    from index_tools.descriptors.scene_embedding import embedder_of

    try:
        return embedder_of(network_file(Path(path))), ()
    except ModelError as error:
        # a film that is found by its color layout alone is better than none
        return None, (str(error),)


def _send(pipe: connection.Connection, **message: Any) -> None:
    pipe.send_bytes(json.dumps(message).encode())


def _end_with_parent() -> None:
    parent = parent_process()
    if parent is not None:
        connection.wait([parent.sentinel])
        # the builder was killed: nobody will read the result, and a decoder cannot be asked to stop
        os._exit(1)
