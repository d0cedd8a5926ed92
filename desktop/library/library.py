"""The user's library: which packs are open, and the films being added to the own one.

Lives in the window's thread; the work itself is run in the lanes of engine and building.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from desktop.library.demo import Demo
from desktop.library.own_pack import Added, Indexing, index_films, remove_film
from desktop.library.shelf import Kind, PackOnShelf, Shelf
from desktop.state.running import Failure, Lane, Runner
from index_tools.nouns import Match
from index_tools.progress import Progress

if TYPE_CHECKING:
    from index_tools.picture import Picture

BUILD_KEY = "build"

#: A PNG of 64 x 36 grey pixels.
GREY_PNG = (
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAkCAAAAAAcZ2NOAAAAI0lEQVR42mOsYKAMMDGMGjBqwKgBowaMGjBq"
    "wKgBowYMOwMAmucAwJzXHOEAAAAASUVORK5CYII="
)


@dataclass(frozen=True, slots=True)
class AbsentPack:
    """A pack that could not be opened, and why, as a sentence."""

    path: Path
    reason: str


@dataclass(frozen=True, slots=True)
class LibraryState:
    """What the window shows of the library."""

    packs: tuple[PackOnShelf, ...] = ()
    absent: tuple[AbsentPack, ...] = ()
    opening: int = 0
    indexing: Indexing | None = None

    @property
    def films(self) -> int:
        """Films that are searched."""
        return sum(pack.films for pack in self.packs)

    @property
    def frames(self) -> int:
        """Kept frames that are searched."""
        return sum(pack.frames for pack in self.packs)


class Library:
    """Opens packs and adds films; observers are told of each change.

    `notify` takes sentences on what failed, `tell_added` what came of adding films.
    """

    def __init__(
        self,
        runner: Runner,
        shelf: Shelf,
        own_pack: Path,
        notify: Callable[[str], None],
        tell_added: Callable[[Added], None],
    ) -> None:
        self._runner = runner
        self._shelf = shelf
        self._own_pack = own_pack
        self._notify = notify
        self._tell_added = tell_added
        self._observers: list[Callable[[LibraryState], None]] = []
        self._on_more: list[Callable[[], None]] = []
        self.state = LibraryState()

    def observe(self, observer: Callable[[LibraryState], None]) -> Callable[[], None]:
        """Have `observer` called with each new state, and with the present one at once.

        Gives a function that ends it.
        """
        self._observers.append(observer)
        observer(self.state)
        return lambda: self._observers.remove(observer)

    def when_more(self, act: Callable[[], None]) -> None:
        """Have `act` called whenever there is more to search than before."""
        self._on_more.append(act)

    def open_remembered(self, demo: Demo | None, paths: Sequence[str]) -> None:
        """Open the packs of the last time, the demo first, since it is small."""
        if demo is not None:
            self._open(demo.pack, lambda progress: self._shelf.open_demo(demo, progress))
        if self._own_pack.exists():
            self._open_path(self._own_pack, "own")
        for path in paths:
            self._open_path(Path(path), "opened")
        self._runner.run(Lane.ENGINE, lambda _progress: self._shelf.warm_up(_grey()), _nothing, self._failed)

    def open_pack(self, path: Path) -> None:
        """Open a pack that the user chose."""
        self._open_path(path, "opened")

    def close_pack(self, pack_id: str) -> None:
        """Search a pack no longer; its files stay where they are."""
        self._runner.run(Lane.ENGINE, lambda _progress: self._shelf.close(pack_id), _nothing, self._failed)
        rest = tuple(pack for pack in self.state.packs if pack.pack_id != pack_id)
        self._change(replace(self.state, packs=rest))

    def forget_absent(self, path: Path) -> None:
        """No longer list a pack that could not be opened."""
        absent = tuple(pack for pack in self.state.absent if pack.path != path)
        self._change(replace(self.state, absent=absent))

    def locate_film(self, match: Match, film: Path) -> None:
        """Note where the film of a match lies, then search again."""
        self._runner.run(
            Lane.ENGINE,
            lambda _progress: self._shelf.note_film(match, film),
            lambda _none: self._tell_more(),
            self._failed,
        )

    def add_films(self, sources: Sequence[Path]) -> None:
        """Index films, or all films of folders, into the user's own pack; one such work at a time."""
        if self.state.indexing is not None:
            raise RuntimeError("films are being added already")
        self._change(replace(self.state, indexing=Indexing()))
        self._runner.run(
            Lane.BUILDING,
            lambda progress: index_films(self._own_pack, sources, progress),
            self._has_added,
            self._has_not_added,
            key=BUILD_KEY,
            reported=self._advance,
        )

    def remove_film(self, file_name: str) -> None:
        """Search a film of the user's own no longer; the file stays where it is."""
        self._runner.run(
            Lane.BUILDING,
            lambda progress: remove_film(self._own_pack, file_name, progress),
            lambda _none: self._open_path(self._own_pack, "own"),
            self._failed,
        )

    def stop_adding(self) -> None:
        """Stop at the next check; films that are finished are kept."""
        if self.state.indexing is not None:
            self._change(replace(self.state, indexing=replace(self.state.indexing, stopping=True)))
            self._runner.wish_to_stop(BUILD_KEY)

    def _advance(self, told: object) -> None:
        if isinstance(told, Indexing) and self.state.indexing is not None:
            self._change(replace(self.state, indexing=replace(told, stopping=self.state.indexing.stopping)))

    def _has_added(self, added: Added) -> None:
        self._change(replace(self.state, indexing=None))
        self._tell_added(added)
        if added.films:
            self._open_path(self._own_pack, "own")

    def _has_not_added(self, failure: Failure) -> None:
        self._change(replace(self.state, indexing=None))
        if failure.cancelled:
            self._tell_added(Added(0, stopped=True))
        else:
            self._notify(failure.sentence)
        if self._own_pack.exists():
            self._open_path(self._own_pack, "own")

    def _open_path(self, path: Path, kind: Kind) -> None:
        self._open(path, lambda progress: self._shelf.open(path, kind, progress))

    def _open(self, path: Path, work: Callable[[Progress], PackOnShelf]) -> None:
        absent = tuple(pack for pack in self.state.absent if pack.path != path)
        self._change(replace(self.state, opening=self.state.opening + 1, absent=absent))
        self._runner.run(
            Lane.ENGINE, work, self._has_opened, lambda failure: self._has_not_opened(path, failure)
        )

    def _has_opened(self, opened: PackOnShelf) -> None:
        packs = list(self.state.packs)
        place = next((n for n, pack in enumerate(packs) if pack.pack_id == opened.pack_id), len(packs))
        packs[place : place + 1] = [opened]
        self._change(replace(self.state, packs=tuple(packs), opening=self.state.opening - 1))
        self._tell_more()

    def _has_not_opened(self, path: Path, failure: Failure) -> None:
        absent = (*self.state.absent, AbsentPack(path, failure.sentence))
        self._change(replace(self.state, opening=self.state.opening - 1, absent=absent))
        self._failed(failure)

    def _failed(self, failure: Failure) -> None:
        if not failure.cancelled:
            self._notify(failure.sentence)

    def _tell_more(self) -> None:
        for act in tuple(self._on_more):
            act()

    def _change(self, state: LibraryState) -> None:
        self.state = state
        for observer in tuple(self._observers):
            observer(state)


def _grey() -> Picture:
    """Read a small grey picture the way that pasted ones are read."""
    from index_tools.picture import read_picture

    return read_picture(base64.b64decode(GREY_PNG), origin="warm-up")


def _nothing(_result: object) -> None:
    """Take the result of work that has none."""
