"""Videos in, packs out: many files in several processes, resumable, with additions and removals later.

This room may import `film`, `pack`, `descriptors`, the nouns, `errors` and `progress`.
"""

from index_tools.build.builder import add_to_pack, build_pack, remove_from_pack
from index_tools.build.naming import NameOverrides
from index_tools.build.report import BuildProgress, BuildReport, FilmProgress, Skipped

__all__ = [
    "BuildProgress",
    "BuildReport",
    "FilmProgress",
    "NameOverrides",
    "Skipped",
    "add_to_pack",
    "build_pack",
    "remove_from_pack",
]
