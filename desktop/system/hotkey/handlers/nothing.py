"""No way to bind keys, so that no desktop is an error."""

from __future__ import annotations

from desktop.system.hotkey.models import Bound, Hearer, Wanted


class NoKeys:
    """Says of every key that it does not work."""

    def bind(self, wanted: Wanted, hearer: Hearer) -> None:
        """Tell that nothing was bound."""
        problem = "This desktop lets no program bind keys for itself. Bind the command in its own settings."
        hearer.bound(tuple(Bound(action, "", problem) for action in wanted))

    def stop(self) -> None:
        """There is nothing to end."""
