"""The demo that ships with the program: a film, its pack, sample pictures."""

from __future__ import annotations

import importlib.resources
import json
import shutil
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sample:
    """A picture to try the search with."""

    path: Path
    caption: str


@dataclass(frozen=True, slots=True)
class Demo:
    """The film, its pack and the samples; `attribution` must be shown wherever the film is."""

    film: Path
    pack: Path
    samples: tuple[Sample, ...]
    attribution: str


def find_demo(folder: Path | None = None) -> Demo | None:
    """Give the demo, or None where this installation has none."""
    base = folder or Path(str(importlib.resources.files("resources"))) / "demo"
    try:
        about = json.loads((base / "demo.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    samples = tuple(
        Sample(base / "samples" / Path(entry["file"]).name, entry["caption"]) for entry in about["samples"]
    )
    film, pack = base / "film.mp4", base / "pack"
    if not film.is_file() or not pack.exists():
        return None
    return Demo(film, pack, tuple(s for s in samples if s.path.is_file()), about["attribution"])


def working_copy(demo: Demo, cache: Path) -> Path:
    """Give a copy of the demo's pack that can be written to; the shipped one may lie in a read-only place.

    Raises OSError when the cache cannot be written.
    """
    copy = cache / "demo-pack"
    manifest = (demo.pack / "manifest.json").read_bytes()
    old = copy / "manifest.json"
    if old.is_file() and old.read_bytes() == manifest:
        return copy
    fresh = cache / "demo-pack.part"
    for leftover in (fresh, copy):
        if leftover.exists():
            shutil.rmtree(leftover)
    cache.mkdir(parents=True, exist_ok=True)
    shutil.copytree(demo.pack, fresh)
    fresh.rename(copy)
    return copy
