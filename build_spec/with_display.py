"""Runs a command on an X server of its own, without a screen, and ends that server afterwards.

    .venv/bin/python build_spec/with_display.py COMMAND [ARGUMENT …]

Starts Xvfb on a free number, openbox on it, and a private runtime folder; the exit status is the command's.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

SCREEN = "1920x1080x24"


@contextmanager
def private_display(screen: str = SCREEN) -> Iterator[dict[str, str]]:
    """Start an X server with a window manager; yields the environment variables that lead to it.

    Raises FileNotFoundError naming the missing program, RuntimeError when the server does not start.
    """
    for program in ("Xvfb", "openbox"):
        if shutil.which(program) is None:
            raise FileNotFoundError(f"{program} is not installed; `make setup` installs it")
    with tempfile.TemporaryDirectory(prefix="sl-x-") as runtime:
        read_end, write_end = os.pipe()
        command = [
            "Xvfb",
            "-displayfd",
            str(write_end),
            "-screen",
            "0",
            screen,
            "-nolisten",
            "tcp",
            "-noreset",
        ]
        server = subprocess.Popen(
            command, pass_fds=[write_end], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(write_end)
        with os.fdopen(read_end) as answer:
            number = answer.readline().strip()
        if not number:
            server.wait()
            raise RuntimeError(f"Xvfb did not start (exit status {server.returncode})")
        variables = {"DISPLAY": f":{number}", "XDG_RUNTIME_DIR": runtime, "XDG_SESSION_TYPE": "x11"}
        keeper = subprocess.Popen(
            ["openbox", "--sm-disable"],
            env={**os.environ, **variables},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield variables
        finally:
            for process in (keeper, server):
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


def main() -> int:
    """Run the command given as arguments; returns its exit status."""
    if len(sys.argv) < 2:
        sys.stderr.write("usage: with_display.py COMMAND [ARGUMENT …]\n")
        return 2
    with private_display() as variables:
        environment = {**os.environ, **variables}
        environment.pop("WAYLAND_DISPLAY", None)
        return subprocess.run(sys.argv[1:], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
