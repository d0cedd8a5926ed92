"""What the building commands share: a progress bar on a terminal, the report, and Ctrl+C."""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import click

from index_tools.progress import Progress

if TYPE_CHECKING:
    from index_tools.build import BuildProgress, BuildReport

_STEPS = {"indexing": "indexing", "writing": "writing the pack", "graph": "building the search graph"}


@contextmanager
def shown_progress() -> Iterator[tuple[Callable[[BuildProgress], None], Progress]]:
    """A call-back that draws a bar on stderr if that is a terminal, and a `Progress` that Ctrl+C stops."""
    progress = Progress()
    with _stopped_by_signals(progress):
        if not sys.stderr.isatty():
            yield (lambda _: None), progress
            return
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar

        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"))
        with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("looking for films", total=None, told="")

            def draw(state: BuildProgress) -> None:
                bar.update(
                    task,
                    description=_STEPS.get(state.step, state.step),
                    total=1.0,
                    completed=state.share,
                    told=_in_words(state),
                )

            yield draw, progress


def tell(report: BuildReport, *, as_json: bool) -> None:
    """Say what was done: problems on stderr, the report on stdout as a line of JSON or in words."""
    for skipped in report.skipped:
        click.echo(skipped.reason, err=True)
    for warning in report.warnings:
        click.echo(warning, err=True)
    if as_json:
        click.echo(json.dumps(as_object(report), ensure_ascii=False))
        return
    done = [
        f"{len(names)} {word}"
        for word, names in (
            ("added", report.added),
            ("renamed", report.renamed),
            ("indexed again", report.renewed),
            ("removed", report.removed),
        )
        if names
    ]
    if report.resumed and report.added:
        done.append(f"{report.resumed} finished by an earlier run")
    if report.skipped:
        done.append(f"{len(report.skipped)} left out")
    click.echo(f"{report.pack}: {report.videos} videos ({', '.join(done) or 'nothing to do'})")
    if report.film_s and report.elapsed_s:
        speed = report.film_s / report.elapsed_s
        click.echo(f"{report.frames:,} frames in {report.elapsed_s:.1f} s, {speed:.1f} x real time")


def as_object(report: BuildReport) -> dict[str, Any]:
    """The report as it is printed by `--json`."""
    return {
        "pack": str(report.pack),
        "videos": report.videos,
        "added": list(report.added),
        "renamed": list(report.renamed),
        "renewed": list(report.renewed),
        "removed": list(report.removed),
        "skipped": [{"path": str(item.path), "reason": item.reason} for item in report.skipped],
        "warnings": list(report.warnings),
        "resumed": report.resumed,
        "frames": report.frames,
        "film_s": round(report.film_s, 3),
        "elapsed_s": round(report.elapsed_s, 3),
    }


def duration(seconds: float) -> str:
    """Seconds as h:mm:ss or m:ss."""
    whole = round(seconds)
    hours, minutes = whole // 3600, whole // 60 % 60
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def _in_words(state: BuildProgress) -> str:
    words = [f"{state.files_done}/{state.files_total} files"]
    if state.frames:
        words.append(f"{state.frames:,} frames")
    if state.film_s:
        words.append(f"{state.times_real:.1f} x real time")
    if state.left_s is not None and state.step == "indexing":
        words.append(f"{duration(state.left_s)} left")
    if state.files_skipped:
        words.append(f"{state.files_skipped} left out")
    return ", ".join(words)


@contextmanager
def _stopped_by_signals(progress: Progress) -> Iterator[None]:
    """The first Ctrl+C (or SIGTERM) asks the work to stop; a second one ends the program at once."""
    before: dict[signal.Signals, Any] = {}

    def stop(number: int, frame: object) -> None:
        progress.cancel()
        for kind, handler in before.items():
            signal.signal(kind, handler)

    for kind in (signal.SIGINT, signal.SIGTERM):
        before[kind] = signal.signal(kind, stop)
    try:
        yield
    finally:
        for kind, handler in before.items():
            signal.signal(kind, handler)
