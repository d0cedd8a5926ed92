"""Fifty quits at random moments: whatever is under way, the program ends by itself, with status 0."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.manners.programs import ROOT

PROCESSES = 5
ROUNDS = 10
LIMIT_S = 100.0


@pytest.mark.x11
def test_fifty_quits_at_random_moments(films: Path) -> None:
    """Five processes of ten rounds each, two at a time; the seeds are fixed, the moments are not."""
    waiting, running = list(range(PROCESSES)), dict[int, subprocess.Popen[str]]()
    deadline = time.monotonic() + LIMIT_S
    failures = []
    try:
        while waiting or running:
            while waiting and len(running) < 2:
                seed = waiting.pop()
                running[seed] = _start(seed, films)
            for seed, process in list(running.items()):
                if process.poll() is not None:
                    _, messages = process.communicate()
                    if process.returncode != 0 or messages:
                        failures.append(f"seed {seed} ended with {process.returncode}:\n{messages}")
                    del running[seed]
            assert time.monotonic() < deadline, f"still running: {sorted(running)}"
            time.sleep(0.1)
    finally:
        for process in running.values():
            process.kill()
            process.communicate()
    assert failures == []


def _start(seed: int, films: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [
            sys.executable,
            "-X",
            "faulthandler",
            "-m",
            "tests.journeys.quit_rounds",
            str(seed),
            str(ROUNDS),
            str(films),
        ],
        cwd=ROOT,
        env=dict(os.environ),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
