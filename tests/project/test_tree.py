"""Rules of the tree that no linter knows: sizes, names, places, where threads are made."""

from __future__ import annotations

import ast
import re
import subprocess
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
MAX_LINES = 350
MAX_BYTES = 6_500_000

#: Source files longer than MAX_LINES, and why they stay so.
LONGER_FOR_A_REASON: dict[str, str] = {}

#: Names that say nothing about the subject of a file.
NAMELESS = {"utils.py", "util.py", "helpers.py", "helper.py", "manager.py", "common.py", "misc.py"}

#: The only places that make threads or processes, and what for.
MAKERS = {
    "desktop/work/*": "operations: engine worker, network workers, the indexing process",
    "desktop/player/decoding.py": "the decoder of a scene",
    "index_tools/search/graph.py": "graphs load while the exact scan answers",
    "index_tools/search/side_by_side.py": "packs are searched, and frames compared, side by side",
    "index_tools/pack/checksums.py": "members are hashed side by side",
    "desktop/start/doctor.py": "what asks Qt may end its process",
    "index_tools/build/*": "films are indexed in parallel processes",
    "index_tools/training/train.py": "parts of a step are learnt from side by side",
}
MAKING = {
    "Thread", "Timer", "QThread", "QThreadPool", "ThreadPoolExecutor",
    "Process", "Pool", "ProcessPoolExecutor",
}  # fmt: skip

#: A path below a folder of one machine or person; those of nobody in particular are fine as examples.
MACHINE_PATH = re.compile(
    r"(?:^|[\s\"'`(=:,])/(?:home|root|Users|work|opt|mnt)/(?!user\b|you\b|me\b|someone\b)[A-Za-z0-9_.-]+"
)


def tracked() -> list[Path]:
    """Every file that git knows and that is there."""
    listed = subprocess.run(
        ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [ROOT / name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def sources(folder: str = "") -> Iterator[Path]:
    """Tracked Python files below a folder of the tree."""
    return (path for path in tracked() if path.suffix == ".py" and name_of(path).startswith(folder))


def name_of(path: Path) -> str:
    """A path as the tree names it."""
    return path.relative_to(ROOT).as_posix()


def test_no_source_file_is_too_long() -> None:
    lengths = {name_of(path): len(path.read_text("utf-8").splitlines()) for path in sources()}
    too_long = {name: lines for name, lines in lengths.items() if lines > MAX_LINES}
    assert set(too_long) == set(LONGER_FOR_A_REASON), f"over {MAX_LINES} lines: {too_long}"


def test_no_file_is_too_large_for_a_repository() -> None:
    sizes = {name_of(path): path.stat().st_size for path in tracked()}
    assert {name: size for name, size in sizes.items() if size > MAX_BYTES} == {}


def test_file_names_say_what_is_inside() -> None:
    assert [name_of(path) for path in sources() if path.name in NAMELESS] == []


def test_no_file_names_a_place_on_one_machine() -> None:
    found = []
    for path in tracked():
        text = _text(path)
        for number, line in enumerate(text.splitlines(), 1):
            if MACHINE_PATH.search(line) and "MACHINE_PATH" not in text:
                found.append(f"{name_of(path)}:{number}: {line.strip()[:120]}")
    assert found == []


@pytest.mark.parametrize(
    ("line", "names_a_machine"),
    [
        ('open("/home/anna/film.mkv")', True),
        ("see /root/.cache", True),
        ('Path("/home/user/film.mkv")', False),
        ("a/home/run", False),
        ("https://example.org/work/1", False),
    ],
)
def test_machine_paths_are_recognised(line: str, names_a_machine: bool) -> None:
    assert bool(MACHINE_PATH.search(line)) is names_a_machine


def test_the_lock_file_names_no_place_to_download_from_and_hashes_all() -> None:
    lock = (ROOT / "build_spec" / "requirements.lock").read_text()
    assert "://" not in lock
    assert not re.search(r"^\s*(-i|--index-url|--extra-index-url|-f|--find-links)\b", lock, re.MULTILINE)
    entries = re.split(r"\n(?=[a-z])", lock.split("\n", 2)[2])
    assert len(entries) > 40
    assert [entry.split("\n")[0] for entry in entries if "--hash=sha256:" not in entry] == []


def test_every_dependency_is_locked() -> None:
    wanted = re.findall(
        r'^    "([A-Za-z0-9_.-]+)', (ROOT / "pyproject.toml").read_text().split("[tool.")[0], re.MULTILINE
    )
    lock = (ROOT / "build_spec" / "requirements.lock").read_text()
    locked = {name.lower() for name in re.findall(r"^([A-Za-z0-9_.-]+)==", lock, re.MULTILINE)}
    assert wanted
    assert {name.lower() for name in wanted} - locked == set()


def test_every_resource_has_a_source_and_a_licence() -> None:
    licences = (ROOT / "resources" / "LICENSES.md").read_text("utf-8")
    cells = [line.split("|")[1] for line in licences.splitlines() if line.startswith("| `")]
    listed = [pattern for cell in cells for pattern in re.findall(r"`([^`]+)`", cell)]
    present = [path.relative_to(ROOT / "resources").as_posix() for path in tracked() if _is_resource(path)]
    unlisted = [name for name in present if not any(fnmatch(name, pattern) for pattern in listed)]
    gone = [pattern for pattern in listed if not any(fnmatch(name, pattern) for name in present)]
    assert unlisted == []
    assert gone == []


def test_threads_and_processes_are_made_in_few_places() -> None:
    found = []
    for path in (*sources("index_tools/"), *sources("desktop/")):
        name = name_of(path)
        if any(fnmatch(name, maker) for maker in MAKERS):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and _called(node) in MAKING:
                found.append(f"{name}:{node.lineno} {_called(node)}")
    assert found == []


def test_nothing_is_left_to_be_done() -> None:
    marks = re.compile("TO" + "DO|FIX" + "ME|X" + "XX|HA" + "CK|raise NotImplemented" + "Error")
    assert [name_of(path) for path in sources() if marks.search(path.read_text("utf-8"))] == []


def _called(call: ast.Call) -> str:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""


def _is_resource(path: Path) -> bool:
    return path.is_relative_to(ROOT / "resources")


def _text(path: Path) -> str:
    """The contents as text; nothing for files that are not text."""
    raw = path.read_bytes()
    return "" if b"\0" in raw[:8192] else raw.decode("utf-8", "replace")
