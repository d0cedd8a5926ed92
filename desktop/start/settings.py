"""What the program remembers of its user: one frozen value, one JSON file.

Format version 1: an object with "version" and the fields of `Settings`.  A field that is missing or of
the wrong kind takes its default; a file that is damaged or newer is kept aside, never overwritten.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

VERSION = 1

THEMES = ("system", "dark", "light")
CLOSINGS = ("ask", "tray", "quit")
#: Values of settings that are one of a few words.
CHOICES = {"theme": THEMES, "ask_remote": ("", "unsure", "always", "never"), "close_to_tray": CLOSINGS}


@dataclass(frozen=True, slots=True)
class Settings:
    """All settings.  `volume` is 0..1, `speed` a factor; folders are "" until first used."""

    autoplay: bool = True
    muted: bool = True
    loop: bool = True
    volume: float = 0.8
    speed: float = 1.0
    theme: str = "system"
    geometry: str = ""
    """The window's place, as Qt encodes it, base64."""
    list_width: int = 380
    """Width of the left side in device-independent pixels."""
    show_guesses: bool = False
    picture_folder: str = ""
    video_folder: str = ""
    pack_folder: str = ""
    packs: tuple[str, ...] = ()
    """Packs that the user opened, by absolute path."""
    use_demo: bool = True
    """Whether the demo film that ships with the program is searched too."""
    ask_remote: str = ""
    """When trace.moe is asked, a value of `desktop.lookup.policy.AskWhen`; "" until the user has chosen."""
    close_to_tray: str = "ask"
    """What closing the window does where there is a tray: one of `CLOSINGS`."""
    watch_clipboard: bool = False
    """Whether a copied picture is offered to be searched."""
    keep_recent: bool = True
    """Whether the last searches are remembered, with small pictures."""
    key_capture: str = "Ctrl+Alt+S"
    key_capture_again: str = "Ctrl+Alt+Shift+S"
    key_search_clipboard: str = ""
    key_show_window: str = ""
    """Global keys in Qt's portable text, "" for none."""
    capture_hint: bool = True
    """Whether the overlay explains itself; until the first picture was captured."""
    capture_place: str = ""
    """Where the last picture was captured (`desktop.system.capture.place`)."""


def load(path: Path) -> tuple[Settings, str]:
    """Read the settings; the text is a notice for the user, "" when all is well."""
    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return Settings(), ""
    except (OSError, ValueError) as error:
        return Settings(), _put_aside(path, f"could not be read ({error})")
    if not isinstance(stored, dict) or not isinstance(stored.get("version"), int):
        return Settings(), _put_aside(path, "are not settings of SceneLens")
    if stored["version"] > VERSION:
        return Settings(), _put_aside(path, "were written by a newer SceneLens")
    return _from_json(stored), ""


def save(path: Path, settings: Settings) -> None:
    """Write the settings so that a crash leaves the old ones or the new ones.  Raises OSError."""
    import tempfile  # brings OpenSSL's 4 MB

    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps({"version": VERSION, **asdict(settings)}, indent=2, ensure_ascii=False)
    handle, name = tempfile.mkstemp(prefix=path.name, suffix=".new", dir=path.parent)
    fresh = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)


def _from_json(stored: dict[str, Any]) -> Settings:
    default = Settings()
    known: dict[str, Any] = {}
    for field in fields(Settings):
        if field.name in stored:
            known[field.name] = _checked(field.name, stored[field.name], getattr(default, field.name))
    return Settings(**known)


def _checked(name: str, value: Any, default: Any) -> Any:
    """Give the stored value if it is of the default's kind and within its range, else the default."""
    if isinstance(default, tuple):
        fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
        return tuple(value) if fits else default
    if isinstance(default, bool):
        return value if isinstance(value, bool) else default
    if isinstance(default, int):
        fits = isinstance(value, int) and not isinstance(value, bool)
        return min(max(value, 200), 2000) if fits else default
    if isinstance(default, float):
        fits = isinstance(value, int | float) and not isinstance(value, bool) and value == value
        low, high = (0.0, 1.0) if name == "volume" else (0.1, 8.0)
        return min(max(float(value), low), high) if fits else default
    if not isinstance(value, str) or value not in CHOICES.get(name, (value,)):
        return default
    return value


def _put_aside(path: Path, what: str) -> str:
    aside = path.with_name(f"{path.stem}.kept{path.suffix}")
    try:
        path.replace(aside)
    except OSError as error:
        return f"The settings in {path} {what}, and could not be put aside ({error}). Defaults are used."
    return f"The settings in {path} {what}. Defaults are used; the old file is kept as {aside.name}."
