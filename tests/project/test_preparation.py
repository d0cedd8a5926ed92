"""`build_spec/prepare.py`: reads its list, knows what is missing, does nothing when all is there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from build_spec import prepare
from tests.manners.programs import RunProgram

ROOT = Path(__file__).parent.parent.parent


def test_the_shipped_list_is_readable() -> None:
    packages = prepare.read_packages(prepare.PACKAGES.read_text())
    assert {package.group for package in packages} == {"build", "run", "test", "wanted"}
    assert all(package.reason for package in packages)
    glib = next(package for package in packages if "libglib2.0-0" in package.names)
    assert glib.names == ("libglib2.0-0t64", "libglib2.0-0")


@pytest.mark.parametrize("line", ["run libgl1", "run  # a reason", "run a unless=b c # reason"])
def test_a_line_of_another_form_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="not 'group package"):
        prepare.read_packages(line)


def test_the_stamp_follows_the_python() -> None:
    assert prepare.stamp_of("/usr/bin/python3") != prepare.stamp_of("/usr/bin/python3.13")
    assert prepare.stamp_of("/usr/bin/python3") == prepare.stamp_of("/usr/bin/python3")


def test_without_rights_it_lists_what_to_install_and_stops(tmp_path: Path, run_program: RunProgram) -> None:
    """With a dpkg that knows no package and no sudo, nothing is installed and the reader is told."""
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, answer in {"dpkg-query": "", "apt-get": "exit 9", "apt-cache": "echo found", "id": ""}.items():
        (programs / name).write_text(f"#!/bin/sh\n{answer}\n")
        (programs / name).chmod(0o755)
    script = (
        "import os, sys; os.geteuid = lambda: 1000; sys.path.insert(0, '.');"
        f"os.environ['PATH'] = {str(programs)!r};"
        "from build_spec import prepare; sys.argv = ['prepare.py']; sys.exit(prepare.main())"
    )
    before = (prepare.VENV / "scenelens-stamp").exists()
    result = run_program("-c", script)
    assert result.returncode == 1
    assert "sudo apt-get install" in result.stderr
    assert "libxcb-cursor0" in result.stderr
    assert "Nothing else was changed" in result.stderr
    assert "fonts-noto-cjk" not in result.stderr
    assert (prepare.VENV / "scenelens-stamp").exists() == before


@pytest.mark.skipif(not os.environ.get("CI"), reason="elsewhere .venv may be made by hand")
def test_a_prepared_checkout_is_left_alone(run_program: RunProgram) -> None:
    result = run_program(ROOT / "build_spec" / "prepare.py", "--tests", timeout_s=20)
    assert (result.returncode, result.stderr) == (0, "")
