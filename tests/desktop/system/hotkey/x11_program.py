"""Binds global keys on X11 and prints what happens, a JSON object a line; a line on stdin ends it.

    python -m tests.desktop.system.hotkey.x11_program '{"capture": "Ctrl+Alt+S"}' ['{"capture": "F9"}' …]

Each further argument is bound when SIGUSR1's line "next" comes on stdin.
"""

from __future__ import annotations

import json
import sys

from PySide6.QtCore import QCoreApplication, QSocketNotifier

from desktop.start import early
from desktop.system.hotkey import GlobalKeys, choose, prepare
from desktop.system.platform import find_platform


def say(**told: object) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def main() -> int:
    early.prepare()
    wishes = [json.loads(word) for word in sys.argv[1:]]
    application = QCoreApplication(sys.argv[:1])
    keys = GlobalKeys(application)
    keys.pressed.connect(lambda action: say(pressed=action))
    keys.changed.connect(
        lambda: say(bound={one.action: one.keys or one.problem for one in keys.bound.values()})
    )
    choice = choose(find_platform("xcb"))
    keys.use(choice, wishes.pop(0), prepare(choice.way))
    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)

    def read() -> None:
        line = sys.stdin.readline().strip()
        if line == "next":
            keys.bind(wishes.pop(0))
        elif line == "pause":
            keys.set_paused(True)
            say(paused=True)
        elif line == "resume":
            keys.set_paused(False)
            say(paused=False)
        else:
            notifier.setEnabled(False)
            keys.stop()
            application.quit()

    notifier.activated.connect(read)
    return application.exec()


if __name__ == "__main__":
    sys.exit(main())
