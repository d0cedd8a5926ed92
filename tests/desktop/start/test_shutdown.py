from __future__ import annotations

from collections.abc import Callable

from desktop.start.shutdown import Shutdown, Step


def test_steps_run_once_in_order_whatever_fails(expected_log: Callable[[str], None]) -> None:
    done: list[str] = []

    def fail() -> None:
        done.append("second")
        raise OSError("no")

    shutdown = Shutdown((
        Step("first", lambda: done.append("first")),
        Step("second", fail),
        Step("third", lambda: done.append("third")),
    ))  # fmt: skip
    expected_log("Leaving: second failed")
    begun = [shutdown.begun]
    shutdown.run()
    shutdown.run()
    begun.append(shutdown.begun)
    assert begun == [False, True]
    assert done == ["first", "second", "third"]
    assert shutdown.failures == ["second"]
