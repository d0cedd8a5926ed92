"""`scenelens-index verify`: is every byte of a pack as it should be?"""

from __future__ import annotations

import json
from pathlib import Path

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help='Print {"pack", "ok", "problems"} as one line of JSON.')
@click.argument("pack", type=click.Path(path_type=Path))
@click.pass_context
def verify(context: click.Context, pack: Path, as_json: bool) -> None:
    """Read all of PACK again and say "ok", or what is wrong, one line a problem.

    Exit status: 0 sound, 2 damaged, of an unknown version, or no pack at all.
    """
    from index_tools.pack import verify_pack

    problems = verify_pack(pack)
    if as_json:
        click.echo(
            json.dumps({"pack": str(pack), "ok": not problems, "problems": problems}, ensure_ascii=False)
        )
    else:
        click.echo("\n".join(problems) or "ok")
    context.exit(2 if problems else 0)
