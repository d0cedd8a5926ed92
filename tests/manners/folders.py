"""Every test has folders of its own; none sees or touches those of the person who runs it."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

#: Folder variables and where they lead below the test's folder.
FOLDERS = {
    "XDG_CONFIG_HOME": "config",
    "XDG_DATA_HOME": "data",
    "XDG_STATE_HOME": "state",
    "XDG_CACHE_HOME": "cache",
    "SCENELENS_HOME": "scenelens",
    "SCENELENS_CACHE": "scenelens-cache",
}

_session = pytest.StashKey[str]()


def pytest_configure(config: pytest.Config) -> None:
    """Give the whole session folders too: fixtures of wider scope run before any test has its own."""
    folder = tempfile.mkdtemp(prefix="sl-tests-")
    config.stash[_session] = folder
    for variable, name in FOLDERS.items():
        os.environ[variable] = str(Path(folder, name))
    # Short, for sockets: a path of a socket has at most 107 bytes.
    runtime = Path(folder, "run")
    runtime.mkdir(mode=0o700)
    os.environ["XDG_RUNTIME_DIR"] = str(runtime)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove the session's folders."""
    shutil.rmtree(config.stash[_session], ignore_errors=True)


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Lead every folder variable into the test's own folder; nothing is created there."""
    for variable, name in FOLDERS.items():
        monkeypatch.setenv(variable, str(tmp_path / "home" / name))
    with tempfile.TemporaryDirectory(prefix="sl-run-") as runtime:
        monkeypatch.setenv("XDG_RUNTIME_DIR", runtime)
        yield
