"""A log record of WARNING or above that no test announced fails the test (after qutebrowser's logfail)."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterator

import pytest

#: Announces log records by a regular expression that is searched in "logger: message".
ExpectLog = Callable[[str], None]

#: Loggers of others that speak of what our tests do on purpose.
NOT_OURS = ("libav", "faulthandler", "asyncio")


class LogWatch(logging.Handler):
    """Collects the records of one test and knows which were announced."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []
        self.expected: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Note a record."""
        if not record.name.startswith(NOT_OURS):
            self.lines.append(f"{record.name}: {record.getMessage()}")

    def problems(self) -> list[str]:
        """Records that were not announced, announcements that did not come true."""
        unexpected = [line for line in self.lines if not any(re.search(p, line) for p in self.expected)]
        missing = [p for p in self.expected if not any(re.search(p, line) for line in self.lines)]
        return [f"logged, not expected: {line}" for line in unexpected] + [
            f"expected, not logged: {pattern}" for pattern in missing
        ]


@pytest.fixture(autouse=True)
def log_watch(leave_nothing_running: None) -> Iterator[LogWatch]:
    """Watch the root logger during the test."""
    watch = LogWatch()
    logging.getLogger().addHandler(watch)
    yield watch
    logging.getLogger().removeHandler(watch)
    problems = watch.problems()
    if problems:
        pytest.fail("\n".join(problems), pytrace=False)


@pytest.fixture
def expected_log(log_watch: LogWatch) -> ExpectLog:
    """Announce log records of WARNING or above."""
    return log_watch.expected.append
