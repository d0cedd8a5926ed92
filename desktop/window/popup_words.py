"""What the small window says of a search."""

from __future__ import annotations

import math
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from desktop.lookup.merged import Hit
from desktop.state.query import SearchState, Stage
from desktop.state.remote import RemoteStage, RemoteState
from desktop.window import hit_words, words
from desktop.window.remote_line import said, waiting

translate = QCoreApplication.translate


@dataclass(frozen=True, slots=True)
class Words:
    """Title and a badge beside it, below them a line and where the answer comes from.

    `note` is a sentence under them, `hint` stands in the picture's place, under a sign.  `button` is what
    can be done at once; without it, a click opens the window.
    """

    title: str
    line: str = ""
    badge: str = ""
    source: str = ""
    sign: str = "lens"
    hint: str = ""
    note: str = ""
    is_offer: bool = False
    button: str = ""


def words_of(state: SearchState, films: int) -> Words:
    """Say where a search stands; `films` is how many the library holds."""
    if state.hit is not None:
        return _found(state.hit)
    if state.stage is Stage.FAILED and not state.remote.is_busy:
        return Words(
            translate("popup", "That did not work"),
            translate("popup", "Click to open the window"),
            sign="warning",
            hint=state.failure,
        )
    if state.stage in (Stage.NO_MATCH, Stage.FAILED):
        return _nothing_here(state, films)
    if state.stage is Stage.READING:
        return Words(translate("popup", "Reading the picture…"), state.origin)
    if state.stage is Stage.LOOKING:
        return Words(
            translate("popup", "Looking more closely…"),
            translate("popup", "The picture is laid over the likeliest scenes"),
        )
    return Words(translate("popup", "Searching…"), state.origin)


def offer() -> Words:
    """Ask whether a copied picture is to be searched."""
    return Words(
        translate("popup", "A picture was copied"),
        translate("popup", "Shall its scene be searched?"),
        is_offer=True,
        button=translate("popup", "Search it"),
    )


def _found(hit: Hit) -> Words:
    parts = [hit_words.short_episode(hit), hit_words.span(hit), hit_words.measure(hit)]
    badge = hit_words.verdict(hit)
    if hit.remote is None and hit.here is not None and hit.here.film is None:
        badge = translate("popup", "Film not at hand")
    line = " · ".join(part for part in parts if part)
    return Words(hit_words.title(hit), line, badge, hit_words.source(hit))


def _asking(remote: RemoteState) -> Words:
    """The service is asked, or waited for: a long sentence has room under the countdown."""
    title, wait = translate("popup", "Nothing here is similar enough"), remote.waiting
    if wait is None:
        return Words(title, waiting(remote))
    if wait.left_s is None:
        return Words(title, translate("popup", "Asking trace.moe…"), note=wait.why)
    left = max(math.ceil(wait.left_s), 1)
    return Words(title, translate("popup", "It goes on in {0} s").format(left), note=wait.why)


def _nothing_here(state: SearchState, films: int) -> Words:
    """Nothing that anyone stands for: the service is asked, or may be; else there is a guess or nothing."""
    remote = state.remote
    if remote.is_busy:
        return _asking(remote)
    if remote.stage is RemoteStage.QUESTION:
        return Words(
            translate("popup", "Ask trace.moe as well?"),
            translate("popup", "It would get 33 numbers, never the picture"),
            sign="outside",
            hint=translate("popup", "Nothing here is similar enough. Whether trace.moe is asked in such "
                                    "cases is yours to decide; SceneLens asks you once."),
            button=translate("popup", "Decide in the window"),
        )  # fmt: skip
    told = said(remote, within=state.is_within)
    if state.hits:
        guess = state.hits[0]
        return Words(
            translate("popup", "No certain scene"),
            translate("popup", "Perhaps {0} at {1} ({2})").format(
                hit_words.title(guess),
                words.clock(hit_words.at_s(guess)),
                hit_words.measure(guess),
            ),
            translate("popup", "Only a guess"),
            hit_words.source(guess),
            note=told,
        )
    if not films and remote.stage is not RemoteStage.ANSWERED:
        hint = told or translate("popup", "Your library has no films")
        return Words(
            translate("popup", "There is nothing to search yet"),
            translate("popup", "Click to add videos or open a pack"),
            sign="nothing",
            hint=hint,
        )
    compared = translate("popup", "Compared with {0}").format(words.films(films)) if films else ""
    return Words(
        translate("popup", "No scene is similar enough"),
        translate("popup", "Click to mark the film's part of the picture"),
        sign="nothing",
        hint="\n".join(part for part in (compared, told) if part),
    )
