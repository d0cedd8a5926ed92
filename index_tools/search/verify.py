"""Looking a match up in the film itself: the exact frame, and whether it is really the same picture.

Color layouts narrow a scene down to a few frames that they cannot tell apart.  Where the film is at
hand these are decoded and compared with the picture, both as 64 x 36 luma, by their correlation: that
is blind to brightness and contrast, hardly sees compression or subtitles, and yet moves with every
pixel of motion.

What it costs is decoding from the key frame before: with the usual two to ten seconds between key
frames 20 to 100 ms for a film of 480 to 720 lines.  So windows are short, and the nearest one comes first.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index_tools.film import FilmReader
from index_tools.progress import Progress
from index_tools.search.dense import DenseFrames

#: Frames whose color layout is at most this much further off (squared distance) than the nearest one
#: are looked at: what compression and scaling of a screenshot do to it.
NEAR = 6
#: Frames are looked at up to so far from the nearest one of their window, in seconds.
WINDOW_S = 1.2
#: A window is left early when the picture was found and no frame came nearer for so long, in seconds.
PATIENCE_S = 0.4
#: Windows of one scene, where a picture recurs in it; and where frames are quick to decode.
WINDOWS, QUICK_WINDOWS = 2, 12
#: A correlation from which on the picture is found, and the window is left; and one from which on no other
#: window is looked at, unless that is quick: of a lecture's slide one line may differ.
SURE, ENOUGH = 0.9995, 0.97

_LUMA = np.array([0.299, 0.587, 0.114], np.float32)


@dataclass(frozen=True, slots=True)
class Look:
    """What the film shows: the time of the frame most like the picture, and their correlation, -1..1."""

    at_s: float
    likeness: float


def look_up(
    reader: FilmReader, rgb: NDArray[np.uint8], frames: DenseFrames, progress: Progress | None = None
) -> Look | None:
    """The frame of a film most like `rgb`, uint8 (h, w, 3), among those of a scene that come near by
    color layout.

    None when nothing could be decoded there.  Raises `FilmError` when the film cannot be read, and
    `Cancelled`.
    """
    wanted = normalised(small_luma(rgb))
    best: Look | None = None
    step_s = 1 / reader.info.fps
    enough, most = (SURE, QUICK_WINDOWS) if reader.is_quick else (ENOUGH, WINDOWS)
    for start_s, end_s in windows(frames, step_s)[:most]:
        for frame in reader.frames(start_s, end_s):
            if progress is not None:
                progress.check()
            likeness = float(np.vdot(wanted, normalised(frame.small_luma())))
            if best is None or likeness > best.likeness:
                best = Look(frame.at_s, likeness)
            elif best.likeness >= SURE and frame.at_s > best.at_s + PATIENCE_S:
                break
        if best is not None and best.likeness >= enough:
            break
    return best if best is None else replace(best, at_s=_nearest_frame(frames, best.at_s, step_s))


def windows(frames: DenseFrames, least_s: float = 0.0) -> list[tuple[float, float]]:
    """Times `[start_s, end_s)` in which to look, the most promising first; at most `QUICK_WINDOWS`, none
    overlapping, and none shorter than `least_s`, so that a proxy has a frame in it.
    """
    near = frames.near(NEAR)
    times_s, distances = frames.times_s[near], frames.distances[near]
    step_s = float(np.median(np.diff(frames.times_s))) if len(frames.times_s) > 1 else 0.04
    step_s = max(step_s, least_s)
    centre_s, _ = frames.best()
    found: list[tuple[float, float]] = []
    while times_s.size and len(found) < QUICK_WINDOWS:
        if found:
            centre_s = float(times_s[np.argmin(distances)])
        inside = np.abs(times_s - centre_s) <= WINDOW_S
        found.append((float(times_s[inside][0]) - step_s / 2, float(times_s[inside][-1]) + step_s / 2))
        times_s, distances = times_s[~inside], distances[~inside]
    return found


def _nearest_frame(frames: DenseFrames, at_s: float, step_s: float) -> float:
    """The frame, of those for which one of a proxy stands, whose color layout is nearest; of several the one
    nearest in time.
    """
    apart = np.abs(frames.times_s - at_s)
    near = np.flatnonzero(apart < 0.75 * step_s)
    if not near.size:
        return at_s
    return float(frames.times_s[min(near, key=lambda number: (frames.distances[number], apart[number]))])


def small_luma(rgb: NDArray[np.uint8]) -> NDArray[np.float32]:
    """The luma of a picture, uint8 (h, w, 3), as float32 (36, 64), stretched, by area."""
    from index_tools.opencv import cv2

    small = np.asarray(cv2.resize(rgb, (64, 36), interpolation=cv2.INTER_AREA), np.float32)
    luma: NDArray[np.float32] = small @ _LUMA
    return luma


def normalised(luma: NDArray[np.uint8] | NDArray[np.float32]) -> NDArray[np.float32]:
    """Less its mean and of length 1, so that the product of two is their correlation; all 0 for a flat
    one.
    """
    values = luma.astype(np.float32)
    values -= values.mean()
    length = float(np.sqrt(np.vdot(values, values)))
    return values / length if length > 1e-3 else np.zeros_like(values)
