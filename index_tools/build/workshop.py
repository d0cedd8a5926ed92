"""`<PACK>.part`: where a pack is made, and how what is made there gets the pack's name in one step."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from index_tools.build.lock import FINISHED, LAST
from index_tools.descriptors.model_file import NetworkFile
from index_tools.errors import BuildError, PackError
from index_tools.pack import PackAbout, ScenePack, manifest, pack_file, read_manifest
from index_tools.pack.archive import SUFFIX, keep_unpacked
from index_tools.pack.beside import take_over
from index_tools.pack.durable import beside_name, flush_folder, remove_tree, told_as
from index_tools.pack.places import read_places, write_places
from index_tools.pack.stored_film import StoredFilm
from index_tools.pack.writing import begin, commit, descriptors, sweep, write_members
from index_tools.progress import Progress

_BUILT = "pack"


class Target:
    """A pack that is being made or changed; `out` is its name, `part` the folder where that happens.

    Raises `BuildError` when nothing can have that name.
    """

    def __init__(self, out: Path) -> None:
        self.out = out = _named(out)
        self.part = beside_name(out, ".part")
        with told_as(BuildError, f"The pack “{out}” cannot be used"):
            self.is_file = out.is_file() if out.exists() else out.name.lower().endswith(SUFFIX)
        self._built = self.part / _BUILT
        # what an earlier run left there may be anything; only what this run made counts
        self._made = False
        self._before: Path | None = None

    def finished_before(self) -> ScenePack | None:
        """The pack, if an earlier run ended after it was complete and before it was tidied up."""
        mark = self.part / FINISHED
        if not mark.exists() or not self.out.exists():
            return None
        pack = ScenePack.open(self.out)
        if pack.manifest.pack_id == mark.read_text("utf-8"):
            if self.is_file and (self._built / manifest.FILE_NAME).exists():
                keep_unpacked(self.out, self._built)
            self.clear()
            return pack
        pack.close()
        return None

    def refuse_if_taken(self, *, replace_old: bool) -> None:
        """Raise `BuildError` if the name belongs to something that must not be replaced."""
        if not self.out.exists() or (self.out.is_dir() and not any(self.out.iterdir())):
            return
        is_pack = self.out.is_file() == self.is_file and (
            self.is_file or (self.out / manifest.FILE_NAME).is_file()
        )
        if is_pack and replace_old:
            return
        what = "There is a pack" if is_pack else "There is something else"
        raise BuildError(
            f"{what} called “{self.out}” already; nothing was changed. Choose another name"
            + (", add to that pack, or ask for it to be replaced." if is_pack else ".")
        )

    def write_new(
        self, films: Iterable[StoredFilm], about: PackAbout | None, network: NetworkFile | None
    ) -> None:
        """Write a pack of `films`, described by `network` too, in the workshop."""
        remove_tree(self._built)
        self._built.mkdir(parents=True)
        commit(self._built, write_members(self._built, films, begin(about, network)))
        self._made = True

    def write_next(
        self, pack: ScenePack, films: Iterable[StoredFilm], network: NetworkFile | None = None
    ) -> None:
        """Write the next revision of `pack`: into its folder, or in the workshop if it is a file.

        Embeddings in it are those of `network`; without one they are what they were.
        """
        folder = pack.folder
        if self.is_file:
            remove_tree(self._built)
            self._built.mkdir(parents=True)
            folder = self._built
        else:
            sweep(folder, pack.manifest)
        before = pack.manifest
        if network is not None:
            before = replace(before, descriptors={**before.descriptors, **descriptors(network)})
        after = write_members(folder, films, before)
        if self.is_file:
            write_places(folder, pack.places)
            self._before = pack.folder
        commit(folder, after)
        self._made = self.is_file

    def finish(self, found: Mapping[str, Path], progress: Progress) -> tuple[str, ...]:
        """Note where films lie, build the graphs, and give the pack its name; returns warnings."""
        warnings: list[str] = []
        made = self._built if self._made else None
        folder = made or (keep_unpacked(self.out, None) if self.is_file else self.out)
        about = read_manifest(folder)
        with ScenePack.open(folder, progress=progress) as pack:
            prints = {video.fingerprint for video in pack.videos}
            places = {**read_places(folder), **found}
            write_places(folder, {key: place for key, place in places.items() if key in prints})
            if self._before is not None:
                take_over(self._before, folder, prints)
            take_over(self.part, folder, prints)
            for descriptor in about.descriptors:
                try:
                    pack.build_graph(descriptor, progress)
                except PackError as error:
                    warnings.append(str(error))
        if made is None:
            return tuple(warnings)
        progress.check()
        (self.part / FINISHED).write_text(about.pack_id, "utf-8")
        if self.is_file:
            pack_file(made, self.out, progress)
            keep_unpacked(self.out, made)
        else:
            self._put_in_place(made)
        return tuple(warnings)

    def clear(self) -> None:
        """Remove all that is in the workshop but what its lock removes at the end."""
        for path in self.part.iterdir():
            if path.is_dir():
                remove_tree(path)
            elif path.name not in LAST:
                path.unlink()

    def _put_in_place(self, made: Path) -> None:
        if self.out.exists() and not any(self.out.iterdir()):
            self.out.rmdir()
        if not self.out.exists():
            made.rename(self.out)
        else:
            _exchange(made, self.out)
        flush_folder(self.out.parent)


def _named(out: Path) -> Path:
    """`out` as it is, but the folder that is meant where “.” or “..” stands for its name."""
    named = out if out.name not in ("", "..") else out.resolve()
    if not named.name:
        raise BuildError(f"“{out}” cannot be a pack; nothing was changed. Choose a folder or a file in it.")
    return named


def _exchange(made: Path, old: Path) -> None:
    """Let the new pack take the place of an old one that is whole until then.

    Its members get the number after the old revision, so both lie beside each other until the manifest
    decides.
    """
    try:
        before = read_manifest(old)
    except PackError:
        # what was there cannot be read any more; there is nothing to keep whole
        remove_tree(old)
        made.rename(old)
        return
    with ScenePack.open(made) as pack:
        films = (pack.stored_film(number) for number in range(len(pack.videos)))
        start = replace(pack.manifest, revision=before.revision)
        after = write_members(old, films, start)
    write_places(old, read_places(made))
    with ScenePack.open(made) as pack:
        take_over(made, old, {video.fingerprint for video in pack.videos})
    commit(old, after)
