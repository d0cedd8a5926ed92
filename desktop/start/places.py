"""Where SceneLens keeps its things on this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import platformdirs

HOME_VARIABLE = "SCENELENS_HOME"
"""Names one folder that everything moves into: a stick, a test, a second self."""


@dataclass(frozen=True, slots=True)
class Places:
    """Folders for the settings, for what is worth keeping, and for what can be made again."""

    config: Path
    data: Path
    cache: Path

    @property
    def settings_file(self) -> Path:
        """The user's settings."""
        return self.config / "settings.json"

    @property
    def log_file(self) -> Path:
        """What went wrong, for a report."""
        return self.data / "scenelens.log"

    @property
    def own_pack(self) -> Path:
        """The pack made of the user's own videos."""
        return self.data / "own.pack"


def find_places(environment: Mapping[str, str] = os.environ) -> Places:
    """Give the folders of this user; makes none of them."""
    home = environment.get(HOME_VARIABLE)
    if home:
        base = Path(home).expanduser().resolve()
        return Places(base / "config", base / "data", base / "cache")
    folders = platformdirs.PlatformDirs("scenelens", appauthor=False)
    return Places(folders.user_config_path, folders.user_data_path, folders.user_cache_path)
