"""What works on this machine, what does not, and what to install.

Each finding is a sentence; `probes` holds those that ask Qt, run in a child process, since a missing
library can end the process that asks.
"""

from __future__ import annotations

import importlib
import importlib.metadata
import multiprocessing
import os
import platform
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from desktop.start import early
from desktop.start.findings import Finding as Finding
from desktop.start.places import Places
from desktop.start.settings import load

#: Seconds that the child process which asks Qt may take.
PROBE_LIMIT_S = 30.0

DISTRIBUTIONS = ("PySide6_Essentials", "numpy", "opencv-python", "hnswlib", "av", "Pillow")

CODECS = ("h264", "hevc", "av1", "vp9", "mpeg4")


def examine(places: Places) -> tuple[Finding, ...]:
    """Look at everything; takes a second or two, so call it in a worker."""
    findings: list[Finding] = []
    for check in (_versions, _display, _qt, _system, _codecs, _graph_library):
        findings += check()
    findings += _folders(places)
    findings += _packs(places)
    return tuple(findings)


def as_lines(findings: Iterable[Finding]) -> list[str]:
    """Give the findings as lines of text."""
    marks = {"good": "ok     ", "limited": "limited", "missing": "MISSING"}
    lines = []
    for finding in findings:
        lines.append(f"{marks[finding.state]}  {finding.what}: {finding.how}")
        if finding.remedy:
            lines.append(f"         -> {finding.remedy}")
    return lines


def _versions() -> list[Finding]:
    python = platform.python_version()
    found = [Finding("good", "Python", f"{python} on {platform.system()} {platform.machine()}")]
    for name in DISTRIBUTIONS:
        try:
            version = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            if getattr(sys, "frozen", False):
                continue  # a bundle carries the libraries without their metadata
            found.append(Finding("missing", name, "not installed", f"pip install {name}, or make setup"))
            continue
        problem = early.why_not(sys.version_info[:2], version) if name.startswith("PySide6") else ""
        found.append(Finding("missing" if problem else "good", name.replace("_", "-"), version, problem))
    return found


def _display() -> list[Finding]:
    problem = early.display_problem(sys.platform, os.environ)
    if problem:
        return [Finding("limited", "Display", "none", problem)]
    session = os.environ.get("XDG_SESSION_TYPE") or os.environ.get("QT_QPA_PLATFORM") or sys.platform
    return [Finding("good", "Display", session)]


def _qt() -> list[Finding]:
    """Ask Qt in a child process."""
    from desktop.start.probes import ask_qt

    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    child = context.Process(target=ask_qt, args=(there,), daemon=True)
    child.start()
    there.close()
    try:
        rows = here.recv() if here.poll(PROBE_LIMIT_S) else None
    except EOFError:
        rows = None
    finally:
        here.close()
        child.join(1.0)
        if child.is_alive():
            child.kill()
            child.join()
        code = child.exitcode
        child.close()
    if rows is None:
        return [
            Finding(
                "missing", "Qt", f"the process that asked it ended with {code} and no answer",
                "See build_spec/debian-packages.txt for the libraries that Qt needs",
            )
        ]  # fmt: skip
    return [Finding(*row) for row in rows]


def _system() -> list[Finding]:
    """Look at what differs between desktops: capture, global keys, life in the background."""
    try:
        from desktop.start.background_findings import examine_background
        from desktop.start.system_findings import examine_system
    except ImportError as error:  # a library of Qt is missing; the finding of the window says which package
        return [Finding("missing", "Capture and global keys", f"Qt cannot be loaded ({error})")]
    return [*examine_system(), *examine_background()]


def _codecs() -> list[Finding]:
    try:
        codec = importlib.import_module("av.codec")
    except ImportError as error:
        return [
            Finding("missing", "Video", f"PyAV cannot be loaded ({error})", "pip install av, or make setup")
        ]
    lacking = [name for name in CODECS if not _decodes(codec.Codec, name)]
    if lacking:
        how = f"cannot decode {', '.join(lacking)}"
        return [
            Finding("limited", "Video codecs", how, "Install the wheel of PyAV from PyPI, which has them")
        ]
    return [Finding("good", "Video codecs", ", ".join(CODECS))]


def _decodes(codec: Callable[[str, str], object], name: str) -> bool:
    try:
        codec(name, "r")
    except ValueError:
        return False
    return True


def _graph_library() -> list[Finding]:
    try:
        importlib.import_module("hnswlib")
    except ImportError as error:
        remedy = "HNSWLIB_NO_NATIVE=1 pip install hnswlib (needs g++ and python3-dev), or make setup"
        return [Finding("missing", "Search graph", f"hnswlib cannot be loaded ({error})", remedy)]
    return [Finding("good", "Search graph", "hnswlib loads on this processor")]


def _folders(places: Places) -> list[Finding]:
    rows = (("Settings", places.config), ("Data", places.data), ("Cache", places.cache))
    return [_folder(what, folder) for what, folder in rows]


def _folder(what: str, folder: Path) -> Finding:
    nearest = folder
    while not nearest.exists() and nearest != nearest.parent:
        nearest = nearest.parent
    if os.access(nearest, os.W_OK):
        return Finding("good", what, str(folder))
    return Finding(
        "missing",
        what,
        f"{folder} cannot be written",
        "Give yourself the right to write there, or set SCENELENS_HOME",
    )


def _packs(places: Places) -> list[Finding]:
    from desktop.library.demo import find_demo
    from index_tools.errors import SceneLensError
    from index_tools.pack import ScenePack

    settings, notice = load(places.settings_file)
    found = [Finding("limited", "Settings file", notice)] if notice else []
    demo = find_demo()
    paths = [demo.pack] if demo else []
    paths += [places.own_pack] if places.own_pack.exists() else []
    paths += [Path(name) for name in settings.packs]
    if demo is None:
        found.append(Finding("limited", "Demo", "not part of this installation"))
    for path in paths:
        try:
            with ScenePack.open(path) as pack:
                films = "1 film" if len(pack.videos) == 1 else f"{len(pack.videos)} films"
                frames = f"{films}, {len(pack.kept)} frames"
            found.append(Finding("good", "Pack", f"{pack.manifest.title}: {frames}"))
        except SceneLensError as error:
            found.append(Finding("limited", "Pack", str(error)))
    return found
