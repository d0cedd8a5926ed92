"""The scene player: plays the stretch of a film that a picture comes from, exactly to the frame.

May import PyAV (on its decoding threads) and Qt; of the application no other room.  `PlayerPanel` is the
widget for the window, `Scene` what it plays.
"""

from desktop.player.panel import PlayerPanel
from desktop.player.scene import Scene

__all__ = ["PlayerPanel", "Scene"]
