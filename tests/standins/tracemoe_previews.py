"""Previews of the stand-in, cut from the demo film: signed, expiring identifiers, clips and pictures."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
import threading
from collections.abc import Callable
from fractions import Fraction

import av
import numpy as np
from PIL import Image

from index_tools.film import FilmReader, read_frame
from tests.standins.server import Asked, Told, as_text
from tests.standins.tracemoe_index import DEMO, FILES, Index, preview_bounds

WIDTHS = {"l": 640, "m": 320, "s": 160}
RATE = Fraction(24000, 1001)
SOUND_RATE = 48000
_SECRET = b"stand-in"


class Previews:
    """Makes identifiers and what is behind them; `now` gives Unix time.  Thread-safe."""

    def __init__(self, index: Index, now: Callable[[], float]) -> None:
        self._index = index
        self._now = now
        self._lock = threading.Lock()
        self._made: dict[tuple[object, ...], bytes] = {}

    def identifier(self, file: int, at_s: float) -> str:
        """An identifier that is good until five minutes past the next full hour."""
        expires = (int(self._now()) // 3600 + 1) * 3600 + 300
        payload = json.dumps([file, round(at_s, 4), expires]).encode()
        sign = hmac.new(_SECRET, payload, hashlib.sha256).digest()[:12]
        return base64.urlsafe_b64encode(sign + payload).decode().rstrip("=")

    def answer(self, asked: Asked) -> Told:
        """What `/video/ID` and `/image/ID` answer."""
        _, kind, identifier = asked.path.split("/", 2)
        place = self._place(identifier)
        if place is None:
            return as_text(403, "Forbidden")
        file, at_s, expires = place
        if self._now() > expires:
            return as_text(410, "Gone")
        if not 0 <= file < len(FILES):
            return as_text(404, "Not found")
        size = (asked.given("size") or ["m"])[0]
        if size not in WIDTHS:
            return as_text(400, "Bad Request: Invalid size param (l, m, s)")
        if asked.headers.get("if-none-match") == "v0":
            return Told(304, b"", (("ETag", "v0"),))
        if kind == "image":
            return self._image(file, at_s, WIDTHS[size], asked.headers.get("accept", ""))
        return self._video(asked, file, at_s, WIDTHS[size])

    def cover(self, number: int) -> Told:
        """A cover for a title, for the stand-in of AniList."""
        picture = read_frame(DEMO / "film.mp4", 5.0 + number % 60).rgb
        cut = picture[:, picture.shape[1] // 4 : picture.shape[1] * 5 // 8]
        return Told(200, _encoded(cut, 230, "JPEG"), (("Content-Type", "image/jpeg"),))

    def _place(self, identifier: str) -> tuple[int, float, int] | None:
        try:
            raw = base64.urlsafe_b64decode(identifier + "=" * (-len(identifier) % 4))
            sign, payload = raw[:12], raw[12:]
            good = hmac.compare_digest(sign, hmac.new(_SECRET, payload, hashlib.sha256).digest()[:12])
        except ValueError:
            return None
        if not good:
            return None
        file, at_s, expires = json.loads(payload)
        return int(file), float(at_s), int(expires)

    def _image(self, file: int, at_s: float, width: int, accept: str) -> Told:
        form = next((form for form in ("jxl", "webp") if f"image/{form}" in accept), "jpeg")
        key = ("image", file, at_s, width, form)
        with self._lock:
            if key not in self._made:
                picture = read_frame(DEMO / "film.mp4", FILES[file].in_film(at_s)).rgb
                # Pillow cannot write JPEG XL: whoever asks for it gets its first bytes and noise
                made = b"\xff\x0a" + bytes(500) if form == "jxl" else _encoded(picture, width, form.upper())
                self._made[key] = made
        return Told(200, self._made[key], (("Content-Type", f"image/{form}"), *_CACHED))

    def _video(self, asked: Asked, file: int, at_s: float, width: int) -> Told:
        least_s = _number(asked, "minDuration", 0.5, 0.5, 2.0)
        most_s = _number(asked, "maxDuration", 5.0, 0.5, 5.0)
        bounds = preview_bounds(self._index, FILES[file], at_s, least_s, most_s)
        if bounds is None:
            return as_text(500, "Internal Server Error")
        start_s, end_s = bounds
        mute = bool(asked.given("mute"))
        key = ("video", file, start_s, end_s, width, mute)
        with self._lock:
            if key not in self._made:
                film_start_s = FILES[file].in_film(start_s)
                self._made[key] = make_clip(film_start_s, film_start_s + end_s - start_s, width, mute)
        headers = (
            ("Content-Type", "video/mp4"),
            ("x-video-start", f"{start_s}"),
            ("x-video-end", f"{end_s}"),
            ("x-video-duration", f"{FILES[file].duration_s}"),
            *_CACHED,
        )
        return Told(200, self._made[key], headers)


_CACHED = (("Cache-Control", "max-age=86400"), ("ETag", "v0"))


def make_clip(start_s: float, end_s: float, width: int, mute: bool) -> bytes:
    """A part of the demo film as the service cuts it: H.264, fragmented MP4; a low hum unless `mute`."""
    with FilmReader(DEMO / "film.mp4") as reader:
        frames = [(frame.at_s, frame.picture(width).rgb) for frame in reader.frames(start_s, end_s)]
    if not frames:
        frames = [(start_s, read_frame(DEMO / "film.mp4", start_s, width).rgb)]
    height = round(width * frames[0][1].shape[0] / frames[0][1].shape[1] / 2) * 2
    times = np.array([at_s for at_s, _ in frames])
    held = io.BytesIO()
    options = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    with av.open(held, "w", format="mp4", options=options) as box:
        video = box.add_stream("libx264", rate=RATE, options={"crf": "25", "preset": "veryfast"})
        video.width, video.height, video.pix_fmt = width, height, "yuv420p"
        audio = None if mute else box.add_stream("aac", rate=SOUND_RATE, layout="stereo")
        if audio is not None:
            audio.bit_rate = 64_000
        count = max(1, round((end_s - start_s) * float(RATE)))
        for number in range(count):
            shown = int(np.abs(times - (start_s + number / float(RATE))).argmin())
            frame = av.VideoFrame.from_ndarray(frames[shown][1], format="rgb24")
            frame.pts, frame.time_base = number, 1 / RATE
            box.mux(video.encode(frame.reformat(width, height, "yuv420p")))
        box.mux(video.encode(None))
        if audio is not None:
            for number in range(int((end_s - start_s) * SOUND_RATE / 1024)):
                box.mux(audio.encode(_hum(number)))
            box.mux(audio.encode(None))
    return held.getvalue()


def _hum(number: int) -> av.AudioFrame:
    moments = (np.arange(1024) + number * 1024) / SOUND_RATE
    wave = (0.05 * np.sin(2 * np.pi * 220 * moments)).astype(np.float32)
    frame = av.AudioFrame.from_ndarray(np.stack([wave, wave]), format="fltp", layout="stereo")
    frame.sample_rate, frame.pts, frame.time_base = SOUND_RATE, number * 1024, Fraction(1, SOUND_RATE)
    return frame


def _encoded(rgb: np.ndarray, width: int, form: str) -> bytes:
    held = io.BytesIO()
    height = max(1, round(width * rgb.shape[0] / rgb.shape[1]))
    Image.fromarray(rgb).resize((width, height)).save(held, form, quality=80)
    return held.getvalue()


def _number(asked: Asked, name: str, usual: float, least: float, most: float) -> float:
    try:
        return min(most, max(least, float((asked.given(name) or [str(usual)])[0])))
    except ValueError:
        return usual
