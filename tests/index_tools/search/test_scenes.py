from __future__ import annotations

import numpy as np
import pytest

from index_tools.nouns import KEPT_FRAME, SHOT
from index_tools.search.candidates import Candidates
from index_tools.search.scenes import LONGEST_S, FoundScene, gather

# a short shot, one of two minutes, a short one; then one of another video
SHOTS = np.array([(0, 0, 8), (0, 8, 128), (0, 128, 132), (1, 0, 10)], SHOT)


def kept_each_second() -> np.ndarray[tuple[int], np.dtype[np.void]]:
    rows = [
        (int(shot["video"]), number, second + 0.5, second, second + 0.96)
        for number, shot in enumerate(SHOTS)
        for second in range(int(shot["start_s"]), int(shot["end_s"]))
    ]
    return np.array(rows, KEPT_FRAME)


KEPT = kept_each_second()


def scenes(found: dict[float, int], video: int = 0, most: int = 10) -> list[FoundScene]:
    """The scenes of frames at some times, with their distances."""
    rows = [
        row for row, frame in enumerate(KEPT) if frame["video"] == video and float(frame["at_s"]) in found
    ]
    distances = [found[float(KEPT["at_s"][row])] for row in rows]
    return gather(
        Candidates(np.array(rows), np.array(distances, np.int32), np.zeros(len(rows), np.int16)),
        KEPT, SHOTS, most,
    )  # fmt: skip


def test_a_cut_parts_scenes_however_near_in_time() -> None:
    found = scenes({6.5: 4, 7.5: 3, 8.5: 9})
    assert [(scene.shot, scene.at_s, scene.distance) for scene in found] == [(0, 7.5, 3), (1, 8.5, 9)]


def test_a_short_shot_is_one_scene_and_bounds_it() -> None:
    (found,) = scenes({0.5: 4, 7.5: 3})
    assert (found.start_s, found.at_s, found.end_s) == (0.0, 7.5, 8.0)


def test_a_long_shot_is_parted_where_nothing_matched_for_five_seconds() -> None:
    found = scenes({20.5: 5, 23.5: 6, 60.5: 4})
    assert [scene.at_s for scene in found] == [60.5, 20.5]
    assert [scene.start_s for scene in found] == pytest.approx([55.0, 15.0])
    assert [scene.end_s for scene in found] == pytest.approx([65.96, 28.96])


def test_scenes_do_not_overlap_nor_grow_without_end() -> None:
    found = scenes({second + 0.5: 50 - abs(second - 70) for second in range(8, 128)})
    assert all(scene.end_s - scene.start_s <= LONGEST_S for scene in found)
    for number, one in enumerate(found):
        assert one.start_s <= one.at_s <= one.end_s
        assert all(one.end_s <= other.start_s or other.end_s <= one.start_s for other in found[:number])


def test_the_nearest_come_first_and_no_more_than_wanted() -> None:
    found = scenes({0.5: 7, 30.5: 5, 50.5: 3, 70.5: 4, 129.5: 6}, most=3)
    assert [scene.distance for scene in found] == [3, 4, 5]


def test_nothing_found_is_no_scene() -> None:
    assert scenes({}) == []
