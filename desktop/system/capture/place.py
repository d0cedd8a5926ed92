"""The place of the last capture, for "same place again".  No Qt.

Kept among the settings as one line: `WIDTHxHEIGHT LEFT,TOP,RIGHT,BOTTOM SCREEN`, native pixels.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from desktop.system.capture.geometry import Rect

_LINE = re.compile(r"(\d{1,6})x(\d{1,6}) (\d{1,6}),(\d{1,6}),(\d{1,6}),(\d{1,6}) (.{0,200})")


@dataclass(frozen=True, slots=True)
class Place:
    """A part of a screen: the screen's name, the size of its grab, the part in its pixels."""

    screen: str
    size: tuple[int, int]
    part: Rect

    @classmethod
    def read(cls, line: str) -> Place | None:
        """The place in a line; None where it is none."""
        found = _LINE.fullmatch(line)
        if found is None:
            return None
        width, height, *edges = (int(number) for number in found.groups()[:6])
        part = Rect(*edges)
        if part.is_empty or part != part.cut_to(Rect(0, 0, width, height)):
            return None
        return cls(found[7], (width, height), part)

    def __str__(self) -> str:
        part = self.part
        edges = f"{part.left},{part.top},{part.right},{part.bottom}"
        return f"{self.size[0]}x{self.size[1]} {edges} {self.screen}"

    def find(self, screens: Sequence[tuple[str, tuple[int, int]]]) -> int | None:
        """The index of the screen, named and sized, that the place is on.

        Names move between plugs: without a screen of this name and size the only one of the size is taken.
        """
        if (self.screen, self.size) in screens:
            return list(screens).index((self.screen, self.size))
        same_size = [index for index, (_, size) in enumerate(screens) if size == self.size]
        return same_size[0] if len(same_size) == 1 else None
