"""The command line of `scenelens`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from desktop.start import doorway, request


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("given", nargs=-1, metavar="[FILE | LINK]...")
@click.option("--show", "verb", flag_value="show", default="show", help="Bring the window to the front.")
@click.option(
    "--capture", "verb", flag_value="capture", help="Mark a part of the screen and search what is in it."
)
@click.option(
    "--capture-again", "verb", flag_value="capture-again", help="Search the same place of the screen again."
)
@click.option(
    "--search-clipboard", "verb", flag_value="search-clipboard", help="Search what was copied last."
)
@click.option("--background", "verb", flag_value="background", help="Wait in the tray, without a window.")
@click.option("--doctor", is_flag=True, help="Say what works on this machine and what to install.")
@click.option(
    "--self-test", is_flag=True, help="Search the demo, play its scene, leave; exit 0 if all worked."
)
@click.option("--bench", is_flag=True, help="Measure the window with the demo and print JSON.")
@click.option("--demo", is_flag=True, help="Search a sample picture at once.")
@click.option("--screenshot", type=click.Path(path_type=Path, dir_okay=False),
              help="Search the demo, save a picture of the window with its scene, leave.")  # fmt: skip
@click.option("--theme", type=click.Choice(["dark", "light"]), help="Colours for --screenshot.")
@click.version_option(package_name="scenelens")
def command(
    given: tuple[str, ...],
    verb: request.Verb,
    doctor: bool,
    self_test: bool,
    bench: bool,
    demo: bool,
    screenshot: Path | None,
    theme: str | None,
) -> None:
    """Find which film, episode and second a picture comes from, and play the scene.

    FILEs are pictures, GIFs and videos to search, or packs to open; a LINK is the address of a picture or
    a scenelens: link.  Where SceneLens runs already, it is told what to do.

    `scenelens search PICTURE` answers in the shell; `scenelens integrate` enters SceneLens in the menus of
    the desktop and of file managers.  Both have a --help of their own.
    """
    from desktop.start import launch

    if doctor:
        code = launch.examine_machine()
    elif self_test or screenshot is not None:
        code = launch.show_demo(screenshot, theme or "dark")
    elif bench:
        code = launch.measure()
    else:
        try:
            wish = request.make(verb, given)
        except request.RequestError as error:
            raise click.ClickException(str(error)) from error
        passed = doorway.enter(wish)
        code = launch.open_window(wish, demo=demo) if passed is None else passed
    sys.exit(code)
