"""One command a step: `python -m index_tools.training reduce|shards|train|export|check …`.

Every step can be stopped at any time and started again with the same words; what is finished is kept.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
import numpy as np

from index_tools.opencv import cv2

if TYPE_CHECKING:
    from index_tools.training.network import Student
    from index_tools.training.parts import PartsHead

FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(help=__doc__)
@click.option("--threads", default=1, show_default=True, help="Threads that OpenCV may use.")
def main(threads: int) -> None:
    """Train the learned scene descriptor."""
    cv2.setNumThreads(threads)


@main.command()
@click.argument("source", type=FOLDER)
@click.argument("out", type=FOLDER)
def reduce(source: Path, out: Path) -> None:
    """Reduce the pictures of all packages in SOURCE (a folder each) into OUT."""
    from index_tools.training.art import reduce_art

    art = reduce_art(source, out)
    click.echo(f"{len(art)} pictures, {sum(item.cut_out for item in art)} of them cut-outs")


@main.command()
@click.argument("reduced", type=FOLDER)
@click.argument("out", type=FOLDER)
@click.option("--first", default=0, show_default=True)
@click.option("--count", default=40, show_default=True)
@click.option(
    "--step", default=1, show_default=True, help="Make every STEP-th, for several processes at once."
)
@click.option("--held-out", is_flag=True, help="Use the packages that are kept from training.")
@click.option("--teacher", type=FILE, help="Teach each shard as soon as it is made.")
def shards(
    reduced: Path, out: Path, first: int, count: int, step: int, held_out: bool, teacher: Path | None
) -> None:
    """Make COUNT shards in OUT from the pictures in REDUCED: FIRST, FIRST+STEP and so on."""
    from index_tools.training.plan import write_shards

    for number in write_shards(reduced, out, range(first, first + count * step, step), held_out=held_out):
        if teacher is not None:
            from index_tools.training.teacher import teach_shards

            for _ in teach_shards(out, teacher, [number]):
                pass
        click.echo(f"shard {number}")


@main.command()
@click.argument("reduced", type=FOLDER)
@click.argument("out", type=FOLDER)
def pack(reduced: Path, out: Path) -> None:
    """Pack the pictures in REDUCED into a few archives in OUT, to be carried elsewhere."""
    from index_tools.training.travel import pack_art

    for part in pack_art(reduced, out):
        click.echo(f"{part} {part.stat().st_size}")


@main.command()
@click.argument("parts", type=FILE, nargs=-1, required=True)
@click.argument("reduced", type=FOLDER)
def unpack(parts: tuple[Path, ...], reduced: Path) -> None:
    """Lay the archives PARTS out in REDUCED."""
    from index_tools.training.travel import unpack_art

    click.echo(f"{len(unpack_art(list(parts), reduced))} pictures")


@main.command()
@click.argument("folder", type=FOLDER)
@click.argument("teacher", type=FILE)
def teach(folder: Path, teacher: Path) -> None:
    """Compute the TEACHER's vectors of all shards in FOLDER that lack them."""
    from index_tools.training.shards import shard_numbers
    from index_tools.training.teacher import teach_shards

    for number in teach_shards(folder, teacher, shard_numbers(folder)):
        click.echo(f"shard {number}")


@main.command()
@click.argument("folder", type=FOLDER)
@click.argument("run", type=FOLDER)
@click.option("--held", type=FOLDER, help="Shards of art kept from training, to measure with.")
@click.option("--device", default="cpu", show_default=True)
@click.option("--cores", default=1, show_default=True, help="Threads of PyTorch.")
@click.option("--width", default=1.0, show_default=True, help="Width of the network.")
@click.option("--values", default=256, show_default=True, help="Values of a vector.")
@click.option(
    "--start", type=FILE, help="Checkpoint or exported file whose weights a new run takes as they fit."
)
@click.option("--pretrained", type=FILE, help="Published detector that a new run takes its trunk from.")
@click.option("--still", default=3, show_default=True, help="Leading blocks that stay as they are.")
@click.option("--side", default=128, show_default=True, help="Side of a view, pixels.")
@click.option("--views", default=2_000_000, show_default=True, help="Length of the whole run.")
@click.option("--minutes", type=float, help="Length of the whole run in minutes of training, instead.")
@click.option("--batch", default=64, show_default=True, help="Pictures a step, two views each.")
@click.option("--parts", default=1, show_default=True, help="Threads that share the pictures of a step.")
@click.option("--rate", default=1e-3, show_default=True)
@click.option("--seed", default=1, show_default=True)
@click.option("--planar", is_flag=True, help="Lay features out plane by plane.")
@click.option("--sitting", type=float, help="Stop after this many minutes; start again to go on.")
@click.option("--report", default=4.0, show_default=True, help="Minutes between checkpoints.")
def train(
    folder: Path, run: Path, held: Path | None, device: str, cores: int, width: float, values: int,
    start: Path | None, pretrained: Path | None, still: int, side: int, views: int, minutes: float | None,
    batch: int, parts: int, rate: float, seed: int, planar: bool, sitting: float | None, report: float,
) -> None:  # fmt: skip
    """Train a student on the taught shards in FOLDER; RUN keeps checkpoint and log and is gone on with.

    A run that is gone on with keeps its width and values; side, length, batch and rate may change.
    """
    import torch

    from index_tools.training.batches import Lesson
    from index_tools.training.network import Shape
    from index_tools.training.recall import held_out_recall
    from index_tools.training.train import Course, Run, shape_of

    torch.set_num_threads(cores)
    torch.set_float32_matmul_precision("high")
    shape = shape_of(run) or Shape(width=width, values=values, side=side)
    course = Course(
        shape=replace(shape, side=side), views=views, minutes=minutes, start=start, batch=batch,
        parts=parts, pretrained=pretrained, still=still, rate=rate, seed=seed, planar=planar,
        report_every_s=60 * report,
        stop_after_s=float("inf") if sitting is None else 60 * sitting,
    )  # fmt: skip
    where = torch.device(device)
    going = Run(run, Lesson.read(folder), course, where)
    measured = Lesson.read(held) if held is not None else None

    def tell(line: dict[str, float]) -> None:
        click.echo(" ".join(f"{name}={value}" for name, value in line.items()))
        if measured is not None:
            first, ten = held_out_recall(going.average, measured, side, where)
            with (run / "held.csv").open("a", encoding="utf-8") as out:
                out.write(f"{line['step']:.0f},{line['views']:.0f},{first:.4f},{ten:.4f}\n")
            click.echo(f"held out: first {first:.3f}, among ten {ten:.3f}")

    going.go(tell)


@main.command()
@click.option("--device", default="cpu", show_default=True)
@click.option("--width", default=1.0, show_default=True)
@click.option("--side", default=128, show_default=True)
@click.option("--views", default=64, show_default=True, help="Views a step.")
def speed(device: str, width: float, side: int, views: int) -> None:
    """Measure milliseconds a view on this machine."""
    import torch

    from index_tools.training.network import Shape
    from index_tools.training.speed import measure

    shape = Shape(width=width, side=side)
    for name, took_ms in measure(shape, views, torch.device(device)).items():
        click.echo(f"{name}: {took_ms:.3f} ms a view")


@main.command()
@click.argument("run", type=FOLDER)
@click.argument("out", type=FILE)
@click.option("--side", type=int, help="Side of the pictures, pixels; as trained if left out.")
@click.option("--pictures", type=FOLDER, help="Shards that fit the student to the side and order its values.")
@click.option("--full", is_flag=True, help="Keep the weights in 32 bits.")
def export(run: Path, out: Path, side: int | None, pictures: Path | None, full: bool) -> None:
    """Write the averaged student of RUN as the ONNX file OUT and compare OpenCV's result with PyTorch's."""
    from index_tools.training.export import export as write
    from index_tools.training.export import prepare
    from index_tools.training.train import load_student

    student = load_student(run / "last.pt")
    size = side or student.shape.side
    if pictures is not None:
        student = prepare(student, pictures, size)
    elif size != student.shape.side:
        raise click.UsageError("Another side than the student was trained at needs --pictures.")
    write(student, out, half=not full)
    click.echo(f"side {size}, {_agreement(student, out)}")


def _agreement(student: Student, out: Path, parts: PartsHead | None = None) -> str:
    """How large a network's file is, how long OpenCV takes and how well it agrees with PyTorch, in words."""
    from index_tools.training.export import compare

    side = student.shape.side
    noise = np.random.default_rng(0).integers(0, 256, (8, 9, 9, 3)).astype(np.uint8)
    shown = np.stack([cv2.resize(one, (side, side), interpolation=cv2.INTER_CUBIC) for one in noise])
    found = compare(student, out, shown, parts)
    return (
        f"{out.stat().st_size} bytes, {found.took_ms:.1f} ms of processor a picture, "
        f"greatest difference {found.difference:.2e}, cosine {found.cosine:.6f}"
    )


@main.command()
@click.argument("model", type=FILE)
@click.argument("folder", type=FOLDER)
@click.argument("out", type=FILE)
@click.option("--cores", default=1, show_default=True, help="Threads of PyTorch.")
@click.option("--seed", default=1, show_default=True)
def parts(model: Path, folder: Path, out: Path, cores: int, seed: int) -> None:
    """Give the exported MODEL a head that describes parts of frames, learnt from the shards in FOLDER."""
    import torch

    from index_tools.training.batches import PictureStore
    from index_tools.training.export import export as write
    from index_tools.training.exported import exported_student
    from index_tools.training.parts import fit_parts
    from index_tools.training.shards import open_shards, shard_numbers

    torch.set_num_threads(cores)
    student = exported_student(model)
    shards = open_shards(folder, shard_numbers(folder))
    store = PictureStore(shards, torch.device("cpu"))
    head = fit_parts(student, store, len(shards), seed, click.echo)
    write(student, out, parts=head)
    click.echo(_agreement(student, out, head))


@main.command()
@click.argument("model", type=FILE)
@click.argument("folder", type=FOLDER)
@click.argument("out", type=FILE)
@click.option("--side", required=True, type=int)
@click.option("--count", default=2000, show_default=True)
def background(model: Path, folder: Path, out: Path, side: int, count: int) -> None:
    """Write up to COUNT stored vectors of diverse pictures from the shards in FOLDER as the array OUT."""
    from index_tools.training.background import choose_background
    from index_tools.training.export import opencv_runner
    from index_tools.training.shards import open_shards, shard_numbers, write_whole

    shards = open_shards(folder, shard_numbers(folder))
    chosen = choose_background(opencv_runner(model), side, shards, count)
    write_whole(out, chosen)
    click.echo(f"{len(chosen)} vectors of {chosen.shape[1]} values, {out.stat().st_size} bytes")


@main.command()
@click.argument("model", type=FILE)
@click.argument("films", type=FILE, nargs=-1, required=True)
@click.option("--side", default=160, show_default=True)
@click.option("--teacher", is_flag=True, help="MODEL is the teacher, not a student.")
@click.option("--distractors", type=FOLDER, required=True, help="Shards that fill the index.")
@click.option("--degradations", type=FILE, required=True, help="Python file with GROUPS of degradations.")
@click.option("--queries", default=100, show_default=True)
def check(
    model: Path, films: tuple[Path, ...], side: int, teacher: bool, distractors: Path, degradations: Path,
    queries: int,
) -> None:  # fmt: skip
    """Measure an exported student on FILMS, class by class."""
    from index_tools.training.check import Describe, Way, first_values, load_degradations, whole_numbers
    from index_tools.training.check import check as measure
    from index_tools.training.export import opencv_runner
    from index_tools.training.teacher import Teacher

    describe: Describe = Teacher(model).describe if teacher else opencv_runner(model)
    ways: dict[str, Way] = {"all": lambda vectors: vectors, "stored": whole_numbers}
    ways |= {f"first {count}": first_values(count) for count in (128, 96, 64)}
    found = measure(
        describe, side, films, distractors, load_degradations(degradations), ways=ways, queries=queries
    )
    for name, (first, ten) in found["all"].items():
        click.echo(f"{name:16} {100 * first:6.1f} {100 * ten:6.1f}")
    for way, results in found.items():
        told = [f"{100 * v:.1f}" for name, pair in results.items() if name.startswith("=") for v in pair]
        click.echo(f"{way:16} {' '.join(told)}")


if __name__ == "__main__":
    main()
