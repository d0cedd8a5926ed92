"""Title, season and episode from a file name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class NameGuess:
    """What a file name says; `episode` is text ("05", "01-02", "6.5", "OVA") and empty for a film."""

    title: str
    season: int | None = None
    episode: str = ""
    year: int | None = None


def guess(path: Path) -> NameGuess:
    """Read a file name as release groups write them."""
    # Imported here: it takes longer than all of this room, and the reader does not need it.
    from guessit import guessit

    found = guessit(path.name)
    episode = found.get("episode")
    season = found.get("season")
    return NameGuess(
        title=str(found.get("title") or path.stem),
        season=season if isinstance(season, int) else None,
        episode="" if episode is None else str(episode),
        year=found.get("year"),
    )
