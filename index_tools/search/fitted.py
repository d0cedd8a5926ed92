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
#: Fitted (ridge 3) to 442 scenes looked at in films, for 510 queries, 210 of them of films not in the pack,
#: of 26 films in 30 classes.  Left out in turn, each film had 94.8 % of its queries claimed rightly and 1.7
#: % wrongly.
BY_FILM = (
    -9.844,
    0.437,
    0.297,
    1.84,
    1.437,
    0.69,
    0.0,
    0.701,
    0.0,
    15.34,
    0.396,
)
#: Set by hand.
FIRST = (
    -3.0,
    9.0,
    18.0,
    -0.4,
)
