"""The dense track of one film as a compact block of bytes, and back without any loss.

Neighbouring frames look alike, so each of the 33 columns is stored as differences in time (modulo 256),
column after column; times are stored as whole ticks of a clock that gives back every time bit for bit,
and as they are when no such clock is found.  The result is one zstd frame:

    "TRK1", n (u32), kind of times (u8), clock numerator and denominator (i64 each),
    times: n values of 8 bytes, byte planes apart, color layout: 33 * n bytes.
"""

from __future__ import annotations

import struct
from fractions import Fraction

import numpy as np
import zstandard
from numpy.typing import NDArray

from index_tools.nouns import Track

COLUMNS = 33
#: Most frames of one film: 46 hours at 60 frames a second.
MOST_FRAMES = 10_000_000
#: 10 % smaller than level 12 and as small as 19 for half the time: 1.5 s an hour of film.
LEVEL = 15

_HEAD = struct.Struct("<4sIBqq")
_MAGIC = b"TRK1"
_AS_THEY_ARE, _TICKS_DIVIDED, _TICKS_TIMES_FLOAT = 0, 1, 2
#: Ticks a second of usual containers: Matroska, MPEG, MP4 of usual frame rates, AVI, GIF.
_CLOCKS = (1000, 90_000, 12_800, 12_288, 15_360, 24_000, 30_000, 60_000, 600, 11_988, 16_000, 19_200, 25_600,
           48_000, 100, 10_240, 1_000_000, 10_000_000, 1_000_000_000, 44_100, 14_112_000)  # fmt: skip
#: Ticks that float64 holds exactly.
_MOST_TICKS = 2**53


def encode_track(track: Track) -> bytes:
    """The block of `track`: times float64 (n,), finite, color layouts uint8 (n, 33)."""
    count = len(track.times_s)
    if track.times_s.shape != (count,) or track.color_layout.shape != (count, COLUMNS):
        raise ValueError("a track has one time and 33 values a frame")
    if count > MOST_FRAMES:
        raise ValueError(f"a track has at most {MOST_FRAMES} frames")
    times = np.ascontiguousarray(track.times_s, dtype="<f8")
    kind, clock, whole = _find_clock(times)
    head = _HEAD.pack(_MAGIC, count, kind, clock.numerator, clock.denominator)
    steps = np.diff(np.ascontiguousarray(track.color_layout, np.uint8).T, axis=1, prepend=np.uint8(0))
    planes = np.diff(whole, prepend=np.int64(0)).astype("<i8").view(np.uint8).reshape(count, 8).T
    body = head + planes.tobytes() + steps.astype(np.uint8).tobytes()
    return zstandard.ZstdCompressor(level=LEVEL, write_checksum=False).compress(body)


def decode_track(block: bytes) -> Track:
    """The track that `encode_track` made `block` of; the arrays are read-only.

    Raises `ValueError` when the block is not one; never takes more memory than `MOST_FRAMES` need.
    """
    try:
        size = zstandard.frame_content_size(block)
        frames, rest = divmod(size - _HEAD.size, 8 + COLUMNS)
        if rest or not 0 <= frames <= MOST_FRAMES:
            raise ValueError("a track is not as long as it should be")
        body = zstandard.ZstdDecompressor(max_window_size=1 << 27).decompress(block, max_output_size=size)
    except zstandard.ZstdError as error:
        raise ValueError(f"a track cannot be unpacked ({error})") from None
    if len(body) != size:
        raise ValueError("a track is not as long as it should be")
    magic, count, kind, numerator, denominator = _HEAD.unpack_from(body)
    if magic != _MAGIC or count != frames or numerator < 1 or denominator < 1:
        raise ValueError("a track begins wrongly")
    planes = np.frombuffer(body, np.uint8, frames * 8, _HEAD.size).reshape(8, frames)
    steps = np.ascontiguousarray(planes.T).view("<i8").reshape(frames)
    with np.errstate(over="ignore"):
        whole = np.cumsum(steps, dtype=np.int64)
    columns = np.frombuffer(body, np.uint8, frames * COLUMNS, _HEAD.size + frames * 8)
    layout = np.ascontiguousarray(np.cumsum(columns.reshape(COLUMNS, frames), axis=1, dtype=np.uint8).T)
    times = _times_of(kind, whole, numerator, denominator)
    if not np.isfinite(times).all() or (np.diff(times) < 0).any():
        raise ValueError("the times of a track are not in order")
    times.flags.writeable = False
    layout.flags.writeable = False
    return Track(times, layout)


def _find_clock(times: NDArray[np.float64]) -> tuple[int, Fraction, NDArray[np.int64]]:
    """Kind, seconds a tick, and whole values from which `_times_of` gives back exactly `times`."""
    if len(times) and float(np.abs(times).max()) < 1e9:
        for clock in _candidates(times):
            ticks = np.rint(times / float(clock))
            if float(np.abs(ticks).max()) * clock.numerator >= _MOST_TICKS:
                continue
            whole = ticks.astype(np.int64)
            for kind in (_TICKS_DIVIDED, _TICKS_TIMES_FLOAT):
                again = _times_of(kind, whole, clock.numerator, clock.denominator)
                if np.array_equal(again.view(np.int64), times.view(np.int64)):
                    return kind, clock, whole
    return _AS_THEY_ARE, Fraction(1), times.view(np.int64)


def _candidates(times: NDArray[np.float64]) -> list[Fraction]:
    found = []
    if len(times) > 1:
        step = float(np.median(np.diff(times)))
        for most in (1001, 100_000, 10_000_000):
            exact = Fraction(step).limit_denominator(most)
            if exact > 0 and exact.numerator < 2**31:
                found += [exact, Fraction(1, exact.denominator)]
    return list(dict.fromkeys([*found, *(Fraction(1, rate) for rate in _CLOCKS)]))


def _times_of(kind: int, whole: NDArray[np.int64], numerator: int, denominator: int) -> NDArray[np.float64]:
    if kind == _AS_THEY_ARE:
        return whole.view(np.float64).copy()
    if kind == _TICKS_DIVIDED:
        return whole.astype(np.float64) * float(numerator) / float(denominator)
    if kind == _TICKS_TIMES_FLOAT:
        return whole.astype(np.float64) * (float(numerator) / float(denominator))
    raise ValueError("a track counts its times in a way that version 1 does not have")
