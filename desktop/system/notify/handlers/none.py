"""No notification: the caller shows its word itself."""

from __future__ import annotations

from collections.abc import Callable


class NoNotifier:
    """Stands in where there is none."""

    name = "none"

    def notify(self, title: str, text: str, pressed: Callable[[], None] | None = None) -> bool:
        """Show nothing, and say so."""
        return False
