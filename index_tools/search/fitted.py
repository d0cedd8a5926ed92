"""Weights of the confidence by evidence, written by `scenelens-index calibrate`; not to be edited by hand.

Each row holds the constant and one weight for each of `Evidence.values`; see `confidence.from_evidence`.
"""

from __future__ import annotations

#: Set by hand as a beginning.
BY_THUMBNAIL = (-10.0, 0.3, 1.6, 1.0, 2.5, 2.5, 1.5, 0.5, 0.0, 4.0)
BY_FILM = (-11.5, 0.3, 1.6, 1.0, 2.5, 2.5, 1.5, 0.5, 0.0, 6.0)
