"""The head for parts: it pools what lies in a part, learns, and says the same in OpenCV."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from index_tools.descriptors.frame_parts import PART_VALUES, PARTS
from index_tools.descriptors.model_file import network_file
from index_tools.errors import SceneLensError
from index_tools.training import parts
from index_tools.training.batches import PictureStore
from index_tools.training.export import compare, export, opencv_runner
from index_tools.training.exported import exported_shape, exported_student
from index_tools.training.network import Shape, Student, pool, sides_of
from index_tools.training.parts import PartsHead, fit_parts, pool_parts, shares
from index_tools.training.shards import FACTS, SIDE, Shards

SMALL = Shape(width=0.125, head=24, values=160, side=64)


def lively() -> Student:
    """A small student whose vectors differ from picture to picture."""
    torch.manual_seed(3)
    student = Student(SMALL)
    torch.nn.init.normal_(student.bent.weight, std=0.05)
    pictures = store(64).get(np.arange(64))[0].permute(0, 3, 1, 2).float()
    with torch.no_grad():
        some = student.features(torch.nn.functional.interpolate(pictures, (64, 64), mode="area"))
        student.middle.copy_(some.mean(0))
        student.spread.copy_(some.std(0).clamp(min=1e-3))
    student.eval()
    return student


def store(count: int = 48) -> PictureStore:
    rng = np.random.default_rng(6)
    rough = rng.integers(0, 256, (count, 8, 8, 3), dtype=np.uint8)
    pictures = np.repeat(np.repeat(rough, SIDE // 8, 1), SIDE // 8, 2)
    facts = np.zeros(count, FACTS)
    facts["aspect"] = 16 / 9
    return PictureStore(Shards((pictures,), facts, np.zeros(1, np.int64)), torch.device("cpu"))


def test_every_part_takes_its_cells_and_no_others() -> None:
    for rows, columns in ((8, 8), (16, 16), (5, 7)):
        found = shares(rows, columns)
        assert found.shape == (rows * columns, len(PARTS))
        torch.testing.assert_close(found.sum(0), torch.ones(len(PARTS)))
        for part, (left, upper, right, lower) in enumerate(PARTS):
            own = found[:, part].reshape(rows, columns)
            ys, xs = torch.nonzero(own, as_tuple=True)
            assert (int(xs.min()), int(xs.max())) == (int(left * columns), -int(-right * columns // 1) - 1)
            assert (int(ys.min()), int(ys.max())) == (int(upper * rows), -int(-lower * rows // 1) - 1)


def test_a_part_is_pooled_like_a_picture_of_it() -> None:
    features = torch.rand(2, 5, 8, 8) + 0.5
    features[:, :, :, :4] = features[:, :, :1, :1]
    pooled = pool_parts([features, torch.ones(2, 3, 16, 16)])
    assert pooled.shape == (2, len(PARTS), 8)
    torch.testing.assert_close(pooled[:, 0, :5], features[:, :, 0, 0], rtol=1e-4, atol=1e-4)
    torch.testing.assert_close(pooled[:, :, 5:], torch.ones(2, len(PARTS), 3))


def test_the_sides_of_what_is_pooled_are_known() -> None:
    student = lively()
    for side in (64, 96, 128):
        maps = student.maps(torch.zeros(1, 3, side, side))
        assert [one.shape[2] for one in maps] == sides_of(side)
        torch.testing.assert_close(
            torch.cat([pool(one) for one in maps], 1), student.features(torch.zeros(1, 3, side, side))
        )


def test_it_learns_what_the_student_says_of_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parts, "_ROUNDS", 150)
    told: list[str] = []
    student, pictures = lively(), store()
    head = fit_parts(student, pictures, 48, 1, told.append)
    cosines = [float(line.rsplit(" ", 1)[1]) for line in told]
    assert len(cosines) == 150
    assert cosines[-1] > 0.97
    some = pictures.get(np.arange(24))[0]
    planes = torch.nn.functional.interpolate(some.permute(0, 3, 1, 2).float(), (64, 64), mode="area")
    with torch.no_grad():
        given = head(pool_parts(student.maps(planes)))[:, 9]
        left, upper, right, lower = (round(256 * share) for share in PARTS[9])
        cut = some[:, upper:lower, left:right].permute(0, 3, 1, 2).float()
        cut = torch.nn.functional.interpolate(cut, (64, 64), mode="bilinear", antialias=True)
        wanted = torch.nn.functional.normalize(student(cut)[:, :PART_VALUES], dim=1)
    # by chance one of them would be most like its own
    found = (given @ wanted.T).argmax(1)
    assert int((found == torch.arange(24)).sum()) >= 6


def test_the_same_in_opencv_and_read_back_without(tmp_path: Path) -> None:
    student, head = lively(), PartsHead(sum(one.shape[1] for one in lively().maps(torch.zeros(1, 3, 64, 64))))
    torch.nn.init.normal_(head.bent.weight, std=0.05)
    torch.nn.init.normal_(head.offset, std=0.05)
    torch.nn.init.uniform_(head.spread, 0.5, 2)
    pictures = np.random.default_rng(2).integers(0, 256, (5, 64, 64, 3), dtype=np.uint8)
    path = tmp_path / "student.onnx"
    export(student, path, parts=head.eval(), half=False)
    found = compare(student, path, pictures, head)
    assert found.cosine > 0.9999
    assert opencv_runner(path, "parts")(pictures).shape == (5, len(PARTS), PART_VALUES)
    about = network_file(path)
    assert (about.side, about.values, about.parts) == (64, 160, True)
    assert exported_shape(path) == SMALL
    again = exported_student(path)
    planes = torch.from_numpy(pictures.transpose(0, 3, 1, 2).astype(np.float32))
    torch.testing.assert_close(again(planes), student(planes), rtol=1e-4, atol=1e-4)
    with pytest.raises(SceneLensError, match="do not ship it"):
        compare(student, path, pictures, PartsHead(head.middle.shape[1]))
