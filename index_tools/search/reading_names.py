"""The names of readings, and how they hang together."""

from __future__ import annotations


def upright_name(name: str) -> str:
    """The name of the hypothesis that a reading comes from, before it was mirrored or got bars."""
    name = name.removesuffix("bars_added").rstrip("_")
    name = "" if name == "mirrored" else name.removesuffix("_mirrored")
    return name or "as_is"


def both_ways(name: str) -> tuple[str, str]:
    """The names of the hypothesis that a reading comes from, and of its mirror image."""
    upright = upright_name(name)
    return upright, "mirrored" if upright == "as_is" else f"{upright}_mirrored"
