"""Captures on a real X server; prints what comes of it, a JSON object a line.

The root window shows a pattern by which every pixel of a picture tells where on the server it was.
Lines on stdin: `begin`, `again`, anything else ends.  `window` as an argument shows a window of ours too.
"""

from __future__ import annotations

import json
import sys
import time

import numpy as np
from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtGui import QGuiApplication, QWindow
from PySide6.QtWidgets import QApplication, QWidget

from desktop.start import early
from desktop.system import capture
from desktop.system.platform import find_platform
from desktop.work import Operations
from index_tools.picture import Picture

#: Width and height of a window of ours; overlays are larger.
WINDOW = (180, 160)


def say(**told: object) -> None:
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


def say_when_gone(**told: object) -> None:
    """Tell it once the overlays are off the screen: a picture taken before that would be one of them."""
    if has_large_window():
        QTimer.singleShot(10, lambda: say_when_gone(**told))
    else:
        say(**told)


def has_large_window() -> bool:
    """Whether the server shows more than a window of ours; frames of windows that are gone count too."""
    from Xlib import X
    from Xlib.display import Display

    display = Display()
    display.grab_server()  # or windows go while they are asked; until the display is closed
    shown = [
        window.get_geometry()
        for window in display.screen().root.query_tree().children
        if window.get_attributes().map_state == X.IsViewable
    ]
    display.close()
    return any(area.width > 2 * WINDOW[0] and area.height > 2 * WINDOW[1] for area in shown)


def paint_root() -> None:
    """Paint x and y into red, green and blue: 8 low bits of each, 4 high bits of each."""
    from PIL import Image
    from Xlib.display import Display

    display = Display()
    screen = display.screen()
    y, x = np.mgrid[0 : screen.height_in_pixels, 0 : screen.width_in_pixels]
    rgb = np.dstack([x & 255, y & 255, (x >> 8) << 4 | (y >> 8)]).astype(np.uint8)
    pixmap = screen.root.create_pixmap(screen.width_in_pixels, screen.height_in_pixels, screen.root_depth)
    gc = pixmap.create_gc()
    pixmap.put_pil_image(gc, 0, 0, Image.fromarray(rgb))
    screen.root.change_attributes(background_pixmap=pixmap)
    screen.root.clear_area(0, 0, 0, 0)
    display.sync()
    display.close()


def place_of(pixel: np.ndarray) -> list[int]:
    """Where on the server a pixel of the pattern is."""
    low_x, low_y, high = (int(value) for value in pixel)
    return [(high >> 4) << 8 | low_x, (high & 15) << 8 | low_y]


def main() -> int:
    early.prepare()
    paint_root()
    qt = QApplication(sys.argv[:1])
    qt.setQuitOnLastWindowClosed(False)
    operations = Operations()
    platform = find_platform(QGuiApplication.platformName())
    taker = capture.Capture(operations, operations, capture.choose(platform), capture.choose_lister(platform))
    places: list[capture.Place] = []

    def take(picture: Picture, area: object, screen: object) -> None:
        rgb = picture.rgb
        exact = all(
            place_of(rgb[row, column]) == [place_of(rgb[0, 0])[0] + column, place_of(rgb[0, 0])[1] + row]
            for row in (0, rgb.shape[0] // 2, rgb.shape[0] - 1)
            for column in (0, rgb.shape[1] // 3, rgb.shape[1] - 1)
        )
        say_when_gone(
            first=place_of(rgb[0, 0]), size=[picture.width, picture.height], exact=exact,
            area=[area.left(), area.top(), area.width(), area.height()], screen=screen.name(),  # type: ignore[attr-defined]
        )  # fmt: skip

    taker.picture_taken.connect(take)
    taker.place_changed.connect(places.append)
    taker.ended.connect(lambda sentence: say_when_gone(ended=sentence))

    painted: list[QWindow] = []

    def tell_shown() -> None:
        """Tell of the overlays once they are painted and the window manager has given them the keys."""
        if taker.session is not None and qt.focusWindow() in painted:
            painted.clear()
            say(shown=[
                [one.frozen.screen.name, *one.frozen.size, one.x(), one.y(), one.width(), one.height()]
                for one in taker.session.overlays
            ])  # fmt: skip

    def shown() -> None:
        painted.append(taker.session.target.windowHandle())  # type: ignore[union-attr]
        tell_shown()

    taker.shown.connect(shown)
    qt.focusWindowChanged.connect(tell_shown)
    window = QWidget()
    if "window" in sys.argv:
        window.setGeometry(40, 50, *WINDOW)  # off what the pattern is taken for, which begins at 256, 256
        window.show()
    notifier = QSocketNotifier(sys.stdin.fileno(), QSocketNotifier.Type.Read)

    def read() -> None:
        line = sys.stdin.readline().strip()
        wishes = capture.Wishes(place=places[-1] if places else None)
        if line == "begin":
            taker.begin(wishes)
        elif line == "again":
            taker.again(wishes)
        else:
            notifier.setEnabled(False)
            taker.cancel()
            operations.refuse_more()
            operations.cancel_all()
            operations.join(5)
            qt.quit()

    notifier.activated.connect(read)
    time.sleep(0.1)
    say(ready=[screen.name() for screen in qt.screens()])
    code = qt.exec()
    window.deleteLater()
    return code


if __name__ == "__main__":
    sys.exit(main())
