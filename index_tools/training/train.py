"""The training loop: resumable, logged, the same on a processor and on a graphics card.

A run is a folder: `last.pt` (everything needed to go on), `log.csv` (one line a report) and, beside them,
what `export` makes.  The rate rises, stays, and falls to nothing over the last part of the run, so a run
that is lengthened before it falls loses nothing (Hu et al., arXiv:2404.06395, section 4).
"""

from __future__ import annotations

import csv
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from index_tools.training import losses
from index_tools.training.batches import Lesson, PictureStore, Sampler
from index_tools.training.closed_form import fit_head
from index_tools.training.exported import exported_shape, exported_student
from index_tools.training.network import Shape, Student, convolutions
from index_tools.training.pretrained import start_from
from index_tools.training.sides import fit_side
from index_tools.training.views import ViewMaker, load_layers

_WARM, _FALL = 0.02, 0.35  # shares of the run in which the rate rises and falls
_MOST_CLEAN = 0.12  # share of views that are not disturbed at all
_TURNED_BY = 2048  # pictures by which the teacher's axes are turned to those of a student


@dataclass(frozen=True, slots=True)
class Course:
    """How a run is held.

    `views` (or, where given, `minutes` of training) is the whole length over all resumptions;
    `stop_after_s` ends this sitting.  `batch` counts pictures, two views each;
    `parts` of it are learnt from at the same time, each by a thread and among its own pictures.
    `planar` lays features out plane by plane instead of pixel by pixel.  A new run takes its
    convolutions from the published detector `pretrained`, then from `start`, a checkpoint or an exported
    file, whatever weights fit; where that is not all, its head is made in closed form, else what it is
    taught is turned to lie as its vectors do.  The first `still` blocks are kept as they are.
    """

    shape: Shape
    views: int = 2_000_000
    minutes: float | None = None
    batch: int = 64
    parts: int = 1
    rate: float = 2e-3
    decay: float = 0.02
    seed: int = 1
    stop_after_s: float = float("inf")
    report_every_s: float = 240.0
    weights: tuple[float, float, float, float] = (1.0, 2.0, 0.5, 0.3)
    planar: bool = False
    start: Path | None = None
    pretrained: Path | None = None
    still: int = 0

    @property
    def memory(self) -> torch.memory_format:
        """How features lie in memory; which is faster depends on the machine (`speed` tells)."""
        return torch.contiguous_format if self.planar else torch.channels_last


@dataclass(slots=True)
class Progressed:
    """What a run has behind it."""

    step: int = 0
    views: int = 0
    elapsed_s: float = 0.0

    def share(self, course: Course) -> float:
        """How much of the course is done, 0..1."""
        if course.minutes is not None:
            return min(1.0, self.elapsed_s / (60 * course.minutes))
        return min(1.0, self.views / course.views)


def rate_at(share: float) -> float:
    """The learning rate as a multiple of the highest, at a share 0..1 of the run."""
    if share < _WARM:
        return 0.05 + 0.95 * share / _WARM
    return 1.0 if share < 1 - _FALL else max(0.002, (max(0.0, 1 - share) / _FALL) ** 1.5)


class Run:
    """A run in its folder; `go` trains until the course or the sitting ends."""

    def __init__(self, folder: Path, lesson: Lesson, course: Course, device: torch.device) -> None:
        self.folder, self.course, self.device = folder, course, device
        self.done = Progressed()
        torch.manual_seed(course.seed)
        memory = course.memory
        self.student = Student(course.shape).to(device, memory_format=memory)  # type: ignore[call-overload]
        self.average = Student(course.shape).to(device, memory_format=memory)  # type: ignore[call-overload]
        self.learning = learning(self.student, course.still)
        self.pool = ThreadPoolExecutor(course.parts)
        self.optimiser = torch.optim.AdamW(
            _groups(self.student, course), lr=course.rate, betas=(0.9, 0.98), fused=True
        )
        self.store = PictureStore(lesson.shards, device)
        self.maker = ViewMaker(load_layers(course.seed, course.shape.side, device), course.shape.side)
        folder.mkdir(parents=True, exist_ok=True)
        if (folder / "last.pt").exists():
            self._resume()
            self._learn(lesson)
            self._fit_side([self.student, self.average], _shape_in(folder / "last.pt").side)
        else:
            taught = torch.from_numpy(lesson.teacher).to(device)
            self.mean, self.axes = losses.principal_axes(taught, course.shape.values)
            self._learn(lesson)
            self._begin()

    def _begin(self) -> None:
        """Give a new student the weights that it starts from."""
        taken = 0
        if self.course.pretrained is not None:
            start_from(self.student, self.course.pretrained)
        if self.course.start is not None:
            taken = take_weights(self.student, self.course.start)
        if taken < len(self.student.state_dict()):
            fit_head(self.student, self.store, self.maker, self.bank, self.course.seed)
        elif self.course.start is not None:
            self._fit_side([self.student], _shape_in(self.course.start).side)
            self.axes = self.axes @ self._turn()
            self._learn(self.lesson)
        self.average.load_state_dict(self.student.state_dict())

    def _turn(self) -> Tensor:
        """The turn (values, values) that brings what is taught to the student's vectors of clean pictures."""
        rows = np.random.default_rng([self.course.seed, 2]).permutation(len(self.lesson))[:_TURNED_BY]
        parts = []
        self.student.eval()
        with torch.no_grad():
            for some in np.array_split(rows, max(1, len(rows) // 64)):
                parts.append(self.student(self.maker.clean(self.store.get(some)[0])))
        return losses.turn(self.bank[torch.from_numpy(rows).to(self.device)], torch.cat(parts))

    def go(self, on_report: Callable[[dict[str, float]], None]) -> None:
        """Train; `on_report` gets each line of the log."""
        began = reported = time.monotonic()
        before, sums, steps = self.done.elapsed_s, torch.zeros(5, device=self.device), 0
        while self.done.share(self.course) < 1 and time.monotonic() - began < self.course.stop_after_s:
            sums += self._step()
            steps += 1
            self.done.elapsed_s = before + time.monotonic() - began
            if time.monotonic() - reported > self.course.report_every_s:
                self._report(sums / steps, steps, time.monotonic() - reported, on_report)
                reported, steps = time.monotonic(), 0
                sums.zero_()
                grown = self.lesson.grown()
                if len(grown) > len(self.lesson):
                    self._learn(grown)
        if steps:
            self._report(sums / steps, steps, time.monotonic() - reported, on_report)

    def _learn(self, lesson: Lesson) -> None:
        """Take up a lesson: one read anew, or the present one grown."""
        self.lesson = lesson
        taught = torch.from_numpy(lesson.teacher).to(self.device)
        self.bank = losses.project(taught, self.mean, self.axes)
        self.shots = torch.from_numpy(lesson.shots).to(self.device)
        self.store = PictureStore(lesson.shards, self.device, self.store)
        self.sampler = Sampler(lesson, self.course.batch, self.course.seed)

    def _step(self) -> Tensor:
        share, parts = self.done.share(self.course), self.course.parts
        for group in self.optimiser.param_groups:
            group["lr"] = self.course.rate * rate_at(share) * group["pace"]
        first, second = (np.array_split(rows, parts) for rows in self.sampler.rows(self.done.step))
        self.student.train()
        found = list(self.pool.map(self._learnt_from, range(parts), first, second, [share] * parts))
        for parameter, *gradients in zip(self.learning, *(gradients for _, gradients in found), strict=True):
            parameter.grad = gradients[0] if parts == 1 else torch.stack(gradients).mean(0)
        torch.nn.utils.clip_grad_norm_(self.learning, 2.0)
        self.optimiser.step()
        self.done.step += 1
        self.done.views += 2 * self.course.batch
        self._follow(min(0.999, 1 - 1 / (1 + self.done.step / 8)))
        return torch.stack([terms for terms, _ in found]).mean(0)

    def _learnt_from(
        self, part: int, first: NDArray[np.int64], second: NDArray[np.int64], share: float
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        """The terms of the loss and the gradients of what learns, by one part of a step's rows."""
        rows = np.concatenate([first, second])
        rows_at = torch.from_numpy(rows).to(self.device)
        generator = torch.Generator(self.device)
        number = self.done.step * self.course.parts + part
        generator.manual_seed(self.course.seed * 1_000_003 + number)
        pictures, aspects = self.store.get(rows)
        strength = torch.rand(len(rows), generator=generator, device=self.device) * 0.7 + 0.3
        clean = torch.rand(len(rows), generator=generator, device=self.device) < _MOST_CLEAN
        strength = torch.where(clean, 0.0, strength) * self._severity(share)
        views = self.maker.disturbed(pictures, aspects, generator, strength)
        views = views.contiguous(memory_format=self.course.memory)
        with torch.autocast(self.device.type, torch.bfloat16, enabled=self.device.type == "cuda"):
            vectors = self.student(views, self.course.still)
        vectors = vectors.float()
        half = len(first)
        shots = self.shots[rows_at]
        terms = torch.stack(
            [
                losses.find_among(vectors, rows_at, self.bank, self.shots),
                losses.look_alike(vectors, self.bank[rows_at]),
                losses.agree(vectors[:half], vectors[half:], shots[:half]),
                losses.spread(vectors[:half], shots[:half]),
            ]
        )
        total = (terms * torch.tensor(self.course.weights, device=self.device)).sum()
        gradients = torch.autograd.grad(total, self.learning)
        return torch.cat([terms.detach(), total.detach()[None]]), gradients

    def _severity(self, share: float) -> float:
        """How strongly views are disturbed: less at first, unless the student comes trained."""
        return 1.0 if self.course.start is not None else min(1.0, 0.4 + share * 6)

    @torch.no_grad()
    def _follow(self, keep: float) -> None:
        """Let the average follow the student."""
        pairs = zip(self.average.state_dict().values(), self.student.state_dict().values(), strict=True)
        for slow, fast in pairs:
            if slow.dtype.is_floating_point:
                slow.lerp_(fast, 1 - keep)
            else:
                slow.copy_(fast)

    def _report(
        self, means: Tensor, steps: int, took_s: float, on_report: Callable[[dict[str, float]], None]
    ) -> None:
        self.save()
        names = ("find_among", "look_alike", "agree", "spread", "total")
        line = {
            "step": self.done.step,
            "views": self.done.views,
            "elapsed_s": round(self.done.elapsed_s, 1),
            "share": round(self.done.share(self.course), 4),
            "ms_per_view": round(1000 * took_s / (steps * 2 * self.course.batch), 3),
            "pictures": len(self.lesson),
            **{name: round(float(value), 4) for name, value in zip(names, means, strict=True)},
        }
        on_report(line)
        log = self.folder / "log.csv"
        fresh = not log.exists()
        with log.open("a", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, list(line))
            if fresh:
                writer.writeheader()
            writer.writerow(line)

    def save(self) -> None:
        """Write `last.pt` so that it is either the old or the new one."""
        part = self.folder / "last.pt.part"
        torch.save(
            {
                "shape": self.course.shape.as_dict(),
                "student": self.student.state_dict(),
                "average": self.average.state_dict(),
                "optimiser": self.optimiser.state_dict(),
                "mean": self.mean,
                "axes": self.axes,
                "done": [self.done.step, self.done.views, self.done.elapsed_s],
            },
            part,
        )
        part.replace(self.folder / "last.pt")

    def _fit_side(self, students: list[Student], before: int) -> None:
        """Fit students whose weights were trained at the side `before` to that of the course."""
        if before != self.course.shape.side:
            fit_side(students, self.store, len(self.lesson), (before, self.course.shape.side))

    def _resume(self) -> None:
        kept = torch.load(self.folder / "last.pt", map_location=self.device, weights_only=True)
        self.student.load_state_dict(kept["student"])
        self.average.load_state_dict(kept["average"])
        self.optimiser.load_state_dict(kept["optimiser"])
        self.mean, self.axes = kept["mean"], kept["axes"]
        step, views, elapsed_s = kept["done"]
        self.done = Progressed(int(step), int(views), float(elapsed_s))


def _groups(student: Student, course: Course) -> list[dict[str, Any]]:
    """What the optimiser moves; the head's matrices have no scale of their own and move by smaller steps."""
    layers = convolutions(student)
    ends = [*student.straight.parameters(), *student.bent.parameters()]
    return [
        {"params": [layer.relative for layer in layers], "weight_decay": course.decay, "pace": 1.0},
        {"params": [layer.bias for layer in layers], "weight_decay": 0.0, "pace": 1.0},
        {"params": list(student.inner.parameters()), "weight_decay": 0.0, "pace": 0.1},
        {"params": ends, "weight_decay": 0.0, "pace": 0.01},
    ]


def learning(student: Student, still: int) -> list[nn.Parameter]:
    """What learns: all but the stem and the first blocks where those are `still`."""
    fixed = [student.stem, *student.blocks[:still]] if still else []
    kept = {id(parameter) for part in fixed for parameter in part.parameters()}
    return [parameter for parameter in student.parameters() if id(parameter) not in kept]


def shape_of(run: Path) -> Shape | None:
    """The shape of the student that a run's folder holds, None when it holds none yet."""
    return _shape_in(run / "last.pt") if (run / "last.pt").exists() else None


def _shape_in(kept: Path) -> Shape:
    if kept.suffix == ".onnx":
        return exported_shape(kept)
    return Shape(**torch.load(kept, map_location="cpu", weights_only=True)["shape"])


def take_weights(student: Student, start: Path) -> int:
    """Give a student those weights of an exported file, or the averaged ones of a checkpoint, that have its
    shapes; returns how many fit."""
    if start.suffix == ".onnx":
        kept = exported_student(start).state_dict()
    else:
        kept = torch.load(start, map_location="cpu", weights_only=True)["average"]
    own = student.state_dict()
    fitting = {name: value for name, value in kept.items() if name in own and own[name].shape == value.shape}
    student.load_state_dict(fitting, strict=False)
    return len(fitting)


def load_student(checkpoint: Path) -> Student:
    """The averaged student of a run's checkpoint, on the processor, for inference."""
    kept = torch.load(checkpoint, map_location="cpu", weights_only=True)
    student = Student(Shape(**kept["shape"]))
    student.load_state_dict(kept["average"])
    student.eval()
    return student
