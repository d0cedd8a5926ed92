"""The transport file `*.scenepack`: the manifest and the members of a pack as a tar stream in zstd.

Any tar program can list it.  What comes from outside is taken apart here by hand, strictly: the manifest
first, then exactly the members that it names, as plain files of exactly the promised length and checksum;
anything else is refused before a byte of it reaches the disk.
"""

from __future__ import annotations

import hashlib
import io
import os
import shutil
import tarfile
import uuid
from pathlib import Path
from typing import BinaryIO

import zstandard

from index_tools.errors import PackDamagedError, PackError, PackVersionError
from index_tools.pack import durable
from index_tools.pack import manifest as form
from index_tools.pack.checksums import Memory, cache_folder, sha256_of, wrong_files
from index_tools.pack.manifest import Manifest, Member, parse_manifest, read_manifest
from index_tools.progress import Progress

SUFFIX = ".scenepack"
LEVEL = 12
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_BLOCK = tarfile.BLOCKSIZE
_CHUNK = 1 << 20
#: A real pack shrinks to a half; one that grows more than this when unpacked is a trap.
_MOST_GROWTH, _ALWAYS_BYTES = 100, 64 << 20
_WINDOW_BYTES = 1 << 27


def pack_file(folder: Path, file: Path, progress: Progress | None = None) -> None:
    """Write the pack in `folder` as the transport file `file`, which appears only when it is complete.

    Graphs and places stay behind.  Raises `PackDamagedError`, `PackError`, `Cancelled`.
    """
    manifest = read_manifest(folder)
    members = list(manifest.members.values())
    for path, what in wrong_files(
        [(folder / m.file, m.bytes, m.sha256) for m in members], None, progress
    ).items():
        raise PackDamagedError(f"The pack “{folder}” is damaged: {path.name} {what}. Nothing was written.")
    beside = file.with_name(f".{file.name}.{os.getpid()}.new")
    total, done = sum(member.bytes for member in members), 0
    with durable.told_as(PackError, f"The pack file “{file}” could not be written"):
        try:
            packer = zstandard.ZstdCompressor(level=LEVEL, write_checksum=True)
            with beside.open("wb") as out:
                with (
                    packer.stream_writer(out, closefd=False) as stream,
                    tarfile.open(fileobj=stream, mode="w|", format=tarfile.USTAR_FORMAT) as tar,
                ):
                    data = manifest.to_bytes()
                    tar.addfile(_entry(form.FILE_NAME, len(data)), io.BytesIO(data))
                    for member in members:
                        if progress is not None:
                            progress.check()
                            progress.report(done, total, member.file)
                        with (folder / member.file).open("rb") as source:
                            tar.addfile(_entry(member.file, member.bytes), source)
                        done += member.bytes
                out.flush()
                os.fsync(out.fileno())
            beside.replace(file)
            durable.flush_folder(file.parent)
        finally:
            beside.unlink(missing_ok=True)


def unpack_file(file: Path, folder: Path, progress: Progress | None = None) -> Manifest:
    """Unpack a transport file as `folder`, which must not be there and appears only when complete.

    Never writes more than the manifest promises.  Raises `PackVersionError`, `PackDamagedError`,
    `PackError`, `Cancelled`; nothing is then left behind.
    """
    beside = folder.with_name(f"{folder.name}.{uuid.uuid4().hex[:8]}.part")
    with durable.told_as(PackError, f"The pack file “{file}” could not be unpacked"):
        beside.mkdir(parents=True)
        try:
            with file.open("rb") as source:
                _check_magic(file, source)
                manifest = _unpack(file, source, beside, progress)
            durable.flush_folder(beside)
            if not folder.exists():
                beside.rename(folder)
                durable.flush_folder(folder.parent)
        finally:
            durable.remove_tree(beside)
    return manifest


def is_packed(path: Path) -> bool:
    """Whether a pack is a transport file; raises `PackError` when it cannot be looked at."""
    with durable.told_as(PackError, f"The pack “{path}” cannot be read"):
        return path.is_file()


def unpacked(file: Path, memory: Memory, progress: Progress | None = None) -> Path:
    """The folder in the cache that holds the content of a transport file, unpacked now if need be."""
    with durable.told_as(PackError, f"The pack file “{file}” cannot be read"), file.open("rb") as source:
        _check_magic(file, source)
        remembered = memory.digest_of(file)
        digest = remembered or sha256_of(file, progress)
    folder = cache_folder() / "packs" / digest[:32]
    if not _is_sound(folder, memory, progress):
        durable.remove_tree(folder)
        unpack_file(file, folder, progress)
    memory.learn(file, digest)
    return folder


def _is_sound(folder: Path, memory: Memory, progress: Progress | None) -> bool:
    """Whether a folder of the cache holds a whole pack."""
    try:
        manifest = read_manifest(folder)
    except PackError:
        return False
    expected = [(folder / m.file, m.bytes, m.sha256) for m in manifest.members.values()]
    return not wrong_files(expected, memory, progress)


def keep_unpacked(file: Path, folder: Path | None) -> Path:
    """Let the cache hold `folder` (it is moved there) as the content of `file`, which it was packed from.

    Places and graphs in it so stay at hand on this machine.  Without a folder: where that content is.
    """
    memory = Memory()
    if folder is None:
        return unpacked(file, memory)
    digest = sha256_of(file)
    kept = cache_folder() / "packs" / digest[:32]
    durable.remove_tree(kept)
    kept.parent.mkdir(parents=True, exist_ok=True)
    shutil.move(folder, kept)
    memory.learn(file, digest)
    memory.save()
    return kept


def _check_magic(file: Path, source: BinaryIO) -> None:
    if source.read(4) != _ZSTD_MAGIC:
        raise PackVersionError(f"“{file}” is not a scene pack. Choose a folder or a file of a pack.")
    source.seek(0)


def _unpack(file: Path, source: BinaryIO, folder: Path, progress: Progress | None) -> Manifest:
    reader = zstandard.ZstdDecompressor(max_window_size=_WINDOW_BYTES).stream_reader(source)
    try:
        name, size = _header(reader, file)
        if name != form.FILE_NAME or size > form.MOST_BYTES:
            raise PackVersionError(
                f"“{file}” is not a scene pack: it does not begin with a {form.FILE_NAME}."
            )
        data = _exactly(reader, size, file)
        _exactly(reader, -size % _BLOCK, file)
        manifest = parse_manifest(data, str(file))
        _check_promise(file, manifest, folder)
        awaited = {member.file: member for member in manifest.members.values()}
        while awaited:
            name, size = _header(reader, file)
            member = awaited.pop(name, None)
            if member is None or size != member.bytes:
                raise _damaged(file, f"holds “{name[:100]}”, which its manifest does not promise so")
            _unpack_member(reader, file, member, folder, progress)
        # the rest is the empty end of the tar, and reading it lets zstd compare its own checksum
        if (rest := reader.read(tarfile.RECORDSIZE * 2)).strip(b"\0") or len(rest) == tarfile.RECORDSIZE * 2:
            raise _damaged(file, "holds more than its manifest promises")
    except zstandard.ZstdError as error:
        raise _damaged(file, f"cannot be unpacked ({error})") from None
    durable.write_whole(folder / form.FILE_NAME, manifest.to_bytes())
    return manifest


def _unpack_member(
    reader: zstandard.ZstdDecompressionReader,
    file: Path,
    member: Member,
    folder: Path,
    progress: Progress | None,
) -> None:
    digest = hashlib.sha256()
    left = member.bytes
    with (folder / member.file).open("xb") as out:
        while left:
            if progress is not None:
                progress.check()
                progress.report(member.bytes - left, member.bytes, member.file)
            chunk = reader.read(min(left, _CHUNK))
            if not chunk:
                raise _damaged(file, f"ends within {member.file}")
            digest.update(chunk)
            out.write(chunk)
            left -= len(chunk)
        out.flush()
        os.fsync(out.fileno())
    _exactly(reader, -member.bytes % _BLOCK, file)
    if digest.hexdigest() != member.sha256:
        raise _damaged(file, f"was altered: the checksum of {member.file} differs")


def _check_promise(file: Path, manifest: Manifest, folder: Path) -> None:
    promised = sum(member.bytes for member in manifest.members.values())
    if promised > _ALWAYS_BYTES + _MOST_GROWTH * file.stat().st_size:
        raise _damaged(file, f"claims to grow to {promised:,} bytes, which no pack does")
    free = shutil.disk_usage(folder).free
    if promised > free:
        raise PackError(
            f"The pack file “{file}” needs {promised:,} bytes unpacked, and {free:,} are free in "
            f"“{folder.parent}”. The file is unharmed; make room and try again."
        )


def _header(reader: zstandard.ZstdDecompressionReader, file: Path) -> tuple[str, int]:
    """Name and length of the next entry, which must be a plain file with a short name."""
    block = _exactly(reader, _BLOCK, file)
    try:
        entry = tarfile.TarInfo.frombuf(block, "ascii", "strict")
    except (tarfile.HeaderError, UnicodeDecodeError):
        raise _damaged(file, "holds no further member where one belongs") from None
    if entry.type != tarfile.REGTYPE or entry.size < 0 or entry.linkname:
        raise _damaged(file, f"holds “{entry.name[:100]}”, which is not a plain file")
    return entry.name, entry.size


def _exactly(reader: zstandard.ZstdDecompressionReader, count: int, file: Path) -> bytes:
    data = b""
    while len(data) < count:
        chunk = reader.read(count - len(data))
        if not chunk:
            raise _damaged(file, "is cut short")
        data += chunk
    return data


def _entry(name: str, size: int) -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = size, 0o644
    return entry


def _damaged(file: Path, what: str) -> PackDamagedError:
    return PackDamagedError(
        f"The pack file “{file}” is damaged: it {what}. Get it anew; nothing else was harmed."
    )
