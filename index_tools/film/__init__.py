"""Films in: frames with exact times, shots, kept frames, thumbnails, names, fingerprints.

The only room of the engine that uses PyAV.  It may import `descriptors`, `picture` and the nouns.
"""

from index_tools.film.container import FILM_SUFFIXES, FilmInfo, is_film_name
from index_tools.film.fingerprint import fingerprint
from index_tools.film.frame import Frame
from index_tools.film.indexing import index_film
from index_tools.film.proxy import DiskRefusedError
from index_tools.film.reader import FilmReader, read_frame

__all__ = [
    "FILM_SUFFIXES",
    "DiskRefusedError",
    "FilmInfo",
    "FilmReader",
    "Frame",
    "fingerprint",
    "index_film",
    "is_film_name",
    "read_frame",
]
