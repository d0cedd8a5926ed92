"""Tries a bundle as a person would: examine itself, search in the shell, open the window, find, quit.

    .venv/bin/python build_spec/smoke.py dist/scenelens

Runs on a private X server, in an empty home, without this checkout or its Python in sight.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

# Started as a file, Python looks for modules in this folder alone.
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from build_spec.with_display import private_display

START_S = 30.0


def main() -> int:
    """Try the bundle named by the first argument; returns 0 when all went well."""
    bundle = Path(sys.argv[1]).resolve()
    demo = bundle / "_internal" / "resources" / "demo"
    with tempfile.TemporaryDirectory(prefix="sl-home-") as home, private_display() as display:
        environment = {
            "HOME": home,
            "PATH": "/usr/bin:/bin",
            "LANG": "C.UTF-8",
            "QT_QPA_PLATFORM": "xcb",
            **display,
        }
        steps: tuple[tuple[str, Callable[[], str]], ...] = (
            ("examines itself", lambda: examine(bundle, environment)),
            ("searches in the shell", lambda: search(bundle, demo, environment)),
            ("indexes a film", lambda: build(bundle, demo, Path(home), environment)),
            ("opens, finds, quits", lambda: open_window(bundle, demo, environment)),
        )
        for name, step in steps:
            started = time.monotonic()
            problem = step()
            sys.stdout.write(
                f"{'FAILED' if problem else 'ok':7}{name} ({time.monotonic() - started:.1f} s)\n"
            )
            if problem:
                sys.stdout.write(problem + "\n")
                return 1
    return 0


def examine(bundle: Path, environment: dict[str, str]) -> str:
    """`--doctor` and `--self-test` succeed."""
    for option in ("--doctor", "--self-test"):
        result = run([bundle / "scenelens", option], environment)
        if result.returncode:
            return f"{option} ended with {result.returncode}\n{result.stdout}{result.stderr}"
    return ""


def search(bundle: Path, demo: Path, environment: dict[str, str]) -> str:
    """Every sample picture is found at its second."""
    samples = json.loads((demo / "demo.json").read_text())["samples"]
    files = [demo / sample["file"] for sample in samples]
    result = run(
        [bundle / "scenelens-index", "search", "--pack", demo / "pack", *files, "--json"], environment
    )
    if result.returncode:
        return f"search ended with {result.returncode}\n{result.stdout}{result.stderr}"
    for sample, line in zip(samples, result.stdout.splitlines(), strict=True):
        best = json.loads(line)["matches"][0]
        if not best["is_match"] or abs(best["at_s"] - sample["at_s"]) > 0.5:
            return f"{sample['file']}: expected {sample['at_s']} s, found {best}"
    return ""


def build(bundle: Path, demo: Path, home: Path, environment: dict[str, str]) -> str:
    """A film is indexed, which starts the program again as a worker."""
    pack = home / "film.pack"
    result = run([bundle / "scenelens-index", "build", "--out", pack, demo / "film.mp4"], environment)
    if result.returncode or not (pack / "manifest.json").exists():
        return f"build ended with {result.returncode}\n{result.stdout}{result.stderr}"
    return ""


def open_window(bundle: Path, demo: Path, environment: dict[str, str]) -> str:
    """A picture given on the command line opens the window; Ctrl+Q ends the program with status 0."""
    command = [str(bundle / "scenelens"), str(demo / "samples" / "close-up.jpg")]
    program = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True)
    try:
        shown = subprocess.run(
            ["xdotool", "search", "--sync", "--onlyvisible", "--name", "SceneLens"],
            env=environment, timeout=START_S, capture_output=True, text=True, check=False,
        )  # fmt: skip
        time.sleep(3.0)
        if program.poll() is not None or not shown.stdout.strip():
            return f"no window; status {program.poll()}"
        window = shown.stdout.split()[0]
        subprocess.run(["xdotool", "windowfocus", "--sync", window], env=environment, timeout=10, check=False)
        subprocess.run(["xdotool", "key", "ctrl+q"], env=environment, timeout=10, check=True)
        status = program.wait(15)
        return "" if status == 0 else f"ended with {status}"
    except subprocess.TimeoutExpired as late:
        return f"too slow: {late}"
    finally:
        if program.poll() is None:
            program.kill()
        _, messages = program.communicate()
        sys.stdout.write("".join(f"        {line}\n" for line in messages.splitlines()))


def run(command: list[str | Path], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a program of the bundle with a time limit."""
    words = [str(word) for word in command]
    return subprocess.run(
        words,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


if __name__ == "__main__":
    sys.exit(main())
