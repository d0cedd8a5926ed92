"""From a hit to the scene that plays for it, and when two scenes are one to the person who watches."""

from __future__ import annotations

from desktop.lookup.merged import Hit
from desktop.player import Scene
from desktop.window import hit_words

#: A sharpened scene of which the ends moved by less, or the matched frame within it, is the same scene:
#: the player goes on undisturbed.
SAME_ENDS_S = 0.02
SAME_FRAME_S = 0.25
#: Of a longer scene so much, around the matched frame, plays.
LONGEST_S = 30.0


def scene_of(hit: Hit | None) -> Scene | None:
    """Give what plays for a hit out of a film on this machine; None where there is none."""
    match = None if hit is None else hit.here
    if hit is None or match is None or match.film is None:
        return None
    # a shot in which nothing moves can last for minutes: nobody waits for the moment so long
    start_s = max(match.start_s, match.at_s - LONGEST_S / 2)
    end_s = min(match.end_s, match.at_s + LONGEST_S / 2)
    return Scene(match.film, start_s, match.at_s, end_s, hit_words.title(hit))


def preview_wanted(hit: Hit | None) -> Hit | None:
    """Give a hit that only the service's preview can show, since no film at hand does; None for others."""
    return hit if hit is not None and hit.remote is not None and scene_of(hit) is None else None


def is_nearly(one: Scene, other: Scene | None) -> bool:
    """Whether a scene is another but for what sharpening moved a little."""
    if other is None or one.film != other.film:
        return False
    ends = max(abs(one.start_s - other.start_s), abs(one.end_s - other.end_s))
    return ends < SAME_ENDS_S and abs(one.at_s - other.at_s) < SAME_FRAME_S


def overlap(one: Scene, other: Scene | None) -> bool:
    """Whether two scenes share a part of one film."""
    if other is None or one.film != other.film:
        return False
    return one.start_s < other.end_s and other.start_s < one.end_s
