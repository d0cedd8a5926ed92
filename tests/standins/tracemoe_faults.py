"""What can go wrong with trace.moe, by name: for tests, and for whoever starts the stand-in by hand."""

from __future__ import annotations

from collections.abc import Callable

from tests.standins.server import Asked, Told, as_html, as_json, as_text, drip, endless

_QUOTA = {"quota": 100, "quotaUsed": 100}
_JSON = (("Content-Type", "application/json; charset=utf-8"),)


def _error(words: str, status: int, **more: object) -> Told:
    return as_json({"error": words, **more}, status)


def _loop(asked: Asked) -> Told:
    return Told(307, b"", (("Location", asked.path),))


def _elsewhere(_asked: Asked) -> Told:
    return Told(302, b"", (("Location", "http://192.0.2.1/search"),))


def _always(told: Told) -> Callable[[Asked], Told]:
    return lambda _asked: told


#: Name -> what is answered.  Endless and slow bodies are made anew for each request.
FAULTS: dict[str, Callable[[Asked], Told]] = {
    "400-vector": _always(_error("Invalid vector format", 400)),
    "400-many": _always(_error("Too many vectors (max 10)", 400)),
    "400-url": _always(_error("Invalid image url nonsense", 400)),
    "400-process": _always(_error("Failed to process image", 400)),
    "400-period": _always(_error("Invalid period", 400)),
    "400-html": _always(as_html(400, "SyntaxError: Unexpected token")),
    "403-host": _always(_error("Failed to fetch image https://example.org/a.jpg", 403)),
    "429-host": _always(_error("Failed to fetch image https://example.org/a.jpg", 429)),
    "402-quota": _always(_error("Search quota depleted (guest)", 402, **_QUOTA)),
    "402-busy": _always(_error("Concurrency limit exceeded", 402)),
    "403-key": _always(_error("Invalid API key", 403)),
    "405": _always(_error("Method Not Allowed", 405)),
    "413-html": _always(as_html(413, "PayloadTooLargeError: request entity too large")),
    "429": _always(Told(429, b"Too many requests, please try again later.",
                        (("Content-Type", "text/html; charset=utf-8"), ("Retry-After", "2")))),
    "500-index": _always(_error("Search failed. Database temporarily unavailable.", 500)),
    "500-html": _always(as_html(500, "Internal Server Error")),
    "503": _always(_error("Error: Search queue is full", 503)),
    "502": _always(as_html(502, "<h1>502 Bad Gateway</h1><hr><center>nginx</center>")),
    "504": _always(as_text(504, "Gateway Time-out")),
    "522": _always(as_html(522, "Connection timed out")),
    "html": _always(as_html(200, "Welcome to the hotel's network")),
    "not-json": _always(Told(200, b'{"frameCount": 1, "result": [', _JSON)),
    "wrong-json": _always(as_json(["no", "object"])),
    "empty": _always(Told(200, b"", _JSON)),
    "cut": _always(Told(200, b'{"frameCount": 1', _JSON, length=5000)),
    "drop": _always(Told(drop=True)),
    "drip": lambda _asked: Told(200, drip(), _JSON),
    "endless": lambda _asked: Told(200, endless(), _JSON),
    "redirect-loop": _loop,
    "redirect-elsewhere": _elsewhere,
    "preview-empty": _always(Told(200, b"", (("Content-Type", "video/mp4"),))),
    "preview-403": _always(as_text(403, "Forbidden")),
    "preview-404": _always(as_text(404, "Not found")),
    "preview-410": _always(as_text(410, "Gone")),
    "preview-400": _always(as_text(400, "Bad Request: Invalid size param (l, m, s)")),
    "preview-500": _always(as_text(500, "Internal Server Error")),
    "preview-503": _always(as_text(503, "Service Unavailable")),
}  # fmt: skip
