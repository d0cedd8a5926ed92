"""A film in, everything an index holds of it out, in one pass over its frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_tools.descriptors.color_layout import describe_block_means
from index_tools.film.fingerprint import fingerprint
from index_tools.film.frame import Frame
from index_tools.film.keeping import choose_kept
from index_tools.film.names import guess
from index_tools.film.planes import BlockMeans, BlockSums
from index_tools.film.reader import FilmReader
from index_tools.film.shots import CutFinder
from index_tools.film.thumbnails import thumbnail
from index_tools.nouns import KEPT_FRAME, SHOT, FilmIndex, Track, Video
from index_tools.progress import Progress

#: Frames whose sums are cut into blocks together.
_BATCH = 16


def index_film(
    path: Path,
    *,
    title: str | None = None,
    thumbnails: bool = True,
    progress: Progress | None = None,
) -> FilmIndex:
    """Read a film once and give its index; `title` overrides the one guessed from the file name.

    Progress is in seconds of film.  Raises FilmError when the file cannot be opened or holds no video, and
    Cancelled.  Damaged places are passed over and told of in `warnings`.
    """
    path = Path(path)
    progress = progress or Progress()
    name = guess(path)
    print_of_file = fingerprint(path)
    with FilmReader(path, draft=True) as reader:
        reading = _Reading(thumbnails)
        for frame in reader.frames():
            if reading.add(frame):
                progress.check()
                progress.report(frame.at_s, max(reader.info.duration_s, frame.at_s), path.name)
        reading.finish()
        info, warnings = reader.info, tuple(reader.warnings)
    times_s, layout, luma = reading.arrays()
    steps = np.diff(times_s)
    step_s = float(np.median(steps)) if len(steps) else 1.0 / info.fps
    starts = [*reading.cuts.starts, len(times_s)]
    ends_s = [*times_s[starts[1:-1]].tolist(), float(times_s[-1]) + step_s]
    shots = np.zeros(len(starts) - 1, SHOT)
    shots["start_s"], shots["end_s"] = times_s[starts[:-1]], ends_s
    spans = [
        (shot, span)
        for shot, (first, end) in enumerate(zip(starts, starts[1:], strict=False))
        for span in choose_kept(times_s, layout, luma, first, end)
    ]
    kept = np.zeros(len(spans), KEPT_FRAME)
    keepers = [span.keeper for _, span in spans]
    kept["shot"] = [shot for shot, _ in spans]
    kept["at_s"] = times_s[keepers]
    kept["from_s"] = times_s[[span.first for _, span in spans]]
    kept["to_s"] = times_s[[span.last for _, span in spans]]
    video = Video(
        file_name=path.name,
        size_bytes=path.stat().st_size,
        fingerprint=print_of_file,
        duration_s=ends_s[-1],
        frame_count=len(times_s),
        fps=1.0 / step_s,
        width=info.width,
        height=info.height,
        title=title if title is not None else name.title,
        season=name.season,
        episode=name.episode,
    )
    return FilmIndex(
        video=video,
        kept=kept,
        shots=shots,
        color_layout=np.ascontiguousarray(layout[keepers]),
        track=Track(times_s, layout),
        thumbnails=reading.thumbnails(starts),
        warnings=warnings,
    )


class _Reading:
    """What gathers while a film is read."""

    def __init__(self, thumbnails: bool) -> None:
        self.cuts = CutFinder()
        self._times: list[float] = []
        self._layout: list[NDArray[np.uint8]] = []
        self._luma: list[NDArray[np.uint8]] = []
        self._sums: BlockSums | None = None
        self._wanted = thumbnails
        self._small: list[tuple[int, bytes]] = []

    def add(self, frame: Frame) -> bool:
        """Take a frame in; True when a batch has been worked off."""
        worked = False
        if self._sums is None or not self._sums.fits(frame.decoded):
            self.finish()
            self._sums = BlockSums(frame.decoded, frame.quarter_turns, _BATCH)
        self._sums.add(frame.decoded)
        if self._wanted and len(self._times) % 24 == 0:
            self._small.append((len(self._times), thumbnail(frame)))
        self._times.append(frame.at_s)
        if self._sums.full:
            self._work_off(self._sums.take())
            worked = True
        return worked

    def finish(self) -> None:
        """Work off what is left."""
        if self._sums is not None and len(self._sums):
            self._work_off(self._sums.take())

    def _work_off(self, means: BlockMeans) -> None:
        self.cuts.feed(means)
        self._layout.append(describe_block_means(means.rgb))
        self._luma.append(np.clip(means.luma, 0, 255).astype(np.uint8))

    def arrays(self) -> tuple[NDArray[np.float64], NDArray[np.uint8], NDArray[np.uint8]]:
        """Times (n,), color layouts (n, 33) and coarse luma (n, 16, 32)."""
        return np.array(self._times), np.concatenate(self._layout), np.concatenate(self._luma)

    def thumbnails(self, starts: list[int]) -> tuple[bytes, ...]:
        """One thumbnail a shot, of the frame nearest its middle."""
        if not self._wanted:
            return ()
        return tuple(
            min(self._small, key=lambda made: abs(made[0] - (first + end - 1) / 2))[1]
            for first, end in zip(starts, starts[1:], strict=False)
        )
