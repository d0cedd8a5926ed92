"""kill -9 at random moments: the same command goes on, and the pack comes out the same."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index_tools.pack import ScenePack, verify_pack

KILLS = 20
#: Seconds after which no more kills are started, so that a slow machine does not hold up the tests.
ENOUGH_S = 20.0


def start(out: Path, clips: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "index_tools", "build", "--out", str(out), "--workers", "2", str(clips)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def survivors(out: Path) -> int:
    """How many processes of a killed build are left (Linux)."""
    found = 0
    for path in Path("/proc").glob("[0-9]*/environ"):
        try:
            found += f"SCENELENS_CACHE={os.environ['SCENELENS_CACHE']}".encode() in path.read_bytes()
        except OSError:
            continue  # it has just ended
    return found


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_twenty_times(clips: Path, tmp_path: Path) -> None:
    out, begun = tmp_path / "shelf", time.monotonic()
    with start(out, clips) as whole:
        assert whole.wait(60) == 0
    usual_s = time.monotonic() - begun
    with ScenePack.open(out) as pack:
        expected = dict(pack.manifest.members)
    shutil.rmtree(out)
    chance = random.Random(7)
    killed = 0
    for _ in range(KILLS):
        with start(out, clips) as build:
            try:
                build.wait(chance.uniform(0.0, usual_s))
            except subprocess.TimeoutExpired:
                build.send_signal(signal.SIGKILL)
                build.wait()
                killed += 1
        if out.exists():
            assert verify_pack(out) == []
            shutil.rmtree(out)
        if time.monotonic() - begun > ENOUGH_S:
            break
    with start(out, clips) as build:
        assert build.wait(60) == 0, build.stderr and build.stderr.read()
    assert killed >= 3
    assert verify_pack(out) == []
    with ScenePack.open(out) as pack:
        assert dict(pack.manifest.members) == expected
    assert sorted(path.name for path in tmp_path.glob("shelf*")) == ["shelf"]
    # workers notice the death of their builder
    patience = time.monotonic() + 5
    while survivors(out) and time.monotonic() < patience:
        time.sleep(0.05)
    assert survivors(out) == 0
