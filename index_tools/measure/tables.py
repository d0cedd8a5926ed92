"""The figures of `evaluate` as tables for people: rows of text, and Markdown of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Rows = list[tuple[str, ...]]

#: What the columns of the searchers are called that are measured beside the product.
_BESIDE = {"color_layout": "color layout alone", "scene_embedding": "embedding alone"}
_PRODUCT = (
    "product", "95 %", "right among 10", "claimed right", "claimed wrong", "false matches",
    "localisation, frames (median / p95)", "s (p95)",
)  # fmt: skip


def table(figures: Mapping[str, Any]) -> tuple[tuple[str, ...], Rows]:
    """Heading and rows, classes first, then groups: recall@1 of each searcher, then all of the product."""
    beside: Mapping[str, Any] = figures.get("beside", {})
    heading = ["class"]
    for name in beside:
        heading += [_BESIDE.get(name, name), "right among 10"]
    rows: Rows = []
    for kind, before in (("classes", ""), ("groups", "group ")):
        for name, summary in figures[kind].items():
            row = [f"{before}{name}"]
            for other in beside.values():
                row += [percent(other[kind][name][key]) for key in ("recall_at_1", "recall_at_10")]
            rows.append((*row, *_of_product(summary)))
    return (*heading, *_PRODUCT), rows


def totals(figures: Mapping[str, Any]) -> tuple[tuple[str, ...], Rows]:
    """Heading and a row for each searcher: claims, reliability and time over all that was asked."""
    rows: Rows = []
    systems = {"product": figures, **figures.get("beside", {})}
    for name, system in systems.items():
        times, until, kept = system["search_elapsed_ms"], system["reranked_ms"], system["reliability"]
        classes = system["classes"].values()
        rows.append((
            _BESIDE.get(name, name),
            percent(_mean(classes, "claimed_and_right")),
            percent(_mean(classes, "claimed_but_wrong")),
            percent(_mean(classes, "false_matches")),
            number(kept["brier"], 3),
            number(kept["ece"], 3),
            f"{number(until['median'])} / {number(until['p95'])}",
            f"{number(times['median'])} / {number(times['p95'])}",
        ))  # fmt: skip
    heading = (
        "over all classes", "claimed right", "claimed wrong", "false matches", "Brier score",
        "calibration error", "re-ranked after ms (median / p95)", "exact after ms (median / p95)",
    )  # fmt: skip
    return heading, rows


def bins(figures: Mapping[str, Any]) -> tuple[tuple[str, ...], Rows]:
    """Heading and a row for each bin of confidence that holds any match of the product."""
    rows: Rows = [
        (
            f"{percent(entry['from'], 0)}–{percent(entry['to'], 0)}",
            percent(entry["confidence"]),
            percent(entry["right"]),
            str(entry["n"]),
        )
        for entry in figures["reliability"]["bins"]
        if entry["n"]
    ]
    return ("confidence", "mean", "right", "matches"), rows


def clip_table(figures: Mapping[str, Any]) -> tuple[tuple[str, ...], Rows]:
    """Heading and a row for each class: a frame alone, the clip around it, and where the clip was placed."""
    rows: Rows = []
    for name, summary in figures["clips"].items():
        frame, clip = summary["frame"], summary["clip"]
        start, end = summary["start_error_s"], summary["end_error_s"]
        rows.append((
            name,
            *(percent(frame[key]) for key in ("recall_at_1", "claimed_and_right", "claimed_but_wrong")),
            *(percent(clip[key]) for key in ("recall_at_1", "claimed_and_right", "claimed_but_wrong")),
            f"{percent(frame['false_matches'])} / {percent(clip['false_matches'])}",
            f"{number(start['median'], 2)} / {number(end['median'], 2)}",
            f"{number(summary['frame_ms']['median'], 0)} / {number(summary['clip_ms']['median'], 0)}",
        ))  # fmt: skip
    heading = (
        "class", "frame", "claimed right", "claimed wrong", "clip", "claimed right", "claimed wrong",
        "false matches (frame / clip)", "start / end off by s (median)", "ms (frame / clip)",
    )  # fmt: skip
    return heading, rows


def as_markdown(heading: Sequence[str], rows: Rows) -> str:
    """A table in Markdown."""
    lines = ["| " + " | ".join(heading) + " |", "| --- " * len(heading) + "|"]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)])


def percent(value: float | None, decimals: int = 1) -> str:
    """A share 0..1 in percent, empty where it is unknown."""
    return "" if value is None else f"{100 * value:.{decimals}f}"


def number(value: float | None, decimals: int = 1) -> str:
    """A number, empty where it is unknown."""
    return "" if value is None else f"{value:.{decimals}f}"


def _of_product(summary: Mapping[str, Any]) -> tuple[str, ...]:
    interval = summary["recall_at_1_ci95"]
    frames, seconds = summary["localisation_frames"], summary["localisation_s"]
    return (
        percent(summary["recall_at_1"]),
        f"{percent(interval[0])}–{percent(interval[1])}",
        percent(summary["recall_at_10"]),
        percent(summary["claimed_and_right"]),
        percent(summary["claimed_but_wrong"]),
        percent(summary["false_matches"]),
        f"{number(frames['median'])} / {number(frames['p95'])}",
        number(seconds["p95"], 2),
    )


def _mean(summaries: Any, key: str) -> float | None:
    known = [summary[key] for summary in summaries if summary[key] is not None]
    return sum(known) / len(known) if known else None
