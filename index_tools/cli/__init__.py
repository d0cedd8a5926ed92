"""The command `scenelens-index`: one thin file a sub-command, each loaded only when it is asked for.

JSON and answers go to stdout, everything else to stderr.  An error that SceneLens can explain is one
sentence on stderr and exit status 2; work stopped by Ctrl+C ends with 130.
"""

from __future__ import annotations

import importlib
import multiprocessing
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from index_tools import __version__
from index_tools.errors import Cancelled, SceneLensError

#: Name of each sub-command -> where it lies.
COMMANDS = {
    "describe": "index_tools.cli.describe:describe",
    "build": "index_tools.cli.build:build",
    "add": "index_tools.cli.add:add",
    "remove": "index_tools.cli.remove:remove",
    "info": "index_tools.cli.info:info",
    "verify": "index_tools.cli.verify:verify",
    "search": "index_tools.cli.search:search",
    "evaluate": "index_tools.cli.evaluate:evaluate",
    "calibrate": "index_tools.cli.calibrate:calibrate",
    "bench": "index_tools.cli.bench:bench",
}
ERROR, STOPPED = 2, 130


class LazyGroup(click.Group):
    """A group that imports a sub-command when it is called or its help is shown."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The sub-command, imported now; None if there is none of that name."""
        if cmd_name not in COMMANDS:
            return None
        module, _, name = COMMANDS[cmd_name].partition(":")
        command = getattr(importlib.import_module(module), name)
        if not isinstance(command, click.Command):
            raise TypeError(f"{COMMANDS[cmd_name]} is not a command")
        return command


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="scenelens-index")
def commands() -> None:
    """Index films into scene packs, and find the scenes that pictures come from."""


def main() -> None:
    """Run the command line of this process and exit with its status."""
    run(commands, "scenelens-index")


def run(command: click.Command, name: str, words: Sequence[str] | None = None) -> NoReturn:
    """Run a command called `name` and exit with its status; what SceneLens can explain is a sentence."""
    multiprocessing.freeze_support()
    _speak_utf8()
    try:
        status = command.main(words, prog_name=name, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        status = ERROR
    except click.Abort:
        status = STOPPED
    except Cancelled as error:
        click.echo(str(error), err=True)
        status = STOPPED
    except SceneLensError as error:
        click.echo(str(error), err=True)
        status = ERROR
    except OSError as error:
        if error.filename is not None:
            raise
        from index_tools.pack.durable import reason

        _silence()
        click.echo(f"The output could not be written: {reason(error)}.", err=True)
        status = ERROR
    except SystemExit:
        # so leave click and Rich, and nothing else here, when the reader of the output has gone
        _silence()
        status = ERROR
    sys.exit(status)


def _silence() -> None:
    """Let what is still to be written to stdout go nowhere, at exit too."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _speak_utf8() -> None:
    """JSON is UTF-8 whatever the locale; file names that are no text pass through as they are."""
    for stream, errors in ((sys.stdout, "surrogateescape"), (sys.stderr, "backslashreplace")):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors=errors)
