"""What a frame says of a picture; what every film shows says nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from index_tools.opencv import cv2
from index_tools.picture import Picture
from index_tools.search.evidence import MIRRORED, Asked, Candidate
from index_tools.search.features import find_features
from index_tools.search.readings import read
from tests.index_tools.search.test_alignment import crop, drawn

Rgb = NDArray[np.uint8]


def stamped(rgb: Rgb) -> Rgb:
    """With a large text, as a page or a channel lays it over all it shows."""
    out = rgb.copy()
    for y in (110, 270):
        cv2.putText(out, "GREAT SCENES 24", (130, y), 0, 1.3, (0, 0, 0), 10, cv2.LINE_AA)
        cv2.putText(out, "GREAT SCENES 24", (130, y), 0, 1.3, (255, 255, 255), 4, cv2.LINE_AA)
    return out


def candidate(rgb: Rgb, film: str, reading: str = "photographed_screen") -> Candidate:
    return Candidate(find_features(rgb, 300, 260), film, reading, 0.1)


def cells(asked: Asked, candidates: list[Candidate]) -> list[int]:
    return [0 if proof is None else proof.alignment.cells for proof in asked.prove(candidates)]


def test_a_text_that_all_films_show_has_no_voice() -> None:
    picture = Picture.of(stamped(drawn(50)))
    frames = [candidate(stamped(drawn(number)), f"film {number}") for number in range(6)]
    alone = cells(Asked(read(picture)), frames[:1])[0]
    assert alone >= 6, "the text alone would be laid over the text"
    assert max(cells(Asked(read(picture)), frames)) < 0.7 * alone


def test_what_one_film_alone_shows_is_heard_among_others() -> None:
    picture = Picture.of(crop(stamped(drawn(3))))
    others = [candidate(stamped(drawn(number)), f"film {number}") for number in range(10, 15)]
    found = Asked(read(picture)).prove([*others, candidate(stamped(drawn(3)), "the film")])
    sureness = [0.0 if proof is None else proof.sureness for proof in found]
    assert sureness[-1] > 0.9
    assert max(sureness[:-1]) < 0.7


def test_a_whole_frame_is_proven_without_features() -> None:
    rgb = np.asarray(cv2.GaussianBlur(drawn(4), (0, 0), 14), np.uint8)
    asked = Asked(read(Picture.of(rgb)))
    as_read = asked.prove([candidate(drawn(4), "a", "as_is")])[0]
    assert as_read is not None
    assert np.allclose(as_read.alignment.matrix, np.eye(3), atol=0.01)
    assert as_read.likeness.overall > 0.9
    other = asked.prove([candidate(drawn(5), "b", "as_is")])[0]
    assert other is None or other.sureness < as_read.sureness


def test_the_mirror_image_is_told_from_the_picture() -> None:
    asked = Asked(read(Picture.of(np.ascontiguousarray(crop(drawn(6))[:, ::-1]))))
    proof = asked.prove([candidate(drawn(6), "a")])[0]
    assert proof is not None
    assert proof.variant == MIRRORED
    assert 0.2 < proof.evidence.covered < 0.45
