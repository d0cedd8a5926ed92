"""Makes the bundle dist/scenelens, gives it its licences, tells its size, and tries it.

.venv/bin/python build_spec/bundle.py            make and try
.venv/bin/python build_spec/bundle.py --try      try the one that is there
"""

from __future__ import annotations

import importlib.metadata
import os
import shutil
import subprocess
import sys
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
BUNDLE = ROOT / "dist" / "scenelens"

TERMS = """\
The terms of this bundle
========================

The source of SceneLens is under the MIT licence (LICENSE).  This bundle also contains the programs whose
licences lie in this folder, among them Qt and PySide6 (LGPL-3.0) and, inside PyAV, FFmpeg with
libx264 and libx265 (GPL-2.0-or-later).  Because of the latter, this bundle as a whole may be passed on
under the terms of the GNU General Public License, version 3 or later (GPL-3.0.txt).  The source of
SceneLens is in its repository; the sources of the parts are with their projects, under the versions
named in versions.txt.  Qt's libraries are separate files in the folder beside this one and may be
replaced.
"""


def main() -> int:
    """Make and try the bundle; returns the exit status."""
    if "--try" not in sys.argv[1:]:
        make()
    return subprocess.run(
        [sys.executable, ROOT / "build_spec" / "smoke.py", str(BUNDLE)], cwd=ROOT, check=False
    ).returncode


def make() -> None:
    """Run PyInstaller and add the licences."""
    if BUNDLE.exists():
        shutil.rmtree(BUNDLE)
    command = [sys.executable, "-m", "PyInstaller", "--noconfirm", "--log-level", "WARN"]
    command += ["--distpath", str(ROOT / "dist"), "--workpath", str(ROOT / "build")]
    subprocess.run(
        [*command, str(ROOT / "build_spec" / "scenelens.spec")],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        check=True,
    )
    add_licences(BUNDLE / "licences")
    sys.stdout.write(f"{BUNDLE.relative_to(ROOT)}: {size_mb(BUNDLE):.0f} MB\n")
    for entry in sorted((BUNDLE / "_internal").iterdir(), key=size_mb, reverse=True)[:8]:
        sys.stdout.write(f"    {size_mb(entry):6.1f} MB  {entry.name}\n")


def add_licences(folder: Path) -> None:
    """Put the licence of every part into `folder`, and the terms of the whole."""
    folder.mkdir()
    (folder / "TERMS.txt").write_text(TERMS)
    shutil.copy(ROOT / "LICENSE", folder / "LICENSE")
    for text in (ROOT / "resources" / "licences").iterdir():
        shutil.copy(text, folder / text.name)
    shutil.copy(ROOT / "resources" / "LICENSES.md", folder / "resources.md")
    versions = []
    for name in sorted(needed("scenelens") - {"scenelens"}):
        part = importlib.metadata.distribution(name)
        terms = part.metadata["License-Expression"] or part.metadata["License"] or "see its files"
        versions.append(f"{name} {part.version}: {terms.splitlines()[0]}")
        for file in part.files or ():
            if file.name.upper().startswith(("LICENSE", "LICENCE", "COPYING", "NOTICE")):
                place = str(file).partition("licenses/")[2] or file.name
                shutil.copy(str(part.locate_file(file)), folder / f"{name}-{place.replace('/', '-')}")
    (folder / "versions.txt").write_text("\n".join(versions) + "\n")


def needed(name: str) -> set[str]:
    """The distribution `name` and all that it needs to run here, by their canonical names."""
    found: set[str] = set()
    ahead = [canonicalize_name(name)]
    while ahead:
        current = ahead.pop()
        if current in found:
            continue
        found.add(current)
        for line in importlib.metadata.requires(current) or ():
            requirement = Requirement(line)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                ahead.append(canonicalize_name(requirement.name))
    return found


def size_mb(path: Path) -> float:
    """Size of a file or of all files in a folder, in megabytes; links are not followed."""
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.lstat().st_size for file in files) / 1e6


if __name__ == "__main__":
    sys.exit(main())
