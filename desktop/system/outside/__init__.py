"""Leaving the program: a film in the user's own player, a file in the file manager.

Programs are started without a shell, detached, in an environment free of what our libraries put there.
"""

from desktop.system.outside.file_manager import show_in_folder
from desktop.system.outside.players import Command, find_command, open_film

__all__ = ["Command", "find_command", "open_film", "show_in_folder"]
