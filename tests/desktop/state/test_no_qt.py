from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
sys.modules["PySide6"] = None
import desktop.state.query, desktop.state.search_session, desktop.state.running
import desktop.library.library, desktop.library.shelf, desktop.library.demo, desktop.library.own_pack
import desktop.lookup.address, desktop.lookup.tracemoe, desktop.lookup.merged, desktop.actions
import desktop.start.search_command
"""


def test_state_library_and_lookup_import_without_qt() -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 0, done.stderr
