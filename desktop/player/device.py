"""The sound card, as far as the player needs it."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from desktop.player.pcm import RATE_HZ

if TYPE_CHECKING:
    from PySide6.QtCore import QIODevice
    from PySide6.QtMultimedia import QAudioSink

#: Sound given to the card ahead of what is heard, in s.
BUFFER_S = 0.2
_SAMPLE_BYTES = 4
#: Where there was no output, none is looked for again so soon, in s; and players look one after the other.
_SILENT_S = 10.0
_ASKING = threading.Lock()


def may_have_sound(platform: str = sys.platform, environment: Mapping[str, str] = os.environ) -> bool:
    """Whether there may be an output: on Linux, whether a sound server listens, or could be started.

    Looking for outputs makes Qt 6.11 connect to one; where none runs it was seen to crash now and then.
    """
    if not platform.startswith("linux") or environment.get("PULSE_SERVER"):
        return True
    run = Path(environment.get("XDG_RUNTIME_DIR") or f"/run/user/{os.getuid()}")
    sockets = (run / "pulse" / "native", run / "pipewire-0", Path("/run/pulse/native"))
    return any(socket.exists() for socket in sockets) or shutil.which("pulseaudio") is not None


class Device(Protocol):
    """Plays 48 kHz stereo int16."""

    def prepare(self) -> bool:
        """Load what takes long, on a thread of the player; False when there is nothing to play on."""

    def start(self) -> bool:
        """Begin anew; False when there is nothing to play on."""

    def room(self) -> int:
        """How many samples can be given now."""

    def give(self, samples: bytes) -> None:
        """Give samples, no more than there is room for."""

    def heard_s(self) -> float:
        """How much of what was given since `start` has been played, in s."""

    def stop(self) -> None:
        """Fall silent at once and forget what was given."""

    def set_volume(self, volume: float) -> None:
        """Set the loudness, linear, 0 to 1."""

    def works(self) -> bool:
        """Whether it has not failed since `start`."""


class QtDevice:
    """The default output by QtMultimedia, which is imported when it is first needed.

    `import PySide6.QtMultimedia` fails where libpulse is missing; that is no device like any other.
    """

    _silent_until_s = 0.0

    def __init__(self) -> None:
        self._sink: QAudioSink | None = None
        self._port: QIODevice | None = None
        self._volume = 1.0

    def prepare(self) -> bool:
        """Import QtMultimedia and look for an output: 0.2 s that the window must not wait for."""
        if not may_have_sound():
            return False
        try:
            from PySide6.QtMultimedia import QMediaDevices
        except ImportError:
            return False
        with _ASKING:
            if time.monotonic() < QtDevice._silent_until_s:
                return False
            there = not QMediaDevices.defaultAudioOutput().isNull()
            if not there:
                QtDevice._silent_until_s = time.monotonic() + _SILENT_S
        return there

    def start(self) -> bool:
        """Begin anew on what is the default output now; False when there is none."""
        self.stop()
        from PySide6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices, QtAudio

        output = QMediaDevices.defaultAudioOutput()
        if output.isNull():
            return False
        sound = QAudioFormat()
        sound.setSampleRate(RATE_HZ)
        sound.setChannelCount(2)
        sound.setSampleFormat(QAudioFormat.SampleFormat.Int16)
        sink = QAudioSink(output, sound)
        sink.setBufferSize(round(BUFFER_S * RATE_HZ) * _SAMPLE_BYTES)
        sink.setVolume(self._volume)
        port = sink.start()
        if sink.error() is not QtAudio.Error.NoError:
            return False
        self._sink, self._port = sink, port
        return True

    def room(self) -> int:
        """How many samples can be given now."""
        return self._sink.bytesFree() // _SAMPLE_BYTES if self._sink else 0

    def give(self, samples: bytes) -> None:
        """Give samples."""
        if self._port is not None:
            self._port.write(samples)

    def heard_s(self) -> float:
        """How much has been played, in s."""
        return self._sink.processedUSecs() / 1e6 if self._sink else 0.0

    def stop(self) -> None:
        """Fall silent at once."""
        if self._sink is not None:
            self._sink.reset()
            self._sink.deleteLater()
        self._sink = self._port = None

    def set_volume(self, volume: float) -> None:
        """Set the loudness, linear."""
        self._volume = volume
        if self._sink is not None:
            self._sink.setVolume(volume)

    def works(self) -> bool:
        """Whether it has not failed."""
        if self._sink is None:
            return False
        from PySide6.QtMultimedia import QtAudio

        return self._sink.error() in (QtAudio.Error.NoError, QtAudio.Error.UnderrunError)
