"""The nouns of the house as plain values.

Times are seconds as `float`, counted from the first frame of the film; a similarity is 0..1 on
trace.moe's scale, `(255 - squared distance) / 255` clamped; a confidence is a probability.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    KEPT_FRAME: np.dtype[np.void]
    SHOT: np.dtype[np.void]

#: A kept frame: the frame at `at_s` stands for every frame in `from_s .. to_s` of its video and shot.
#: `video` and `shot` are row numbers of the pack's videos and shots.
_KEPT_FRAME = [("video", "<i4"), ("shot", "<i4"), ("at_s", "<f8"), ("from_s", "<f8"), ("to_s", "<f8")]

#: An uncut run of frames of one video, `start_s <= t < end_s`.
_SHOT = [("video", "<i4"), ("start_s", "<f8"), ("end_s", "<f8")]

_DTYPES = {"KEPT_FRAME": _KEPT_FRAME, "SHOT": _SHOT}


def __getattr__(name: str) -> object:
    """Make the two dtypes when they are asked for: a window that only waits does without NumPy's 16 MB."""
    if name not in _DTYPES:
        raise AttributeError(name)
    import numpy

    made = globals()[name] = numpy.dtype(_DTYPES[name])
    return made


@dataclass(frozen=True, slots=True)
class Video:
    """One film file as a pack knows it; where it lies on a disk is not part of it.

    `episode` is text, since files hold "01-02", "6.5" and specials; it is empty for a film.  `titles`
    maps language tags ("ja", "ja-Latn", "en", "zh") to titles of the series, `ids` maps the name of a
    register ("anilist") to the number there.  `fps` is one over the median frame distance.
    """

    file_name: str
    size_bytes: int
    fingerprint: str
    duration_s: float
    frame_count: int
    fps: float
    width: int
    height: int
    title: str
    season: int | None = None
    episode: str = ""
    titles: Mapping[str, str] = field(default_factory=dict)
    ids: Mapping[str, str] = field(default_factory=dict)

    @property
    def aspect(self) -> tuple[float, float]:
        """Width and height of its frames in units of their longer side."""
        longer = max(self.width, self.height)
        return self.width / longer, self.height / longer


@dataclass(frozen=True, eq=False, slots=True)
class Track:
    """The color layout of every frame of one video, in the order of time.

    `times_s` is float64 (n,), `color_layout` uint8 (n, 33).
    """

    times_s: NDArray[np.float64]
    color_layout: NDArray[np.uint8]


@dataclass(frozen=True, eq=False, slots=True)
class Sketches:
    """Tiny pictures of one shot, a few a second, and fewer while nothing changes.

    `times_s` float64 (n,) rise; `luma` uint8 (n, 14, 24) is that of the whole upright frame, stretched, 0
    black to 255 white.  Each stands for the frames until the next one.
    """

    times_s: NDArray[np.float64]
    luma: NDArray[np.uint8]


@dataclass(frozen=True, eq=False, slots=True)
class FilmIndex:
    """All that indexing one film yields; a pack is made of these.

    In `kept` and `shots` the column `video` is 0 and `shot` counts from 0 within the film; row i of
    `color_layout` (uint8 (n, 33)) describes row i of `kept`.  `thumbnails` holds one WebP a shot, or
    nothing at all.  `warnings` are sentences on what could not be read.  `scene_embedding` (uint8
    (m, values), stored form) describes the rows `embedded` (int32 (m,), rising) of `kept`, and `scene_parts`
    (uint8 (m, parts, values)) parts of these frames; None where no network was at hand, or it gives no such.
    """

    video: Video
    kept: NDArray[np.void]
    shots: NDArray[np.void]
    color_layout: NDArray[np.uint8]
    track: Track
    thumbnails: tuple[bytes, ...] = ()
    sketches: tuple[Sketches, ...] = ()
    warnings: tuple[str, ...] = ()
    scene_embedding: NDArray[np.uint8] | None = None
    embedded: NDArray[np.int32] | None = None
    scene_parts: NDArray[np.uint8] | None = None


#: Four points x, y in shares of a frame's width and height.
Place = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Match:
    """One scene that a picture may come from, `start_s <= at_s <= end_s`.

    `hypothesis` names the reading of the picture that matched ("as_is", "borders_cut", "mirrored", …).
    `pack_id`, `video_number` and `shot` say where the match lies; `film` is the file on this machine,
    None when it is not at hand.  `place` is where in the frame the picture lies, where that was found out:
    the frame's points (0, 0 left above, 1, 1 right below; outside where the picture shows more than the
    frame) at which the picture's left upper, right upper, right lower and left lower corner lie.
    """

    video: Video
    start_s: float
    at_s: float
    end_s: float
    similarity: float
    confidence: float
    is_match: bool
    hypothesis: str
    pack_id: str
    pack_title: str
    video_number: int
    shot: int
    film: Path | None = None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Ranked:
    """A scene among the first that a picture may come from, and what speaks for it.

    `score` is the similarity of scene embeddings (cosine) less what the picture has in common with pictures
    that are no answer; nan where the pack has no embeddings that can be compared, or none was computed.
    `lead` is the score less the best of any other shot.  `distance` is the squared distance of color
    layouts, by the reading of the picture that comes nearest.  `by_layout` tells that color layouts found
    the scene, not embeddings.  `place`, as `Match.place` has it, is roughly where in the frame the picture
    lies if it is the part of the frame that led here.
    """

    match: Match
    score: float
    lead: float
    distance: int
    by_layout: bool = False
    place: Place | None = None


class Sharpness(enum.Enum):
    """How far an answer was worked out."""

    #: By the packs' own data alone, at once.
    QUICK = enum.auto()
    #: The picture was laid over scenes; which of neighbouring frames it is remains to be settled.
    NEARLY = enum.auto()
    #: Nothing is left to do.
    EXACT = enum.auto()


@dataclass(frozen=True, slots=True)
class Answer:
    """The matches to one picture, the likeliest first, and what was asked to find them.

    `refined` says that the frame was looked up in the film itself; until then it is the best of the
    pack's own data.  `elapsed_ms` is the time until now, `reranked_ms` until it was re-ranked (None: it was
    not).  `ranked` holds more scenes than are shown, the likeliest first, among which refining
    looks for the right one.
    """

    matches: tuple[Match, ...]
    frames_searched: int
    elapsed_ms: float
    sources: tuple[str, ...]
    refined: bool = False
    ranked: tuple[Ranked, ...] = ()
    sharpness: Sharpness = Sharpness.QUICK
    reranked_ms: float | None = None

    @property
    def can_be_sharpened(self) -> bool:
        """Whether there is anything left to look at more closely, shown or not."""
        return self.sharpness is not Sharpness.EXACT and bool(self.matches or self.ranked)

    @property
    def best(self) -> Match | None:
        """The first match that the engine claims, if any."""
        return next((match for match in self.matches if match.is_match), None)
