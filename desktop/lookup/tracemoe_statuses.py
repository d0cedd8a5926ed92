"""Telling the answers of trace.moe that are no results apart, by the table of `service_facts`."""

from __future__ import annotations

import email.utils
import json
import time

from desktop.lookup import service_facts as facts
from desktop.lookup.exchange import Reply
from desktop.lookup.service_errors import RemoteError, Trouble

#: Whoever asks us to wait longer than this is not waited for; the sentence says how long it is.
LONGEST_WAIT_S = 90.0


def row_of(reply: Reply, endpoint: facts.Endpoint) -> facts.Status | None:
    """The row of the table that fits an answer; None where the table has none."""
    words, has_quota = _said(reply)
    form: facts.Form = "json" if words is not None else "html" if _is_html(reply) else "text"
    for row in facts.STATUSES:
        if (
            row.endpoint in ("any", endpoint)
            and row.first <= reply.status <= row.last
            and row.form in ("any", form)
            and (not row.starts or (words or "").startswith(row.starts))
            and row.has_quota in (None, has_quota)
        ):
            return row
    return None


def failure(reply: Reply, endpoint: facts.Endpoint) -> RemoteError:
    """The error that an answer of 400 or above stands for."""
    row = row_of(reply, endpoint)
    if row is None:
        return RemoteError(
            f"trace.moe answered {reply.status}, which SceneLens does not know. What is found here is not "
            "touched by that; try again later, or update SceneLens if this stays.",
            Trouble.NOT_UNDERSTOOD,
        )
    wait_s = retry_after_s(reply) if row.trouble is Trouble.TOO_MANY else row.wait_s or None
    if is_crash(reply, endpoint):
        wait_s = facts.CRASH_REST_S
    return RemoteError(row.sentence, row.trouble, wait_s)


def is_crash(reply: Reply, endpoint: facts.Endpoint) -> bool:
    """Whether the service broke over a search and may go on counting it as running (section 6, 3)."""
    return endpoint == "search" and reply.status == 500 and _said(reply)[0] is None


def retry_after_s(reply: Reply) -> float:
    """Seconds to wait by `Retry-After`, a number or a date; those of a whole window where it is missing."""
    given = reply.headers.get(facts.RETRY_HEADER, "").strip()
    if given.isascii() and given.isdecimal() and len(given) < 9:
        return max(1.0, float(given))
    try:
        moment = email.utils.parsedate_to_datetime(given).timestamp()
    except (ValueError, TypeError, OverflowError):
        return facts.WINDOW_S
    return max(1.0, moment - time.time())


def window_left(reply: Reply) -> tuple[int, float] | None:
    """Requests that are left this minute and the seconds until it ends, where the headers say."""
    remaining, reset = (reply.headers.get(name, "") for name in (facts.REMAINING_HEADER, facts.RESET_HEADER))
    if not all(one.isascii() and one.isdecimal() and len(one) < 7 for one in (remaining, reset)):
        return None
    return int(remaining), min(float(reset), facts.WINDOW_S)


def _said(reply: Reply) -> tuple[str | None, bool]:
    """The JSON's `error` and whether it has `quota`; None where the body is no such JSON."""
    try:
        value = json.loads(reply.body[: 64 * 1024])
    except (ValueError, RecursionError):
        return None, False
    if not isinstance(value, dict) or not isinstance(value.get("error"), str):
        return None, False
    return value["error"], "quota" in value


def _is_html(reply: Reply) -> bool:
    """Whether the body is a page; the plain sentences of the service come as text/html too."""
    return reply.body[:512].lstrip()[:1] == b"<"
