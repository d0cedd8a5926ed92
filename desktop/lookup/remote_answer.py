"""What trace.moe answers, as plain values: nothing in them is unchecked, whatever the service sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from desktop.lookup import service_facts as facts
from desktop.lookup.quota import Quota

#: Where answers of the service come from, on screen and in JSON.
SOURCE = "trace.moe"


@dataclass(frozen=True, slots=True)
class RemoteAnime:
    """The title a result belongs to, as far as the service says; names are "" where it does not.

    `record` is the service's whole stored AniList record, a JSON object of AniList's own fields, unchecked
    beyond that; empty where only the number is known.
    """

    number: int | None
    native: str = ""
    romaji: str = ""
    english: str = ""
    chinese: str = ""
    synonyms: tuple[str, ...] = ()
    is_adult: bool = False
    record: Mapping[str, object] = field(default_factory=dict, hash=False, compare=False)

    @property
    def name(self) -> str:
        """The first title there is: native, romaji, English, a synonym, the number; "" without any."""
        titles = (self.native, self.romaji, self.english, self.chinese, *self.synonyms)
        number = "" if self.number is None else f"AniList {self.number}"
        return next((title for title in titles if title), number)


@dataclass(frozen=True, slots=True)
class RemoteMatch:
    """One scene that the service found, `start_s <= at_s <= end_s`, seconds in the file it knows.

    `similarity` is 0..1; `is_match` says whether SceneLens stands for it.  `episode` is text ("4", "6.5",
    "1-2" for a joined file, "10|11" for alternatives), "" where none is known.  `video` and `image` are
    addresses of previews that expire, "" where there is none; `addressed_s` is the Unix time at which they
    were given.  `vector` is the color layout, 33 bytes, that found the scene, `hypothesis` the reading of
    the picture that it describes ("" where the picture itself was sent).
    """

    anime: RemoteAnime
    filename: str
    episode: str
    start_s: float
    at_s: float
    end_s: float
    duration_s: float | None
    similarity: float
    is_match: bool = False
    hypothesis: str = ""
    vector: bytes = b""
    video: str = ""
    image: str = ""
    addressed_s: float = 0.0
    within: int | None = None
    """The title that alone was searched, None for all."""

    @property
    def expires_s(self) -> float:
        """Unix time from which the addresses of previews are of no use; they may end earlier."""
        return facts.addresses_end_s(self.addressed_s)

    @property
    def scene(self) -> tuple[int | None, str, int]:
        """What stays the same when addresses are renewed: title, file, milliseconds; a key for previews."""
        return self.anime.number, self.filename, round(self.at_s * 1000)


@dataclass(frozen=True, slots=True)
class RemoteAnswer:
    """The service's answer to one picture, most similar first.

    `asked` names the readings that were searched, `cost` is how much of the quota this took (0 from the
    cache).  `frames_searched` is None where the service does not say.  `age_s` is the age of the oldest
    part that came from the cache, 0 for a fresh answer.  `notes` are sentences on what narrows it.
    `service_ms` passed while the service was waited for, `elapsed_ms` in all.
    """

    matches: tuple[RemoteMatch, ...]
    frames_searched: int | None = None
    asked: tuple[str, ...] = ()
    cost: int = 0
    quota: Quota | None = None
    age_s: float = 0.0
    elapsed_ms: float = 0.0
    service_ms: float = 0.0
    notes: tuple[str, ...] = ()

    @property
    def best(self) -> RemoteMatch | None:
        """The first match that is claimed, if any."""
        return next((match for match in self.matches if match.is_match), None)
