"""`scenelens`: passes its wish to a running instance, or becomes one."""

from __future__ import annotations

import sys

from desktop.start import doorway


def main() -> None:
    """Start.  A later start ends in the first lines, before anything heavy is loaded."""
    if sys.argv[1:2] == ["search"]:  # needs neither Qt nor a display
        from desktop.start.search_command import search
        from index_tools.cli import run

        run(search, "scenelens search", sys.argv[2:])
    is_integrating = sys.argv[1:2] == ["integrate"]
    wish = None if is_integrating else doorway.pass_by(sys.argv[1:])
    if isinstance(wish, int):
        sys.exit(wish)
    from desktop.start import early

    early.prepare()
    if wish is not None:
        from desktop.start.launch import open_window

        sys.exit(open_window(wish))
    if is_integrating:
        from desktop.start.integrating import integrate

        integrate(sys.argv[2:], prog_name="scenelens integrate")
    else:
        from desktop.start.command import command

        command(prog_name="scenelens")


if __name__ == "__main__":
    main()
