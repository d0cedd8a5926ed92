"""Looking through a whole pack, trusting nothing that was remembered."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from index_tools.errors import PackDamagedError
from index_tools.pack import graphs
from index_tools.pack import manifest as form
from index_tools.pack.archive import is_packed, unpack_file
from index_tools.pack.checksums import cache_folder, wrong_files
from index_tools.pack.manifest import read_manifest
from index_tools.pack.scene_pack import ScenePack, open_members
from index_tools.pack.sketch_code import decode_sketches
from index_tools.pack.stored_film import check_film
from index_tools.progress import Progress


def verify_pack(path: Path, progress: Progress | None = None) -> list[str]:
    """Read every byte of the pack (folder or transport file); one sentence a problem, none if it is sound.

    Raises `PackVersionError` if it is not a pack that this program knows, `PackError`, `Cancelled`.
    """
    if not is_packed(path):
        return _verify_folder(path, path, progress)
    place = cache_folder() / "verify"
    place.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(dir=place))
    try:
        unpack_file(path, beside / "pack", progress)
        return _verify_folder(beside / "pack", path, progress)
    except PackDamagedError as error:
        return [str(error)]
    finally:
        shutil.rmtree(beside)


def _verify_folder(folder: Path, shown: Path, progress: Progress | None) -> list[str]:
    try:
        manifest = read_manifest(folder)
    except PackDamagedError as error:
        return [str(error)]
    expected = [(folder / m.file, m.bytes, m.sha256) for m in manifest.members.values()]
    problems = [f"{file.name} {what}." for file, what in wrong_files(expected, None, progress).items()]
    if problems:
        return problems
    try:
        members = open_members(folder, manifest, None, progress, name=str(shown))
    except PackDamagedError as error:
        return [str(error)]
    with ScenePack(shown, folder, manifest, members) as pack:
        for number, video in enumerate(pack.videos):
            if progress is not None:
                progress.check()
                progress.report(number, len(pack.videos), video.file_name)
            try:
                film = pack.stored_film(number)
                check_film(film)
                pack.track(number)
                for sketches in film.sketches:
                    decode_sketches(sketches)
            except (PackDamagedError, ValueError) as error:
                problems.append(f"{form.TRACKS}: the data of “{video.file_name}” cannot be used ({error}).")
        for descriptor in manifest.descriptors:
            table = graphs.graph_table(descriptor, pack.vectors(descriptor))
            for graph in graphs.files_of(folder, descriptor):
                what = graphs.problem(graph, table, None)
                problems += [f"{graph.name} {what}; it will be built again."] if what else []
    return problems
