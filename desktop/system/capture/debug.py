"""Screens, ratios and the selection in both units, for reports of people whose screens we do not have."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtGui import QGuiApplication

from desktop.system.capture.geometry import to_desktop
from desktop.system.capture.overlay import RegionOverlay


def debug_lines(overlays: Sequence[RegionOverlay], here: int) -> tuple[str, ...]:
    """Lines for the overlay `here`: every screen, its grab and its window; then what is marked."""
    lines = [f"Qt {QGuiApplication.platformName()}"]
    for number, shown in enumerate(overlays):
        screen, frozen = shown.frozen.screen, shown.frozen
        lines.append(
            f"{'▸' if number == here else '  '} {screen.name}: "
            f"logical {screen.left},{screen.top} {screen.width}×{screen.height}, ratio {screen.ratio:g}"
        )
        lines.append(
            f"      grab {frozen.size[0]}×{frozen.size[1]} at {frozen.ratio:g}; "
            f"window {shown.width()}×{shown.height()} at {shown.devicePixelRatioF():g}"
        )
    part, frozen = overlays[here].selection.shown, overlays[here].frozen
    if part is not None:
        logical = to_desktop(part, frozen.screen)
        lines.append(f"native {part.left},{part.top} {part.width}×{part.height}")
        lines.append(f"logical {logical.left},{logical.top} {logical.width}×{logical.height}")
    return tuple(lines)
