"""One instance: the lock decides, whatever happened to the one before; the socket only talks."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.start import instance
from desktop.start.hand_over import hand_over
from desktop.start.listening import Listener
from desktop.start.request import LARGEST_LINE, MOST_FILES, Request, to_line

HOLD = (
    "import sys, time; from pathlib import Path; from desktop.start import instance; "
    "held = instance.claim(Path(sys.argv[1])); print('held' if held else 'taken', flush=True); "
    "time.sleep(float(sys.argv[2]))"
)


def another(data: Path, seconds: float = 30.0) -> subprocess.Popen[str]:
    """A process that tries to take the lock, says what came of it and stays a while."""
    return subprocess.Popen(
        [sys.executable, "-c", HOLD, str(data), str(seconds)], stdout=subprocess.PIPE, text=True
    )


def said(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().strip()


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture
def listener(data: Path, qtbot: QtBot) -> Iterator[Listener]:
    """The running instance of a data folder."""
    held = instance.claim(data)
    assert held is not None
    made = Listener()
    assert made.listen(instance.address(data)) == ""
    yield made
    made.close()
    made.deleteLater()
    held.release()


def test_one_of_many_starts_at_once_has_the_lock(data: Path) -> None:
    starts = [another(data, 3.0) for _ in range(6)]
    told = sorted(said(start) for start in starts)
    for start in starts:
        start.kill()
        start.communicate()
    assert told == ["held"] + ["taken"] * 5


def test_the_lock_ends_with_its_process_however_that_ends(data: Path) -> None:
    first = another(data)
    assert said(first) == "held"
    assert instance.claim(data) is None
    assert instance.holder(data) == first.pid
    first.send_signal(signal.SIGKILL)
    first.communicate()
    ours = instance.claim(data)
    assert ours is not None
    assert instance.holder(data) == os.getpid()
    ours.release()


def test_folders_have_locks_and_addresses_of_their_own(tmp_path: Path) -> None:
    one, other = instance.claim(tmp_path / "one"), instance.claim(tmp_path / "other")
    assert one is not None
    assert other is not None
    assert instance.address(tmp_path / "one") != instance.address(tmp_path / "other")
    one.release()
    other.release()


def test_an_address_fits_into_a_socket_however_long_the_folder_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / ("r" * 120)))
    with tempfile.TemporaryDirectory(prefix="sl-") as short:
        monkeypatch.setattr(tempfile, "tempdir", short)
        address = instance.address(tmp_path / ("d" * 120))
        assert len(address) <= instance.LONGEST_SOCKET_PATH
        assert Path(address).parent.stat().st_mode & 0o077 == 0
        Path(address).parent.chmod(0o777)
        with pytest.raises(PermissionError, match="open to others"):
            instance.address(tmp_path / ("d" * 120))


@pytest.mark.parametrize(
    "request_",
    [
        Request("show"),
        Request("capture"),
        Request("open", tuple(f"/pictures/number {n}.png" for n in range(MOST_FILES))),
        Request("link", (), "scenelens:?url=https://e.org/a.png&mute"),
    ],
    ids=lambda request: request.verb,
)
def test_a_later_start_hands_over(listener: Listener, data: Path, qtbot: QtBot, request_: Request) -> None:
    with ThreadPoolExecutor(1) as pool, qtbot.waitSignal(listener.requested, timeout=5000) as came:
        answer = pool.submit(hand_over, request_, data)
    assert came.args == [request_]
    qtbot.waitUntil(answer.done)
    assert answer.result() == ""


def talk(data: Path, line: bytes) -> bytes:
    """Say something to the instance as no start of ours would; its answer, b"" if it hung up."""
    with socket.socket(socket.AF_UNIX) as connection:
        connection.settimeout(10)
        connection.connect(instance.address(data))
        try:
            connection.sendall(line)
            return connection.recv(4096)
        except (BrokenPipeError, ConnectionResetError):
            return b""


@pytest.mark.parametrize(
    "line", [b"x" * 1_000_000 + b"\n", b"x" * (LARGEST_LINE + 1), b'{"verb": "exec"}\n', b"\0\xff\n", b"\n"]
)
def test_what_is_no_request_is_refused_and_the_next_one_heard(
    listener: Listener, data: Path, qtbot: QtBot, line: bytes, expected_log: object
) -> None:
    assert callable(expected_log)
    expected_log("A hand-over was refused")
    came: list[object] = []
    listener.requested.connect(came.append)
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(talk, data, line)
        qtbot.waitUntil(answer.done, timeout=10_000)
        told = answer.result()
        assert told == b"" or "refused" in json.loads(told)["problem"]
        assert came == []
        good = pool.submit(hand_over, Request("show"), data)
        qtbot.waitUntil(good.done)
        assert good.result() == ""
    assert came == [Request("show")]


def test_a_caller_that_says_nothing_is_sent_away(
    listener: Listener, data: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.start.listening.LINE_LIMIT_MS", 100)
    with ThreadPoolExecutor(1) as pool:
        silent = pool.submit(talk, data, b'{"version": 1')
        qtbot.waitUntil(silent.done, timeout=5000)
        assert silent.result() == b""


def test_the_socket_is_closed_to_other_users(listener: Listener, data: Path) -> None:
    assert Path(instance.address(data)).stat().st_mode & 0o777 == 0o600


def test_a_socket_left_by_a_kill_is_no_hindrance(data: Path, qtbot: QtBot) -> None:
    path = instance.address(data)
    left = socket.socket(socket.AF_UNIX)
    left.bind(path)
    left.close()
    held = instance.claim(data)
    assert held is not None
    listener = Listener()
    assert listener.listen(path) == ""
    listener.close()
    listener.deleteLater()
    held.release()


def test_an_instance_that_hangs_is_told_in_a_sentence(data: Path) -> None:
    """Its socket takes connections, as the kernel does for a stopped process, and nobody answers."""
    first = another(data)
    assert said(first) == "held"
    with socket.socket(socket.AF_UNIX) as deaf:
        deaf.bind(instance.address(data))
        deaf.listen(4)
        begun = time.monotonic()
        told = hand_over(Request("show"), data, 1.0, 0.3)
        assert time.monotonic() - begun < 2.0
    assert f"process {first.pid}" in told
    assert "does not answer" in told
    assert "untouched" in told
    first.kill()
    first.communicate()


def test_an_instance_that_never_listens_is_told_in_a_sentence(data: Path) -> None:
    first = another(data)
    assert said(first) == "held"
    assert "does not answer" in hand_over(Request("show"), data, 0.3, 0.3)
    first.kill()
    first.communicate()


def test_an_instance_that_ends_meanwhile_leaves_the_lock(data: Path) -> None:
    first = another(data, 0.3)
    assert said(first) == "held"
    with pytest.raises(ConnectionAbortedError):
        hand_over(Request("show"), data, 10.0, 1.0)
    first.communicate()


def test_a_request_too_large_to_pass_is_told_before_anything_is_sent(listener: Listener, data: Path) -> None:
    request = Request("open", tuple(f"/{n}{'x' * 900}" for n in range(MOST_FILES)))
    assert "folder instead" in hand_over(request, data)
    assert len(to_line(Request("show"))) < 200
