"""`build`, `add`, `remove`, `info`, `verify` as a shell starts them."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from index_tools.cli import main
from tests.standins.network import use_network


class Command:
    """The command in this process: what it prints, and that it ends with the expected status."""

    def __init__(self, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
        self._capsys = capsys
        self._monkeypatch = monkeypatch

    def __call__(self, *words: str | Path, status: int = 0) -> tuple[str, str]:
        self._monkeypatch.setattr(sys, "argv", ["scenelens-index", *map(str, words)])
        with pytest.raises(SystemExit) as ended:
            main()
        out, err = self._capsys.readouterr()
        assert (ended.value.code or 0) == status, err
        return out, err

    def json(self, *words: str | Path) -> dict[str, Any]:
        out, _ = self(*words, "--json")
        (line,) = out.splitlines()
        value = json.loads(line)
        assert isinstance(value, dict)
        return value


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    return Command(capsys, monkeypatch)


@pytest.fixture(scope="module")
def films(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("films")
    for seed, name in enumerate(["河 - 01.mkv", "河 - 02.mkv"]):
        with av.open(str(folder / name), "w") as container:
            stream = container.add_stream("mpeg4", rate=12)
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
            pictures = np.random.default_rng(seed).integers(0, 255, (2, 48, 64, 3), np.uint8)
            for number in range(24):
                frame = av.VideoFrame.from_ndarray(pictures[number // 12], format="rgb24")
                container.mux(stream.encode(frame))
            container.mux(stream.encode())
    return folder


def test_from_build_to_remove(
    run: Command, films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    use_network(tmp_path / "network", monkeypatch)
    pack, bad = tmp_path / "shelf", tmp_path / "bad.mp4"
    bad.write_text("no film")
    words = (
        "--title",
        "河",
        "--episode",
        "1",
        "--anilist",
        "21",
        "--pack-title",
        "Shelf",
        "--licence",
        "CC0-1.0",
    )
    out, err = run("build", "--out", pack, films / "河 - 01.mkv", *words)
    assert "1 videos (1 added)" in out
    assert err == ""
    report = run.json("add", pack, films, bad, "--workers", "1")
    assert report["added"] == ["河 - 02.mkv"]
    assert [Path(item["path"]).name for item in report["skipped"]] == ["bad.mp4"]
    about = run.json("info", pack)
    assert (about["format_version"], about["title"], about["licence"], about["revision"]) == (
        2,
        "Shelf",
        "CC0-1.0",
        2,
    )
    first, second = about["videos"]
    assert (first["video"], first["title"], first["episode"], first["ids"]) == (
        "河 - 01.mkv",
        "河",
        "1",
        {"anilist": "21"},
    )
    assert (second["duration_s"], second["frames"], second["film"]) == (2.0, 24, str(films / "河 - 02.mkv"))
    assert about["entries"] == first["entries"] + second["entries"] > 2
    assert about["bytes"] == sum(path.stat().st_size for path in pack.iterdir())
    assert about["settings"]["color_layout"]["size"] == 33
    assert set(about["bytes_by_member"]) > {"kept", "tracks", "sketches", "vectors/color_layout"}
    assert run("verify", pack) == ("ok\n", "")
    out, _ = run("info", pack)
    assert "河 - 02.mkv" in out.replace("\n", "")
    assert run.json("remove", pack, "*01*")["removed"] == ["河 - 01.mkv"]
    (tmp_path / "shelf" / "kept-3.npy").write_bytes(b"")
    out, _ = run("verify", pack, status=2)
    assert "kept-3.npy" in out
    problems = json.loads(run("verify", pack, "--json", status=2)[0])
    assert (problems["ok"], len(problems["problems"])) == (False, 1)
    out, err = run("info", pack, "--json", status=2)
    assert out == ""
    assert "kept-3.npy" in err
    assert "Traceback" not in err


def test_errors_are_sentences(run: Command, films: Path, tmp_path: Path) -> None:
    for words in (
        ("info", tmp_path / "none"),
        ("verify", films / "河 - 01.mkv"),
        ("build", "--out", tmp_path / "x", tmp_path / "none.mkv"),
        ("build", "--out", films, films),
        ("build", "--out", tmp_path / "x", films, "--episode", "3"),
        ("build", films),
        ("nonsense",),
    ):
        out, err = run(*words, status=2)
        assert out == ""
        assert err
        assert "Traceback" not in err
    assert list(tmp_path.glob("x*")) == []


GOLDEN = Path(__file__).parents[2] / "golden"
LONG = "a" * 300


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("add", ".", "films"), "is not a scene pack"),
        (("remove", "..", "*"), "is not a scene pack"),
        (("build", "--out", ".", "films"), "There is something else"),
        (("build", "--out", "/", "films"), "“/” cannot be a pack"),
        (("build", "--out", LONG, "films"), "the name is too long"),
        (("remove", f"{LONG}/x", "*"), "the name is too long"),
        (("info", LONG), "the name is too long"),
        (("verify", LONG), "the name is too long"),
        (("search", "--pack", LONG, "x.png"), "the name is too long"),
        (("search", "--pack", "x", "--at", "nan", "x.png"), "is not a number"),
        (("search", "--pack", "x", "--at", "inf", "x.png"), "is not in the range"),
        (("search", "--pack", "x", "--at", "1e15", "x.png"), "is not in the range"),
    ],
)
def test_mistakes_are_told_in_a_sentence(
    run: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], told: str
) -> None:
    (tmp_path / "here" / "films").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "here")
    out, err = run(*words, status=2)
    assert out == ""
    assert told in err
    assert "Traceback" not in err


def test_a_pack_from_within_its_folder(
    run: Command, films: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = tmp_path / "shelf"
    run("build", "--out", pack, films / "河 - 01.mkv")
    monkeypatch.chdir(pack)
    assert run.json("add", ".", films / "河 - 02.mkv")["videos"] == 2


def test_hardly_an_hour_of_film(run: Command, films: Path, tmp_path: Path) -> None:
    pack = tmp_path / "shelf"
    run("build", "--out", pack, films / "河 - 01.mkv")
    manifest = pack / "manifest.json"
    about = json.loads(manifest.read_text("utf-8"))
    about["counts"]["hours"] = 5e-324
    manifest.write_text(json.dumps(about), "utf-8")
    assert run.json("info", pack)["bytes_per_hour"] is None


def test_describing_ends_with_its_status(run: Command, tmp_path: Path) -> None:
    assert run("describe", "--json", GOLDEN / "pictures" / "coffee-300x200.png")[0]
    assert run("describe", "--json", tmp_path / "none.png", status=2)[0]


@pytest.mark.skipif(sys.platform != "linux", reason="needs /dev/full")
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_output_that_nobody_takes(demo_pack: Path, form: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", "index_tools", "info", str(demo_pack), *form]
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, text=True, timeout=30, check=False
        )
    assert ended.returncode == 2
    assert ended.stderr.startswith("The output could not be written: there is no space left")
    assert len(ended.stderr.splitlines()) == 1
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        command, stdout=writing, stderr=subprocess.PIPE, text=True, timeout=30, check=False
    )
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (2, "")


def test_help_and_start_up(run: Command) -> None:
    out, _ = run("--version")
    assert "0.1" in out
    out, _ = run("build", "--help")
    assert "--out" in out
    code = (
        "import sys\nfrom index_tools.cli import commands, COMMANDS\n"
        "for name in ('build', 'add', 'remove', 'info', 'verify'): commands.get_command(None, name)\n"
        "heavy = {'numpy', 'cv2', 'av', 'hnswlib', 'rich.console', 'guessit'} & set(sys.modules)\n"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=30)


@pytest.mark.skipif(os.name == "nt", reason="needs a pseudo-terminal")
def test_progress_only_on_a_terminal(films: Path, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    command = [
        sys.executable,
        "-m",
        "index_tools",
        "build",
        "--out",
        str(tmp_path / "x"),
        str(films),
        "--json",
    ]
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=theirs, timeout=60, check=True)
    os.close(theirs)
    drawn = os.read(ours, 1 << 20).decode(errors="replace")
    os.close(ours)
    assert "files" in drawn
    assert json.loads(done.stdout)["videos"] == 2


@pytest.mark.skipif(os.name == "nt", reason="needs signals")
def test_ctrl_c(run: Command, films: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "index_tools", "build", "--out", str(tmp_path / "x"), str(films)]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as build:
        limit = time.monotonic() + 30
        while not (tmp_path / "x.part" / "journal").exists() and time.monotonic() < limit:
            time.sleep(0.01)
        time.sleep(0.1)
        os.killpg(build.pid, signal.SIGINT)  # as a terminal does: to the workers, too
        _, err = build.communicate(timeout=30)
    assert build.returncode == 130
    assert err.decode().splitlines() == ["Stopped at your wish; what was finished is kept."]
    assert not (tmp_path / "x").exists()
    assert run.json("build", "--out", tmp_path / "x", films)["videos"] == 2
    assert not (tmp_path / "x.part").exists()
