from __future__ import annotations

from pathlib import Path

import pytest

from index_tools.errors import PackError
from index_tools.measure.building import pack_figures
from index_tools.measure.evaluate import Evaluation, Settings
from index_tools.pack import ScenePack

SUMMARY = {
    "n", "recall_at_1", "recall_at_1_ci95", "recall_at_10", "recall_at_10_ci95", "claimed_and_right",
    "claimed_but_wrong", "localisation_s", "localisation_frames", "unknown_n", "false_matches",
    "false_matches_ci95",
}  # fmt: skip


def test_plain_frames_of_an_indexed_film_are_found(clip: Path, clip_pack: Path) -> None:
    settings = Settings(queries=3, classes=("identity", "jpeg30", "invert"), seed=2)
    with ScenePack.open(clip_pack) as pack:
        figures = Evaluation(pack, settings).run([clip])
        assert figures["frames_searched"] == len(pack.kept)
        assert pack_figures(pack)["pack_bytes"] > 1000
    assert set(figures["classes"]) == {"identity", "jpeg30", "invert"}
    assert set(figures["groups"]) == {"plain", "extra"}
    for summary in (*figures["classes"].values(), *figures["groups"].values()):
        assert set(summary) == SUMMARY
    identity = figures["classes"]["identity"]
    assert identity["n"] == 3
    assert identity["recall_at_1"] == 1.0
    assert identity["claimed_and_right"] == 1.0
    assert identity["localisation_frames"]["p95"] <= 1.0
    assert figures["groups"]["plain"]["n"] == 6
    assert identity["false_matches"] is None
    assert figures["unanswered"] == 0
    assert figures["errors"] == []
    assert figures["search_elapsed_ms"]["median"] > 0


def test_a_film_that_the_pack_does_not_hold_is_refused(clip: Path, clip_pack: Path, demo_film: Path) -> None:
    with ScenePack.open(clip_pack) as pack:
        with pytest.raises(PackError, match=r"does not hold film\.mp4"):
            Evaluation(pack, Settings(queries=1)).run([demo_film])
        with pytest.raises(PackError, match="to be unknown"):
            Evaluation(pack, Settings(queries=1)).run([clip], [clip])
