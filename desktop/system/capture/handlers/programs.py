"""What grim and Spectacle have in common: a program that is started, waited for and heard out."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Sequence

from PySide6.QtGui import QImage

from desktop.system.capture.geometry import Rect, Screen
from desktop.system.capture.models import Frozen
from desktop.system.capture.whole_desktop import split
from desktop.system.errors import CaptureError
from desktop.system.outside.programs import clean_environment
from index_tools.progress import Progress

#: Seconds that a program may take; Spectacle starts in one or two.
LIMIT_S = 8.0
_LOOK_S = 0.05


def heard(words: Sequence[str], progress: Progress, limit_s: float = LIMIT_S) -> bytes:
    """Run a program in a worker and give what it wrote.  Raises CaptureError with what it complained of."""
    name, deadline = words[0], time.monotonic() + limit_s
    try:
        process = subprocess.Popen(
            words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=clean_environment(),
        )  # fmt: skip
    except OSError as error:
        raise CaptureError(f"{name} could not be started: {error.strerror}.") from error
    with process:
        try:
            while True:
                try:
                    written, complaint = process.communicate(timeout=_LOOK_S)
                    break
                except subprocess.TimeoutExpired:
                    progress.check()
                    if time.monotonic() > deadline:
                        raise CaptureError(
                            f"{name} gave no picture of the screen within {limit_s:.0f} s; nothing was "
                            "captured. Try again."
                        ) from None
        finally:
            if process.poll() is None:
                process.kill()
    if process.returncode:
        said = complaint.decode("utf-8", "replace").strip().splitlines()
        raise CaptureError(
            f"{name} took no picture of the screen: {said[-1][:200] if said else 'no reason'}."
        )
    return written


def parted(image: QImage, screens: Sequence[Screen], who: str) -> tuple[Frozen, ...]:
    """Cut a picture of the whole desktop into its screens.  Raises CaptureError where it is another."""
    parts = split((image.width(), image.height()), screens)
    if parts is None:
        raise CaptureError(
            f"{who} gave a picture of {image.width()} × {image.height()} pixels, which is not that of the "
            f"{len(screens)} screen{'s'[: len(screens) > 1]}; nothing was captured. Try again."
        )
    return tuple(
        Frozen(screen, _cut(image, part.pixels), part.ratio)
        for screen, part in zip(screens, parts, strict=True)
    )


def _cut(image: QImage, part: Rect) -> QImage:
    """Pixels of a part in the kind that is painted fastest."""
    cut = image.copy(part.left, part.top, part.width, part.height)
    return cut.convertToFormat(QImage.Format.Format_RGB32)
