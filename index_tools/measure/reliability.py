"""Whether claimed confidence is kept: of matches of which one is 80 % sure, 80 % should be right.

Expected calibration error and reliability diagram after Guo et al. 2017, arXiv 1706.04599; Brier score after
Brier 1950.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from index_tools.measure.judging import Outcome

#: Bins of equal width.
BINS = 10


def reliability(indexed: Iterable[Outcome], unknown: Iterable[Outcome] = ()) -> dict[str, Any]:
    """Bins, Brier score and expected calibration error of first matches; None where nothing was answered.

    Of films that are not indexed every match is wrong.
    """
    told = [(o.confidence, o.right_first) for o in indexed if o.answered]
    told += [(o.confidence, False) for o in unknown if o.answered]
    if not told:
        return {"n": 0, "brier": None, "ece": None, "bins": []}
    sure = np.array([confidence for confidence, _ in told])
    right = np.array([is_right for _, is_right in told], np.float64)
    number = np.minimum((sure * BINS).astype(int), BINS - 1)
    bins: list[dict[str, Any]] = []
    ece = 0.0
    for place in range(BINS):
        inside = number == place
        count = int(inside.sum())
        if count:
            claimed, kept = float(sure[inside].mean()), float(right[inside].mean())
            ece += count / len(told) * abs(claimed - kept)
        bins.append({
            "from": place / BINS,
            "to": (place + 1) / BINS,
            "n": count,
            "confidence": round(claimed, 4) if count else None,
            "right": round(kept, 4) if count else None,
        })  # fmt: skip
    return {
        "n": len(told),
        "brier": round(float(((sure - right) ** 2).mean()), 4),
        "ece": round(ece, 4),
        "bins": bins,
    }


#: Sizes of the drawing, in its own units, and its colours: greys and a blue that show on white and on black.
_SIDE, _LEFT, _TOP, _FOOT = 300.0, 66.0, 34.0, 78.0
_INK, _BAR = "#808080", "#3b82f6"


def diagram(figures: dict[str, Any], *, title: str, across: str, upwards: str, below: str, ideal: str) -> str:
    """The bins as an SVG drawing: confidence across, share right upwards, and below how many there were.

    The ground is left open, so that it shows on light and on dark pages.
    """
    bins: Sequence[dict[str, Any]] = figures["bins"]
    most = max((entry["n"] for entry in bins), default=0) or 1
    width, height = _LEFT + _SIDE + 16, _TOP + _SIDE + _FOOT + 8
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" font-family="sans-serif" font-size="12" fill="{_INK}" '
        f'role="img" aria-label="{_escaped(title)}">',
        f'<text x="{_LEFT:g}" y="18" font-size="14">{_escaped(title)}</text>',
    ]
    for tick in range(0, BINS + 1, 2):
        share = tick / BINS
        x, y = _x(share), _y(share)
        parts += [
            f'<path d="M{_LEFT:g} {y:g}H{_LEFT + _SIDE:g}M{x:g} {_TOP:g}V{_TOP + _SIDE:g}" '
            f'stroke="{_INK}" stroke-opacity="0.35" fill="none"/>',
            f'<text x="{_LEFT - 8:g}" y="{y + 4:g}" text-anchor="end">{100 * share:.0f}</text>',
            f'<text x="{x:g}" y="{_TOP + _SIDE + 18:g}" text-anchor="middle">{100 * share:.0f}</text>',
        ]
    for entry in bins:
        x, wide = _x(entry["from"]) + 2, (entry["to"] - entry["from"]) * _SIDE - 4
        if entry["n"]:
            top = min(_y(entry["right"]), _y(0) - 2)  # a bin in which nothing was right is seen too
            parts.append(
                f'<rect x="{x:.1f}" y="{top:.1f}" width="{wide:.1f}" height="{_TOP + _SIDE - top:.1f}" '
                f'fill="{_BAR}" fill-opacity="0.75"><title>{entry["n"]}: {100 * entry["right"]:.1f} %'
                "</title></rect>"
            )
        tall = 24 * entry["n"] / most
        parts.append(
            f'<rect x="{x:.1f}" y="{_TOP + _SIDE + _FOOT - tall:.1f}" width="{wide:.1f}" '
            f'height="{tall:.1f}" fill="{_INK}" fill-opacity="0.6"/>'
        )
    parts += [
        f'<path d="M{_x(0):g} {_y(0):g}L{_x(1):g} {_y(1):g}" stroke="{_INK}" stroke-dasharray="5 4"/>',
        f'<path d="M{_x(0.03):g} {_y(0.95):g}H{_x(0.11):g}" stroke="{_INK}" stroke-dasharray="5 4"/>',
        f'<text x="{_x(0.13):g}" y="{_y(0.95) + 4:g}">{_escaped(ideal)}</text>',
        f'<text x="{_LEFT + _SIDE / 2:g}" y="{_TOP + _SIDE + 38:g}" text-anchor="middle">'
        f"{_escaped(across)}</text>",
        f'<text x="{_LEFT - 6:g}" y="{_TOP + _SIDE + _FOOT:g}" text-anchor="end">{_escaped(below)}</text>',
        f'<text transform="translate(14 {_TOP + _SIDE / 2:g}) rotate(-90)" text-anchor="middle">'
        f"{_escaped(upwards)}</text>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _x(share: float) -> float:
    return _LEFT + share * _SIDE


def _y(share: float) -> float:
    return _TOP + (1 - share) * _SIDE


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;")
