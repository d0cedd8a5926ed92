"""Building a pack, adding to it, removing from it.

All work on `<PACK>` happens in the folder `<PACK>.part` beside it: the journal of finished films, and the
pack until it is complete.  Killed at any moment, the same command goes on from there; the name of the pack
never holds anything but a whole pack.
"""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic

from index_tools.build.gathering import HowToBuild, gather, stored
from index_tools.build.lock import building
from index_tools.build.naming import NameOverrides, named
from index_tools.build.renewal import lacking, network_to_use, without_foreign
from index_tools.build.report import BuildReport, OnProgress, Skipped
from index_tools.build.sources import FilmFile, find_films
from index_tools.build.workshop import Target
from index_tools.errors import BuildError
from index_tools.nouns import Video
from index_tools.pack import PackAbout, ScenePack
from index_tools.pack.durable import told_as
from index_tools.pack.stored_film import StoredFilm
from index_tools.progress import Progress

#: What an error of the disk leaves, and what to do.
KEPT = "The films that are finished are kept: the same command goes on from there"


def build_pack(
    out: Path,
    sources: Sequence[Path],
    *,
    about: PackAbout | None = None,
    said: NameOverrides | None = None,
    title: str | None = None,
    workers: int | None = None,
    thumbnails: bool = True,
    gentle: bool = False,
    embeddings: bool = True,
    proxies: bool = True,
    replace_old: bool = False,
    on_progress: OnProgress | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Index the films in `sources` (files, folders) into a new pack `out`.

    A name that ends in .scenepack becomes a transport file, any other a folder.  `title` (or `said`)
    overrides what the file names say.  Scene embeddings are made if wanted and the network is there; small
    videos of the films, for looking pictures up, stay beside the pack if `proxies` are wanted.  Films that
    cannot be read are in the report's `skipped`.  An old pack of that name is an error unless `replace_old`;
    then it is whole until the new one is.

    Raises `BuildError` when nothing could be indexed or the disk refuses, `Cancelled`; what is finished is
    then kept, and the same call goes on from there.
    """
    begun, progress = monotonic(), progress or Progress()
    network, warnings = network_to_use(embeddings)
    how = HowToBuild(workers, thumbnails, gentle, network, proxies)
    said = said or NameOverrides(title=title)
    target = Target(out)
    with _at_work(target):
        finished = target.finished_before()
        if finished is not None and not replace_old:
            with finished as pack:
                return BuildReport(
                    out, len(pack.videos), resumed=len(pack.videos), elapsed_s=monotonic() - begun
                )
        target.refuse_if_taken(replace_old=replace_old)
        films, skipped = find_films(sources, progress)
        gathered = gather(target.part, films, how, on_progress, progress)
        skipped += gathered.skipped
        if not gathered.films:
            target.clear()
            raise BuildError(_nothing(skipped))
        gathered.meter.tell("writing")
        target.write_new(stored(gathered, said, warnings, progress), about, network)
        warnings += target.finish({film.fingerprint: film.path for film in gathered.films}, progress)
        target.clear()
    return BuildReport(
        pack=out,
        videos=len(gathered.films),
        added=tuple(film.path.name for film in gathered.films),
        skipped=skipped,
        warnings=tuple(warnings),
        resumed=gathered.resumed,
        frames=gathered.frames,
        film_s=gathered.film_s,
        elapsed_s=monotonic() - begun,
    )


def add_to_pack(
    out: Path,
    sources: Sequence[Path],
    *,
    said: NameOverrides | None = None,
    title: str | None = None,
    workers: int | None = None,
    thumbnails: bool | None = None,
    gentle: bool = False,
    embeddings: bool = True,
    proxies: bool = True,
    on_progress: OnProgress | None = None,
    progress: Progress | None = None,
) -> BuildReport:
    """Index what is new in `sources` into the pack `out`; what is in it is copied, not indexed again.

    A film that is in the pack under another name is renamed in it; a film whose file has other content now
    replaces the old one.  One whose scene embeddings are missing or another network's is indexed again,
    unless no `embeddings` are wanted or the network is not there.  Thumbnails are made if the pack has some,
    unless `thumbnails` says. Raises as `build_pack`; the pack is whole at every moment.
    """
    begun, progress, said = monotonic(), progress or Progress(), said or NameOverrides(title=title)
    network, warnings = network_to_use(embeddings)
    target = Target(out)
    with _at_work(target), ScenePack.open(out, progress=progress) as pack:
        if thumbnails is None:
            thumbnails = "thumbnails" in pack.manifest.members
        how = HowToBuild(workers, thumbnails, gentle, network, proxies)
        films, skipped = find_films(sources, progress)
        known = {video.fingerprint: video for video in pack.videos}
        stale = lacking(pack, network)
        wanted = [film for film in films if film.fingerprint not in known or film.fingerprint in stale]
        gathered = gather(target.part, wanted, how, on_progress, progress)
        renewed = {film.fingerprint: film for film in gathered.films if film.fingerprint in known}
        fresh = replace(gathered, films=tuple(f for f in gathered.films if f.fingerprint not in known))
        skipped += gathered.skipped
        if not gathered.films and not any(film.fingerprint in known for film in films):
            target.clear()
            raise BuildError(_nothing(skipped))
        at_hand = {film.fingerprint: film for film in films}
        videos = [_known_as(video, at_hand.get(video.fingerprint), said) for video in pack.videos]
        replaced = _replaced(pack, fresh.films)
        renamed = tuple(new.file_name for old, new in zip(pack.videos, videos, strict=True) if new != old)

        def films_now() -> Iterator[StoredFilm]:
            for number, film in _staying(pack, replaced, progress):
                again = renewed.get(film.video.fingerprint)
                if again is None:
                    film = without_foreign(film, pack, network)
                else:
                    (film,) = stored(replace(gathered, films=(again,)), said, warnings, progress)
                yield replace(film, video=videos[number])
            yield from stored(fresh, said, warnings, progress)

        if gathered.films or renamed:
            gathered.meter.tell("writing")
            target.write_next(pack, films_now(), network)
        here = [film for film in films if film.fingerprint in known] + list(fresh.films)
        warnings += target.finish({film.fingerprint: film.path for film in here}, progress)
        target.clear()
        count = len(pack.videos) - len(replaced) + len(fresh.films)
        gone = tuple(pack.videos[number].file_name for number in sorted(replaced))
    return BuildReport(
        pack=out,
        videos=count,
        added=tuple(film.path.name for film in fresh.films),
        renamed=renamed,
        renewed=tuple(film.path.name for film in renewed.values()),
        removed=gone,
        skipped=skipped,
        warnings=tuple(warnings),
        resumed=gathered.resumed,
        frames=gathered.frames,
        film_s=gathered.film_s,
        elapsed_s=monotonic() - begun,
    )


def remove_from_pack(out: Path, names: Sequence[str], *, progress: Progress | None = None) -> BuildReport:
    """Take videos out of the pack `out` by file name or pattern ("*S01*"); the films stay where they are.

    Raises `BuildError` when a name fits no video (nothing is removed then) or the disk refuses.
    """
    begun, progress = monotonic(), progress or Progress()
    target = Target(out)
    with _at_work(target), ScenePack.open(out, progress=progress) as pack:
        gone: set[int] = set()
        for name in names:
            fitting = _fitting(pack.videos, name)
            if not fitting:
                raise BuildError(f"No video in the pack “{out}” is called “{name}”; nothing was removed.")
            gone |= fitting
        target.write_next(pack, (film for _, film in _staying(pack, gone, progress)))
        target.finish({}, progress)
        target.clear()
        left = len(pack.videos) - len(gone)
        removed = tuple(pack.videos[number].file_name for number in sorted(gone))
    return BuildReport(out, left, removed=removed, elapsed_s=monotonic() - begun)


@contextmanager
def _at_work(target: Target) -> Iterator[None]:
    what = f"The pack “{target.out}” could not be written"
    with told_as(BuildError, what, KEPT), building(target.part, target.out):
        yield


def _staying(pack: ScenePack, gone: set[int], progress: Progress) -> Iterator[tuple[int, StoredFilm]]:
    for number in range(len(pack.videos)):
        progress.check()
        if number not in gone:
            yield number, pack.stored_film(number)


def _known_as(video: Video, film: FilmFile | None, said: NameOverrides) -> Video:
    if film is None:
        return video
    return named(video, film.path, said, guessed_from=Path(video.file_name))


def _replaced(pack: ScenePack, films: Sequence[FilmFile]) -> set[int]:
    """Numbers of videos whose file has the content of one of `films` now."""
    new = {film.path for film in films}
    return {number for number, video in enumerate(pack.videos) if pack.places.get(video.fingerprint) in new}


def _fitting(videos: Sequence[Video], name: str) -> set[int]:
    exact = {number for number, video in enumerate(videos) if video.file_name == name}
    return exact or {
        number
        for number, video in enumerate(videos)
        if fnmatch.fnmatchcase(video.file_name.casefold(), name.casefold())
    }


def _nothing(skipped: Sequence[Skipped]) -> str:
    if not skipped:
        return "There is no film in what was named, so no pack was written; name videos or folders of videos."
    told = " ".join(item.reason for item in skipped[:5])
    more = f" And {len(skipped) - 5} more." if len(skipped) > 5 else ""
    return f"None of the videos could be indexed, so no pack was written. {told}{more}"
