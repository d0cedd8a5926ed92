"""Files that desktops read, written by us: quoting after their specification, and a mark of whose they are.

Only a file that carries the mark, or was expected to be ours by its name, is ever replaced or removed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

#: Words of these letters stand without quotes, which xdg-open's own reading of `Exec` does not know.
PLAIN = re.compile(r"[A-Za-z0-9_@+=:,./-]+")

MARK = "Written by SceneLens; `scenelens integrate --remove` removes it."


def exec_line(command: Sequence[str], field: str = "") -> str:
    """Give the value of `Exec`, words quoted as the Desktop Entry Specification asks; then `field`."""
    words = [_quoted(word) for word in command]
    return " ".join([*words, field] if field else words)


def _quoted(word: str) -> str:
    """Quote a word: reserved letters first, then the escapes of a desktop file's own strings."""
    if PLAIN.fullmatch(word):
        return word
    for letter in ("\\", '"', "`", "$"):
        word = word.replace(letter, "\\" + letter)
    return '"' + word.replace("\\", "\\\\").replace("%", "%%") + '"'


def write_own(path: Path, text: str, *, executable: bool = False) -> None:
    """Write a file of ours with its mark, as a comment in the last line.  Raises OSError.

    A file of the same name that is not ours is left alone: FileExistsError.
    """
    if path.exists() and not is_own(path):
        raise FileExistsError(f"{path} was made by somebody else and is left as it is.")
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_text(f"{text}# {MARK}\n", "utf-8")
    if executable:
        fresh.chmod(0o755)
    fresh.replace(path)


def is_own(path: Path) -> bool:
    """Whether a file carries our mark."""
    try:
        return MARK in path.read_text("utf-8", "replace")
    except OSError:
        return False


def remove_own(path: Path, up_to: Path) -> bool:
    """Remove a file of ours, then the folders above it that are empty, below `up_to`; False if none was."""
    if not is_own(path):
        return False
    path.unlink()
    remove_empty(path.parent, up_to)
    return True


def remove_empty(folder: Path, up_to: Path) -> None:
    """Remove a folder and those above it that are empty, none of `up_to` and above."""
    while folder != up_to and folder.is_relative_to(up_to) and folder.is_dir():
        if any(folder.iterdir()):
            return
        folder.rmdir()
        folder = folder.parent
