"""`scenelens`: opens the window, or examines, tests and measures itself."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from desktop.start import early


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
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
    files: tuple[Path, ...],
    doctor: bool,
    self_test: bool,
    bench: bool,
    demo: bool,
    screenshot: Path | None,
    theme: str | None,
) -> None:
    """Find which film, episode and second a picture comes from, and play the scene.

    FILES are pictures, GIFs and videos to search, or packs to open.

    `scenelens search PICTURE...` searches from the shell, without a window.
    """
    from desktop.start import launch

    if doctor:
        code = launch.examine_machine()
    elif self_test or screenshot is not None:
        code = launch.show_demo(screenshot, theme or "dark")
    elif bench:
        code = launch.measure()
    else:
        code = launch.open_window(files, demo=demo)
    sys.exit(code)


def main() -> None:
    """Start."""
    if sys.argv[1:2] == ["search"]:  # needs neither Qt nor a display
        from desktop.start.search_command import search
        from index_tools.cli import run

        run(search, "scenelens search", sys.argv[2:])
    early.prepare()
    command()


if __name__ == "__main__":
    main()
