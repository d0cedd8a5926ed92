"""A short film and its pack, cut out of the demo's."""

from __future__ import annotations

from pathlib import Path

import av
import pytest

from index_tools.film import index_film
from index_tools.pack import PackAbout, ScenePack, write_pack

#: The clip is the first so many seconds of the demo film: three shots.
CLIP_S = 8.0


@pytest.fixture(scope="session")
def clip(demo_film: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first seconds of the demo film, its packets copied."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    with av.open(str(demo_film)) as source, av.open(str(path), "w") as target:
        stream = source.streams.video[0]
        copied = target.add_stream_from_template(stream)
        for packet in source.demux(stream):
            if packet.dts is None or packet.time_base is None:
                continue
            if packet.pts is not None and packet.pts * packet.time_base >= CLIP_S:
                continue
            packet.stream = copied
            target.mux(packet)
    return path


@pytest.fixture(scope="session")
def clip_pack(clip: Path) -> Path:
    """The folder of a pack of the clip, which is noted as being at hand."""
    folder = clip.with_name("pack")
    index = index_film(clip, thumbnails=False)
    write_pack(folder, [index], PackAbout(title="Clip"))
    with ScenePack.open(folder) as pack:
        pack.note_places({index.video.fingerprint: clip})
    return folder
