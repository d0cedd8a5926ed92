"""Thunar's custom action: one element of ours in the one file that holds everybody's.

Source: Thunar's `uca.xml` (docs.xfce.org, "Thunar: custom actions").  The text of the others is left as it
is, to the letter; a file that cannot be understood is left alone.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Sequence
from html import escape
from pathlib import Path

from desktop.system.desktop_file import remove_empty
from desktop.system.integrate.models import FIND, SUFFIXES, Place

UNIQUE = "scenelens-find-scene"

#: Our element from its first tag to its last, with the white space before it.
OURS = re.compile(
    r"\s*<action>(?:(?!</action>).)*?<unique-id>" + UNIQUE + r"</unique-id>(?:(?!</action>).)*?</action>",
    re.DOTALL,
)
EMPTY = '<?xml version="1.0" encoding="UTF-8"?>\n<actions>\n</actions>\n'
LARGEST = 1024 * 1024


class Thunar:
    """`Thunar/uca.xml` below the user's folder of settings."""

    name = "Thunar (Xfce)"
    remark = ""

    def __init__(self, command: Sequence[str], place: Place) -> None:
        self._command = tuple(command)
        self._config = place.config
        self._file: Path = place.config / "Thunar" / "uca.xml"

    def is_installed(self) -> bool:
        """Whether our action is among the others."""
        return self._file.is_file() and OURS.search(self._read()) is not None

    def install(self) -> None:
        """Add our action behind the others; Thunar's own examples would be missing in a file of ours alone.

        So a file is made only where Thunar has made none yet, and it is removed whole.
        """
        text = OURS.sub("", self._read()) if self._file.exists() else EMPTY
        head, end, tail = text.rpartition("</actions>")
        if not end:
            raise OSError(f"{self._file} is not understood and was left as it is.")
        self._write(f"{head.rstrip()}\n{self._action()}\n{end}{tail}")

    def remove(self) -> bool:
        """Take our action out; a file that holds no other is removed."""
        if not self.is_installed():
            return False
        rest = OURS.sub("", self._read())
        if "<action>" in rest:
            self._write(rest)
        else:
            self._file.unlink()
            remove_empty(self._file.parent, up_to=self._config)
        return True

    def _action(self) -> str:
        words = escape(" ".join(map(shlex.quote, self._command)))
        patterns = ";".join(f"*{suffix}" for suffix in SUFFIXES)
        return (
            "<action>\n\t<icon>scenelens</icon>\n"
            f"\t<name>{FIND['']}</name>\n\t<unique-id>{UNIQUE}</unique-id>\n"
            f"\t<command>{words} -- %F</command>\n\t<description>SceneLens</description>\n"
            f"\t<patterns>{patterns}</patterns>\n\t<image-files/>\n\t<video-files/>\n</action>"
        )

    def _read(self) -> str:
        if self._file.stat().st_size > LARGEST:
            raise OSError(f"{self._file} is not understood and was left as it is.")
        return self._file.read_text("utf-8")

    def _write(self, text: str) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        fresh = self._file.with_name("uca.xml.new")
        fresh.write_text(text, "utf-8")
        fresh.replace(self._file)
