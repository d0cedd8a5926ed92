"""Times of a film as people read them."""

from __future__ import annotations


def clock_text(at_s: float, *, tenths: bool = False) -> str:
    """`at_s` as "1:02:03", "2:03" or, with tenths, "2:03.4"; cut off, never rounded up to the next unit."""
    tenth = int(max(0.0, at_s) * 10 + 1e-6)
    seconds, tenth = divmod(tenth, 10)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    text = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return f"{text}.{tenth}" if tenths else text
