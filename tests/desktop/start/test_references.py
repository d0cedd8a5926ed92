"""PySide6 6.12 on Python 3.11 loses references to None and True until the interpreter aborts."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
import sys
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget

class Sender(QObject):
    sent = Signal(bool)

app = QApplication([])
sender, widget, heard = Sender(), QWidget(), []
sender.sent.connect(heard.append)
before = sys.getrefcount(None), sys.getrefcount(True)
for number in range(5000):
    sender.sent.emit(True)
    widget.setWindowTitle(str(number))
    assert widget.parent() is None
heard_all = len(heard)
heard.clear()
after = sys.getrefcount(None), sys.getrefcount(True)
lost = max(old - new for old, new in zip(before, after))
print(heard_all, lost)
"""


def test_emits_and_void_calls_survive() -> None:
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", PROGRAM],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    heard, lost = map(int, done.stdout.split())
    assert heard == 5000
    assert lost < 100
