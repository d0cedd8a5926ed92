"""`manifest.json`: what a pack is, which members it has, and what their bytes must be.

The manifest is the commit point of a pack: whatever it names is complete and on the disk.  `members`
maps a role to a file; the name of the file follows from the role and the revision that wrote it
(`vectors/color_layout` of revision 3 is `vectors-color_layout-3.npy`), so that no other name can occur.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index_tools.errors import PackDamagedError, PackError, PackVersionError
from index_tools.pack import checked_json as take

FORMAT = "scenepack"
FORMAT_VERSION = 2
#: Versions that are read: 1 had no sketches.
READABLE = (1, 2)
FILE_NAME = "manifest.json"

#: Longest manifest that is read, in bytes; one of version 1 has some 2 kB.
MOST_BYTES = 1 << 20
#: Biggest member, in bytes: far above 100 million kept frames, far below what fills a disk unseen.
MOST_MEMBER_BYTES = 1 << 38
#: Most videos, shots and kept frames: row numbers are int32.
MOST_ROWS = 2**31 - 1
MOST_VIDEOS = 1_000_000

KEPT, SHOTS, METADATA = "kept", "shots", "metadata"
TRACKS, TRACK_OFFSETS = "tracks", "track_offsets"
THUMBNAILS, THUMBNAIL_OFFSETS = "thumbnails", "thumbnail_offsets"
SKETCHES, SKETCH_OFFSETS = "sketches", "sketch_offsets"
_SUFFIXES = {
    KEPT: ".npy",
    SHOTS: ".npy",
    METADATA: ".sqlite",
    TRACKS: ".bin",
    TRACK_OFFSETS: ".npy",
    THUMBNAILS: ".bin",
    THUMBNAIL_OFFSETS: ".npy",
    SKETCHES: ".bin",
    SKETCH_OFFSETS: ".npy",
}
_ALWAYS = (KEPT, SHOTS, METADATA, TRACKS, TRACK_OFFSETS)
_DESCRIPTOR_ROLE = re.compile(r"(vectors|rows)/([a-z][a-z0-9_]{0,39})")
_HEX_64 = re.compile(r"[0-9a-f]{64}")
_PACK_ID = re.compile(r"[0-9a-f]{32}")
_UTC = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True)
class Member:
    """One file of a pack: its name in the folder, its length and its SHA-256 as 64 hex digits."""

    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DescriptorInfo:
    """What a table of vectors holds: `size` values of `dtype` a row; `parameters` says how they were made."""

    size: int
    dtype: str = "uint8"
    parameters: Mapping[str, str | int | float | bool] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Counts:
    """How much a pack holds; `hours` of film."""

    videos: int
    kept: int
    shots: int
    hours: float


@dataclass(frozen=True, slots=True)
class Manifest:
    """The manifest as a value; `created` is ISO 8601 in UTC, `revision` counts updates from 1."""

    pack_id: str
    revision: int
    title: str
    creator: str
    licence: str
    created: str
    generator: str
    descriptors: Mapping[str, DescriptorInfo]
    counts: Counts
    members: Mapping[str, Member]
    format_version: int = FORMAT_VERSION

    def to_bytes(self) -> bytes:
        """The JSON text of the manifest, the same for the same content."""
        value = {
            "format": FORMAT,
            "format_version": self.format_version,
            "pack_id": self.pack_id,
            "revision": self.revision,
            "title": self.title,
            "creator": self.creator,
            "licence": self.licence,
            "created": self.created,
            "generator": self.generator,
            "descriptors": {
                name: {"size": info.size, "dtype": info.dtype, "parameters": dict(info.parameters)}
                for name, info in sorted(self.descriptors.items())
            },
            "counts": {
                "videos": self.counts.videos,
                "kept": self.counts.kept,
                "shots": self.counts.shots,
                "hours": self.counts.hours,
            },
            "members": {
                role: {"file": member.file, "bytes": member.bytes, "sha256": member.sha256}
                for role, member in sorted(self.members.items())
            },
        }
        return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()


def member_name(role: str, revision: int) -> str:
    """The name of the file that holds `role` as written by `revision`."""
    suffix = ".npy" if _DESCRIPTOR_ROLE.fullmatch(role) else _SUFFIXES[role]
    return f"{role.replace('/', '-')}-{revision}{suffix}"


def read_manifest(folder: Path) -> Manifest:
    """The manifest of the pack in `folder`.

    Raises `PackVersionError` if `folder` is not a pack or one of another version, `PackDamagedError` if
    the manifest is there but broken, `PackError` if it cannot be read.
    """
    path = folder / FILE_NAME
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise PackVersionError(
            f"“{folder}” is not a scene pack: there is no {FILE_NAME} in it. Choose the folder of a pack, "
            "or a file that ends in .scenepack."
        ) from None
    except OSError as error:
        raise PackError(f"The pack “{folder}” cannot be read: {error.strerror}.") from error
    return parse_manifest(data, str(folder))


def parse_manifest(data: bytes, pack: str) -> Manifest:
    """Take a manifest apart; `pack` names it in errors, which are those of `read_manifest`."""
    try:
        value = take.load_object(data, most_bytes=MOST_BYTES)
    except ValueError as error:
        raise _damaged(pack, error) from None
    if value.get("format") != FORMAT:
        raise PackVersionError(f"“{pack}” is not a scene pack: its {FILE_NAME} belongs to something else.")
    version = value.get("format_version")
    if version not in READABLE:
        shown = version if isinstance(version, int) and abs(version) < 1_000_000 else "unknown"
        raise PackVersionError(
            f"The pack “{pack}” has format version {shown}; "
            f"this program reads versions up to {FORMAT_VERSION}. "
            "The pack is unharmed: update SceneLens, or get the pack in the older format."
        )
    try:
        return _parse(value, version)
    except ValueError as error:
        raise _damaged(pack, error) from None


def check_manifest(manifest: Manifest) -> None:
    """Raise `ValueError` in a few words if `read_manifest` would refuse the manifest once it is written."""
    _parse(take.load_object(manifest.to_bytes(), most_bytes=MOST_BYTES), manifest.format_version)


def _parse(value: dict[str, Any], version: int) -> Manifest:
    pack_id = take.text(value, "pack_id", longest=32)
    if not _PACK_ID.fullmatch(pack_id):
        raise ValueError("pack_id is not 32 hex digits")
    created = take.text(value, "created", longest=20)
    if not _UTC.fullmatch(created):
        raise ValueError("created is not a time in UTC")
    revision = take.whole(value, "revision", least=1)
    counts = take.table(value, "counts", most=100)
    descriptors = {
        name: _parse_descriptor(name, take.table({name: info}, name, most=100))
        for name, info in take.table(value, "descriptors", most=20).items()
    }
    members = {
        role: _parse_member(role, take.table({role: member}, role, most=20), revision)
        for role, member in take.table(value, "members", most=100).items()
    }
    _check_roles(members, descriptors, version)
    return Manifest(
        pack_id=pack_id,
        revision=revision,
        title=take.text(value, "title"),
        creator=take.text(value, "creator"),
        licence=take.text(value, "licence"),
        created=created,
        generator=take.text(value, "generator", longest=200),
        descriptors=descriptors,
        counts=Counts(
            videos=take.whole(counts, "videos", most=MOST_VIDEOS),
            kept=take.whole(counts, "kept", most=MOST_ROWS),
            shots=take.whole(counts, "shots", most=MOST_ROWS),
            hours=take.number(counts, "hours"),
        ),
        members=members,
        format_version=version,
    )


def _parse_descriptor(name: str, info: dict[str, Any]) -> DescriptorInfo:
    if not _DESCRIPTOR_ROLE.fullmatch(f"vectors/{name}"):
        raise ValueError("a descriptor has a name that none can have")
    dtype = take.text(info, "dtype", longest=10)
    if dtype not in ("uint8", "int8"):
        raise ValueError(f"the descriptor {name} is neither uint8 nor int8")
    parameters: dict[str, str | int | float | bool] = {}
    for key, value in take.table(info, "parameters", most=50).items():
        if isinstance(value, str):
            value = take.checked_text(value, "a parameter", longest=1000)
        elif not isinstance(value, (int, float)):
            raise ValueError(f"a parameter of {name} is neither text nor number")
        parameters[take.checked_text(key, "a parameter", longest=100)] = value
    size = take.whole(info, "size", least=1, most=4096)
    if name == "color_layout" and (size, dtype) != (33, "uint8"):
        raise ValueError("its color layouts do not have 33 values")
    return DescriptorInfo(size, dtype, parameters)


def _parse_member(role: str, member: dict[str, Any], revision: int) -> Member:
    if role not in _SUFFIXES and not _DESCRIPTOR_ROLE.fullmatch(role):
        raise ValueError("it names a member that its version does not have")
    file = take.text(member, "file", longest=100)
    written_by = re.search(r"-([1-9]\d{0,15})\.", file)
    if not written_by or int(written_by[1]) > revision or file != member_name(role, int(written_by[1])):
        raise ValueError(f"the member {role} has a name that none can have")
    sha256 = take.text(member, "sha256", longest=64)
    if not _HEX_64.fullmatch(sha256):
        raise ValueError(f"the checksum of {role} is not 64 hex digits")
    return Member(file, take.whole(member, "bytes", most=MOST_MEMBER_BYTES), sha256)


def _check_roles(
    members: Mapping[str, Member], descriptors: Mapping[str, DescriptorInfo], version: int
) -> None:
    needed = {*_ALWAYS, *(f"vectors/{name}" for name in descriptors)}
    for pieces, offsets in ((THUMBNAILS, THUMBNAIL_OFFSETS), (SKETCHES, SKETCH_OFFSETS)):
        if (pieces in members) != (offsets in members):
            raise ValueError(f"{pieces} and their offsets do not come together")
    if version == 1 and SKETCHES in members:
        raise ValueError("it names a member that its version does not have")
    if missing := sorted(needed - set(members)):
        raise ValueError(f"the member {missing[0]} is missing")
    for role in members:
        found = _DESCRIPTOR_ROLE.fullmatch(role)
        if found and found[2] not in descriptors:
            raise ValueError(f"the member {role} belongs to no descriptor")


def _damaged(pack: str, error: ValueError) -> PackDamagedError:
    return PackDamagedError(
        f"The pack “{pack}” is damaged: its {FILE_NAME} cannot be used ({error}). "
        "Your films are unharmed; build the pack again or get it anew."
    )
