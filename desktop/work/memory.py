"""Giving memory back that was needed only to come up."""

from __future__ import annotations

import gc
import sys


def give_back() -> None:
    """Collect what nobody holds, and return free pages to the system where the C library can (glibc)."""
    gc.collect()
    if not sys.platform.startswith("linux"):
        return
    import ctypes

    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)  # musl has none
    if trim is not None:
        trim(0)
