"""The titles that the stand-ins know, in AniList's own form.  Numbers and names are invented."""

from __future__ import annotations

from typing import Any

#: The film of the demo; parts of it again as an episode of a series, as a joined file of an adult work, as
#: a file of a number without record; and a title without any file.
FILM, SERIES, ADULT, NAMELESS, FILELESS = 900001, 900002, 900003, 900004, 900005


def records(base: str) -> dict[int, dict[str, Any]]:
    """AniList number -> record.  `base` is the address of the server that has the covers."""
    made = [
        _record(base, FILM, "ビッグ・バック・バニー", "Big Buck Bunny", "Big Buck Bunny", "大雄兔",
                format="MOVIE", episodes=1, duration=10, season="SPRING", seasonYear=2008,
                synonyms=["Peach", "BBB"], startDate=_date(2008, 5, 30), endDate=_date(2008, 5, 30)),
        _record(base, SERIES, "うさぎ物語", "Usagi Monogatari", None, "兔子物語",
                format="TV", episodes=12, duration=24, season="FALL", seasonYear=2019,
                synonyms=["Bunny Tales"], startDate=_date(2019, 10, 4), endDate=_date(2019, 12, 20)),
        _record(base, ADULT, "夜のうさぎ", "Yoru no Usagi", "Night Rabbit", None, isAdult=True,
                format="OVA", episodes=2, duration=28, startDate=_date(2021, None, None)),
        _record(base, FILELESS, "まだないうさぎ", "Mada Nai Usagi", None, None, format="TV",
                status="NOT_YET_RELEASED", episodes=None, duration=None, startDate=_date(None, None, None)),
    ]  # fmt: skip
    return {record["id"]: record for record in made}


def _record(
    base: str,
    number: int,
    native: str | None,
    romaji: str | None,
    english: str | None,
    chinese: str | None,
    **more: Any,
) -> dict[str, Any]:
    titles = {"native": native, "romaji": romaji, "english": english, "chinese": chinese}
    return {
        "id": number,
        "idMal": number - 800000,
        "title": titles,
        "type": "ANIME",
        "format": "TV",
        "status": "FINISHED",
        "startDate": _date(None, None, None),
        "endDate": _date(None, None, None),
        "season": None,
        "seasonYear": None,
        "seasonInt": None,
        "episodes": 1,
        "duration": 24,
        "countryOfOrigin": "JP",
        "source": "ORIGINAL",
        "coverImage": {
            size: f"{base}/cover/{number}.jpg?size={size}" for size in ("extraLarge", "large", "medium")
        }
        | {"color": "#6ba14d"},
        "bannerImage": None,
        "genres": ["Comedy", "Adventure"],
        "synonyms": [],
        "synonyms_chinese": [] if chinese is None else [chinese + "（別名）"],
        "popularity": 100,
        "relations": {"edges": []},
        "studios": {
            "edges": [
                {"isMain": True, "node": {"id": 1, "name": "Peach Studio", "siteUrl": f"{base}/studio/1"}}
            ]
        },
        "isAdult": False,
        "externalLinks": [{"id": 1, "url": f"{base}/official/{number}", "site": "Official Site"}],
        "siteUrl": f"{base}/anime/{number}",
        **more,
    }


def _date(year: int | None, month: int | None, day: int | None) -> dict[str, int | None]:
    return {"year": year, "month": month, "day": day}
