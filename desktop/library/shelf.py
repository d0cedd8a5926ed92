"""The packs that are open, and the engine that searches them.

Lives in the engine's lane: every method is called there, one at a time, and the engine with its heavy
libraries is imported on the first call, after the window is up.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from desktop.library.demo import Demo, working_copy
from desktop.library.own_copy import is_same_episode
from desktop.lookup.merged import WORTH_A_LOOK
from desktop.lookup.remote_answer import RemoteMatch
from desktop.state.query import Found, Query
from desktop.state.series import Series
from index_tools.errors import FilmError, PackError
from index_tools.nouns import Answer, Match, Sharpness, Video
from index_tools.progress import Progress

if TYPE_CHECKING:
    from index_tools.pack import ScenePack
    from index_tools.picture import Picture
    from index_tools.search import Engine, SearchOptions

#: Guesses of less similarity are not shown: pictures that have nothing in common reach as much.
LEAST_GUESS = 0.5
#: Matches shown at most, as the engine gives them.
SHOWN = 10

Kind = Literal["own", "demo", "opened"]


@dataclass(frozen=True, slots=True)
class PackOnShelf:
    """An open pack as the window shows it."""

    pack_id: str
    title: str
    path: Path
    kind: Kind
    films: int
    frames: int
    duration_s: float
    creator: str = ""
    licence: str = ""
    videos: tuple[Video, ...] = ()
    proxies_bytes: int = 0
    """What small copies of its films take on this disk."""


class Shelf:
    """Opens packs and searches them; a `Finder` for the search session."""

    def __init__(self, cache: Path, *, graphs: bool = True) -> None:
        """Copies of the demo lie in `cache`; without `graphs` a handful of pictures is searched sooner."""
        self._cache = cache
        self._graphs = graphs
        self._packs: dict[str, ScenePack] = {}
        self._own_pack_id = ""
        self._engine: Engine | None = None

    def open(self, path: Path, kind: Kind, progress: Progress) -> PackOnShelf:
        """Open a pack and search it from now on; one with the same id is replaced.  Raises PackError."""
        from index_tools.pack import ScenePack

        pack = ScenePack.open(path, progress=progress)
        return self._place(pack, path, kind)

    def open_demo(self, demo: Demo, progress: Progress) -> PackOnShelf:
        """Open the demo's pack, of whose copy here its film's place is noted.  Raises PackError, OSError."""
        from index_tools.pack import ScenePack

        pack = ScenePack.open(working_copy(demo, self._cache), progress=progress)
        self._note(pack, pack.videos[0], demo.film)
        return self._place(pack, demo.pack, "demo")

    def note_film(self, match: Match, film: Path) -> None:
        """Note where the film of a match lies on this machine.  Raises SceneLensError if it is another."""
        from index_tools.film import fingerprint

        pack = self._packs.get(match.pack_id)
        if pack is None:
            raise PackError(
                f"The pack of {film.name} is no longer open. Open it again, then locate the film."
            )
        if film.stat().st_size != match.video.size_bytes or fingerprint(film) != match.video.fingerprint:
            raise FilmError(
                f"{film.name} is another film, or another copy of it, than the pack was made from. "
                f"Choose the file that was called {match.video.file_name}."
            )
        self._note(pack, match.video, film)

    def _note(self, pack: ScenePack, video: Video, film: Path) -> None:
        if pack.film_path(video) != film:
            pack.note_places({video.fingerprint: film})

    def _place(self, pack: ScenePack, path: Path, kind: Kind) -> PackOnShelf:
        from index_tools.pack.beside import bytes_of

        manifest = pack.manifest
        self.close(manifest.pack_id)
        self._packs[manifest.pack_id] = pack
        self._ready().add(pack)
        if kind == "own":
            self._own_pack_id = manifest.pack_id
        return PackOnShelf(
            pack_id=manifest.pack_id,
            title=manifest.title or path.stem,
            path=path,
            kind=kind,
            films=len(pack.videos),
            frames=len(pack.kept),
            duration_s=sum(video.duration_s for video in pack.videos),
            creator=manifest.creator,
            licence=manifest.licence,
            videos=tuple(pack.videos),
            proxies_bytes=bytes_of(pack.folder),
        )

    def own_copy(self, far: RemoteMatch) -> Path | None:
        """Give the film on this machine that is the very episode the service found, None without one."""
        for pack in self._packs.values():
            for video in pack.videos:
                if is_same_episode(video, far) and (film := pack.film_path(video)) is not None:
                    return film
        return None

    def warm_up(self, picture: Picture) -> None:
        """Search a picture for nothing, so that all libraries are loaded when the first one comes."""
        import index_tools.search.verify  # noqa: F401
        from index_tools.hypotheses import look_inside, read_hypotheses

        self._ready().search(picture)
        look_inside(picture, read_hypotheses(picture))

    def close(self, pack_id: str) -> None:
        """Search a pack no longer and let its files go."""
        pack = self._packs.pop(pack_id, None)
        if pack is not None:
            self._ready().remove(pack_id)
            pack.close()

    def close_all(self) -> None:
        """Let everything go."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None
        for pack in self._packs.values():
            pack.close()
        self._packs.clear()

    def search(self, query: Query, progress: Progress) -> Found:
        """Answer from the packs' own data."""
        moments, engine = query.searched_moments, self._ready()
        options = self._options(query.within)
        if options is not None and options.pack_ids is not None and not options.pack_ids:
            return Found(Answer((), 0, 0.0, ()))  # nothing here belongs to the series
        if moments is None:
            answer = engine.search(query.searched, options, progress)
        else:
            answer = engine.find_clip(moments, options, progress, refine=False)
        answer = _worth_showing(answer)
        return Found(answer, self._thumbnails(answer), (), answer.elapsed_ms, self._own_pack_id)

    def refine(self, query: Query, found: Found, progress: Progress) -> Found:
        """Sharpen an answer by one step: lay the picture over scenes, then settle the frame."""
        from index_tools.hypotheses import look_inside, read_hypotheses

        moments, engine, options = query.searched_moments, self._ready(), self._options(query.within)
        if found.answer.sharpness is Sharpness.NEARLY:
            return replace(found, answer=engine.settle(query.searched, found.answer, progress))
        if moments is None:
            answer = engine.rerank(query.searched, _with_all(found.answer), progress, options)
        else:
            again = engine.find_clip(moments, options, progress)
            answer = replace(again, elapsed_ms=found.first_ms + again.elapsed_ms)
        answer = _worth_showing(answer)
        plain = read_hypotheses(query.searched)
        wanted = {match.hypothesis for match in answer.matches}
        inside = () if wanted <= {one.name for one in plain} else look_inside(query.searched, plain)
        boxes = tuple((one.name, one.box) for one in (*plain, *inside))
        return Found(answer, self._thumbnails(answer), boxes, found.first_ms, self._own_pack_id)

    def _ready(self) -> Engine:
        if self._engine is None:
            from index_tools.search import Engine

            self._engine = Engine(graphs=self._graphs)
        return self._engine

    def _options(self, within: Series | None) -> SearchOptions | None:
        """Give what keeps the engine to a series; None for everything."""
        if within is None:
            return None
        from index_tools.search import SearchOptions

        packs = (pack_id for pack_id, pack in self._packs.items() if any(map(within.holds, pack.videos)))
        return SearchOptions(only=within.holds, pack_ids=frozenset(packs))

    def _thumbnails(self, answer: Answer) -> tuple[bytes | None, ...]:
        return tuple(map(self._thumbnail, answer.matches))

    def _thumbnail(self, match: Match) -> bytes | None:
        pack = self._packs.get(match.pack_id)
        return pack.thumbnail(match.shot) if pack is not None else None


def _with_all(answer: Answer) -> Answer:
    """The answer with the guesses that were not worth showing: a closer look may prove one of them."""
    return replace(answer, matches=tuple(one.match for one in answer.ranked[:SHOWN]) or answer.matches)


def _worth_showing(answer: Answer) -> Answer:
    """Drop the guesses that are no more than what happens to be nearest."""
    kept = (
        match
        for match in answer.matches
        if match.is_match or match.similarity >= LEAST_GUESS or match.confidence >= WORTH_A_LOOK
    )
    return replace(answer, matches=tuple(kept))
