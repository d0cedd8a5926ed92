"""Measuring in a process of its own: one core, one thread, nothing left over from elsewhere."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from typing import Any

from index_tools.errors import SceneLensError

#: What keeps the libraries of numpy and OpenCV to one thread.
ONE_THREAD = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
    "OPENCV_FOR_THREADS_NUM": "1",
}
_START = "from index_tools.measure.child import main; main()"
#: No part of the benchmark takes longer, in seconds.
LONGEST_S = 900.0


def in_child(function: str, **arguments: Any) -> Any:
    """What the function (`module:name`) gives, called with JSON arguments in a child on one core.

    Raises `SceneLensError` with the child's last words when it fails.
    """
    core = min(cores())
    done = subprocess.run(
        [sys.executable, "-c", _START, function, str(core), json.dumps(arguments)],
        env={**os.environ, **ONE_THREAD},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=LONGEST_S,
        check=False,
    )
    if done.returncode:
        words = done.stderr.strip().splitlines()[-1:] or ["no reason given"]
        raise SceneLensError(f"Measuring {function} failed ({words[0]}); nothing was changed.")
    return json.loads(done.stdout.splitlines()[-1])


def cores() -> set[int]:
    """The cores that this process may use; core 0 where the system does not say."""
    return os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else {0}


def main() -> None:
    """The child: function, core and arguments from the command line, the result as the last line of
    output.
    """
    function, core, arguments = sys.argv[1:4]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(core)})
    from index_tools.opencv import cv2

    cv2.setNumThreads(1)
    module, _, name = function.partition(":")
    result = getattr(importlib.import_module(module), name)(**json.loads(arguments))
    sys.stdout.write(json.dumps(result) + "\n")
