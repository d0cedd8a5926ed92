"""Options that several commands take."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from index_tools.build import NameOverrides

_Command = Callable[..., Any]
#: No film in a pack is longer, in seconds (some 115 days).
LONGEST_S = 1e7

_INDEXING = (
    click.option("--title", help="The series' or film's title, instead of the one in the file names."),
    click.option(
        "--season", type=click.IntRange(0, 9999), help="The season, instead of the one in the file names."
    ),
    click.option("--episode", help="The episode; only for a single file."),
    click.option(
        "--anilist",
        type=click.IntRange(1, 2**31 - 1),
        metavar="N",
        help="The number of the series at AniList.",
    ),
    click.option(
        "--workers", type=click.IntRange(1, 256), help="Films indexed at a time; by default one a core."
    ),
    click.option("--thumbnails/--no-thumbnails", default=None, help="Keep one small picture a shot."),
    click.option(
        "--proxies/--no-proxies",
        default=True,
        help="Keep a small video of each film and vectors of parts of its frames beside the pack, some 30 MB "
        "an hour, to look pictures up in.",
    ),
    click.option("--gentle", is_flag=True, help="Leave the processor to other programs first."),
    click.option("--json", "as_json", is_flag=True, help="Print the report as one line of JSON."),
)


class Number(click.FloatRange):
    """A number in a range, as `click.FloatRange` that also refuses what is no number."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number in `value`; fails for NaN, which no range excludes."""
        number = float(super().convert(value, param, ctx))
        if math.isnan(number):
            self.fail(f"{value!r} is not a number.", param, ctx)
        return number


_ASKED_FOR = (
    click.option(
        "--at",
        "at_s",
        default=None,
        type=Number(0, LONGEST_S),
        help="Of a GIF or video search the frame shown at this second alone, not the whole clip.",
    ),
    click.option(
        "--seconds",
        default=None,
        type=Number(0, min_open=True),
        help="Of a video search so many seconds (30 at most) from --at on, or from its start, as a clip.",
    ),
    click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line for each picture."),
    click.argument("pictures", type=str, nargs=-1, required=True, metavar="PICTURE..."),
)


def indexing_options(command: _Command) -> _Command:
    """Give a command the options of everything that indexes films."""
    return _with(_INDEXING, command)


def asked_for(command: _Command) -> _Command:
    """Give a command what says which pictures are searched, and the form of the answer."""
    return _with(_ASKED_FOR, command)


def said(
    sources: tuple[Path, ...], title: str | None, season: int | None, episode: str | None, anilist: int | None
) -> NameOverrides:
    """What was said of the videos; an episode is refused for more than one file."""
    from index_tools.build import NameOverrides

    if episode is not None and (len(sources) != 1 or sources[0].is_dir()):
        raise click.UsageError("--episode names a single file; several files cannot be the same episode.")
    ids = {} if anilist is None else {"anilist": str(anilist)}
    return NameOverrides(title=title, season=season, episode=episode, ids=ids)


def _with(options: Sequence[Callable[[_Command], _Command]], command: _Command) -> _Command:
    for option in reversed(options):
        command = option(command)
    return command
