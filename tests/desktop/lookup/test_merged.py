from __future__ import annotations

from desktop.lookup.merged import merge
from desktop.lookup.remote_answer import RemoteAnime, RemoteAnswer, RemoteMatch
from index_tools.nouns import Answer, Match, Video


def here(
    at_s: float,
    similarity: float,
    *,
    is_match: bool,
    anilist: str = "5",
    episode: str = "02",
    confidence: float = 0.9,
) -> Match:
    video = Video("a.mkv", 1, "f", 1440.0, 1, 24.0, 1, 1, "A", episode=episode, ids={"anilist": anilist})
    return Match(video, at_s, at_s, at_s, similarity, confidence, is_match, "as_is", "pack", "Pack", 0, 0)


def far(
    at_s: float, similarity: float, *, is_match: bool, number: int = 5, episode: str = "2"
) -> RemoteMatch:
    anime = RemoteAnime(number)
    return RemoteMatch(
        anime, "b.mkv", episode, at_s, at_s, at_s, None, similarity, is_match, "as_is", bytes(33)
    )


def answer(*matches: Match) -> Answer:
    return Answer(matches, 1, 1.0, ("Pack",))


def test_claims_come_first_and_those_from_here_before_the_services() -> None:
    local = (here(10, 0.93, is_match=True), here(500, 0.6, is_match=False, confidence=0.01))
    remote = (far(700, 0.99, is_match=True, number=7), far(900, 0.8, is_match=False, number=8))
    hits = merge(answer(*local), RemoteAnswer(remote))
    assert [(hit.here, hit.remote) for hit in hits] == [
        (local[0], None), (None, remote[0]), (None, remote[1]), (local[1], None),
    ]  # fmt: skip
    assert [hit.is_match for hit in hits] == [True, True, False, False]


def test_the_same_scene_from_both_is_one_line() -> None:
    local = here(10, 0.85, is_match=False)
    remote = far(11.5, 0.97, is_match=True)
    (hit,) = merge(answer(local), RemoteAnswer((remote,)))
    assert (hit.here, hit.remote, hit.is_match) == (local, remote, True)
    for other in (
        far(13, 0.97, is_match=True), far(10, 0.97, is_match=True, number=6),
        far(10, 0.97, is_match=True, episode="3"),
    ):  # fmt: skip
        assert len(merge(answer(local), RemoteAnswer((other,)))) == 2


def test_either_may_be_missing() -> None:
    assert merge(None, None) == ()
    local, remote = here(10, 0.9, is_match=True), far(10, 0.9, is_match=True)
    assert [hit.here for hit in merge(answer(local), None)] == [local]
    assert [hit.remote for hit in merge(None, RemoteAnswer((remote, remote)))] == [remote, remote]


def test_a_guess_that_a_closer_look_speaks_for_stands_before_others() -> None:
    edited = here(10, 0.0, is_match=False, confidence=0.4)
    alike = here(500, 0.8, is_match=False, confidence=0.01)
    remote = far(900, 0.85, is_match=False, number=8)
    hits = merge(answer(edited, alike), RemoteAnswer((remote,)))
    assert [(hit.here, hit.remote) for hit in hits] == [(edited, None), (None, remote), (alike, None)]
