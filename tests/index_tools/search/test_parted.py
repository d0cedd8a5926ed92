"""Pictures that show a part of a frame are found by the parts of frames that the network described."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from index_tools.build import build_pack
from index_tools.descriptors.embedding_form import restored, unit
from index_tools.descriptors.frame_parts import PART_VALUES, PARTS
from index_tools.descriptors.model_file import shipped_network
from index_tools.film import read_frame
from index_tools.nouns import Ranked
from index_tools.pack import ScenePack
from index_tools.pack.beside import parts_path, write_parts
from index_tools.picture import Picture
from index_tools.search import Engine, SearchOptions, candidates
from index_tools.search.embedded import WHOLE, EmbeddedRows, Likenesses, joined
from index_tools.search.options import titled
from index_tools.search.parted import PartedRows
from tests.standins.network import use_network

AT_S = (2.0, 12.5, 31.0, 47.5, 66.0)


@pytest.fixture(scope="module")
def pack_folder(tmp_path_factory: pytest.TempPathFactory, demo_film: Path) -> Path:
    """A pack of the demo film, described by the small network, parts and all."""
    folder = tmp_path_factory.mktemp("parted")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCENELENS_CACHE", str(folder / "cache"))
        use_network(folder / "network", patch, parts=True)
        build_pack(folder / "pack", [demo_film], workers=1)
    return folder


@pytest.fixture
def pack(pack_folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> ScenePack:
    """That pack, in a folder of the test's own."""
    use_network(pack_folder / "network", monkeypatch, parts=True)
    shutil.copytree(pack_folder / "pack", tmp_path / "pack")
    return ScenePack.open(tmp_path / "pack")


def table_of(pack: ScenePack) -> tuple[PartedRows, NDArray[np.uint8], NDArray[np.int64]]:
    rows = EmbeddedRows(pack).kept_rows
    shape = len(rows), len(PARTS), PART_VALUES
    table = pack.parts_of_frames(0, shipped_network().sha256, shape)
    assert table is not None
    return PartedRows(pack, shipped_network(), rows), table, rows


def third(film: Path, at_s: float, number: int = 2) -> Picture:
    """An upright third of a frame."""
    rgb = read_frame(film, at_s).rgb
    left, _, right, _ = (round(share * rgb.shape[1]) for share in PARTS[number])
    return Picture.of(np.ascontiguousarray(rgb[:, left:right]))


def holds(one: Ranked, at_s: float) -> bool:
    return one.match.start_s <= at_s <= one.match.end_s


def test_the_part_is_told_with_its_row(pack: ScenePack) -> None:
    parted, table, rows = table_of(pack)
    queries = unit(restored(table[[3, 9], [5, 12]]))
    found = parted.nearest(queries, np.array([0.0, 0.25], np.float32), None)
    assert found is not None
    for query, (row, part, common) in enumerate(((3, 5, 0.0), (9, 12, 0.25))):
        place = found.rows.tolist().index(rows[row])
        assert (found.parts[place], found.readings[place]) == (part, query)
        assert found.scores[place] == pytest.approx(1 - common, abs=0.02)
    assert len(np.unique(found.rows)) == len(found.rows)


def test_a_search_kept_to_other_videos_finds_no_part(pack: ScenePack) -> None:
    parted, table, _ = table_of(pack)
    query = unit(restored(table[3, 5:6]))
    assert parted.nearest(query, np.zeros(1, np.float32), [slice(90_000, 90_010)]) is None
    engine = Engine([pack], graphs=False)
    film = Path(pack.film_path(0) or "")
    nothing = engine.search(third(film, 12.5), SearchOptions(only=titled("no such film")))
    assert nothing.matches == ()
    engine.close()


def test_of_a_row_found_twice_the_more_alike_counts() -> None:
    def likenesses(rows: list[int], scores: list[float], part: int) -> Likenesses:
        count = len(rows)
        return Likenesses(
            np.array(rows),
            np.array(scores, np.float32),
            np.zeros(count, np.int16),
            np.full(count, part, np.int16),
        )

    first, second = (
        likenesses([2, 5, 9], [0.5, 0.25, 0.75], WHOLE),
        likenesses([9, 5, 1], [0.5, 0.5, 0.25], 3),
    )
    both = joined([first, second])
    assert both.rows.tolist() == [1, 2, 5, 9]
    assert both.parts.tolist() == [3, WHOLE, 3, WHOLE]
    assert both.scores.tolist() == [0.25, 0.5, 0.5, 0.75]


@pytest.fixture(scope="module")
def described(tmp_path_factory: pytest.TempPathFactory, demo_film: Path) -> Path:
    """A pack of the demo film, described by the network that ships."""
    folder = tmp_path_factory.mktemp("described")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SCENELENS_CACHE", str(folder / "cache"))
        build_pack(folder / "pack", [demo_film], workers=1)
    return folder / "pack"


def test_a_third_of_a_frame_is_found_where_it_lies(
    described: Path, demo_film: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # in so short a film whole frames mostly do as well
    monkeypatch.setattr("index_tools.search.engine.LIKELY", 2.0)
    shutil.copytree(described, tmp_path / "without")
    shutil.rmtree(tmp_path / "without" / "proxies")
    engine, without = (Engine([ScenePack.open(path)]) for path in (described, tmp_path / "without"))
    scores, scores_without, off = [], [], []
    for at_s in AT_S[1:]:
        for number in (1, 3):
            picture = third(demo_film, at_s, number)
            one = next(one for one in engine.search(picture).ranked if holds(one, at_s))
            other = next(one for one in without.search(picture).ranked if holds(one, at_s))
            scores.append(one.score)
            scores_without.append(other.score)
            assert other.place is None
            if one.place is not None:
                middle = np.mean(one.place, axis=0)
                off.append(abs(middle[0] - (PARTS[number][0] + PARTS[number][2]) / 2))
    assert np.mean(scores) > np.mean(scores_without) + 0.05
    assert len(off) >= 6
    assert np.mean(off) < 0.15
    engine.close()
    without.close()


def test_mirrored_or_not_it_is_looked_up_there(described: Path, demo_film: Path) -> None:
    engine = Engine([ScenePack.open(described)])
    for at_s in AT_S[1:]:
        rgb = third(demo_film, at_s, 1).rgb
        for picture in (Picture.of(rgb), Picture.of(np.ascontiguousarray(rgb[:, ::-1]))):
            best = engine.find(picture).best
            assert best is not None
            assert abs(best.at_s - at_s) < 0.5
    engine.close()


@pytest.mark.parametrize("kind", ["absent", "empty", "cut", "of other frames", "text", "archive"])
def test_without_sound_vectors_a_search_does_without(kind: str, pack: ScenePack, demo_film: Path) -> None:
    path = parts_path(pack.folder, pack.videos[0].fingerprint, shipped_network().sha256)
    data = path.read_bytes()
    path.unlink()
    match kind:
        case "empty":
            path.write_bytes(b"")
        case "archive":
            with path.open("wb") as out:
                np.savez(out, np.zeros(3, np.uint8))
        case "cut":
            path.write_bytes(data[: len(data) // 2])
        case "of other frames":
            write_parts(path, np.zeros((3, len(PARTS), PART_VALUES), np.uint8))
        case "text":
            path.write_text("no table")
    engine = Engine([pack])
    assert engine.search(third(demo_film, 12.5)).ranked
    assert all(one.place is None for one in engine.search(third(demo_film, 12.5)).ranked)
    engine.close()


def test_of_very_many_frames_those_somewhat_alike_are_gone_through(
    described: Path, demo_film: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index_tools.search.engine.LIKELY", 2.0)
    engine, other = Engine([ScenePack.open(described)]), Engine([ScenePack.open(described)])
    for at_s in AT_S[1:]:
        every = engine.search(third(demo_film, at_s, 3)).ranked[0]
        with monkeypatch.context() as patch:
            patch.setattr(candidates, "MOST_FRAMES", 5)
            patch.setattr(candidates, "SOMEWHAT", 20)
            some = other.search(third(demo_film, at_s, 3)).ranked[0]
        assert some.match.at_s == every.match.at_s
        assert some.place == every.place is not None
        assert some.score == pytest.approx(every.score)
    engine.close()
    other.close()
