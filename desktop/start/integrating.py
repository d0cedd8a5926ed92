"""`scenelens integrate`: enters SceneLens in the menus of the desktop and of file managers, or removes it."""

from __future__ import annotations

import sys

import click

from desktop.start.own_command import own_command
from desktop.system.integrate import Place, choose
from desktop.system.platform import find_platform


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--remove", is_flag=True, help="Remove all of it without a trace.")
@click.option("--list", "only_list", is_flag=True, help="Say what is entered, and change nothing.")
def integrate(remove: bool, only_list: bool) -> None:
    """Enter “Find this scene” for pictures, GIFs and videos, and scenelens: links, for this user alone.

    Nothing is entered before this is called, and what other programs entered is left as it is.
    """
    failed = False
    for handler in choose(find_platform(), own_command(), Place.of_user()):
        try:
            if only_list:
                done = "entered" if handler.is_installed() else "not entered"
            elif remove:
                done = "removed" if handler.remove() else "was not there"
            else:
                handler.install()
                done = "entered"
        except OSError as error:
            failed, done = True, f"failed: {error}"
        click.echo(f"{handler.name}: {done}")
        if handler.remark and not remove:
            click.echo(f"    {handler.remark}")
    sys.exit(1 if failed else 0)
