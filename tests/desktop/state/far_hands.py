"""A service that answers when told to, and what it found, made by hand."""

from __future__ import annotations

from dataclasses import replace

from desktop.lookup.quota import Quota
from desktop.lookup.remote_answer import RemoteAnime, RemoteAnswer, RemoteMatch
from desktop.lookup.service_errors import RemoteError
from desktop.lookup.tracemoe import Plan
from index_tools.picture import Picture
from index_tools.progress import Progress


def make_far(at_s: float, similarity: float = 0.98, *, number: int = 5, adult: bool = False) -> RemoteMatch:
    anime = RemoteAnime(number, f"作品{number}", f"Work {number}", is_adult=adult, record={"id": number})
    return RemoteMatch(
        anime, f"work-{number} - 03.mkv", "3", at_s - 1, at_s, at_s + 1, 1440.0, similarity,
        similarity >= 0.9, "as_is", b"\x01" * 33, "http://far/video/1", "http://far/image/1",
    )  # fmt: skip


def make_answer(*matches: RemoteMatch) -> RemoteAnswer:
    return RemoteAnswer(matches, 2_000_000, ("as_is",), 1, Quota(100, 7, 0.0), elapsed_ms=12.0)


class HandRemote:
    """Gives the answer that the test sets, or the error; notes what was asked."""

    def __init__(self) -> None:
        self.answer = make_answer()
        self.error: RemoteError | None = None
        self.asked: list[str] = []
        self.within: list[int | None] = []
        self.left: int | None = 812
        self.plans: list[Plan] = []

    def foresee(self, picture: Picture, anilist: int | None = None) -> Plan:
        return Plan(("as_is",), (b"\x01" * 33,), 1, anilist, self.left)

    def plan(
        self,
        picture: Picture,
        progress: Progress,
        anilist: int | None = None,
        foreseen: Plan | None = None,
    ) -> Plan:
        return foreseen or self.foresee(picture, anilist)

    def search(self, plan: Plan, progress: Progress) -> RemoteAnswer:
        self.asked.append("vectors")
        self.within.append(plan.anilist)
        self.plans.append(plan)
        if self.error is not None:
            raise self.error
        return self.answer

    def send_picture(self, picture: Picture, progress: Progress, anilist: int | None = None) -> RemoteAnswer:
        self.asked.append("picture")
        self.within.append(anilist)
        if self.error is not None:
            raise self.error
        return self.answer

    def renew(self, match: RemoteMatch, progress: Progress) -> RemoteMatch | None:
        return replace(match, video="http://far/video/2")

    def quota(self, progress: Progress) -> Quota:
        return Quota(100, 7, 0.0)

    def known_quota(self) -> Quota | None:
        return None
