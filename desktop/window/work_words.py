"""What is known of a work, in words: kind, dates, season."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QDate, QLocale

from desktop.state.work import Day, Work

translate = QCoreApplication.translate


def kind(work: Work) -> str:
    """Give format, episodes and length: "TV · 12 episodes of 24 min"."""
    formats = {
        "TV": translate("work", "TV"),
        "TV_SHORT": translate("work", "TV short"),
        "MOVIE": translate("work", "Film"),
        "SPECIAL": translate("work", "Special"),
        "OVA": translate("work", "OVA"),
        "ONA": translate("work", "ONA"),
        "MUSIC": translate("work", "Music video"),
    }
    parts = [
        formats.get(work.format, work.format.replace("_", " ").capitalize()),
        _length(work),
        _season(work),
    ]
    return " · ".join(part for part in parts if part)


def aired(work: Work) -> str:
    """Give the dates of airing: "4 Oct 2019 – 20 Dec 2019", "" where none is known."""
    if work.start is None and work.end is None:
        return translate("work", "Not yet released") if work.status == "NOT_YET_RELEASED" else ""
    start = day(work.start) if work.start else "?"
    if work.end is None:
        return translate("work", "{0} –").format(start) if work.status == "RELEASING" else start
    return start if work.end == work.start else f"{start} – {day(work.end)}"


def day(date: Day) -> str:
    """Give a date as the locale writes it, as far as it is known."""
    locale = QLocale()
    if date.month is None:
        return str(date.year)
    if date.day is None:
        return f"{locale.standaloneMonthName(date.month, QLocale.FormatType.ShortFormat)} {date.year}"
    return locale.toString(QDate(date.year, date.month, date.day), "d MMM yyyy")


def _length(work: Work) -> str:
    if work.episodes is None or (work.episodes == 1 and work.format == "MOVIE"):
        return translate("work", "{0} min").format(work.minutes) if work.minutes else ""
    number = (
        translate("work", "1 episode")
        if work.episodes == 1
        else translate("work", "{0} episodes").format(work.episodes)
    )
    return translate("work", "{0} of {1} min").format(number, work.minutes) if work.minutes else number


def _season(work: Work) -> str:
    seasons = {
        "WINTER": translate("work", "Winter"),
        "SPRING": translate("work", "Spring"),
        "SUMMER": translate("work", "Summer"),
        "FALL": translate("work", "Autumn"),
    }
    name, year = seasons.get(work.season, ""), str(work.season_year or "")
    return " ".join(part for part in (name, year) if part)
