"""The one family of errors.

The message of each is a sentence for the person at the screen: what happened to which file, what is
unharmed, what to do.  Callers show `str(error)` as it is.
"""


class SceneLensError(Exception):
    """Anything that SceneLens can explain; its text is shown to the user unchanged."""


class PictureError(SceneLensError):
    """A picture that cannot be read, or will not be because it breaks a limit."""


class FilmError(SceneLensError):
    """A video file that cannot be read, or holds no video."""


class PackError(SceneLensError):
    """A scene pack that cannot be opened or written."""


class PackVersionError(PackError):
    """A pack of a format that this program does not know (newer, or not a pack)."""


class PackDamagedError(PackError):
    """A pack of which a member is missing, cut short or altered."""


class ModelError(SceneLensError):
    """A network that is missing or cannot be loaded."""


class BuildError(SceneLensError):
    """A build that cannot go on (no space, read-only folder, nothing to index)."""


class Cancelled(SceneLensError):  # noqa: N818 - a wish of the user, not a failure
    """The caller asked the work to stop."""

    def __init__(self) -> None:
        super().__init__("Stopped at your wish; what was finished is kept.")
