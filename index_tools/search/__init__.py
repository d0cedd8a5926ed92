"""Search: a picture in, the scenes that it may come from out.

May import `pack`, `film`, `descriptors`, `hypotheses`, `picture`, `nouns`, `progress`, `errors`; is
imported by `measure`, `cli` and the application.
"""

from index_tools.search.engine import Engine
from index_tools.search.options import SearchOptions

__all__ = ["Engine", "SearchOptions"]
