"""A stored frame as a picture that Qt paints without any conversion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage, QTransform

from desktop.player.frame_store import StoredFrame

if TYPE_CHECKING:
    import av
    from av.video.reformatter import VideoReformatter

#: Only a picture that shrinks to less than this share is scaled here; Qt's painter enlarges six times as fast
#: (854x480 to 1920x1080: 1.5 to 5 ms, swscale 28 ms, two loaded cores).
_SHRINKS = 0.98


@dataclass(frozen=True, slots=True, eq=False)
class ShownPicture:
    """A picture and the memory that it lies in, which must outlive it."""

    image: QImage
    memory: av.VideoFrame


class PictureMaker:
    """Turns stored frames into pictures of a given size; keeps the scaler between frames."""

    def __init__(self) -> None:
        self._reformatter: VideoReformatter | None = None

    def make(self, frame: StoredFrame, width: int, height: int) -> ShownPicture:
        """The upright picture of `frame`, to be painted at `width` x `height` pixels, and not larger."""
        from av.video.reformatter import VideoReformatter

        if self._reformatter is None:
            self._reformatter = VideoReformatter()
        turned = frame.quarter_turns % 2 != 0
        stored = upright_size(frame)
        if width > stored[0] * _SHRINKS:
            width, height = stored
        wide, high = (height, width) if turned else (width, height)
        pixels = self._reformatter.reformat(
            frame.pixels, max(1, wide), max(1, high), "bgra", interpolation="AREA"
        )
        plane = pixels.planes[0]
        image = QImage(
            memoryview(plane), pixels.width, pixels.height, plane.line_size, QImage.Format.Format_RGB32
        )
        if frame.quarter_turns:
            image = image.transformed(QTransform().rotate(90 * frame.quarter_turns))
        return ShownPicture(image, pixels)


def upright_size(frame: StoredFrame) -> tuple[int, int]:
    """Width and height of a stored frame when turned upright."""
    size = frame.pixels.width, frame.pixels.height
    return size if frame.quarter_turns % 2 == 0 else size[::-1]
