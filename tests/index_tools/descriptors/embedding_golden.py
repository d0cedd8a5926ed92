"""Golden vectors of the shipped network; after the network was replaced they are made anew by

python -m tests.index_tools.descriptors.embedding_golden
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index_tools.descriptors.embedding_form import stored
from index_tools.descriptors.scene_embedding import shipped_embedder
from index_tools.film import read_frame

GOLDEN = Path(__file__).parent / "golden" / "scene_embedding.json"
_FILM = Path(__file__).parent.parent.parent.parent / "resources" / "demo" / "film.mp4"
_TIMES_S = (2.0, 12.5, 31.0, 47.5, 66.0)


def golden_pictures() -> list[NDArray[np.uint8]]:
    """Frames of five shots of the demo film, full size."""
    return [read_frame(_FILM, at_s).rgb for at_s in _TIMES_S]


def main() -> None:
    """Write the vectors of the network that ships."""
    embedder = shipped_embedder()
    vectors, parts = embedder.describe_parts(golden_pictures())
    assert parts is not None
    golden = {
        "model": embedder.network.sha256,
        "vectors": stored(vectors).tolist(),
        "parts of the first": stored(parts[0]).tolist(),
    }
    GOLDEN.parent.mkdir(exist_ok=True)
    GOLDEN.write_text(json.dumps(golden) + "\n")


if __name__ == "__main__":
    main()
