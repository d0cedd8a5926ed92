"""placeholder"""

from desktop.player.sound import Sound


class SceneSound(Sound):
    """Soon."""
