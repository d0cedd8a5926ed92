"""The very first step of a start: be the one instance, or pass the wish on and end.

Runs before click, Qt and everything else is loaded, so that a later start takes a tenth of a second.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from desktop.start import instance
from desktop.start.hand_over import hand_over
from desktop.start.request import Request, RequestError, from_words

#: Two processes may see each other end; more often than this something is wrong.
ROUNDS = 5

#: Exit code of a start whose wish the running instance did not take.
NOT_TAKEN = 3

_held: instance.Claim | None = None


def pass_by(words: Sequence[str]) -> Request | int | None:
    """Try to pass the words of the command line on: the exit code when that was all there is to do.

    Gives the request when this is the first start, with the lock held; None where the words ask for
    something else than the running instance.
    """
    try:
        request = from_words(words)
    except RequestError as error:
        sys.stderr.write(f"{error}\n")
        return NOT_TAKEN
    if request is None:
        return None
    code = enter(request)
    return request if code is None else code


def enter(request: Request) -> int | None:
    """Take the lock, or pass the request on: None with the lock held, else the exit code."""
    global _held
    if _held is not None:
        return None
    from desktop.start.places import find_places

    data = find_places().data
    for _ in range(ROUNDS):
        try:
            _held = instance.claim(data)
        except OSError as error:
            sys.stderr.write(f"No lock can be kept, since {data} cannot be written ({error}).\n")
            return None
        if _held is not None:
            return None
        try:
            problem = hand_over(request, data)
        except ConnectionAbortedError:
            continue  # it ended meanwhile
        if problem:
            sys.stderr.write(f"{problem}\n")
        return NOT_TAKEN if problem else 0
    sys.stderr.write("SceneLens could neither start nor reach a running one. Try again in a moment.\n")
    return NOT_TAKEN


def holds_lock() -> bool:
    """Whether this process is the one instance."""
    return _held is not None


def leave() -> None:
    """Give the lock back, as the last act of leaving."""
    global _held
    if _held is not None:
        _held.release()
        _held = None
