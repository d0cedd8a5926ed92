"""The engine from the shell: films in, pack out, pictures in, JSON out, bad input among good."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from tests.journeys.index_command import IndexCommand
from tests.journeys.small_films import FPS, SHOT_S, picture_of

MATCH_KEYS = {"video", "title", "episode", "start_s", "at_s", "end_s", "similarity", "confidence", "is_match"}

#: Without colours or without a picture to speak of: these only have to be answered.
ANSWERED_ONLY = {"one-pixel", "sixteen-bit-grey"}


def still(shot: int, number: int) -> Image.Image:
    """A frame of the films as a picture of ordinary size."""
    return Image.fromarray(picture_of(shot, number)).resize((640, 360), Image.Resampling.LANCZOS)


def test_a_picture_finds_its_film_episode_and_second(
    built_pack: Path, index_command: IndexCommand, tmp_path: Path
) -> None:
    query = tmp_path / "screenshot.png"
    still(shot=12, number=9).save(query)
    told = index_command("search", "--pack", built_pack, query, "--json")
    assert told.status == 0, told.messages
    (line,) = told.lines
    assert {"query", "frames_searched", "elapsed_ms", "matches"} <= set(line)
    best = line["matches"][0]
    assert set(best) >= MATCH_KEYS
    assert (best["video"], best["title"], best["episode"]) == (
        "[Group] Quiet River - 02 [1080p].mkv",
        "Quiet River",
        "2",
    )
    assert best["is_match"] is True
    assert best["start_s"] <= best["at_s"] <= best["end_s"]
    assert best["at_s"] == pytest.approx(2 * SHOT_S + 9 / FPS, abs=1.5 / FPS)
    similarities = [match["similarity"] for match in line["matches"]]
    assert similarities == sorted(similarities, reverse=True)


def test_a_picture_from_elsewhere_is_honestly_no_match(
    built_pack: Path, index_command: IndexCommand, tmp_path: Path
) -> None:
    query = tmp_path / "elsewhere.png"
    still(shot=999, number=3).save(query)
    told = index_command("search", "--pack", built_pack, query, "--json")
    assert told.status == 1
    assert [match for match in told.lines[0]["matches"] if match["is_match"]] == []


def test_info_and_verify_know_the_pack(built_pack: Path, index_command: IndexCommand) -> None:
    info = index_command("info", built_pack, "--json")
    assert info.status == 0
    assert "Quiet River" in str(info.lines[0])
    assert index_command.raw(["verify", built_pack]).returncode == 0


def test_pictures_of_every_kind_are_answered_and_what_is_none_is_named(
    built_pack: Path, index_command: IndexCommand, tmp_path: Path
) -> None:
    good, bad = _good_pictures(tmp_path), _bad_pictures(tmp_path)
    told = index_command("search", "--pack", built_pack, *bad[:2], *good, *bad[2:], "--json")
    lines = {Path(line["query"]).name: line for line in told.lines}
    assert told.status == 2
    assert set(lines) == {path.name for path in (*good, *bad)}
    for path in bad:
        assert path.name in lines[path.name]["error"]
        assert not lines[path.name].get("matches")
    for path in good:
        assert "error" not in lines[path.name], lines[path.name]
        if path.stem == "one-pixel":
            assert [match for match in lines[path.name]["matches"] if match["is_match"]] == []
        if path.stem in ANSWERED_ONLY:
            continue
        best = lines[path.name]["matches"][0]
        assert best["is_match"], path.name
        assert best["video"] == "Night Train (1987).mp4", path.name
    assert "Traceback" not in told.messages


def test_describe_gives_the_33_numbers(index_command: IndexCommand, tmp_path: Path) -> None:
    query = tmp_path / "a.png"
    still(shot=1, number=1).save(query)
    told = index_command("describe", query, "--json")
    assert told.status == 0
    assert len(told.lines[0]["color_layout"]) == 33
    assert told.lines[0]["color_layout_base64"]


@pytest.mark.parametrize(
    "words", [["search", "--pack", "{}/nothing.pack", "x.png"], ["build", "--out", "{}/p", "{}/none"]]
)
def test_an_error_is_a_sentence_not_a_trace(
    words: list[str], index_command: IndexCommand, tmp_path: Path
) -> None:
    result = index_command.raw([word.format(tmp_path) for word in words])
    assert result.returncode == 2
    assert "Traceback" not in result.stderr
    assert len(result.stderr.strip()) > 20


def _good_pictures(folder: Path) -> list[Path]:
    """One frame of Night Train in every form that people have."""
    picture = still(shot=21, number=5)
    folder = folder / "good"
    folder.mkdir()
    picture.convert("CMYK").save(folder / "cmyk.jpg", quality=95)
    wide = np.asarray(picture.convert("L"), np.uint16) * 257
    Image.fromarray(wide).save(folder / "sixteen-bit-grey.png")
    picture.quantize(200).save(folder / "palette.png")
    picture.save(folder / "animated.gif", save_all=True, append_images=[still(shot=22, number=1)])
    turned = picture.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    turned.save(folder / "turned-by-exif.jpg", quality=95, exif=exif)
    veiled = picture.copy()
    veiled.putalpha(255)
    veiled.save(folder / "alpha.webp", lossless=True)
    ImageOps.expand(picture, border=(0, 60), fill="black").save(folder / "black-bars.bmp")
    ImageOps.mirror(picture).save(folder / "mirrored.tiff")
    picture.save(folder / "still.avif")
    Image.new("RGB", (1, 1), (90, 20, 200)).save(folder / "one-pixel.png")
    return sorted(folder.iterdir())


def _bad_pictures(folder: Path) -> list[Path]:
    """What only looks like a picture, or would fill the memory."""
    folder = folder / "bad"
    folder.mkdir()
    (folder / "empty.png").touch()
    (folder / "text.png").write_text("this is not a picture\n" * 30)
    (folder / "bomb.png").write_bytes(_bomb(30_000))
    whole = folder / "cut.jpg"
    still(shot=3, number=1).save(whole)
    whole.write_bytes(whole.read_bytes()[:200])
    return [*sorted(folder.iterdir()), folder / "missing.png"]


def _bomb(side: int) -> bytes:
    """A PNG of `side` x `side` white pixels in some hundred kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\0" + b"\xff" * ((side + 7) // 8)
    packer = zlib.compressobj(1)
    data = b"".join(packer.compress(row * 100) for _ in range(side // 100)) + packer.flush()
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")
