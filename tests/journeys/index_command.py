"""`scenelens-index` as a shell would start it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Told:
    """What a command said: exit status, the objects of its stdout lines, stderr."""

    status: int
    lines: list[dict[str, Any]]
    messages: str


class IndexCommand:
    """`scenelens-index` as installed beside this Python."""

    def __call__(self, *words: str | Path, timeout_s: float = 90.0) -> Told:
        """Run it with `words`; each line of stdout must be a JSON object."""
        result = self.raw(words, timeout_s)
        return Told(
            result.returncode, [json.loads(line) for line in result.stdout.splitlines()], result.stderr
        )

    def raw(self, words: Sequence[str | Path], timeout_s: float = 90.0) -> subprocess.CompletedProcess[str]:
        """Run it with `words`; stdout as it is."""
        command = [str(Path(sys.executable).with_name("scenelens-index")), *map(str, words)]
        return subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout_s, check=False
        )
