"""Clips and pictures of the stand-in, fetched whole and kept; what it sends cut is no clip."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import av
import pytest

from desktop.lookup.paces import Waiting
from desktop.lookup.previews import ENOUGH_BEHIND_S, Clip, Previews, Size, size_for
from desktop.lookup.previews_cache import KeptFile, KeptFiles
from desktop.lookup.previews_whole import is_whole_clip, is_whole_picture, media_begin
from desktop.lookup.remote_answer import RemoteAnime, RemoteMatch
from desktop.lookup.request_queue import RequestQueue
from desktop.lookup.service_errors import RemoteError, Trouble
from index_tools.errors import Cancelled
from index_tools.progress import Progress
from tests.desktop.player.player_films import make_film
from tests.standins.server import Asked, Server, Told, halting
from tests.standins.titles import FILM
from tests.standins.tracemoe import TraceMoe, tracemoe
from tests.standins.tracemoe_faults import FAULTS


@pytest.fixture(scope="module")
def service() -> Iterator[tuple[Server, TraceMoe]]:
    with tracemoe() as running:
        yield running


class Hands:
    """The previews of a test's own, its match, and how often it was renewed."""

    def __init__(self, service: tuple[Server, TraceMoe], folder: Path) -> None:
        self.server, self.service = service
        self.server.records.clear()
        self.kept = KeptFiles(folder / "previews")
        self.renewed: list[RemoteMatch] = []
        self.answer: RemoteMatch | None = None
        self.previews = Previews(self.server.url, RequestQueue(), self._renew, self.kept)
        self.match = self.make(26.0)
        self.told: list[Clip | Waiting] = []

    def make(self, at_s: float) -> RemoteMatch:
        identifier = self.service.previews.identifier(0, at_s)
        return RemoteMatch(
            RemoteAnime(FILM, "ビッグ・バック・バニー"), "Big Buck Bunny (2008) [854x480].mp4", "",
            at_s - 1, at_s, at_s + 1, 75.0, 0.99, True, "as_is", b"\x01" * 33,
            f"{self.server.url}/video/{identifier}", f"{self.server.url}/image/{identifier}",
        )  # fmt: skip

    def clip(self, match: RemoteMatch | None = None, size: Size = Size.SMALL, *, muted: bool = True) -> Clip:
        return self.previews.clip(match or self.match, size, Progress(), self.told.append, muted=muted)

    def picture(self) -> bytes:
        return self.previews.picture(self.match, Size.SMALL, Progress(), lambda _told: None)

    def asked(self, path: str = "/video/") -> list[Asked]:
        return self.server.asked(path)

    def _renew(self, match: RemoteMatch, _progress: Progress) -> RemoteMatch | None:
        self.renewed.append(match)
        return self.answer


@pytest.fixture
def hands(service: tuple[Server, TraceMoe], tmp_path: Path) -> Iterator[Hands]:
    made = Hands(service, tmp_path)
    with closing(made.previews):
        yield made


def test_a_clip_holds_its_matched_frame(hands: Hands) -> None:
    clip = hands.clip()
    assert clip.source_start_s + clip.at_s == pytest.approx(26.0, abs=0.001)
    assert 0 < clip.at_s < clip.end_s <= 11
    with av.open(str(clip.path)) as container:
        assert container.streams.video[0].width == 160
        assert float(container.duration or 0) / av.time_base == pytest.approx(clip.end_s, abs=0.2)
    asked = hands.asked()[0]
    assert asked.query == (("size", "s"), ("mute", ""))
    assert "range" not in asked.headers


def test_a_clip_is_told_of_when_its_matched_frame_has_come(hands: Hands) -> None:
    whole = hands.clip(size=Size.LARGE)
    body, headers = whole.path.read_bytes(), _bounds(whole)
    hands.kept.drop(KeptFile(whole.path, ""))
    hands.told.clear()
    go_on = threading.Event()
    share = (whole.at_s + ENOUGH_BEHIND_S) / whole.end_s
    assert share < 0.9
    stop = round(len(body) * (share + 1) / 2)
    hands.server.fault_next("/video/", Told(200, halting(body, stop, go_on), headers, len(body)))
    with ThreadPoolExecutor(1) as pool:
        fetching = pool.submit(hands.clip, size=Size.LARGE)
        while not hands.told and not wait([fetching], timeout=0.01).done:
            pass
        clip = hands.told[0]
        assert isinstance(clip, Clip)
        assert clip == whole
        assert clip.incoming is not None
        assert not clip.path.exists()
        with av.open(clip.incoming.open(lambda: True), "r", format="mp4") as container:
            for frame in container.decode(video=0):
                if frame.time >= clip.at_s:
                    break
            assert not fetching.done()
            go_on.set()
            assert fetching.result(10) == whole
            assert sum(1 for _ in container.decode(video=0)) > 10
    assert clip.path.read_bytes() == body
    assert clip.incoming.open(lambda: False).seekable()


def test_a_clip_that_is_cut_while_it_plays_leaves_nothing(hands: Hands) -> None:
    whole = hands.clip(size=Size.LARGE)
    body, headers = whole.path.read_bytes(), _bounds(whole)
    hands.kept.drop(KeptFile(whole.path, ""))
    for sent, length in ((body[: -len(body) // 20], len(body)), (body[:-9], len(body) - 9)):
        hands.told.clear()
        hands.server.fault_next("/video/", Told(200, sent, headers, length))
        with pytest.raises(RemoteError):
            hands.clip(size=Size.LARGE)
        assert hands.kept.size_bytes == 0
        clip = hands.told[0]
        assert isinstance(clip, Clip)
        assert clip.incoming is not None
        reader = clip.incoming.open(lambda: False)
        with pytest.raises(Cancelled):  # who reads it waits until nobody wants it any more
            list(iter(reader.read, b""))


def test_a_clip_whose_head_comes_last_is_told_of_only_whole(hands: Hands, tmp_path: Path) -> None:
    body = make_film(tmp_path / "clip.mp4", 30).read_bytes()
    assert media_begin(body) is None
    hands.server.fault_next("/video/", Told(200, body, (("x-video-start", "25.5"),)))
    assert hands.clip().incoming is None
    assert hands.told == []
    body = make_film(tmp_path / "clip.mp4", 30, movflags="faststart").read_bytes()
    begin = media_begin(body)
    assert begin is not None
    assert media_begin(body[:begin]) == begin
    assert media_begin(body[: begin - 1]) is None


def _bounds(clip: Clip) -> tuple[tuple[str, str], ...]:
    """The headers that came with a clip."""
    start, end = clip.source_start_s, clip.source_start_s + clip.end_s
    return ("x-video-start", f"{start:.3f}"), ("x-video-end", f"{end:.3f}")


def test_what_is_kept_costs_nothing_and_sound_serves_the_muted(hands: Hands) -> None:
    loud = hands.clip(muted=False)
    assert loud.has_sound
    assert hands.asked()[0].query == (("size", "s"),)
    assert hands.clip(muted=True) == loud
    assert hands.clip(muted=False) == loud
    assert len(hands.asked()) == 1
    renewed = replace(hands.match, video=hands.match.video + "other", image="")
    assert hands.clip(renewed).path == loud.path  # kept under the scene, not under the address
    assert hands.clip(size=Size.MIDDLE).path != loud.path


def test_pictures_are_kept_too(hands: Hands) -> None:
    assert is_whole_picture(hands.picture())
    hands.picture()
    assert len(hands.asked("/image/")) == 1
    assert hands.asked("/image/")[0].headers["accept"] == "image/jpeg"


def cut(asked: Asked) -> Told:
    """Half a clip with a status and a length as if all were well."""
    return Told(200, CLIP[: len(CLIP) // 2], (("Content-Type", "video/mp4"), ("x-video-start", "20.0")))


CLIP = (Path(__file__).parents[3] / "resources" / "demo" / "film.mp4").read_bytes()


@pytest.mark.parametrize(
    "told",
    [FAULTS["preview-empty"], cut, lambda _asked: Told(200, b"<html>no clip</html>"), FAULTS["cut"]],
    ids=["empty", "cut", "html", "cut short on the way"],
)
def test_an_empty_or_cut_body_is_an_error_although_the_status_is_200(told: object, hands: Hands) -> None:
    assert callable(told)
    hands.server.fault_next("/video/", told)
    with pytest.raises(RemoteError):
        hands.clip()
    assert hands.kept.size_bytes == 0
    assert hands.clip().at_s > 0


@pytest.mark.parametrize(
    ("fault", "trouble"),
    [("preview-404", Trouble.GONE), ("preview-500", Trouble.FAILED), ("preview-503", Trouble.BUSY),
     ("preview-400", Trouble.REFUSED), ("429", Trouble.TOO_MANY), ("502", Trouble.BUSY)],
)  # fmt: skip
def test_each_refusal_is_told_apart(fault: str, trouble: Trouble, hands: Hands) -> None:
    hands.server.fault_next("/video/", FAULTS[fault])
    with pytest.raises(RemoteError) as caught:
        hands.clip()
    assert caught.value.trouble is trouble
    assert hands.renewed == []


@pytest.mark.parametrize("fault", ["preview-410", "preview-403"])
def test_an_expired_address_is_renewed_once(fault: str, hands: Hands) -> None:
    hands.answer = hands.make(26.0)
    hands.server.fault_next("/video/", FAULTS[fault])
    clip = hands.clip()
    assert hands.renewed == [hands.match]
    assert clip.match is hands.answer
    hands.server.fault_next("/video/", FAULTS[fault], times=2)
    with pytest.raises(RemoteError) as caught:
        hands.clip(size=Size.LARGE)
    assert caught.value.trouble is Trouble.EXPIRED
    assert len(hands.renewed) == 2


def test_a_scene_that_is_not_found_again_has_no_preview(hands: Hands) -> None:
    hands.server.fault_next("/video/", FAULTS["preview-410"])
    with pytest.raises(RemoteError, match="not found again"):
        hands.clip()


@pytest.mark.parametrize(
    "address",
    ["", "http://192.0.2.1/video/a", "https://trace.moe.example.org/v", "ftp://trace.moe/a", "//[x"],
)
def test_addresses_elsewhere_are_not_fetched(address: str, hands: Hands) -> None:
    with pytest.raises(RemoteError, match=r"\."):
        hands.clip(replace(hands.match, video=address))
    assert hands.asked("/") == []


def test_headers_that_make_no_sense_leave_the_scene_where_it_is(hands: Hands) -> None:
    for start, end in (("nan", "x"), ("9999", "1"), ("-4", "27"), ("", "")):
        headers = (("Content-Type", "video/mp4"), ("x-video-start", start), ("x-video-end", end))
        hands.server.fault_next("/video/", Told(200, CLIP, headers))
        clip = hands.clip(replace(hands.match, at_s=26.0 + len(start) / 1000))
        assert clip.source_start_s == pytest.approx(25.0)
        assert clip.at_s <= clip.end_s <= 11


@pytest.mark.parametrize(("pixels", "size"), [(120, "s"), (200, "s"), (320, "m"), (401, "l"), (2000, "l")])
def test_size_by_the_window(pixels: int, size: str) -> None:
    assert size_for(pixels) == size


def test_a_clip_is_whole_only_to_its_last_byte() -> None:
    assert is_whole_clip(CLIP)
    for damaged in (
        b"",
        CLIP[:-1],
        CLIP + b"x",
        CLIP[:8],
        CLIP[8:],
        b"\0\0\0\1mdat" + CLIP,
        CLIP[: len(CLIP) // 3],
    ):
        assert not is_whole_clip(damaged)


def test_the_folder_stays_within_its_bound(tmp_path: Path) -> None:
    kept = KeptFiles(tmp_path / "files", most_bytes=1000)
    for number in range(6):
        kept.keep(f"key {number}", bytes(300), ".bin", note=f"{number}.5")
        assert kept.size_bytes <= 1000
    assert kept.find("key 0") is None
    found = kept.find("key 5")
    assert found is not None
    assert found.note == "5.5"
    assert len(found.path.read_bytes()) == 300
    kept.keep("large", bytes(5000), ".bin")  # the newest is never the one that goes
    assert kept.find("large") is not None
    with pytest.raises(ValueError, match="not a note"):
        kept.keep("key", b"", ".bin", note="../up")
