"""Makes everything the program needs beside its source: Debian packages and `.venv`.

Started by `make` with whatever `python3` is; needs the standard library alone and says in a sentence what
is missing.  When all is there it takes a tenth of a second and asks nobody, the network neither.

    python3 build_spec/prepare.py            what running needs
    python3 build_spec/prepare.py --tests    and what the tests need

Exit 0: ready.  Exit 1: something is missing that this program may not install; it has said what.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
LOCK = ROOT / "build_spec" / "requirements.lock"
PACKAGES = ROOT / "build_spec" / "debian-packages.txt"
OLDEST_PYTHON = (3, 11)
NEWER_PYTHONS = ("python3.13", "python3.12", "python3.11", "python3.14")


@dataclass(frozen=True)
class DebianPackage:
    """One line of debian-packages.txt; `names` are one package under its names in several releases."""

    group: str
    names: tuple[str, ...]
    unless: str
    reason: str


def main() -> int:
    """Prepare the checkout; returns the exit status."""
    parser = argparse.ArgumentParser(description="Install what SceneLens needs: Debian packages and .venv.")
    parser.add_argument("--tests", action="store_true", help="also what the tests need")
    tests = parser.parse_args().tests
    python = _python()
    if python is None:
        _say(
            f"SceneLens needs Python 3.11 or newer; python3 here is {sys.version.split()[0]}.\n"
            "Install a newer one (Debian 12 and Ubuntu 24.04 have it; on Ubuntu 22.04: python3.11, "
            "python3.11-venv and python3.11-dev) and try again."
        )
        return 1
    groups = ("build", "run", "test", "wanted") if tests else ("build", "run", "wanted")
    wanted = [package for package in read_packages(PACKAGES.read_text()) if package.group in groups]
    return 0 if _install_packages(wanted) and _make_venv(python) else 1


def read_packages(text: str) -> list[DebianPackage]:
    """Read the list of Debian packages; raises ValueError on a line of another form."""
    packages = []
    for line in text.splitlines():
        entry, _, reason = line.partition("#")
        words = entry.split()
        if not words:
            continue
        if len(words) not in (2, 3) or not reason.strip():
            raise ValueError(f"not 'group package [unless=…]  # reason': {line!r}")
        unless = words[2].removeprefix("unless=") if len(words) == 3 else ""
        packages.append(DebianPackage(words[0], tuple(words[1].split("|")), unless, reason.strip()))
    return packages


def stamp_of(python: str) -> str:
    """What the contents of `.venv` depend on, as one hash."""
    parts = (LOCK.read_bytes(), (ROOT / "pyproject.toml").read_bytes(), python.encode(), str(ROOT).encode())
    return hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def _python() -> str | None:
    """The Python for `.venv`: this one, or a newer one beside it, or None."""
    if sys.version_info >= OLDEST_PYTHON:
        return str(Path(sys.executable).resolve())
    return next((str(Path(found).resolve()) for name in NEWER_PYTHONS if (found := shutil.which(name))), None)


def _install_packages(packages: list[DebianPackage]) -> bool:
    """Install the packages that are missing, where that is allowed; False if one is needed and missing."""
    if shutil.which("dpkg-query") is None or shutil.which("apt-get") is None:
        _say("This is not Debian or Ubuntu: if the window does not open, see build_spec/debian-packages.txt.")
        return True
    missing = _missing(packages)
    if not missing:
        return True
    apt = ["apt-get", "-qq", "-o", "Dpkg::Use-Pty=0"]
    if os.geteuid() != 0:
        if (
            shutil.which("sudo") is None
            or subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode
        ):
            return _explain(missing)
        apt = ["sudo", "-n", "env", "DEBIAN_FRONTEND=noninteractive", *apt]
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run([*apt, "update"], env=environment, stdin=subprocess.DEVNULL, check=False)
    names = [_name_here(package) for package in missing]
    _say("Installing Debian packages: " + " ".join(names))
    install = [*apt, "install", "-y", "--no-install-recommends"]
    log = subprocess.run(
        [*install, *names],
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if log.returncode:
        sys.stderr.write(log.stdout + log.stderr)
        return _explain(_missing(packages))
    return True


def _missing(packages: list[DebianPackage]) -> list[DebianPackage]:
    query = subprocess.run(
        ["dpkg-query", "-W", "-f=${db:Status-Status} ${Package}\n"],
        capture_output=True,
        text=True,
        check=True,
    )
    installed = {line.split()[1] for line in query.stdout.splitlines() if line.startswith("installed ")}
    return [
        package
        for package in packages
        if not installed.intersection(package.names) and not _unnecessary(package.unless)
    ]


def _unnecessary(unless: str) -> bool:
    kind, _, name = unless.partition(":")
    if kind == "command":
        return shutil.which(name) is not None
    if kind == "header":
        return (Path(sysconfig.get_path("include")) / name).exists()
    if kind == "module":
        return importlib.util.find_spec(name) is not None
    return False


def _name_here(package: DebianPackage) -> str:
    """The package's name in this release."""
    for name in package.names[:-1]:
        shown = subprocess.run(
            ["apt-cache", "show", "--no-all-versions", name], capture_output=True, check=False
        )
        if shown.returncode == 0 and shown.stdout:
            return name
    return package.names[-1]


def _explain(missing: list[DebianPackage]) -> bool:
    """Say what to install; whether one can go on without."""
    needed = [package for package in missing if package.group != "wanted"]
    if needed:
        _say("These Debian packages are missing, and installing them needs an administrator:")
        for package in needed:
            _say(f"    {' or '.join(package.names):32} {package.reason}")
        _say(
            "Install them with\n    sudo apt-get install "
            + " ".join(_name_here(package) for package in needed)
        )
        _say("and try again.  Nothing else was changed.")
    return not needed


def _make_venv(python: str) -> bool:
    """Make `.venv` hold what the lock file says; does nothing when it already does."""
    stamp, wanted = VENV / "scenelens-stamp", stamp_of(python)
    if stamp.exists() and stamp.read_text() == wanted:
        return True
    _say("Making .venv (some 400 MB; a minute or two, hnswlib is compiled)")
    stamp.unlink(missing_ok=True)
    # The portable build of hnswlib: compiled for the local processor it would die on an older one.
    environment = {**os.environ, "HNSWLIB_NO_NATIVE": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    pip = [str(VENV / "bin" / "python"), "-m", "pip", "--quiet", "install"]
    own = VENV / "bin" / "python"
    is_of_another = own.exists() and str(own.resolve()) != python
    commands = [
        [python, "-m", "venv", *(["--clear"] if is_of_another else []), str(VENV)],
        [*pip, "--require-hashes", "-r", str(LOCK)],
        [*pip, "--no-deps", "--no-build-isolation", "--editable", str(ROOT)],
    ]
    for command in commands:
        if subprocess.run(
            command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, check=False
        ).returncode:
            _say(
                "Making .venv failed at\n    "
                + " ".join(command)
                + "\nNothing outside .venv was changed; try again."
            )
            return False
    stamp.write_text(wanted)
    return True


def _say(text: str) -> None:
    sys.stderr.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
