"""What a hit says of itself, whether it was found here or by the service."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from desktop.lookup.merged import WORTH_A_LOOK, Hit
from desktop.lookup.remote_answer import SOURCE, RemoteMatch
from desktop.state.work import TITLE_ORDER, TITLE_TAGS, Titles
from desktop.window import words
from index_tools.nouns import Video

translate = QCoreApplication.translate

#: What tells a hit from the others of a list, sharpened or not.
HitKey = tuple[str, int, int] | tuple[int | None, str, int]

_order: tuple[str, ...] = TITLE_ORDER


def title_order() -> tuple[str, ...]:
    """Give the kinds of titles in the order that the user wants."""
    return _order


def set_title_order(order: Sequence[str]) -> None:
    """Take the user's order; what is shown already is not painted anew by itself."""
    global _order
    _order = tuple(order)


def key_of(hit: Hit) -> HitKey:
    """Give what a thumbnail is kept under."""
    if hit.here is not None:
        return hit.here.pack_id, hit.here.video_number, hit.here.shot
    return _far(hit).scene


def title(hit: Hit) -> str:
    """Give the title in the user's order, or the file's name where none is known."""
    if hit.here is not None:
        return video_title(hit.here.video)
    anime = _far(hit).anime
    titles = Titles(anime.native, anime.romaji, anime.english, anime.chinese).ordered(_order)
    return titles[0] if titles else anime.name or _far(hit).filename


def video_title(video: Video) -> str:
    """Give the title of a film at hand, in the user's order where its pack knows several."""
    known = {kind: video.titles.get(tag, "") for tag, kind in TITLE_TAGS.items()}
    titles = Titles(**known).ordered(_order)
    return titles[0] if titles else words.title(video)


def span(hit: Hit) -> str:
    """Give the time range of the scene."""
    if hit.here is not None:
        return words.span(hit.here)
    start, end = words.clock(_far(hit).start_s), words.clock(_far(hit).end_s)
    return start if start == end else f"{start} – {end}"


def at_s(hit: Hit) -> float:
    """Give the time of the matched frame in seconds."""
    return hit.here.at_s if hit.here is not None else _far(hit).at_s


def episode(hit: Hit) -> str:
    """Give season and episode, "" for a film."""
    if hit.here is not None:
        return words.episode(hit.here.video)
    number = _episode(_far(hit))
    return translate("words", "Episode {0}").format(number) if number else ""


def short_episode(hit: Hit) -> str:
    """Give season and episode where there is little room."""
    if hit.here is not None:
        return words.short_episode(hit.here.video)
    number = _episode(_far(hit))
    return translate("words", "E{0}").format(number) if number else ""


def measure(hit: Hit) -> str:
    """Give in a number how far a hit is to be believed: how sure it is; of what the service found, and of
    guesses that nothing else speaks for, how similar.
    """
    here = hit.here
    if here is None:
        return words.similar(_far(hit).similarity)
    return words.sure(here.confidence) if here.confidence >= WORTH_A_LOOK else words.similar(here.similarity)


def verdict(hit: Hit) -> str:
    """Say in words how far a hit is to be believed."""
    if not hit.is_match:
        return translate("words", "Only a guess")
    if hit.here is not None and hit.here.is_match:
        return words.verdict(hit.here)
    return words.closeness(_far(hit).similarity)


def hypothesis(hit: Hit) -> str:
    """Give the name of the reading of the picture that matched."""
    return hit.here.hypothesis if hit.here is not None else _far(hit).hypothesis


def source(hit: Hit) -> str:
    """Say where a hit comes from: a pack, the service, or both."""
    if hit.here is None:
        return SOURCE
    return f"{hit.here.pack_title} + {SOURCE}" if hit.remote is not None else hit.here.pack_title


def as_text(hit: Hit) -> str:
    """Give a result to share: title, episode, time, how far it is to be believed."""
    parts = [title(hit), episode(hit), span(hit), measure(hit)]
    return " · ".join(part for part in parts if part)


def _episode(far: RemoteMatch) -> str:
    """Give the episode of a file that the service knows: "4", "1–2" for a joined one, "10 or 11"."""
    alternatives = far.episode.replace("-", "–").split("|")
    return translate("words", " or ").join(alternatives)


def _far(hit: Hit) -> RemoteMatch:
    assert hit.remote is not None
    return hit.remote
