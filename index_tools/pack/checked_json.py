"""JSON from outside, taken apart with limits: every value is asked for with its type and range.

Raises `ValueError` with a few words on what is wrong; the callers put the name of the file before it.
"""

from __future__ import annotations

import json
import math
import unicodedata
from collections.abc import Mapping
from typing import Any

#: No text in a pack is longer, in characters.
LONGEST_TEXT = 10_000


def load_object(data: bytes, *, most_bytes: int) -> dict[str, Any]:
    """The one JSON object in `data`; refuses NaN, other top levels, too deep and too long ones."""
    if len(data) > most_bytes:
        raise ValueError(f"it is longer than {most_bytes} bytes")
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=_no_constant)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    except UnicodeDecodeError:
        raise ValueError("it is not UTF-8 text") from None
    if not isinstance(value, dict):
        raise ValueError("it is not a JSON object")
    return value


def text(holder: Mapping[str, Any], key: str, *, longest: int = LONGEST_TEXT) -> str:
    """The text at `key`: at most `longest` characters, no control characters, no half surrogates."""
    return checked_text(holder.get(key), key, longest=longest)


def checked_text(value: object, what: str, *, longest: int = LONGEST_TEXT) -> str:
    """`value` if it is a harmless text; `what` names it in the error."""
    if not isinstance(value, str):
        raise ValueError(f"{what} is not a text")
    if len(value) > longest:
        raise ValueError(f"{what} is longer than {longest} characters")
    if any(map(_harmful, value)):
        raise ValueError(f"{what} holds characters that no text has")
    return value


def cleaned(value: str, *, longest: int = LONGEST_TEXT) -> str:
    """`value` as a text that `checked_text` lets pass: cut, and what no text may hold replaced."""
    return "".join("\ufffd" if _harmful(letter) else letter for letter in value[:longest])


def whole(holder: Mapping[str, Any], key: str, *, least: int = 0, most: int = 2**53) -> int:
    """The whole number at `key`, within `least..most`."""
    value = holder.get(key)
    if type(value) is not int or not least <= value <= most:
        raise ValueError(f"{key} is not a whole number from {least} to {most}")
    return value


def number(holder: Mapping[str, Any], key: str, *, least: float = 0.0, most: float = 1e12) -> float:
    """The finite number at `key`, within `least..most`."""
    value: Any = holder.get(key)
    known = isinstance(value, (int, float)) and not isinstance(value, bool)
    if not known or not math.isfinite(value) or not least <= value <= most:
        raise ValueError(f"{key} is not a number from {least:g} to {most:g}")
    return float(value)


def table(holder: Mapping[str, Any], key: str, *, most: int) -> dict[str, Any]:
    """The object at `key`, with at most `most` entries."""
    value = holder.get(key)
    if not isinstance(value, dict) or len(value) > most:
        raise ValueError(f"{key} is not a table of at most {most} entries")
    return value


def _harmful(letter: str) -> bool:
    """Whether it is a control character, or a byte that is no letter."""
    return unicodedata.category(letter) in ("Cc", "Cs")


def _no_constant(name: str) -> float:
    raise ValueError(f"it holds {name}, which is not a number")
