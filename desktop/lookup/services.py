"""Where the services are: their own addresses, or those that the environment names."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from desktop.lookup.service_errors import RemoteError, Trouble

TRACEMOE_VARIABLE, ANILIST_VARIABLE = "SCENELENS_TRACEMOE_URL", "SCENELENS_ANILIST_URL"


@dataclass(frozen=True, slots=True)
class Services:
    """Base addresses without a slash at the end."""

    tracemoe: str = "https://api.trace.moe"
    anilist: str = "https://graphql.anilist.co"


def find_services(environment: Mapping[str, str] = os.environ) -> Services:
    """The services to ask: a mirror, one's own server or a stand-in where a variable names one.

    Raises RemoteError where a variable holds no http(s) address.
    """
    usual = Services()
    return Services(
        _address(environment, TRACEMOE_VARIABLE, usual.tracemoe),
        _address(environment, ANILIST_VARIABLE, usual.anilist),
    )


def _address(environment: Mapping[str, str], name: str, usual: str) -> str:
    text = environment.get(name, "").strip()
    if not text:
        return usual
    try:
        parts = urlsplit(text)
        fits = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        fits = False
    if not fits or parts.username or parts.query or parts.fragment:
        raise RemoteError(
            f"{name} holds no address of a service (http or https, a host, perhaps a path). "
            "Nothing was sent; mend the variable or unset it.",
            Trouble.REFUSED,
        )
    return text.rstrip("/")
