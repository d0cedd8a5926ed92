"""macOS: types and scheme stand in the program's own Info.plist, known once it lies in Applications."""

from __future__ import annotations


class BundleEntry:
    """Nothing to write; the bundle says it all."""

    name = "macOS"
    remark = (
        "macOS reads what SceneLens opens from the program itself: put SceneLens.app into Applications and "
        "start it once. Removing the program removes it."
    )

    def is_installed(self) -> bool:
        """It is a matter of the bundle, never of this user's folders."""
        return False

    def install(self) -> None:
        """Write nothing."""

    def remove(self) -> bool:
        """Nothing was written."""
        return False
