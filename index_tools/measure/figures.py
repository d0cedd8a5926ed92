"""One figure of the benchmark, and how it is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Figure:
    """What was measured, what was to be reached, what was reached, and by what.

    `met` is None where nothing was to be reached or nothing could be measured; `how` is the command or the
    anchor that it was measured with; `numbers` are the figures themselves.
    """

    name: str
    what: str
    target: str
    reached: str
    met: bool | None
    how: str
    numbers: dict[str, Any] = field(default_factory=dict)

    def as_object(self) -> dict[str, Any]:
        """The figure as a line of `bench --json`."""
        return asdict(self)


def not_measured(name: str, what: str, target: str, why: str) -> Figure:
    """A figure that this machine cannot give; `why` is a sentence."""
    return Figure(name, what, target, why, None, "")


def as_markdown(figures: Sequence[Figure]) -> str:
    """The figures as a table in Markdown."""
    lines = ["| what | at most / least | reached | by |", "| --- | --- | --- | --- |"]
    for figure in figures:
        mark = {True: "✓ ", False: "✗ ", None: ""}[figure.met]
        lines.append(f"| {figure.what} | {figure.target} | {mark}{figure.reached} | {figure.how} |")
    return "\n".join(lines)
