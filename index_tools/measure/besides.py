"""What is indexed besides the films that are asked for, so that there is more to be mistaken about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from index_tools.build import build_pack
from index_tools.errors import PictureError
from index_tools.film import is_film_name
from index_tools.film.slideshow import write_slideshow
from index_tools.pack import ScenePack
from index_tools.picture import is_picture_name, read_picture
from index_tools.progress import Progress

#: Pictures of a folder that are taken at most.
MOST_PICTURES = 20_000


@contextmanager
def packs_besides(sources: Sequence[Path], progress: Progress) -> Iterator[list[ScenePack]]:
    """Packs of `sources`, open: packs as they are, films and pictures (and folders of them) indexed for now.

    A picture counts as a scene of 0.75 s.  Raises `PackError`, `BuildError`, `Cancelled`.
    """
    with ExitStack() as stack:
        opened: list[ScenePack] = []
        films: list[Path] = []
        pictures: list[Path] = []
        for source in sources:
            if source.suffix == ".scenepack" or (source / "manifest.json").is_file():
                opened.append(stack.enter_context(ScenePack.open(source, progress=progress)))
                continue
            inside = sorted(source.rglob("*")) if source.is_dir() else [source]
            films += [path for path in inside if is_film_name(path) and not is_picture_name(path)]
            pictures += [path for path in inside if is_picture_name(path)]
        if films or pictures:
            folder = Path(stack.enter_context(TemporaryDirectory(prefix="scenelens-besides-")))
            shown = folder / "pictures.mkv"
            if write_slideshow(shown, _read(pictures[:MOST_PICTURES], progress)):
                films.append(shown)
            build_pack(folder / "pack", films, title="besides", thumbnails=True, progress=progress)
            opened.append(stack.enter_context(ScenePack.open(folder / "pack", progress=progress)))
        yield opened


def _read(paths: Sequence[Path], progress: Progress) -> Iterator[NDArray[np.uint8]]:
    """The pictures that can be read; in a folder of thousands some cannot."""
    for done, path in enumerate(paths):
        progress.check()
        progress.report(done, len(paths), "pictures besides")
        try:
            yield read_picture(path).rgb
        except PictureError:
            continue
