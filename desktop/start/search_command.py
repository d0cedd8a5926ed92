"""`scenelens search`: the whole product from the shell, packs and own films first, then trace.moe."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from dataclasses import replace

import click

from desktop.lookup.paces import Waiting
from desktop.lookup.policy import AskWhen, Situation, Step, decide
from desktop.start.places import Places, find_places
from desktop.start.search_lines import Outcome, as_object, show
from desktop.start.search_run import SearchRun
from desktop.start.settings import Settings, load, save
from desktop.state.query import Query
from index_tools.cli.console import stopped_by_signals
from index_tools.cli.options import asked_for
from index_tools.cli.search import ALL_FOUND, SOME_ERROR, SOME_WITHOUT_MATCH, read_query
from index_tools.errors import Cancelled, SceneLensError
from index_tools.picture import Picture

#: The question of the first use.
QUESTION = (
    "Nothing here matches for sure. May SceneLens ask trace.moe? 33 numbers that describe the colours of "
    "the picture are sent there from your address, never the picture itself."
)
NOT_ASKED = (
    "trace.moe was not asked: you have not said yet whether it may be. Say so once on a terminal or in the "
    "window, or use --remote-only."
)


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--local-only", is_flag=True, help="Search packs and own films alone; nothing is sent.")
@click.option("--remote-only", is_flag=True, help="Ask trace.moe alone, whatever the settings say.")
@click.option(
    "--send-picture",
    is_flag=True,
    help="Send trace.moe the picture itself, small and without metadata, instead of 33 numbers.",
)
@click.option(
    "--anilist", type=click.IntRange(1), metavar="N", help="At trace.moe, search this AniList number alone."
)
@asked_for
@click.pass_context
def search(
    context: click.Context,
    local_only: bool,
    remote_only: bool,
    send_picture: bool,
    anilist: int | None,
    at_s: float | None,
    seconds: float | None,
    as_json: bool,
    pictures: Sequence[str],
) -> None:
    """Find the scenes that pictures, GIFs and short videos come from, here and at trace.moe.

    Of a GIF (animated WebP, PNG, AVIF) and of a video of up to 30 s the whole clip is searched here, and the
    frame in its middle at trace.moe.  Of a longer video its first frame is, unless --at or --seconds say
    otherwise.

    trace.moe is asked when the settings say so: by default only where there is no sure match here.

    Exit status: 0 a match for every picture, 1 some picture without a match, 2 an error.
    """
    if local_only and (remote_only or send_picture):
        raise click.UsageError("--local-only sends nothing; leave it out to ask trace.moe.")
    places = find_places()
    settings, notice = load(places.settings_file)
    if notice:
        click.echo(notice, err=True)
    run = SearchRun(places, settings, _tell_waiting)
    wishes = _Wishes(places, settings, local_only=local_only, explicit=remote_only or send_picture)
    status = ALL_FOUND
    with stopped_by_signals(run.progress):
        try:
            if not remote_only:
                for problem in run.open_packs():
                    click.echo(problem, err=True)
            for name in pictures:
                begun = time.perf_counter()
                outcome = Outcome(own_pack_id=run.own_pack_id, show_adult=settings.show_adult)
                try:
                    query = _query(name, at_s, seconds)
                    if not remote_only:
                        outcome = replace(outcome, here=run.here(query))
                    if wishes.allow(outcome):
                        remote = run.remote(query.searched, anilist, send_picture=send_picture)
                        outcome = replace(outcome, remote=remote)
                except Cancelled:
                    raise
                except SceneLensError as error:
                    outcome = replace(outcome, error=str(error))
                elapsed_ms = (time.perf_counter() - begun) * 1000
                _clear_waiting()
                for sentence in outcome.said:
                    click.echo(sentence, err=True)
                if as_json:
                    line = as_object(name, outcome, elapsed_ms)
                    click.echo(json.dumps(line, ensure_ascii=False))
                else:
                    show(name, outcome, elapsed_ms)
                status = max(status, _status(outcome))
        finally:
            run.close()
    context.exit(status)


class _Wishes:
    """Whether trace.moe may be asked: by the options, the settings, or an answer on the terminal."""

    def __init__(self, places: Places, settings: Settings, *, local_only: bool, explicit: bool) -> None:
        self._places = places
        self._settings = settings
        self._explicit = explicit
        self._wish = AskWhen.NEVER if local_only else AskWhen(settings.ask_remote)
        if explicit:
            self._wish = AskWhen.ALWAYS

    def allow(self, outcome: Outcome) -> bool:
        """Whether to ask for this picture; asks the user the first time, where there is a terminal."""
        here = None if outcome.here is None else outcome.here.best is not None
        step = decide(Situation(self._wish, here, asked_for=self._explicit)).step
        if step is not Step.ASK_USER:
            return step is Step.SEARCH
        if not on_terminal():
            click.echo(NOT_ASKED, err=True)
            self._wish = AskWhen.NEVER  # said once is enough
            return False
        allowed = click.confirm(QUESTION, default=False, err=True)
        self._wish = AskWhen.UNSURE if allowed else AskWhen.NEVER
        self._settings = replace(self._settings, ask_remote=self._wish.value)
        try:
            save(self._places.settings_file, self._settings)
        except OSError as error:
            click.echo(f"Your answer could not be kept ({error}); it holds for this time.", err=True)
        return allowed


def _query(name: str, at_s: float | None, seconds: float | None) -> Query:
    """What a file is searched for: a picture, or the moments of a clip and the picture in their middle."""
    asked = read_query(name, at_s, seconds)
    if isinstance(asked, Picture):
        return Query(asked, name)
    return Query(asked.middle.picture, name, moments=None if asked.still else asked)


def on_terminal() -> bool:
    """Whether there is somebody to ask."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _status(outcome: Outcome) -> int:
    if any(hit.is_match for hit in outcome.hits):
        return ALL_FOUND
    return SOME_ERROR if outcome.error else SOME_WITHOUT_MATCH


def _tell_waiting(waiting: Waiting) -> None:
    """Count down on a terminal."""
    if sys.stderr.isatty():
        left = "" if waiting.left_s is None else f" {waiting.left_s:.0f} s"
        click.echo(f"\r\x1b[K{waiting.why}{left}", nl=False, err=True)


def _clear_waiting() -> None:
    if sys.stderr.isatty():
        click.echo("\r\x1b[K", nl=False, err=True)
