"""Names of films as release groups and people write them."""

from __future__ import annotations

from pathlib import PurePosixPath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index_tools.film.names import NameGuess, guess

TABLE = [
    (
        "[SubsPlease] Sousou no Frieren - 05 (1080p) [ABCDEF12].mkv",
        NameGuess("Sousou no Frieren", episode="5"),
    ),
    (
        "[Erai-raws] Kimetsu no Yaiba - Yuukaku Hen - 12v2 [1080p][Multiple Subtitle][1A2B3C4D].mkv",
        NameGuess("Kimetsu no Yaiba - Yuukaku Hen", episode="12"),
    ),
    (
        "[HorribleSubs] Boku no Hero Academia - 63 [720p].mkv",
        NameGuess("Boku no Hero Academia", episode="63"),
    ),
    (
        "[Judas] Vinland Saga S2 - 07 [1080p][HEVC x265 10bit][Multi-Subs].mkv",
        NameGuess("Vinland Saga", season=2, episode="7"),
    ),
    ("Spy.x.Family.S02E07.1080p.WEB.H264-SENPAI.mkv", NameGuess("Spy x Family", season=2, episode="7")),
    (
        "[EMBER] Mob Psycho 100 S03E11 [1080p] [HEVC WEBRip].mkv",
        NameGuess("Mob Psycho 100", season=3, episode="11"),
    ),
    (
        "[Coalgirls] Toradora! - 01-02 (1280x720 Blu-ray FLAC) [12345678].mkv",
        NameGuess("Toradora!", episode="1-2"),
    ),
    ("[Commie] Steins;Gate - 23 [BD 1080p AAC] [94E4FE8E].mkv", NameGuess("Steins;Gate", episode="23")),
    ("[UTW] Fate Zero - 13.5 [h264-720p][0A1B2C3D].mkv", NameGuess("Fate Zero", episode="13.5")),
    (
        "[Doki] Clannad - After Story - 18 (1280x720 Hi10P BD FLAC) [CC4E5F6A].mkv",
        NameGuess("Clannad - After Story", episode="18"),
    ),
    (
        "[Kametsu] Cowboy Bebop - The Movie (BD 1080p Hi10 FLAC) [1FFBE0F5].mkv",
        NameGuess("Cowboy Bebop - The Movie"),
    ),
    ("[THORA] Bakemonogatari - OVA 01 [BD].mkv", NameGuess("Bakemonogatari", episode="OVA 1")),
    (
        "[Beatrice-Raws] Suzumiya Haruhi no Yuuutsu - NCOP1 [BDRip 1920x1080 HEVC FLAC].mkv",
        NameGuess("Suzumiya Haruhi no Yuuutsu", episode="NCOP 1"),
    ),
    ("[VCB-Studio] Yuru Camp [SP01][Ma10p_1080p][x265_flac].mkv", NameGuess("Yuru Camp", episode="SP 1")),
    (
        "[VCB-Studio] Kaguya-sama wa Kokurasetai [05][Ma10p_1080p][x265_flac_aac].mkv",
        NameGuess("Kaguya-sama wa Kokurasetai", episode="5"),
    ),
    ("[Nekomoe kissaten][Bocchi the Rock!][08][1080p][JPSC].mp4", NameGuess("Bocchi the Rock!", episode="8")),
    (
        "[Lilith-Raws] Oshi no Ko - 04 [Baha][WEB-DL][1080p][AVC AAC][CHT][MP4].mp4",
        NameGuess("Oshi no Ko", episode="4"),
    ),
    (
        "[ANi] 葬送的芙莉蓮 - 28 [1080P][Baha][WEB-DL][AAC AVC][CHT].mp4",
        NameGuess("葬送的芙莉蓮", episode="28"),
    ),
    (
        "[Leopard-Raws] One Punch Man 2nd Season - 03 RAW (TX 1280x720 x264 AAC).mp4",
        NameGuess("One Punch Man", season=2, episode="3"),
    ),
    (
        "TVアニメ「ぼっち・ざ・ろっく!」 第03話「馳せサンズ」.mp4",
        NameGuess("ぼっち・ざ・ろっく!", episode="3"),
    ),
    ("[アニメ] 鬼滅の刃 第12話.mkv", NameGuess("鬼滅の刃", episode="12")),
    ("Akira (1988) [1080p] [BluRay] [x265].mkv", NameGuess("Akira", year=1988)),
    ("Spirited.Away.2001.1080p.BluRay.x264-CiNEFiLE.mkv", NameGuess("Spirited Away", year=2001)),
    ("Your Name. (2016) 1080p BDRip.mkv", NameGuess("Your Name", year=2016)),
    ("Naruto Shippuuden - 500 [1080p].mkv", NameGuess("Naruto Shippuuden", episode="500")),
    ("[SubsPlease] One Piece - 1071 (1080p) [6B7D8F9A].mkv", NameGuess("One Piece", episode="1071")),
    ("[Moozzi2] Eighty-Six - 01 (BD 1920x1080 x265-10Bit Flac).mkv", NameGuess("Eighty-Six", episode="1")),
    ("[SubsPlease] 86 - Eighty Six - 22 (1080p) [B0C1D2E3].mkv", NameGuess("86 - Eighty Six", episode="22")),
    (
        "[SubsPlease] Mushoku Tensei S2 - 00 (720p) [11223344].mkv",
        NameGuess("Mushoku Tensei", season=2, episode="0"),
    ),
    ("Attack on Titan - S04E16 - Above and Below.mkv", NameGuess("Attack on Titan", season=4, episode="16")),
    (
        "[DB]_Neon_Genesis_Evangelion_-_26_(Dual Audio_10bit_BD1080p_x265).mkv",
        NameGuess("Neon Genesis Evangelion", episode="26"),
    ),
    ("[Anime Time] Hunter x Hunter (2011) - 136.mkv", NameGuess("Hunter x Hunter", episode="136", year=2011)),
    (
        "[Cleo] Re Zero kara Hajimeru Isekai Seikatsu - Special 1.mkv",
        NameGuess("Re Zero kara Hajimeru Isekai Seikatsu", episode="Special 1"),
    ),
    ("big-buck-bunny-cut.mp4", NameGuess("big buck bunny cut")),
    ("Show/Season 2/05.mkv", NameGuess("Show", season=2, episode="5")),
    ("Mushishi/Mushishi - 03 - Tender Horns.mkv", NameGuess("Mushishi", episode="3")),
    ("葬送のフリーレン/第03話.mkv", NameGuess("葬送のフリーレン", episode="3")),
    ("Planetes [BD 1080p]/Episode 07.mkv", NameGuess("Planetes", episode="7")),
    ("K-On!/Season 01/K-On! S01E05 [BD].mkv", NameGuess("K-On!", season=1, episode="5")),
    ("[Group] 3-gatsu no Lion - 01 [720p].mkv", NameGuess("3-gatsu no Lion", episode="1")),
]


@pytest.mark.parametrize(("name", "expected"), TABLE, ids=[name for name, _ in TABLE])
def test_a_name_says_what_a_person_would(name: str, expected: NameGuess) -> None:
    assert guess(PurePosixPath(name)) == expected


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1, max_size=40))
def test_any_name_gives_a_title(name: str) -> None:
    assert guess(PurePosixPath("folder") / name).title
