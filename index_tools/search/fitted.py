"""Weights of the confidence by evidence, written by `scenelens-index calibrate`; not to be edited.

Each row holds the constant and one weight for each of `Evidence.values`; see
`confidence.from_evidence`.  Fitted to
336 queries, 153 of them of films in the pack, degraded in 22 ways, of 14 films.
"""

from __future__ import annotations

#: 159 cases.
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
#: 161 cases.
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
