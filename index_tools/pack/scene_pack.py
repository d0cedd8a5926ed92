"""An opened scene pack: its tables as memory maps, its videos, tracks, thumbnails and graph."""

from __future__ import annotations

import hashlib
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index_tools.errors import PackDamagedError, PackError
from index_tools.nouns import KEPT_FRAME, SHOT, Sketches, Track, Video
from index_tools.pack import beside, graphs, places
from index_tools.pack import manifest as form
from index_tools.pack.blobs import Blobs
from index_tools.pack.checksums import Memory, wrong_files
from index_tools.pack.manifest import Manifest, read_manifest
from index_tools.pack.metadata import read_metadata
from index_tools.pack.sketch_code import decode_sketches
from index_tools.pack.stored_film import DescribedRows, StoredFilm, check_described, check_kept, check_shots
from index_tools.pack.tables import open_table
from index_tools.pack.track_code import decode_track
from index_tools.progress import Progress

#: Tries to open a pack that another process is updating in the meantime.
_TRIES = 3


class ScenePack:
    """A pack, open for reading; every member was verified before use.  Thread-safe except for `close`.

    `path` is what was opened, `folder` where the members lie (the same unless a transport file was
    opened).  Videos are named by their number 0..n-1 or by the `Video` itself.
    """

    def __init__(self, path: Path, folder: Path, manifest: Manifest, members: Members) -> None:
        self.path = path
        self.folder = folder
        self.manifest = manifest
        self._members: Members | None = members
        self._places = places.read_places(folder)

    @classmethod
    def open(cls, path: Path, *, progress: Progress | None = None, memory: Memory | None = None) -> ScenePack:
        """Open the folder of a pack or a transport file.

        The checksums of all members are verified unless that is remembered (`memory`, by default the
        user's).  A transport file is unpacked into the cache folder once.  Raises `PackVersionError`,
        `PackDamagedError` (names pack and member), `PackError`, `Cancelled`.
        """
        from index_tools.pack.archive import is_packed, unpacked

        memory = memory or Memory()
        folder = unpacked(path, memory, progress) if is_packed(path) else path
        for turn in range(_TRIES):
            manifest = read_manifest(folder)
            try:
                members = open_members(folder, manifest, memory, progress, name=str(path))
            except PackDamagedError:
                # an update may have replaced the members between the two looks
                if turn + 1 < _TRIES and read_manifest(folder) != manifest:
                    continue
                raise
            break
        memory.save()
        return cls(path, folder, manifest, members)

    @property
    def videos(self) -> tuple[Video, ...]:
        """All videos, by number."""
        return self._open.videos

    @property
    def kept(self) -> NDArray[np.void]:
        """The kept frames, KEPT_FRAME (n,), sorted by (video, at_s); a read-only memory map."""
        return self._open.kept

    @property
    def shots(self) -> NDArray[np.void]:
        """The shots, SHOT (m,), sorted by (video, start_s); a read-only memory map."""
        return self._open.shots

    def vectors(self, descriptor: str) -> NDArray[Any]:
        """The vectors (k, size) of a descriptor; row i describes kept row `described_rows(…)[i]`."""
        return self._described(descriptor).vectors

    def described_rows(self, descriptor: str) -> NDArray[np.int32] | None:
        """The kept rows (k,) that the vectors describe, rising; None if they describe all in order."""
        return self._described(descriptor).rows

    def track(self, video: Video | int) -> Track:
        """The color layout of every frame of the video; takes milliseconds."""
        number = self._number(video)
        try:
            return decode_track(self._open.tracks[number])
        except ValueError as error:
            raise _damaged(str(self.path), form.TRACKS, str(error)) from None

    def thumbnail(self, shot: int) -> bytes | None:
        """The WebP of the shot (row number of `shots`), None if there is none."""
        pictures = self._open.thumbnails
        return (pictures[operator.index(shot)] or None) if pictures is not None else None

    def sketches(self, shot: int) -> Sketches | None:
        """The sketches of the shot (row number of `shots`), None if there are none."""
        blocks = self._open.sketches
        if blocks is None:
            return None
        try:
            found = decode_sketches(blocks[operator.index(shot)])
        except ValueError as error:
            raise _damaged(str(self.path), form.SKETCHES, str(error)) from None
        return found if len(found.times_s) else None

    def rows_of(self, video: Video | int) -> slice:
        """The rows of `kept` that belong to the video."""
        number = self._number(video)
        return slice(int(self._kept_starts[number]), int(self._kept_starts[number + 1]))

    def shots_of(self, video: Video | int) -> slice:
        """The rows of `shots` that belong to the video."""
        number = self._number(video)
        return slice(int(self._shot_starts[number]), int(self._shot_starts[number + 1]))

    def film_path(self, video: Video | int) -> Path | None:
        """The film file on this machine if it lies where it was noted and has the right length."""
        return places.at_hand(self.videos[self._number(video)], self._places)

    def proxy_path(self, video: Video | int) -> Path | None:
        """The small video of the film on this machine, if one was made."""
        return beside.proxy_of(self.folder, self.videos[self._number(video)])

    def parts_of_frames(
        self, video: Video | int, network: str, shape: tuple[int, ...]
    ) -> NDArray[np.uint8] | None:
        """The vectors of parts of the video's frames on this machine, stored form, uint8 of that shape, if
        the network with that SHA-256 made some.
        """
        return beside.parts_of(self.folder, self.videos[self._number(video)], network, shape)

    @property
    def places(self) -> Mapping[str, Path]:
        """Where films were noted to lie: fingerprint -> path, checked by nobody yet."""
        return dict(self._places)

    def note_places(self, found: Mapping[str, Path]) -> None:
        """Note where films lie (fingerprint -> path), for this and later openings; raises `PackError`."""
        self._places = {**places.read_places(self.folder), **self._places, **found}
        places.write_places(self.folder, self._places)

    def graph_path(self, descriptor: str) -> Path | None:
        """The file of the neighbour graph over `vectors(descriptor)`, checked and safe to load; or None.

        None also when a graph is there but damaged: it can be built again at any time.  Labels are rows
        of `vectors`.
        """
        return graphs.find(self.folder, self.manifest, descriptor, self.vectors(descriptor))

    def build_graph(self, descriptor: str, progress: Progress | None = None) -> Path | None:
        """Build the neighbour graph if it is missing and worth it; its file, or None where it is not."""
        there = self.graph_path(descriptor)
        return there or graphs.build(
            self.folder, self.manifest, descriptor, self.vectors(descriptor), progress=progress
        )

    def stored_film(self, video: Video | int) -> StoredFilm:
        """One film of the pack by itself, as it can be put into another pack."""
        number = self._number(video)
        rows, shots = self.rows_of(number), self.shots_of(number)
        kept, own_shots = self.kept[rows].copy(), self.shots[shots].copy()
        kept["video"] = own_shots["video"] = 0
        kept["shot"] -= shots.start
        described = {}
        for name in self.manifest.descriptors:
            own = self._described(name)
            if own.rows is None:
                described[name] = DescribedRows(np.array(own.vectors[rows]))
                continue
            low, high = np.searchsorted(own.rows, (rows.start, rows.stop))
            some = (own.rows[low:high] - rows.start).astype(np.int32)
            described[name] = DescribedRows(np.array(own.vectors[low:high]), some)
        pictures = tuple(self.thumbnail(shot) or b"" for shot in range(shots.start, shots.stop))
        blocks = self._open.sketches
        sketches = (
            tuple(blocks[shot] for shot in range(shots.start, shots.stop)) if blocks is not None else ()
        )
        return StoredFilm(
            video=self.videos[number],
            kept=kept,
            shots=own_shots,
            described=described,
            track=self._open.tracks[number],
            thumbnails=pictures if any(pictures) else (),
            sketches=sketches if any(sketches) else (),
        )

    def close(self) -> None:
        """Let go of the files; arrays handed out stay readable as long as they are kept."""
        self._members = None

    def __enter__(self) -> ScenePack:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def _open(self) -> Members:
        if self._members is None:
            raise PackError(f"The pack “{self.path}” was closed; open it again.")
        return self._members

    def _described(self, descriptor: str) -> DescribedRows:
        try:
            return self._open.described[descriptor]
        except KeyError:
            raise PackError(f"The pack “{self.path}” holds no vectors of the kind “{descriptor}”.") from None

    def _number(self, video: Video | int) -> int:
        if isinstance(video, Video):
            return self._number_by_print[video.fingerprint]
        return range(len(self.videos))[operator.index(video)]

    @cached_property
    def _number_by_print(self) -> dict[str, int]:
        return {video.fingerprint: number for number, video in enumerate(self.videos)}

    @cached_property
    def _kept_starts(self) -> NDArray[np.int64]:
        return np.searchsorted(self.kept["video"], np.arange(len(self.videos) + 1))

    @cached_property
    def _shot_starts(self) -> NDArray[np.int64]:
        return np.searchsorted(self.shots["video"], np.arange(len(self.videos) + 1))


@dataclass(frozen=True, eq=False, slots=True)
class Members:
    """The opened members of one revision of a pack."""

    videos: tuple[Video, ...]
    kept: NDArray[np.void]
    shots: NDArray[np.void]
    described: Mapping[str, DescribedRows]
    tracks: Blobs
    thumbnails: Blobs | None
    sketches: Blobs | None


def open_members(
    folder: Path, manifest: Manifest, memory: Memory | None, progress: Progress | None = None, *, name: str
) -> Members:
    """Verify and open all members; without a `memory` everything is verified anew.

    Raises `PackDamagedError` that names the pack (`name`) and the member.
    """
    wrong = wrong_files(
        [(folder / member.file, member.bytes, member.sha256) for member in manifest.members.values()],
        memory,
        progress,
    )
    for path, what in wrong.items():
        raise _damaged(name, path.name, what)
    manifest_path, digest = folder / form.FILE_NAME, hashlib.sha256(manifest.to_bytes()).hexdigest()
    fresh = memory is None or not memory.knows(manifest_path, digest)
    role = form.METADATA
    counts = manifest.counts

    def path_of(wanted: str) -> Path:
        nonlocal role
        role = wanted
        return folder / manifest.members[wanted].file

    try:
        videos = read_metadata(path_of(form.METADATA), thorough=fresh)
        if len(videos) != counts.videos:
            raise ValueError("it has another number of videos")
        shots = open_table(path_of(form.SHOTS), SHOT, (counts.shots,))
        if fresh:
            check_shots(shots, counts.videos)
        kept = open_table(path_of(form.KEPT), KEPT_FRAME, (counts.kept,))
        if fresh:
            check_kept(kept, shots)
        described = {}
        for descriptor, info in manifest.descriptors.items():
            rows = None
            count = counts.kept
            if f"rows/{descriptor}" in manifest.members:
                rows = open_table(path_of(f"rows/{descriptor}"), np.int32, (-1,))
                count = len(rows)
            vectors = open_table(path_of(f"vectors/{descriptor}"), info.dtype, (count, info.size))
            described[descriptor] = DescribedRows(vectors, rows)
            if fresh:
                check_described(descriptor, described[descriptor], counts.kept)
        tracks = Blobs(path_of(form.TRACKS), path_of(form.TRACK_OFFSETS), counts.videos)
        thumbnails, sketches = (
            Blobs(path_of(pieces), path_of(offsets), counts.shots) if pieces in manifest.members else None
            for pieces, offsets in (
                (form.THUMBNAILS, form.THUMBNAIL_OFFSETS),
                (form.SKETCHES, form.SKETCH_OFFSETS),
            )
        )
    except (ValueError, OSError) as error:
        raise _damaged(name, manifest.members[role].file, str(error)) from None
    if memory is not None:
        memory.learn(manifest_path, digest)
    return Members(videos, kept, shots, described, tracks, thumbnails, sketches)


def _damaged(pack: str, member: str, what: str) -> PackDamagedError:
    return PackDamagedError(
        f"The pack “{pack}” is damaged: {member} {what}. "
        "Your films are unharmed; build the pack again or get it anew."
    )
