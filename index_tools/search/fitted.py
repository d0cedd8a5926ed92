"""Weights of the confidence by evidence, as `scenelens-index calibrate` writes them.

The first two rows hold the constant and one weight for each of `Evidence.values`, the third those of
`confidence.first_values`; see `confidence.from_evidence` and `from_embedding`.
"""

from __future__ import annotations

#: Scaled to 159 cases of 14 films; the weight of the likeliest sketch is set by hand: with 3,909 thumbnails
#: of 26 films a fit ranks scenes worse, since what is wrong there is mostly another moment of the right
#: shot.
BY_THUMBNAIL = (
    -5.6616,
    0.101,
    0.5388,
    0.3367,
    0.8419,
    0.8419,
    0.5051,
    0.1684,
    0.0,
    1.347,
    2.0,
)
#: Fitted (ridge 3) to 1,187 scenes looked at in films, for 1,075 queries that needed it, 350 of them of films
#: not in the pack, of 28 films in 30 classes.  Left out in turn, each film had 92 % of them claimed rightly,
#: 1.1 % wrongly, and none of the 350.
BY_FILM = (
    -8.003,
    0.525,
    0.379,
    2.603,
    0.533,
    0.192,
    0.0,
    0.572,
    0.0,
    16.37,
    0.933,
)
#: Set by hand.
FIRST = (
    -3.0,
    9.0,
    18.0,
    -0.4,
)
