"""The scene embedding: a network run by OpenCV gives what the same arithmetic gives elsewhere."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import numpy as np
import pytest

from index_tools.descriptors import model_file
from index_tools.descriptors.embedding_form import restored, stored, unit
from index_tools.descriptors.frame_parts import PART_VALUES, PARTS
from index_tools.descriptors.model_file import network_file, shipped_network
from index_tools.descriptors.scene_embedding import SceneEmbedder, shipped_background, shipped_embedder
from index_tools.errors import ModelError
from tests.index_tools.descriptors.embedding_golden import GOLDEN, golden_pictures
from tests.standins.network import SIDE, VALUES, expected, use_network, write_network

NUMBERS = np.random.default_rng(5)
PICTURES = [NUMBERS.integers(0, 256, (SIDE, SIDE, 3), np.uint8) for _ in range(19)]


def test_the_vectors_are_those_of_the_same_arithmetic(tmp_path: Path) -> None:
    network = network_file(write_network(tmp_path))
    assert (network.side, network.values) == (SIDE, VALUES)
    vectors = SceneEmbedder(network).describe(PICTURES)
    assert vectors.shape == (19, VALUES)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(vectors, [expected(rgb) for rgb in PICTURES], atol=2e-5)


def test_pictures_of_any_size_are_squashed(tmp_path: Path) -> None:
    embedder = SceneEmbedder(network_file(write_network(tmp_path)))
    wide = np.repeat(np.repeat(PICTURES[0], 5, axis=0), 9, axis=1)
    small = PICTURES[1][::4, ::4]
    vectors = embedder.describe([wide, small, PICTURES[0]])
    assert float(vectors[0] @ vectors[2]) > 0.999
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)
    assert embedder.describe([]).shape == (0, VALUES)


def test_several_threads_take_turns(tmp_path: Path) -> None:
    embedder = SceneEmbedder(network_file(write_network(tmp_path)))
    alone = embedder.describe(PICTURES)
    found: list[bool] = []

    def work() -> None:
        found.extend(np.array_equal(embedder.describe(PICTURES), alone) for _ in range(5))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 20


def test_parts_are_described_with_the_whole(tmp_path: Path) -> None:
    network = network_file(write_network(tmp_path, parts=True))
    assert network.parts
    vectors, parts = SceneEmbedder(network).describe_parts(PICTURES)
    assert parts is not None
    assert parts.shape == (19, len(PARTS), PART_VALUES)
    np.testing.assert_allclose(vectors, [expected(rgb) for rgb in PICTURES], atol=2e-5)
    np.testing.assert_allclose(np.linalg.norm(parts, axis=2), 1.0, atol=1e-5)
    for part, (left, upper, right, lower) in enumerate(PARTS):
        soft = np.kron(PICTURES[0][::4, ::4], np.ones((50, 50, 1), np.uint8))
        cut = soft[round(400 * upper) : round(400 * lower), round(400 * left) : round(400 * right)]
        given = SceneEmbedder(network).describe_parts([soft])[1]
        assert given is not None
        alike = given[0] @ SceneEmbedder(network).describe([cut])[0]
        assert alike.argmax() == part
        assert alike[part] > 0.98
    described, nothing = SceneEmbedder(network_file(write_network(tmp_path / "other"))).describe_parts([])
    assert nothing is None
    assert described.shape == (0, VALUES)


def test_a_network_of_other_parts_is_refused(tmp_path: Path) -> None:
    path = write_network(tmp_path, parts=True)
    path.write_bytes(path.read_bytes().replace(b"\x0a\x02\x08\x0e", b"\x0a\x02\x08\x0d"))
    with pytest.raises(ModelError, match=r"it describes other parts of frames"):
        network_file(path)


def test_no_value_leaves_the_byte_and_little_is_lost() -> None:
    vectors = unit(NUMBERS.standard_normal((500, 256)).astype(np.float32))
    rows = stored(vectors)
    assert rows.dtype == np.uint8
    assert 4.5 < rows.std() < 5.5
    assert float((unit(restored(rows)) * vectors).sum(axis=1).min()) > 0.998
    axes = np.concatenate([np.eye(3, dtype=np.float32), -np.eye(3, dtype=np.float32)])
    assert (stored(axes).min(), stored(axes).max()) == (48, 208)


def test_a_missing_network_is_told_in_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(model_file, "model_folders", lambda: [tmp_path])
    with pytest.raises(ModelError, match=r"scene_embedding.onnx is missing.*color layout alone"):
        shipped_network()
    with pytest.raises(ModelError, match=r"scene_background.npy is missing"):
        shipped_background()


@pytest.mark.parametrize("kind", ["empty", "text", "cut", "other shape"])
def test_a_broken_network_is_told_in_a_sentence(kind: str, tmp_path: Path) -> None:
    path = write_network(tmp_path)
    data = path.read_bytes()
    contents = {
        "empty": b"",
        "text": b"<html>not found</html>",
        "cut": data[: len(data) // 2],
        "other shape": b"\x08\x21".join(data.rsplit(b"\x08\x20", 1)),
    }
    path.write_bytes(contents[kind])
    with pytest.raises(ModelError, match=r"cannot be used \(scene_embedding.onnx: .*color layout alone"):
        SceneEmbedder(network_file(path))


def test_a_network_is_known_by_its_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_network(tmp_path, monkeypatch, seed=1)
    first = shipped_network()
    assert shipped_embedder() is shipped_embedder()
    use_network(tmp_path, monkeypatch, seed=3)
    assert shipped_network().parameters["model"] != first.parameters["model"]


def test_the_background_may_be_floats_or_stored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    use_network(tmp_path, monkeypatch)
    floats = shipped_background()
    np.testing.assert_allclose(np.linalg.norm(floats, axis=1), 1.0, atol=1e-5)
    other = tmp_path / "other"
    use_network(other, monkeypatch)
    np.save(other / "scene_background.npy", stored(floats))
    assert float((shipped_background() * floats).sum(axis=1).min()) > 0.99


def shipped_golden() -> dict[str, object]:
    """The golden vectors of the shipped network; skips where there is none, or none were made for it yet."""
    try:
        network = shipped_network()
    except ModelError as error:
        pytest.skip(str(error))
    golden: dict[str, object] = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {}
    if golden.get("model") != network.sha256:
        pytest.skip("no golden vectors were made for this network; embedding_golden.py makes them")
    return golden


def test_the_shipped_network_gives_its_golden_vectors() -> None:
    golden = shipped_golden()
    vectors, parts = shipped_embedder().describe_parts(golden_pictures())
    assert parts is not None
    for found, name in ((vectors, "vectors"), (parts[0], "parts of the first")):
        kept = unit(restored(np.array(golden[name], np.uint8)))
        assert float((found * kept).sum(axis=1).min()) > 0.998


def test_the_shipped_network_says_of_a_part_what_it_says_of_its_picture() -> None:
    shipped_golden()
    pictures = golden_pictures()
    wholes, parts = shipped_embedder().describe_parts(pictures)
    assert parts is not None
    whole, part = [], []
    for rgb, vector, some in zip(pictures, wholes, parts, strict=True):
        height, width = rgb.shape[:2]
        for (left, upper, right, lower), own in zip(PARTS, some, strict=True):
            cut = rgb[
                round(upper * height) : round(lower * height), round(left * width) : round(right * width)
            ]
            wanted = unit(shipped_embedder().describe([cut])[:, :PART_VALUES])[0]
            whole.append(float(unit(vector[None, :PART_VALUES])[0] @ wanted))
            part.append(float(own @ wanted))
    assert np.mean(part) > np.mean(whole) + 0.1


def test_the_shipped_network_does_not_mind_mirroring() -> None:
    shipped_golden()
    pictures = golden_pictures()
    vectors = shipped_embedder().describe(pictures)
    mirrored = shipped_embedder().describe([np.ascontiguousarray(rgb[:, ::-1]) for rgb in pictures])
    own = (vectors * mirrored).sum(axis=1)
    others = vectors @ mirrored.T - 2 * np.eye(len(vectors))
    assert (own > others.max(axis=1)).all()
