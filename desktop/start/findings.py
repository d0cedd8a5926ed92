"""What the doctor finds, as plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    state: Literal["good", "limited", "missing"]
    what: str
    how: str
    remedy: str = ""
