"""A small student learns, goes on where it stopped, and is the same in OpenCV."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
import torch

from index_tools.errors import SceneLensError
from index_tools.training import losses
from index_tools.training.batches import Lesson, PictureStore, Sampler, shot_numbers
from index_tools.training.export import compare, export, opencv_runner, prepare, turn_to_axes
from index_tools.training.exported import exported_shape, exported_student
from index_tools.training.network import Shape, Student, convolutions
from index_tools.training.recall import held_out_recall, recall_of
from index_tools.training.shards import FACTS, SIDE, open_shards, write_whole
from index_tools.training.shards import shard_path as member
from index_tools.training.sides import fit_side
from index_tools.training.speed import measure
from index_tools.training.train import Course, Run, load_student, rate_at, shape_of
from index_tools.training.views import ViewMaker, load_layers

SMALL = Shape(width=0.125, head=24, values=16, side=32)
_BANK = load_layers(1, 32, torch.device("cpu"), layers=2, pages=1)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A taught shard of 24 plain patterns: two films of two shots of three moments, and single pictures."""
    rng = np.random.default_rng(4)
    rough = rng.integers(0, 256, (24, 4, 4, 3), dtype=np.uint8)
    pictures = np.repeat(np.repeat(rough, SIDE // 4, 1), SIDE // 4, 2)
    facts = np.zeros(24, FACTS)
    facts["film"] = [0] * 6 + [1] * 6 + [-1] * 12
    facts["shot"] = [0, 0, 0, 1, 1, 1] * 2 + [-1] * 12
    facts["aspect"] = 1.5
    teacher = rng.normal(size=(24, 32)).astype(np.float16)
    out = tmp_path / "shards"
    out.mkdir()
    for kind, array in (("pictures", pictures), ("facts", facts), ("teacher", teacher)):
        write_whole(member(out, kind, 0), array)
    return out


def course(views: int, **changes: float) -> Course:
    return Course(shape=SMALL, views=views, batch=8, report_every_s=1e9, **changes)  # type: ignore[arg-type]


def test_learns_what_it_is_shown(folder: Path, tmp_path: Path) -> None:
    lines: list[dict[str, float]] = []
    run = Run(tmp_path / "run", Lesson.read(folder), course(800, rate=3e-3), torch.device("cpu"))
    run.course = replace(run.course, report_every_s=0)
    run.go(lines.append)
    assert [line["step"] for line in lines] == list(range(1, 51))
    assert lines[-1]["views"] == 800
    assert lines[-1]["share"] == 1.0
    totals = [line["total"] for line in lines]
    assert np.mean(totals[-8:]) < np.mean(totals[:8]) - 1
    assert (tmp_path / "run" / "log.csv").read_text().count("\n") == 51


def test_a_sitting_ends_in_time(folder: Path, tmp_path: Path) -> None:
    run = Run(tmp_path / "run", Lesson.read(folder), course(800, stop_after_s=0), torch.device("cpu"))
    run.go(lambda line: None)
    assert run.done.step == 0


def test_recall_counts_shots(folder: Path) -> None:
    student, lesson = _lively(SMALL), Lesson.read(folder)
    first, ten = held_out_recall(student, lesson, 32, torch.device("cpu"))
    assert 0 <= first <= ten <= 1
    assert held_out_recall(student, lesson, 32, torch.device("cpu")) == (first, ten)
    found, wanted = np.array([[1, 2], [3, 4], [5, 6]]), np.array([1, 4, 7])
    assert recall_of(found, wanted) == (1 / 3, 2 / 3)


def test_goes_on_where_it_stopped(folder: Path, tmp_path: Path) -> None:
    lesson, device = Lesson.read(folder), torch.device("cpu")
    whole = Run(tmp_path / "whole", lesson, course(64), device)
    whole.go(lambda line: None)
    parts = Run(tmp_path / "parts", lesson, course(64), device)
    for _ in range(2):
        parts._step()
    parts.save()
    resumed = Run(tmp_path / "parts", lesson, course(64), device)
    assert resumed.done.views == 32
    resumed.go(lambda line: None)
    for one, other in zip(whole.student.parameters(), resumed.student.parameters(), strict=True):
        torch.testing.assert_close(one, other, atol=1e-4, rtol=1e-3)


def test_parts_of_a_step_are_learnt_from_side_by_side(folder: Path, tmp_path: Path) -> None:
    lesson, device = Lesson.read(folder), torch.device("cpu")
    runs = [Run(tmp_path / name, lesson, course(32, parts=2), device) for name in ("first", "again")]
    first, second = (np.array_split(rows, 2) for rows in runs[1].sampler.rows(0))
    parts = [runs[1]._learnt_from(part, first[part], second[part], 0.0) for part in range(2)]
    runs[0]._step()
    assert runs[0].done.views == 16
    means = [(one + other) / 2 for one, other in zip(*(gradients for _, gradients in parts), strict=True)]
    scale = min(1.0, 2.0 / float(torch.cat([mean.flatten() for mean in means]).norm()))
    for parameter, mean in zip(runs[0].learning, means, strict=True):
        torch.testing.assert_close(parameter.grad, mean * scale, atol=1e-4, rtol=1e-3)


def test_the_rate_rises_stays_and_falls() -> None:
    rates = [rate_at(share / 100) for share in range(101)]
    assert rates[0] < 0.1
    assert rates[10] == rates[60] == 1.0
    assert rates[100] < 0.01
    assert rates[:3] == sorted(rates[:3])
    assert rates[60:] == sorted(rates[60:], reverse=True)


def test_the_sampler_depends_on_seed_and_step_alone(folder: Path) -> None:
    lesson = Lesson.read(folder)
    sampler, again = Sampler(lesson, 10, 3), Sampler(lesson, 10, 3)
    moved = False
    for step in range(12):
        first, second = sampler.rows(step)
        np.testing.assert_array_equal(first, again.rows(step)[0])
        np.testing.assert_array_equal(lesson.shots[first], lesson.shots[second])
        assert len(first) == 10
        moved = moved or not np.array_equal(first, second)
    assert moved


def test_shards_that_come_later_are_taken_up(folder: Path, tmp_path: Path) -> None:
    run = Run(tmp_path / "run", Lesson.read(folder), course(96), torch.device("cpu"))
    run.course = replace(run.course, report_every_s=0)
    for kind in ("pictures", "facts", "teacher"):
        array = np.load(member(folder, kind, 0))
        if kind == "facts":
            array["film"][array["film"] >= 0] += 10
        write_whole(member(folder, kind, 3), array)
    lines: list[dict[str, float]] = []
    run.go(lines.append)
    assert [line["pictures"] for line in lines] == [24] + [48] * (len(lines) - 1)
    assert run.lesson.numbers == (0, 3)
    assert len(set(run.lesson.shots)) == 32


def test_shots_are_numbered_across_films(folder: Path) -> None:
    numbers = shot_numbers(open_shards(folder, [0]).facts)
    assert len(set(numbers)) == 16
    assert numbers[0] == numbers[2] != numbers[3]


def test_still_blocks_keep_their_weights_and_the_rest_learns(folder: Path, tmp_path: Path) -> None:
    run = Run(tmp_path / "run", Lesson.read(folder), course(32, still=3), torch.device("cpu"))
    before = [layer.weight.detach().clone() for layer in convolutions(run.student)]
    run.go(lambda line: None)
    moved = [
        not torch.equal(layer.weight, old)
        for layer, old in zip(convolutions(run.student), before, strict=True)
    ]
    assert moved == [False] * 9 + [True] * (len(moved) - 9)


def test_turning_orders_the_values_and_keeps_the_angles() -> None:
    student = _lively(SMALL)
    pictures = np.random.default_rng(1).integers(0, 256, (40, 32, 32, 3), dtype=np.uint8)
    given = torch.from_numpy(pictures.transpose(0, 3, 1, 2).astype(np.float32))
    before = student(given)
    turn_to_axes(student, pictures)
    after = student(given)
    torch.testing.assert_close(after @ after.T, before @ before.T, atol=1e-5, rtol=0)
    torch.testing.assert_close(after.norm(dim=1), torch.ones(40))
    spread = after.std(0)
    assert (spread[:-1] >= spread[1:] - 1e-6).all()


def test_a_student_is_fitted_to_a_larger_side(folder: Path) -> None:
    student, lesson = _lively(SMALL), Lesson.read(folder)
    student.middle.fill_(0.3)
    student.spread.fill_(0.1)
    store = PictureStore(lesson.shards, torch.device("cpu"))
    pictures = store.get(np.arange(24))[0]
    small, large = (ViewMaker(_BANK, side).clean(pictures) for side in (32, 96))
    with torch.no_grad():
        wanted, before = _even(student, small), _even(student, large)
        fit_side([student], store, 24, (32, 96))
        after = _even(student, large)
    assert (after - wanted).abs().mean() < 0.7 * (before - wanted).abs().mean()


def test_a_run_goes_on_at_another_side(folder: Path, tmp_path: Path) -> None:
    lesson, device = Lesson.read(folder), torch.device("cpu")
    first = Run(tmp_path / "run", lesson, course(32), device)
    first._step()
    first.save()
    larger = Run(tmp_path / "run", lesson, replace(course(32), shape=replace(SMALL, side=48)), device)
    assert larger.done.step == 1
    started = replace(larger.course, start=tmp_path / "run" / "last.pt")
    for run in (larger, Run(tmp_path / "started", lesson, started, device)):
        assert not torch.equal(run.student.middle, first.student.middle)
        assert torch.isfinite(run._step()).all()
        assert run.student.straight.weight.shape == first.student.straight.weight.shape


def test_export_can_prepare_another_side(folder: Path) -> None:
    student = prepare(_lively(SMALL), folder, 48)
    assert student.shape == replace(SMALL, side=48)


def test_a_layer_takes_given_weights() -> None:
    layer = convolutions(Student(SMALL))[4]
    generator = torch.Generator().manual_seed(3)
    weight, bias = (torch.randn(p.shape, generator=generator) * 0.01 for p in (layer.relative, layer.bias))
    layer.take(weight, bias)
    torch.testing.assert_close(layer.weight, weight)
    torch.testing.assert_close(layer.bias, bias)
    assert 0.5 < float(layer.relative.detach().std()) < 2


@pytest.mark.parametrize("half", [True, False])
def test_opencv_gives_the_same_vectors(tmp_path: Path, half: bool) -> None:
    student, path = _lively(SMALL), tmp_path / "student.onnx"
    export(student, path, half=half)
    rng = np.random.default_rng(3)
    pictures = rng.integers(0, 256, (5, 32, 32, 3), dtype=np.uint8)
    found = compare(student, path, pictures)
    assert found.difference < (2e-3 if half else 2e-6)
    vectors = opencv_runner(path)(pictures)
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    other = session.run(None, {"pictures": pictures.transpose(0, 3, 1, 2).astype(np.float32)})[0]
    np.testing.assert_allclose(vectors, other, atol=2e-6)
    np.testing.assert_allclose(opencv_runner(path)(pictures[2:3])[0], vectors[2], atol=2e-6)


def test_a_new_run_starts_from_the_weights_that_fit(folder: Path, tmp_path: Path) -> None:
    lesson, device = Lesson.read(folder), torch.device("cpu")
    first = Run(tmp_path / "first", lesson, course(16), device)
    first.go(lambda line: None)
    longer = replace(course(16), shape=replace(SMALL, values=24), start=tmp_path / "first" / "last.pt")
    second = Run(tmp_path / "second", lesson, longer, device)
    assert second.done.step == 0
    assert second.student.straight.weight.shape[0] == 24
    for name, value in first.average.blocks.state_dict().items():
        torch.testing.assert_close(second.student.blocks.state_dict()[name], value)


@pytest.mark.parametrize("half", [True, False])
def test_an_exported_student_is_read_back(tmp_path: Path, half: bool) -> None:
    student, path = _lively(replace(SMALL, head=160)), tmp_path / "student.onnx"
    student.middle.uniform_(0.1, 0.5)
    student.spread.uniform_(0.5, 2)
    export(student, path, half=half)
    again = exported_student(path)
    assert again.shape == exported_shape(path) == student.shape
    generator = torch.Generator().manual_seed(2)
    pictures = torch.randint(0, 256, (6, 3, 32, 32), generator=generator).float()
    with torch.no_grad():
        torch.testing.assert_close(again(pictures), student(pictures), atol=2e-3 if half else 1e-6, rtol=0)
    export(again, tmp_path / "again.onnx", half=half)
    third = exported_student(tmp_path / "again.onnx")
    for one, other in zip(third.parameters(), again.parameters(), strict=True):
        torch.testing.assert_close(one, other, atol=1e-6, rtol=1e-5)


def test_another_network_is_no_student(tmp_path: Path) -> None:
    path = tmp_path / "student.onnx"
    export(_lively(SMALL), path)
    model = onnx.load(str(path))
    model.graph.node.remove(next(node for node in model.graph.node if node.op_type == "Conv"))
    onnx.save(model, str(path))
    with pytest.raises(SceneLensError, match="holds another network"):
        exported_student(path)
    model.graph.name = "other"
    onnx.save(model, str(path))
    with pytest.raises(SceneLensError, match="holds another network"):
        exported_shape(path)


def test_a_run_from_an_exported_file_is_taught_as_its_vectors_lie(folder: Path, tmp_path: Path) -> None:
    lesson, device = Lesson.read(folder), torch.device("cpu")
    export(_lively(SMALL), tmp_path / "student.onnx", half=False)
    run = Run(tmp_path / "run", lesson, replace(course(16), start=tmp_path / "student.onnx"), device)
    taught = torch.from_numpy(lesson.teacher)
    plain = losses.project(taught, *losses.principal_axes(taught, SMALL.values))
    torch.testing.assert_close(run.bank @ run.bank.T, plain @ plain.T, atol=1e-4, rtol=0)
    pictures = run.maker.clean(run.store.get(np.arange(24))[0])
    with torch.no_grad():
        vectors = run.average(pictures)
        torch.testing.assert_close(vectors, _lively(SMALL)(pictures), atol=1e-5, rtol=0)
    assert (vectors * run.bank).sum(1).mean() > (vectors * plain).sum(1).mean() + 0.02


def test_the_turn_between_two_bases_is_found() -> None:
    generator = torch.Generator().manual_seed(6)
    vectors = torch.nn.functional.normalize(torch.randn(40, 8, generator=generator), dim=1)
    wanted = torch.linalg.qr(torch.randn(8, 8, generator=generator))[0]
    torch.testing.assert_close(losses.turn(vectors, vectors @ wanted), wanted, atol=1e-5, rtol=0)


def test_speed_is_told_for_both_layouts() -> None:
    found = measure(SMALL, 4, torch.device("cpu"), rounds=1)
    assert set(found) == {"views", "planar", "channels_last"}
    assert min(found.values()) > 0


def test_a_checkpoint_makes_the_student_again(folder: Path, tmp_path: Path) -> None:
    run = Run(tmp_path / "run", Lesson.read(folder), course(32), torch.device("cpu"))
    run.go(lambda line: None)
    student = load_student(tmp_path / "run" / "last.pt")
    assert student.shape == SMALL
    assert shape_of(tmp_path / "run") == SMALL
    assert shape_of(tmp_path) is None
    for one, other in zip(student.parameters(), run.average.parameters(), strict=True):
        torch.testing.assert_close(one, other)


def _even(student: Student, pictures: torch.Tensor) -> torch.Tensor:
    """Means of the features that the head reads."""
    return ((student.features(pictures) - student.middle) / student.spread).mean(0)


def _lively(shape: Shape) -> Student:
    """A student of which every part does something."""
    torch.manual_seed(5)
    student = Student(shape)
    torch.nn.init.normal_(student.bent.weight, std=0.1)
    student.eval()
    return student
