"""A film in, everything an index holds of it out, in one pass over its frames."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_tools.descriptors.color_layout import describe_block_means
from index_tools.descriptors.scene_embedding import SceneEmbedder
from index_tools.errors import FilmError
from index_tools.film.container import FilmInfo
from index_tools.film.embedding import EmbeddedFrames, EmbeddingPicker
from index_tools.film.fingerprint import fingerprint
from index_tools.film.frame import Frame
from index_tools.film.keeping import KeptSpan, choose_kept
from index_tools.film.names import guess
from index_tools.film.planes import BlockMeans, BlockSums
from index_tools.film.proxy import SMALL, ProxyWriter
from index_tools.film.reader import FilmReader
from index_tools.film.shots import ShotFinder
from index_tools.film.sketches import SketchPicker
from index_tools.film.thumbnails import ThumbnailPicker
from index_tools.nouns import KEPT_FRAME, SHOT, FilmIndex, Sketches, Track, Video
from index_tools.opencv import one_thread
from index_tools.progress import Progress

#: Frames whose sums are worked off together.
_BATCH = 16


def index_film(
    path: Path,
    *,
    title: str | None = None,
    thumbnails: bool = True,
    embedder: SceneEmbedder | None = None,
    proxy: Path | None = None,
    progress: Progress | None = None,
) -> FilmIndex:
    """Read a film once and give its index; `title` overrides the one guessed from the file name.

    With an `embedder` some of the kept frames get a scene embedding, one or more in every shot.  A film that
    is not small gets its proxy written to `proxy`.  Works in the calling thread alone.  Progress is in
    seconds of film.  Damaged places are passed over and told of in `warnings`.  Raises FilmError when the
    file cannot be opened or holds no video, DiskRefusedError when the proxy cannot be written, and Cancelled.
    """
    path = Path(path)
    progress = progress or Progress()
    content = fingerprint(path)
    with FilmReader(path, draft=True) as reader, one_thread(), ExitStack() as open_files:
        info = reader.info
        reading = _Reading(info.fps, thumbnails, embedder)
        if proxy is not None and max(info.width, info.height) > SMALL:
            reading.begin_proxy(proxy, info, open_files)
        for frame in reader.frames():
            if reading.add(frame):
                progress.check()
                progress.report(frame.at_s, max(info.duration_s, frame.at_s), path.name)
        pictures, sketches = reading.finish()
        warnings = (*reader.warnings, *(f"{path.name}: {sentence}" for sentence in reading.warnings))
    times_s, layout = np.array(reading.times), np.concatenate(reading.layout)
    starts = reading.shots.starts
    step_s = float(np.median(np.diff(times_s))) if len(times_s) > 1 else 1.0 / info.fps
    end_s = float(times_s[-1]) + step_s
    spans = choose_kept(times_s, layout, np.concatenate(reading.luma), starts)
    embedded = reading.embedded(spans)
    name = guess(path.absolute())
    return FilmIndex(
        video=Video(
            file_name=path.name,
            size_bytes=path.stat().st_size,
            fingerprint=content,
            duration_s=end_s,
            frame_count=len(times_s),
            fps=_rate(info.fps, step_s),
            width=info.width,
            height=info.height,
            title=name.title if title is None else title,
            season=name.season,
            episode=name.episode,
        ),
        kept=_kept_table(times_s, spans),
        shots=_shot_table(times_s, starts, end_s),
        color_layout=np.ascontiguousarray(layout[[span.keeper for span in spans]]),
        track=Track(times_s, layout),
        thumbnails=pictures,
        sketches=sketches,
        warnings=warnings,
        scene_embedding=None if embedded is None else embedded.vectors,
        embedded=None if embedded is None else embedded.rows,
        scene_parts=None if embedded is None else embedded.parts,
    )


class _Reading:
    """What gathers while a film is read."""

    def __init__(self, fps: float, thumbnails: bool, embedder: SceneEmbedder | None) -> None:
        self.times: list[float] = []
        self.layout: list[NDArray[np.uint8]] = []
        self.luma: list[NDArray[np.uint8]] = []
        self.shots = ShotFinder(fps)
        self._picker = ThumbnailPicker(fps) if thumbnails else None
        self._sketches = SketchPicker(fps)
        self._embedding = EmbeddingPicker(embedder, fps) if embedder is not None else None
        self._proxy: ProxyWriter | None = None
        self.warnings: list[str] = []
        self._sums: BlockSums | None = None

    def begin_proxy(self, path: Path, info: FilmInfo, open_files: ExitStack) -> None:
        """Write a proxy too; one that cannot be made is told of in `warnings`, and the film does without."""
        with self._without_proxy_if_it_fails():
            writer = ProxyWriter(path, info.fps, (info.width, info.height))
            self._proxy = open_files.enter_context(writer)

    @contextmanager
    def _without_proxy_if_it_fails(self) -> Iterator[None]:
        try:
            yield
        except FilmError as error:
            self.warnings.append(f"no proxy was made of it. {error}")
            if self._proxy is not None:
                self._proxy.close()
            self._proxy = None

    def add(self, frame: Frame) -> bool:
        """Take a frame in; True when a batch has been worked off."""
        if self._sums is None or not self._sums.fits(frame.decoded):
            self._work_off()
            self._sums = BlockSums(frame.decoded, frame.quarter_turns, _BATCH)
        self._sums.add(frame.decoded)
        if self._picker is not None:
            self._picker.offer(len(self.times), frame)
        self._sketches.offer(len(self.times), frame)
        if self._embedding is not None:
            self._embedding.offer(len(self.times), frame)
        if self._proxy is not None:
            with self._without_proxy_if_it_fails():
                self._proxy.offer(len(self.times), frame)
        self.times.append(frame.at_s)
        return self._sums.full and self._work_off()

    def finish(self) -> tuple[tuple[bytes, ...], tuple[Sketches, ...]]:
        """Work off what is left; thumbnails, if wanted, and sketches."""
        self._work_off()
        if self._proxy is not None:
            with self._without_proxy_if_it_fails():
                self._proxy.finish()
        self.shots.finish()
        shots = self.shots.starts, len(self.times)
        return self._picker.finish(*shots) if self._picker is not None else (), self._sketches.finish(*shots)

    def embedded(self, spans: Sequence[KeptSpan]) -> EmbeddedFrames | None:
        """The scene embeddings of kept frames, if they are wanted, when all has been worked off."""
        return None if self._embedding is None else self._embedding.finish(self.shots.starts, spans)

    def _work_off(self) -> bool:
        if self._sums is None or not len(self._sums):
            return False
        means: BlockMeans = self._sums.take()
        first = len(self.times) - len(means.rgb)
        self.layout.append(describe_block_means(means.rgb))
        self.luma.append(np.rint(means.luma).clip(0, 255).astype(np.uint8))
        self.shots.feed(means)
        if self._picker is not None:
            self._picker.settle(self.shots.starts)
        if self._embedding is not None:
            self._embedding.note(first, means.luma)
            self._embedding.settle(self.shots.starts, self.shots.decided)
        return True


def _kept_table(times_s: NDArray[np.float64], spans: list[KeptSpan]) -> NDArray[np.void]:
    kept = np.zeros(len(spans), KEPT_FRAME)
    kept["shot"] = [span.shot for span in spans]
    kept["at_s"] = times_s[[span.keeper for span in spans]]
    kept["from_s"] = times_s[[span.first for span in spans]]
    kept["to_s"] = times_s[[span.last for span in spans]]
    return kept


def _shot_table(times_s: NDArray[np.float64], starts: list[int], end_s: float) -> NDArray[np.void]:
    shots = np.zeros(len(starts), SHOT)
    shots["start_s"] = times_s[starts]
    shots["end_s"] = [*times_s[starts[1:]], end_s]
    return shots


def _rate(promised: float, step_s: float) -> float:
    """One over the median step; containers that round times to 1 ms are corrected by what they promise."""
    return promised if abs(promised * step_s - 1.0) < 0.03 else 1.0 / step_s
