"""`scenelens`: passes its wish to a running instance, or becomes one."""

from __future__ import annotations

import sys

from desktop.start import doorway


def main() -> None:
    """Start.  A later start ends in the first line, before anything heavy is loaded."""
    code = doorway.pass_by(sys.argv[1:])
    if code is not None:
        sys.exit(code)
    from desktop.start import early

    early.prepare()
    if sys.argv[1:2] == ["integrate"]:
        from desktop.start.integrating import integrate

        integrate(sys.argv[2:], prog_name="scenelens integrate")
    else:
        from desktop.start.command import command

        command(prog_name="scenelens")


if __name__ == "__main__":
    main()
