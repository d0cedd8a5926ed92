"""What is believed about trace.moe and AniList, written down once, as data.

Each entry names the section of the reference on the service's interface (trace.moe-api b9106a5 of 2026-08-22,
its manual, AniList's guide) that it comes from.  The client works by these tables; the contract test holds
the stand-in of the tests against them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from desktop.lookup.service_errors import Trouble

# --- limits -------------------------------------------------------------------------------------------

#: Requests a minute, all endpoints together, previews included; a fixed window (section 3, 429).
REQUESTS, WINDOW_S = 100, 60.0
#: Of these we send at most so many, and so many previews.
OUR_REQUESTS, OUR_PREVIEWS = 90, 70
#: Vectors in one search (section 1).
MOST_VECTORS = 10
#: Bytes of a JSON body and of a picture (section 1).
JSON_BYTES, PICTURE_BYTES = 100 * 1024, 26_214_400
#: A side of 640 is enough; the service scales to 320 anyway (section 1).
PICTURE_SIDE = 640
#: Results of one vector (section 2).
MOST_RESULTS = 10
#: "Below 0.90 is most likely wrong" (section 2, the manual).
CLAIM_SIMILARITY = 0.90
#: Seconds over which searches are counted (section 3, quota).
QUOTA_WINDOW_S = 24 * 3600.0
#: A search that crashed may count as running until the service clears its counters (section 6, 3).
CRASH_CLEARED_S = 15 * 60.0
#: Addresses of previews are good for at least so long after the answer (section 4).
ADDRESS_GOOD_S = 5 * 60.0
#: One request to AniList in so many seconds, whatever its headers say (section 8).
ANILIST_INTERVAL_S = 2.0

Form = Literal["json", "html", "text", "any"]
Endpoint = Literal["search", "me", "preview", "any"]


@dataclass(frozen=True, slots=True)
class Status:
    """One row of the table of errors: how an answer is recognised, what it means, what is done.

    `starts` is how the JSON's `error` (or the plain text) begins, "" for any; `has_quota` says whether the
    JSON has the field `quota`, None where that does not matter.  `first` .. `last` are the statuses.  The
    search is repeated `repeats` times, each time after `wait_s` seconds (0: as the answer itself says).
    """

    endpoint: Endpoint
    first: int
    last: int
    form: Form
    starts: str
    trouble: Trouble
    sentence: str
    source: str
    has_quota: bool | None = None
    repeats: int = 0
    wait_s: float = 0.0


_OUR_FAULT = "Nothing was lost; update SceneLens if this stays."

#: Looked through from the top; the first row that fits an answer counts.
STATUSES: tuple[Status, ...] = (
    Status("search", 400, 599, "json", "Failed to fetch image", Trouble.REFUSED,
           "trace.moe could not fetch the picture from its address. Send the picture itself instead.",
           "section 3, any status of 400 and above"),
    Status("any", 429, 429, "any", "", Trouble.TOO_MANY,
           "trace.moe has had too many requests from this address. It takes more in a minute.",
           "section 3, 429", repeats=2),
    Status("search", 400, 400, "json", "Invalid vector format", Trouble.REFUSED,
           f"trace.moe does not know the form of the vectors that were sent. {_OUR_FAULT}",
           "section 3, 400"),
    Status("search", 400, 400, "json", "Too many vectors", Trouble.REFUSED,
           f"trace.moe takes fewer vectors at a time than were sent. {_OUR_FAULT}",
           "section 3, 400"),
    Status("search", 400, 400, "json", "Invalid image url", Trouble.REFUSED,
           "trace.moe does not take this address. Send the picture itself instead.",
           "section 3, 400"),
    Status("search", 400, 400, "json", "Failed to process", Trouble.REFUSED,
           "trace.moe could not decode the picture. Your file is untouched; search by its colours instead.",
           "section 3, 400"),
    Status("me", 400, 400, "json", "Invalid period", Trouble.REFUSED,
           f"trace.moe does not know the period that was asked for. {_OUR_FAULT}",
           "section 3, /me"),
    Status("search", 400, 400, "html", "", Trouble.REFUSED,
           f"trace.moe could not read what was sent. {_OUR_FAULT}", "section 3, 400 HTML"),
    Status("search", 402, 402, "json", "", Trouble.QUOTA_ENDED,
           "Today's searches at trace.moe are used up. Films and packs here are searched all the same; "
           "searches come back 24 hours after they were made.",
           "section 3, 402 with quota", has_quota=True),
    Status("search", 402, 402, "json", "", Trouble.BUSY,
           "trace.moe says that another search from this address is still running. Try again in a moment.",
           "section 3, 402 without quota", has_quota=False, repeats=3, wait_s=3.0),
    Status("search", 403, 403, "json", "Invalid API key", Trouble.BAD_KEY,
           "trace.moe does not know your key. Nothing was searched there; check the key in the settings.",
           "section 3, 403"),
    Status("me", 403, 403, "json", "Invalid API key", Trouble.BAD_KEY,
           "trace.moe does not know your key. Check the key in the settings.", "section 3, /me"),
    Status("search", 405, 405, "json", "", Trouble.REFUSED,
           f"trace.moe found nothing to search for in what was sent. {_OUR_FAULT}", "section 3, 405"),
    Status("search", 413, 413, "any", "", Trouble.REFUSED,
           "The picture is too large for trace.moe. Search by its colours, or make it smaller.",
           "section 3, 413"),
    Status("search", 500, 500, "json", "", Trouble.FAILED,
           "trace.moe's index is down for the moment. Films and packs here are searched all the same; "
           "try again later.", "section 3, 500 JSON"),
    Status("search", 500, 500, "any", "", Trouble.FAILED,
           "trace.moe failed over this search, through no fault of yours. It is left alone for a moment; "
           "try again after that.", "section 3, 500 HTML; section 6, 3"),
    Status("search", 503, 503, "json", "", Trouble.BUSY,
           "Too many others are searching at trace.moe just now. Try again in a minute.",
           "section 3, 503", repeats=5, wait_s=5.0),
    Status("any", 502, 599, "any", "", Trouble.BUSY,
           "trace.moe is restarting or has too much to do. Films and packs here are searched all the same; "
           "try again later.", "section 3, 502, 504, 52x", repeats=2, wait_s=4.0),
    Status("preview", 400, 400, "text", "", Trouble.REFUSED,
           f"trace.moe does not know the size of preview that was asked for. {_OUR_FAULT}", "section 4, 400"),
    Status("preview", 403, 403, "text", "", Trouble.EXPIRED,
           "The address of this preview is not valid any more. Search again for a new one.",
           "section 4, 403"),
    Status("preview", 404, 404, "text", "", Trouble.GONE,
           "trace.moe no longer has the file of this preview. The match stands without it.",
           "section 4, 404"),
    Status("preview", 410, 410, "text", "", Trouble.EXPIRED,
           "The address of this preview has expired. Search again for a new one.", "section 4, 410"),
    Status("preview", 500, 500, "any", "", Trouble.FAILED,
           "trace.moe could not make this preview. The match stands without it.", "section 4, 500"),
)  # fmt: skip

#: After an HTML 500 searches rest so long before the next one (section 6, 3: do not hammer).
CRASH_REST_S = 30.0


@dataclass(frozen=True, slots=True)
class Field:
    """A field of an answer: what it may hold by the reference, and where that says so."""

    name: str
    holds: str
    source: str
    may_be_missing: bool = False


ANSWER_FIELDS: tuple[Field, ...] = (
    Field("frameCount", "number or null", "section 2"),
    Field("error", "string", "section 2"),
    Field("quota", "number", "section 2", may_be_missing=True),
    Field("quotaUsed", "number, before this search", "section 2", may_be_missing=True),
    Field("result", "array of items, or of arrays of items for a batch", "section 2"),
)

ITEM_FIELDS: tuple[Field, ...] = (
    Field("anilist", "number, null, or object with anilistInfo", "section 2"),
    Field("filename", "string", "section 2"),
    Field("episode", "number, string, array of numbers, null", "section 2"),
    Field("episode_start", "integer or null", "section 2, since 2026-08-12", may_be_missing=True),
    Field("episode_end", "integer or null", "section 2, since 2026-08-12", may_be_missing=True),
    Field("from", "number, seconds", "section 2"),
    Field("at", "number, seconds", "section 2"),
    Field("to", "number, seconds", "section 2"),
    Field("duration", "number or null, seconds", "section 2"),
    Field("similarity", "number 0..1", "section 2"),
    Field("video", "absolute URL", "section 2"),
    Field("image", "absolute URL", "section 2"),
)

ANIME_FIELDS: tuple[Field, ...] = (
    Field("id", "number", "section 2"),
    Field("idMal", "number or null", "section 2"),
    Field("title", "object of native, romaji, english, chinese: string or null", "section 2"),
    Field("synonyms", "array of strings", "section 2"),
    Field("isAdult", "bool", "section 2"),
)

#: Headers of the limit a minute (section 3).
REMAINING_HEADER, RESET_HEADER, RETRY_HEADER = "ratelimit-remaining", "ratelimit-reset", "retry-after"
#: The key travels in this header alone (section 1).
KEY_HEADER = "x-trace-key"


def addresses_end_s(given_s: float) -> float:
    """When previews' addresses given at a Unix time end: five minutes past the next full hour (section 4)."""
    return (given_s // 3600 + 1) * 3600 + ADDRESS_GOOD_S
