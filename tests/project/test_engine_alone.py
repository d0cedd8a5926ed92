"""The engine can be imported whole where there is neither Qt nor a network library."""

from __future__ import annotations

from tests.manners.programs import RunProgram

IMPORT_ALL = """
import importlib, pkgutil, sys

for name in ("PySide6", "shiboken6", "requests"):
    sys.modules[name] = None

import index_tools

names = [module.name for module in pkgutil.walk_packages(index_tools.__path__, "index_tools.")]
for name in names:
    # Training has dependencies of its own, which nobody needs to search; __main__ would start.
    if not name.startswith("index_tools.training") and not name.endswith("__main__"):
        importlib.import_module(name)
print(len(names), "desktop" in sys.modules)
"""


def test_the_engine_imports_neither_qt_nor_the_network(run_program: RunProgram) -> None:
    result = run_program("-c", IMPORT_ALL)
    assert result.returncode == 0, result.stderr
    count, knows_desktop = result.stdout.split()
    assert int(count) > 20
    assert knows_desktop == "False"
