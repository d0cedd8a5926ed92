"""The engine of SceneLens: films in, packs out; pictures in, matches out.

Knows neither Qt nor the network nor the settings of a user.  The command line (`index_tools.cli`) and
the application (`desktop`) call the same functions.
"""

__version__ = "0.1.0"
