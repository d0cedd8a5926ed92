"""What is marked on one frozen screen, and how mouse and keyboard change it.  No Qt; native pixels.

A selection is replaced as a whole by each step.  Until something is marked, the picture that was found
under the pointer is proposed; a click or a key takes it over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from desktop.system.capture.geometry import Rect, between

#: Smaller parts are no picture: descriptors of so few pixels say nothing.
LEAST_SIDE = 16

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Grip:
    """What a mouse that is pressed moves: edges of the marked part, or the whole of it."""

    left: bool = False
    top: bool = False
    right: bool = False
    bottom: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether the part is moved and keeps its size."""
        return not (self.left or self.top or self.right or self.bottom)


@dataclass(frozen=True, slots=True)
class Selection:
    """The state of one screen's selection; `size` is that of its grab."""

    size: tuple[int, int]
    marked: Rect | None = None
    proposal: Rect | None = None
    anchor: Point | None = None
    """Where the mouse was pressed; None while no button is down."""
    grip: Grip | None = None
    """What the pressed mouse moves; None while it marks a new part."""
    before: Rect | None = None
    """What was marked when the mouse was pressed."""

    @property
    def bounds(self) -> Rect:
        """The whole screen."""
        return Rect(0, 0, *self.size)

    @property
    def is_dragging(self) -> bool:
        """Whether the mouse is pressed."""
        return self.anchor is not None

    @property
    def shown(self) -> Rect | None:
        """What would be taken now: what is marked, else what is proposed."""
        return self.marked or self.proposal

    def proposed(self, part: Rect | None) -> Selection:
        """With another proposal."""
        cut = part.cut_to(self.bounds) if part is not None else None
        return replace(self, proposal=None if cut is None or cut.is_empty else cut)

    def proposal_at(self, at: Point) -> Rect | None:
        """What a click at a place takes: the proposal, where that holds it."""
        return self.proposal if self.proposal is not None and self.proposal.holds(*at) else None

    def grip_at(self, at: Point, reach: int) -> Grip | None:
        """What a press at a place would take hold of: edges within `reach` pixels, or the inside."""
        part = self.marked
        if part is None:
            return None
        near = Rect(part.left - reach, part.top - reach, part.right + reach, part.bottom + reach)
        if not near.holds(*at):
            return None
        x, y = at
        left, right = abs(x - part.left), abs(x - part.right)
        top, bottom = abs(y - part.top), abs(y - part.bottom)
        return Grip(
            left=left <= reach and left <= right,
            top=top <= reach and top <= bottom,
            right=right <= reach and right < left,
            bottom=bottom <= reach and bottom < top,
        )

    def pressed(self, at: Point, reach: int) -> Selection:
        """The mouse goes down: on what is marked it takes hold of that, elsewhere it begins anew."""
        grip = self.grip_at(at, reach)
        return replace(self, anchor=at, grip=grip, before=self.marked, marked=self.marked if grip else None)

    def dragged(self, to: Point) -> Selection:
        """The pressed mouse moves."""
        if self.anchor is None:
            return self
        if self.grip is None or self.before is None:
            return replace(self, marked=between(self.anchor, to).cut_to(self.bounds))
        across, down = to[0] - self.anchor[0], to[1] - self.anchor[1]
        return replace(self, marked=_gripped(self.before, self.grip, across, down, self.bounds))

    def released(self, slip: int) -> Selection:
        """The mouse goes up.  A new part of at most `slip` pixels both ways was a click: it marks nothing."""
        part = self.marked
        if self.grip is None and part is not None and max(part.width, part.height) <= slip:
            part = None
        return replace(self, anchor=None, grip=None, before=None, marked=part)

    def nudged(self, across: int, down: int) -> Selection:
        """Move what is marked; what is proposed, or a part in the middle, becomes marked first."""
        part = self.marked
        if part is None:
            return self._held()
        return replace(self, marked=part.moved_within(across, down, self.bounds))

    def grown(self, across: int, down: int) -> Selection:
        """Move the right and the lower edge."""
        if self.marked is None:
            return self._held()
        return replace(self, marked=self.marked.sized_within(across, down, self.bounds, least=LEAST_SIDE))

    def opened(self, across: int, down: int) -> Selection:
        """Move the left and the upper edge."""
        if self.marked is None:
            return self._held()
        return replace(self, marked=self.marked.opened_within(across, down, self.bounds, least=LEAST_SIDE))

    def restarted(self) -> Selection:
        """Nothing is marked, nothing pressed."""
        return Selection(self.size, proposal=self.proposal)

    def _held(self) -> Selection:
        """With something marked to begin with: the proposal, else a wide part in the middle."""
        return replace(self, marked=self.proposal or _middle(self.size))


def too_small(part: Rect) -> bool:
    """Whether a part is too small to be searched."""
    return part.width < LEAST_SIDE or part.height < LEAST_SIDE


def _gripped(part: Rect, grip: Grip, across: int, down: int, bounds: Rect) -> Rect:
    if grip.is_whole:
        return part.moved_within(across, down, bounds)
    part = part.sized_within(
        across if grip.right else 0, down if grip.bottom else 0, bounds, least=LEAST_SIDE
    )
    return part.opened_within(across if grip.left else 0, down if grip.top else 0, bounds, least=LEAST_SIDE)


def _middle(size: tuple[int, int]) -> Rect:
    """A part of 16 : 9 in the middle, half as wide as the screen at most."""
    width = min(size[0] // 2, size[1] * 16 // 18)
    height = width * 9 // 16
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    return Rect(left, top, left + width, top + height)
