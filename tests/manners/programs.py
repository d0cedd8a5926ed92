"""Child processes with a time limit that end with the test."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import pytest

ROOT = Path(__file__).parent.parent.parent


class RunProgram(Protocol):
    """Runs `python WORDS…` and returns what became of it; raises TimeoutExpired past the limit."""

    def __call__(
        self,
        *words: str | Path,
        timeout_s: float = 60.0,
        stdin: str | None = None,
        folder: Path | None = None,
    ) -> subprocess.CompletedProcess[str]: ...


@pytest.fixture
def run_program() -> RunProgram:
    """Run this Python with arguments (`-m`, `index_tools.cli`, …), text in and out, no shell."""

    def run(
        *words: str | Path, timeout_s: float = 60.0, stdin: str | None = None, folder: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        command: Sequence[str] = [sys.executable, "-X", "faulthandler", *map(str, words)]
        return subprocess.run(
            command,
            input=stdin if stdin is not None else "",
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
            cwd=folder or ROOT,
        )

    return run
