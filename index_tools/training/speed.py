"""How long views and steps take here, so that a short loan of a machine is not spent on guessing."""

from __future__ import annotations

import time
from collections.abc import Callable

import torch
from torch import Tensor

from index_tools.training.network import Shape, Student
from index_tools.training.shards import SIDE
from index_tools.training.views import ViewMaker, load_layers


def measure(shape: Shape, views: int, device: torch.device, *, rounds: int = 5) -> dict[str, float]:
    """Milliseconds a view of drawing views, and of a step forth and back with the weights laid out
    "planar" and "channels_last"; each the least of `rounds` after one to warm up."""
    generator = torch.Generator(device)
    generator.manual_seed(1)
    pictures = torch.randint(
        0, 256, (views, SIDE, SIDE, 3), dtype=torch.uint8, generator=generator, device=device
    )
    aspects = torch.full((views,), 16 / 9, device=device)
    maker = ViewMaker(load_layers(1, shape.side, device, layers=32, pages=8), shape.side)
    found = {"views": _least(lambda: maker.disturbed(pictures, aspects, generator), rounds, device) / views}
    drawn = maker.disturbed(pictures, aspects, generator)
    for name, memory in (("planar", torch.contiguous_format), ("channels_last", torch.channels_last)):
        student = Student(shape).to(device, memory_format=memory)  # type: ignore[call-overload]
        given = drawn.contiguous(memory_format=memory)
        found[name] = _least(lambda: _there_and_back(student, given), rounds, device) / views  # noqa: B023
    return found


def _there_and_back(student: Student, given: Tensor) -> None:
    with torch.autocast(given.device.type, torch.bfloat16, enabled=given.device.type == "cuda"):
        vectors = student(given)
    student.zero_grad(set_to_none=True)
    (vectors.float() @ vectors.float().T).mean().backward()  # type: ignore[no-untyped-call]


def _least(work: Callable[[], object], rounds: int, device: torch.device) -> float:
    """Least milliseconds of several runs."""
    times = []
    for _ in range(rounds + 1):
        began = time.perf_counter()
        work()
        if device.type == "cuda":
            torch.cuda.synchronize(device)
        times.append(1000 * (time.perf_counter() - began))
    return min(times[1:])
