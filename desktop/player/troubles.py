"""What went wrong with a film, in a sentence: what happened, what is unharmed, what to do."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from index_tools.errors import SceneLensError


def sentence(film: Path, error: Exception) -> str:
    """The sentence for an error raised while a film was opened or decoded."""
    if isinstance(error, SceneLensError):
        return str(error)
    if isinstance(error, FileNotFoundError):
        text = _tr(
            "“{name}” is no longer where it was. The match is still right: put the file back, or add it anew."
        )
    elif isinstance(error, PermissionError):
        text = _tr("“{name}” may not be read. Nothing was changed: allow reading the file and try again.")
    else:
        text = _tr("“{name}” cannot be played: it is damaged, or of an unknown kind. Nothing was changed.")
    return text.format(name=film.name)


def ends_early(film: Path) -> str:
    """The sentence for a film that ends before the scene does."""
    text = _tr("“{name}” ends before this scene does: part of the file is missing. The match is still right.")
    return text.format(name=film.name)


def breaks_off(film: Path) -> str:
    """The sentence for a film that cannot be read on, while what was read is still shown."""
    text = _tr("“{name}” cannot be read any further. What was read goes on playing.")
    return text.format(name=film.name)


def _tr(text: str) -> str:
    return QCoreApplication.translate("PlayerTroubles", text)
