"""`scenelens-index describe`: the color layout of pictures."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import numpy as np
from numpy.typing import NDArray

from index_tools.descriptors import color_layout
from index_tools.errors import SceneLensError
from index_tools.picture import Picture, is_picture_name, read_picture


@click.command()
@click.argument("pictures", metavar="PICTURE…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option(
    "--raw", is_flag=True, help="Take the pixels as they are; without it a picture is fitted into 320 × 320."
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@click.pass_context
def describe(context: click.Context, pictures: tuple[Path, ...], raw: bool, as_json: bool) -> None:
    """Print the 33 values by which trace.moe compares pictures.

    Of an animation or a video the first frame is taken.  A picture that cannot be read gives a line that
    says why, the others are answered, and the exit status is 2.
    """
    show = _show_json if as_json else _show_table
    context.exit(2 if show(_described(pictures, raw)) else 0)


Described = tuple[Path, NDArray[np.uint8] | SceneLensError]


def _described(pictures: tuple[Path, ...], raw: bool) -> Iterator[Described]:
    for path in pictures:
        try:
            rgb = _read(path).rgb
            yield path, color_layout.describe(rgb if raw else color_layout.fit_for_query(rgb))
        except SceneLensError as error:
            yield path, error


def _read(path: Path) -> Picture:
    """The picture in a file; of a video its first frame."""
    if not is_picture_name(path):
        from index_tools.film import is_film_name, read_frame  # loads the video library

        if is_film_name(path):
            return read_frame(path, 0.0)
    return read_picture(path)


def _show_json(results: Iterator[Described]) -> int:
    """Print one object a line as soon as it is known; returns the number of errors."""
    errors = 0
    for path, result in results:
        line: dict[str, object] = {"query": str(path)}
        if isinstance(result, SceneLensError):
            line["error"] = str(result)
            errors += 1
        else:
            line["color_layout"] = result.tolist()
            line["color_layout_base64"] = color_layout.encode_base64(result)
        click.echo(json.dumps(line, ensure_ascii=False))
    return errors


def _show_table(results: Iterator[Described]) -> int:
    """Print a table of what could be read and, on the error stream, a sentence for each of the others."""
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    table = Table("picture", "Y", "Cb", "Cr", Column("base64", no_wrap=True))
    errors = 0
    for path, result in results:
        if isinstance(result, SceneLensError):
            click.echo(str(result), err=True)
            errors += 1
        else:
            parts = (result[:21], result[21:27], result[27:])
            numbers = [" ".join(str(value) for value in part.tolist()) for part in parts]
            table.add_row(Text(str(path)), *numbers, color_layout.encode_base64(result))
    if table.row_count:
        # a pipe has no width: nothing is wrapped there
        Console(width=None if sys.stdout.isatty() else 240).print(table)
    return errors
