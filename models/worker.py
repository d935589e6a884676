"""A worker process: the only place where the app's torch lives. Reads jobs from a pipe, cooks them, answers.

Started by the engine as `python -m models.worker --pipe FD --device D --cards DIR --weights DIR`; nobody else should.
It computes in fp32 on one thread, so that a recipe gives the same bytes however many cores there are, on the same kind
of processor; others round otherwise, so its hello says which it is. It runs a little nicer than the web process, so
that browsing stays quick while it paints. When the pipe closes it goes.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path

from models import Maker, Seer, card_of, catalogue, load
from models.likeness import Likeness
from models.recipe import Recipe, RecipeError, Result, Stage, UnknownInput
from models.wire import pack, pack_found, pack_result, read_order, unpack


def choose_device(wanted: str) -> str:
    """`auto` is the first GPU if there is one, else the CPU."""
    import torch

    torch.set_num_threads(1)
    torch.backends.cuda.matmul.allow_tf32 = False
    torch.backends.cudnn.allow_tf32 = False
    torch.backends.cudnn.deterministic = True
    return ("cuda" if torch.cuda.is_available() else "cpu") if wanted == "auto" else wanted


def name_processor(device: str) -> str:
    """What computes, as far as it changes results: the device, and the widest instructions that torch uses there.

    A processor without AVX-512, say, adds in another order, which moves the last bit of a sum.
    """
    import torch

    if device.startswith("cuda"):
        return f"{device} {torch.cuda.get_device_name(device)}"
    return f"{device} {torch.backends.cpu.get_cpu_capability()}"


class Worker:
    """Cooks batches from one pipe; networks are opened when first asked for and kept."""

    def __init__(self, pipe: Connection, device: str, cards: Path, weights: Path) -> None:
        self.pipe, self.device, self.cards, self.weights = pipe, device, cards, weights
        self.makers: dict[tuple[str, str], Maker] = {}
        self.cancelled: set[int] = set()
        self.watched: set[int] = set()
        self.waiting: dict[int, Recipe | Likeness] = {}

    def serve(self) -> None:
        """Answer batches until the engine hangs up."""
        try:
            self.pipe.send_bytes(pack({"hello": name_processor(self.device)}))
            self.open_all()
            while True:
                while not self.waiting:
                    self.hear()
                self.answer()
        except (EOFError, BrokenPipeError, ConnectionResetError):
            return

    def open_all(self) -> None:
        """Open every network before the first visitor asks; what is wrong with one is told when it is asked for.

        Those on the shelf are opened when they are asked for.
        """
        for card in catalogue(self.cards, self.weights):
            with suppress(RecipeError, OSError):
                self.maker(card.name, card.sha256)

    def hear(self) -> None:
        """Read one message: jobs, of which each is (job, what, how much of the payload is its), or one that is off."""
        header, payload = unpack(self.pipe.recv_bytes())
        if "cancel" in header:
            self.cancelled.add(header["cancel"])
            return
        self.watched.update(header["watched"])
        for job, order, size in header["batch"]:
            self.waiting[job] = read_order(order, payload[:size])
            payload = payload[size:]

    def answer(self) -> None:
        """Do all that waits."""
        jobs, self.waiting = self.waiting, {}
        self.cook({job: order for job, order in jobs.items() if isinstance(order, Recipe)})
        for job, order in jobs.items():
            if isinstance(order, Likeness):
                self.look(job, order)
        self.cancelled &= self.waiting.keys()
        self.watched &= self.waiting.keys()

    def look(self, job: int, order: Likeness) -> None:
        """Look for one stretch, and tell what it came to, or what went wrong."""
        try:
            maker = self.maker(order.model, order.weights)
            if not isinstance(maker, Seer):
                raise UnknownInput(f"{order.model} paints nothing; ask a painter to look at a picture")
            found = maker.look(order)
        except Exception as error:  # a job's failure is the job's, not the worker's
            self.fail(job, error)
            return
        self.pipe.send_bytes(pack_found({"job": job}, found))

    def cook(self, jobs: dict[int, Recipe]) -> None:
        """Cook a batch, group by group of what may share a run, and answer for every job."""
        groups: dict[tuple[str, str, tuple[object, ...]], dict[int, Recipe]] = {}
        for job, recipe in jobs.items():
            try:
                key = self.maker(recipe.model, recipe.weights).batch_key(recipe)
                groups.setdefault((recipe.model, recipe.weights, key), {})[job] = recipe
            except (RecipeError, OSError) as error:
                self.fail(job, error)
        for (model, weights, key), group in groups.items():
            self.cook_group(self.maker(model, weights), group, partial(self.joiners, model, weights, key))

    def cook_group(self, maker: Maker, left: dict[int, Recipe], more: Callable[[], dict[int, Recipe]]) -> None:
        """One run of the network, and of `more` that join it, each answered when it is ready; where something fails,
        those that are left go each by itself, so that nobody pays for another's recipe."""
        group = list(left)

        def done(i: int, result: Result | Exception | None) -> None:
            del left[group[i]]
            if isinstance(result, Exception):
                self.fail(group[i], result)
            else:
                self.finish(group[i], result)

        def take_in() -> list[Recipe]:
            left.update(joining := more())
            group.extend(joining)
            return list(joining.values())

        try:
            maker.run(
                list(left.values()),
                lambda i, stage: self.show(group[i], stage),
                lambda i: self.is_cancelled(group[i]),
                done,
                take_in,
            )
        except (EOFError, BrokenPipeError, ConnectionResetError):
            raise
        except Exception as error:  # a job's failure is the job's, not the worker's
            if len(group) == 1:
                self.fail(group[0], error)
                return
            for job, recipe in dict(left).items():
                self.cook_group(maker, {job: recipe}, dict)

    def joiners(self, model: str, weights: str, key: tuple[object, ...]) -> dict[int, Recipe]:
        """Of the jobs that have come meanwhile, those that may share a run of those weights and key."""
        while self.pipe.poll():
            self.hear()
        maker = self.maker(model, weights)
        found = {
            job: order
            for job, order in self.waiting.items()
            if isinstance(order, Recipe)
            and (order.model, order.weights) == (model, weights)
            and maker.batch_key(order) == key
        }
        for job in found:
            del self.waiting[job]
        return found

    def maker(self, model: str, weights: str) -> Maker:
        """The open network of those weights; raises UnknownModel or WrongWeights."""
        if (model, weights) not in self.makers:
            self.makers[model, weights] = load(card_of(model, weights, self.cards, self.weights), self.device)
        return self.makers[model, weights]

    def show(self, job: int, stage: Stage) -> None:
        """Send a glimpse of unfinished work, if somebody waits for it."""
        if job in self.watched:
            self.pipe.send_bytes(pack_result({"job": job, "stage": stage.done}, stage.so_far))

    def finish(self, job: int, result: Result | None) -> None:
        """Send the result, or that it was cancelled."""
        self.pipe.send_bytes(
            pack({"job": job, "cancelled": True}) if result is None else pack_result({"job": job}, result)
        )

    def fail(self, job: int, error: Exception) -> None:
        """Send what went wrong, by the name of its class."""
        self.pipe.send_bytes(pack({"job": job, "failed": type(error).__name__, "message": str(error)}))

    def is_cancelled(self, job: int) -> bool:
        """Whether the engine has cancelled the job meanwhile."""
        while self.pipe.poll():
            self.hear()
        return job in self.cancelled


def main() -> int:
    """Parse the engine's arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pipe", type=int, required=True)
    parser.add_argument("--device", required=True)
    parser.add_argument("--cards", type=Path, required=True)
    parser.add_argument("--weights", type=Path, required=True)
    args = parser.parse_args()
    os.nice(5)
    pipe: Connection = Connection(args.pipe)
    Worker(pipe, choose_device(args.device), args.cards, args.weights).serve()
    return 0


if __name__ == "__main__":
    sys.exit(main())
