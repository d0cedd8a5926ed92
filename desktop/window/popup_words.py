"""What the small window says of a search."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop.state.query import SearchState, Stage
from desktop.window import words

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Words:
    """Title, a line below it, a badge beside it; `hint` stands in the picture's place, under a sign."""

    title: str
    line: str = ""
    badge: str = ""
    sign: str = "lens"
    hint: str = ""
    is_guess: bool = False
    is_offer: bool = False


def words_of(state: SearchState, films: int) -> Words:
    """Say where a search stands; `films` is how many the library holds."""
    match = state.match
    if match is not None:
        parts = [words.short_episode(match.video), words.span(match), words.percent(match.similarity)]
        line = " · ".join(part for part in parts if part)
        badge = words.verdict(match) if match.film is not None else translate("popup", "Film not at hand")
        return Words(words.title(match.video), line, badge)
    if state.stage is Stage.FAILED:
        return Words(
            translate("popup", "That did not work"),
            translate("popup", "Click to open the window"),
            "", "warning", state.failure,
        )  # fmt: skip
    if state.stage is Stage.NO_MATCH:
        return _nothing(state, films)
    if state.stage is Stage.READING:
        return Words(translate("popup", "Reading the picture…"), state.origin)
    return Words(translate("popup", "Searching…"), state.origin)


def _nothing(state: SearchState, films: int) -> Words:
    """Nothing that the engine stands for: the best guess is called one, or there is nothing at all."""
    if not films:
        return Words(
            translate("popup", "There is nothing to search yet"),
            translate("popup", "Click to add videos or open a pack"),
            "", "nothing", translate("popup", "Your library has no films"),
        )  # fmt: skip
    if state.matches:
        guess = state.matches[0]
        return Words(
            translate("popup", "No certain scene"),
            translate("popup", "Perhaps {0} at {1} ({2})").format(
                words.title(guess.video), words.clock(guess.at_s), words.percent(guess.similarity)
            ),
            translate("popup", "Only a guess"),
            "nothing",
            is_guess=True,
        )
    return Words(
        translate("popup", "No scene is similar enough"),
        translate("popup", "Click to mark the film's part of the picture"),
        "",
        "nothing",
        translate("popup", "Compared with {0}").format(words.films(films)),
    )
