"""Scene packs: an index on disk, versioned, checksummed and memory-mapped; its one writer and one reader.

This room may import `nouns`, `errors` and `progress`; it knows neither films nor how to search.  A pack is a
folder (members and `manifest.json`) or, for transport, one file `*.scenepack`; `build_spec/pack-format.md`
describes both to the byte.
"""

from index_tools.pack.archive import SUFFIX, pack_file, unpack_file
from index_tools.pack.manifest import FORMAT_VERSION, Counts, DescriptorInfo, Manifest, Member, read_manifest
from index_tools.pack.scene_pack import ScenePack
from index_tools.pack.stored_film import StoredFilm, store_film
from index_tools.pack.verifying import verify_pack
from index_tools.pack.writing import PackAbout, write_pack

__all__ = [
    "FORMAT_VERSION",
    "SUFFIX",
    "Counts",
    "DescriptorInfo",
    "Manifest",
    "Member",
    "PackAbout",
    "ScenePack",
    "StoredFilm",
    "pack_file",
    "read_manifest",
    "store_film",
    "unpack_file",
    "verify_pack",
    "write_pack",
]
