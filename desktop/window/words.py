"""Times, counts and likelihoods in words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QLocale

from desktop.library.own_pack import Added, Indexing
from index_tools.nouns import Match, Video

translate = QCoreApplication.translate

#: Color layouts of this similarity are of nearly the same picture.
ALIKE = 0.95


def clock(seconds: float) -> str:
    """Give a time as h:mm:ss, cut to the second as film players do."""
    whole = max(int(seconds + 1e-6), 0)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def span(match: Match) -> str:
    """Give the time range of a scene."""
    start, end = clock(match.start_s), clock(match.end_s)
    return start if start == end else f"{start} – {end}"


def duration(seconds: float) -> str:
    """Give a length roughly: "40 s", "12 min", "3.5 h"."""
    if seconds < 90:
        return translate("words", "{0} s").format(round(seconds))
    if seconds < 5400:
        return translate("words", "{0} min").format(round(seconds / 60))
    return translate("words", "{0} h").format(QLocale().toString(seconds / 3600, "f", 1))


def rate(fps: float) -> str:
    """Give frames a second: "23.976 frames/s"."""
    number = QLocale().toString(round(fps, 3), "g", 5)
    return translate("words", "{0} frames/s").format(number)


def count(number: int) -> str:
    """Give a number with the locale's separators."""
    return QLocale().toString(number)


def films(number: int) -> str:
    """Give "1 film", "12 films"."""
    return (
        translate("words", "1 film") if number == 1 else translate("words", "{0} films").format(count(number))
    )


def frames(number: int) -> str:
    """Give "1 frame", "12 frames"."""
    return (
        translate("words", "1 frame")
        if number == 1
        else translate("words", "{0} frames").format(count(number))
    )


def similar(similarity: float) -> str:
    """Give a similarity 0..1 as a number; never rounded up to 100 %."""
    return translate("words", "{0} % similar").format(QLocale().toString(int(similarity * 1000) / 10, "f", 1))


def sure(confidence: float) -> str:
    """Give a probability 0..1 that a match is right; nothing is quite certain."""
    return translate("words", "{0} % sure").format(QLocale().toString(min(int(confidence * 100), 99)))


def verdict(match: Match) -> str:
    """Say in words what a match found here is.

    Of an edited picture colors say little, its features tell the scene.
    """
    if not match.is_match:
        return translate("words", "Only a guess")
    return closeness(match.similarity) if match.similarity >= ALIKE else translate("words", "Same scene")


def closeness(similarity: float) -> str:
    """Say in words how close a claimed match is, by its similarity 0..1."""
    if similarity >= 0.985:
        return translate("words", "Same frame")
    if similarity >= ALIKE:
        return translate("words", "Very close")
    return translate("words", "Close")


def episode(video: Video) -> str:
    """Give season and episode, "" for a film."""
    parts = []
    if video.season is not None:
        parts.append(translate("words", "Season {0}").format(video.season))
    if video.episode:
        parts.append(translate("words", "Episode {0}").format(video.episode))
    return " · ".join(parts)


def short_episode(video: Video) -> str:
    """Give season and episode where there is little room: "S1 E05", "E26"."""
    parts = []
    if video.season is not None:
        parts.append(translate("words", "S{0}").format(video.season))
    if video.episode:
        parts.append(translate("words", "E{0}").format(video.episode))
    return " ".join(parts)


def title(video: Video) -> str:
    """Give the title, or the file's name where none is known."""
    return video.title or video.file_name


def film(video: Video) -> str:
    """Give a film of the library: title, episode, length."""
    parts = [title(video), episode(video), duration(video.duration_s)]
    return " · ".join(part for part in parts if part)


def as_text(match: Match) -> str:
    """Give a result to share: title, episode, time, how sure it is."""
    parts = [title(match.video), episode(match.video), span(match), sure(match.confidence)]
    return " · ".join(part for part in parts if part)


def added(result: Added) -> str:
    """Say what came of adding films."""
    if result.stopped:
        return translate("words", "Stopped. Add the same films to go on: what was finished is kept.")
    if not result.films and not result.skipped:
        return translate("words", "No film was added: those are in your library already.")
    new = (
        translate("words", "1 film was added")
        if result.films == 1
        else translate("words", "{0} films were added").format(result.films)
    )
    if not result.skipped:
        searchable = translate("words", "{0} and can be searched now.").format(new)
        return _with_first(searchable, result.warnings)
    path, reason = result.skipped[0]
    left_out = translate("words", "{0}. {1} was left out: {2}").format(new, path.name, reason)
    more = len(result.skipped) - 1
    text = translate("words", "{0} So were {1} more.").format(left_out, more) if more else left_out
    return _with_first(text, result.warnings)


def _with_first(text: str, warnings: Sequence[str]) -> str:
    """Add the first of some sentences, and how many there are beyond it."""
    if not warnings:
        return text
    text = f"{text} {warnings[0]}"
    more = len(warnings) - 1
    return translate("words", "{0} (and {1} more like this)").format(text, more) if more else text


def indexing(state: Indexing) -> str:
    """Say how an indexing goes: what, how fast, how long."""
    if state.stopping:
        return translate("words", "Stopping; finished films are kept")
    if state.writing:
        return translate("words", "Writing the library")
    parts = [state.step or translate("words", "Getting ready to read the films")]
    if state.files_total > 1:
        parts.append(translate("words", "{0} of {1}").format(state.files_done, state.files_total))
    if state.times_real > 0:
        parts.append(
            translate("words", "{0} × real time").format(QLocale().toString(state.times_real, "f", 0))
        )
    if state.left_s is not None:
        parts.append(translate("words", "{0} left").format(duration(state.left_s)))
    return " · ".join(parts)
