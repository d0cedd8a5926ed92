"""Writing a pack: the members of one revision, then the manifest, which makes them the pack.

Members carry the number of the revision in their names, so an update writes its members beside the old
ones and harms nothing; replacing `manifest.json` by one rename is the moment at which the pack changes.
What is no longer named is removed afterwards.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from index_tools import __version__
from index_tools.descriptors.model_file import NetworkFile
from index_tools.errors import PackError
from index_tools.nouns import KEPT_FRAME, SHOT, FilmIndex, Video
from index_tools.pack import durable
from index_tools.pack import manifest as form
from index_tools.pack.blobs import BlobWriter
from index_tools.pack.checked_json import cleaned
from index_tools.pack.checksums import sha256_of
from index_tools.pack.manifest import Counts, DescriptorInfo, Manifest, Member, check_manifest, member_name
from index_tools.pack.metadata import read_metadata, write_metadata
from index_tools.pack.places import FILE_NAME as PLACES
from index_tools.pack.stored_film import COLOR_LAYOUT, SCENE_EMBEDDING, StoredFilm, store_film
from index_tools.pack.tables import TableWriter

_COLOR_LAYOUT = DescriptorInfo(33, "uint8", {"preparation": "320x180 stretched", "version": 1})
_OURS = re.compile(r"(\..*\.new|graph-.*|[a-z_-]+-\d+\.(npy|bin|sqlite))")


@dataclass(frozen=True, slots=True)
class PackAbout:
    """What a person says of a pack, cleaned when written; without a `pack_id` (32 hex digits) one is made."""

    title: str = ""
    creator: str = ""
    licence: str = ""
    pack_id: str = ""


def descriptors(network: NetworkFile | None) -> Mapping[str, DescriptorInfo]:
    """What each descriptor of a pack holds: color layouts, and embeddings where there is a network."""
    if network is None:
        return {COLOR_LAYOUT: _COLOR_LAYOUT}
    embedding = DescriptorInfo(network.values, "uint8", network.parameters)
    return {COLOR_LAYOUT: _COLOR_LAYOUT, SCENE_EMBEDDING: embedding}


def write_pack(
    folder: Path,
    films: Iterable[FilmIndex],
    about: PackAbout | None = None,
    *,
    network: NetworkFile | None = None,
) -> Manifest:
    """Write a new pack of `films` as `folder`, which must not be there yet.

    Embeddings of the films are those of `network`, and are left out without one.

    The pack is written beside its name and gets it by one rename.  Raises `PackError` when that name is
    taken or the disk refuses, `ValueError` when a film contradicts itself.
    """
    beside = durable.beside_name(folder, ".writing")
    with durable.told_as(PackError, f"The pack “{folder}” could not be written"):
        if folder.exists():
            raise PackError(f"“{folder}” is there already; nothing was changed. Choose another name.")
        durable.remove_tree(beside)
        beside.mkdir(parents=True)
        try:
            manifest = write_members(beside, (store_film(film) for film in films), begin(about, network))
            commit(beside, manifest)
            beside.rename(folder)
            durable.flush_folder(folder.parent)
        finally:
            durable.remove_tree(beside)
    return manifest


def begin(about: PackAbout | None = None, network: NetworkFile | None = None) -> Manifest:
    """The manifest of a pack that holds nothing yet, revision 0, created now."""
    about = about or PackAbout()
    return Manifest(
        pack_id=about.pack_id or uuid.uuid4().hex,
        revision=0,
        title=cleaned(about.title),
        creator=cleaned(about.creator),
        licence=cleaned(about.licence),
        created=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        generator="",
        descriptors=descriptors(network),
        counts=Counts(0, 0, 0, 0.0),
        members={},
    )


def write_members(folder: Path, films: Iterable[StoredFilm], before: Manifest) -> Manifest:
    """Write the members of the revision after `before`, which will hold exactly `films`, to the disk.

    One film is in memory at a time.  The result is the manifest to `commit`; until then the pack is as it
    was.  Raises `OSError`, and `PackError` where what is written could not be opened again; half-written
    members are then removed.
    """
    revision = before.revision + 1
    writer = _MemberWriter(folder, revision, before.descriptors)
    try:
        for film in films:
            writer.append(film)
        after = writer.finish(before)
        _read_back(folder, after)
        return after
    except BaseException:
        writer.abandon()
        raise


def _read_back(folder: Path, manifest: Manifest) -> None:
    try:
        check_manifest(manifest)
        read_metadata(folder / manifest.members[form.METADATA].file)
    except ValueError as error:
        raise PackError(
            f"The pack could not be written, since nothing could open it afterwards ({error}); what was "
            "there is unharmed."
        ) from None


def commit(folder: Path, manifest: Manifest) -> None:
    """Make `manifest`, whose members are on the disk, the state of the pack; then tidy up."""
    durable.flush_folder(folder)
    durable.write_whole(folder / form.FILE_NAME, manifest.to_bytes())
    sweep(folder, manifest)


def sweep(folder: Path, manifest: Manifest) -> None:
    """Remove members of other revisions, what broken-off work left, and graphs of other vectors."""
    named = {member.file for member in manifest.members.values()} | {form.FILE_NAME, PLACES}
    vectors = [member.sha256[:16] for role, member in manifest.members.items() if role.startswith("vectors/")]
    for path in folder.iterdir():
        if path.name in named or not _OURS.fullmatch(path.name):
            continue
        if path.name.startswith("graph-") and any(digits in path.name for digits in vectors):
            continue
        try:
            path.unlink()
        except PermissionError:
            # Windows keeps files that some program has mapped; the next update removes them
            continue


class _MemberWriter:
    """The open files of one revision."""

    def __init__(self, folder: Path, revision: int, descriptors: Mapping[str, DescriptorInfo]) -> None:
        self._folder = folder
        self._revision = revision
        self._kept = TableWriter(self._path(form.KEPT), KEPT_FRAME)
        self._shots = TableWriter(self._path(form.SHOTS), SHOT)
        self._tracks = BlobWriter(self._path(form.TRACKS), self._path(form.TRACK_OFFSETS))
        self._thumbnails = BlobWriter(self._path(form.THUMBNAILS), self._path(form.THUMBNAIL_OFFSETS))
        self._sketches = BlobWriter(self._path(form.SKETCHES), self._path(form.SKETCH_OFFSETS))
        self._descriptors = descriptors
        self._vectors = {
            name: TableWriter(self._path(f"vectors/{name}"), info.dtype, (info.size,))
            for name, info in descriptors.items()
        }
        self._rows = {name: TableWriter(self._path(f"rows/{name}"), np.int32) for name in descriptors}
        self._videos: list[Video] = []

    def append(self, film: StoredFilm) -> None:
        kept, shots = film.kept.copy(), film.shots.copy()
        kept["video"] = shots["video"] = len(self._videos)
        kept["shot"] += self._shots.rows
        for name in self._descriptors:
            described = film.described.get(name)
            if described is None:
                continue
            rows = np.arange(len(kept), dtype=np.int32) if described.rows is None else described.rows
            self._vectors[name].append(described.vectors)
            self._rows[name].append((rows + self._kept.rows).astype(np.int32))
        self._kept.append(kept)
        self._shots.append(shots)
        self._tracks.append(film.track)
        for picture in film.thumbnails or (b"",) * len(shots):
            self._thumbnails.append(picture)
        for sketches in film.sketches or (b"",) * len(shots):
            self._sketches.append(sketches)
        self._videos.append(film.video)

    def finish(self, before: Manifest) -> Manifest:
        self._kept.close()
        self._shots.close()
        self._tracks.close()
        self._thumbnails.close()
        self._sketches.close()
        roles = [form.KEPT, form.SHOTS, form.METADATA, form.TRACKS, form.TRACK_OFFSETS]
        for pieces in ((form.THUMBNAILS, form.THUMBNAIL_OFFSETS), (form.SKETCHES, form.SKETCH_OFFSETS)):
            if self._path(pieces[0]).stat().st_size:
                roles += pieces
        for name in self._descriptors:
            self._vectors[name].close()
            self._rows[name].close()
            roles.append(f"vectors/{name}")
            if self._rows[name].rows != self._kept.rows:
                roles.append(f"rows/{name}")
        write_metadata(self._path(form.METADATA), self._videos)
        return replace(
            before,
            revision=self._revision,
            generator=f"scenelens {__version__}",
            counts=Counts(
                len(self._videos),
                self._kept.rows,
                self._shots.rows,
                round(sum(video.duration_s for video in self._videos) / 3600, 6),
            ),
            members={role: self._member(role) for role in roles},
            format_version=form.FORMAT_VERSION,
        )

    def abandon(self) -> None:
        for table in (self._kept, self._shots, *self._vectors.values(), *self._rows.values()):
            table.abandon()
        self._tracks.abandon()
        self._thumbnails.abandon()
        self._sketches.abandon()
        self._path(form.METADATA).unlink(missing_ok=True)

    def _path(self, role: str) -> Path:
        return self._folder / member_name(role, self._revision)

    def _member(self, role: str) -> Member:
        path = self._path(role)
        return Member(path.name, path.stat().st_size, sha256_of(path))
