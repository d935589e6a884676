"""Stand-ins that behave like the real thing, only sooner: an engine that cooks small works, cards for it, a clock."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable, Coroutine
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from models import Card, find_card
from models.engine import Closing, Place, Status
from models.likeness import Found, Likeness
from models.painting_gan import genome, wishes
from models.poem_rnn.cipai import TUNES, tune
from models.poem_rnn.forms import WRITTEN, cut, sizes
from models.poem_rnn.given import BLANK
from models.poem_rnn.plan import Allowance, Plan, make_plan
from models.poem_rnn.tokenizer import read_vocabulary
from models.recipe import Picture, Poem, Recipe, Result, Stage

T = TypeVar("T")
SIDE = 16
CHARACTERS = "山水云月风花雪夜江天春秋人心石松竹梅鸟钟舟烟雨霜日归来去何处空明清远深白青红"
PAINTER = Card(
    name="fake_painter",
    kind="painting",
    module="models.painting_gan",
    sha256="a" * 64,
    weights=Path("fake_painter.safetensors"),
    facts={
        **find_card("painting-shanshui").facts,
        "asks": {"labels": ["shanshui"], "sides": [SIDE // 2, SIDE]},
        "architecture": {"latent_dim": 128, "directions": ["light", "warm", "green", "ink", "detail", "low", "right"]},
    },
)
OTHER_PAINTER = replace(
    PAINTER,
    name="fake_still_painter",
    sha256="c" * 64,
    facts={**PAINTER.facts, "asks": {"labels": ["still_life"], "sides": [SIDE // 2, SIDE]}},
)
POET = Card(
    name="fake_poet",
    kind="poem",
    module="models.poem_rnn",
    sha256="b" * 64,
    weights=find_card("poem-tangsong").weights,  # its vocabulary alone,
    facts={
        **find_card("poem-tangsong").facts,
        "sampling": {"temperature": 1.0, "top_p": 0.95, "candidates": 4},
        "asks": {"forms": list(WRITTEN)},
    },
)


def paint(recipe: Recipe) -> Picture:
    """A picture of SIDE x SIDE, or as the recipe asks, that depends on every part of the recipe."""
    side = recipe.inputs.get("side", SIDE)
    row = hashlib.shake_256(recipe.to_json().encode()).digest(3 * side)
    return Picture(b"".join(bytes((value + 9 * y) % 256 for value in row) for y in range(side)), side, side)


def write(recipe: Recipe) -> Poem:
    """A poem of the right size that depends on every part of the recipe; beside given lines it keeps the rules."""
    form = recipe.inputs["form"]
    digest = hashlib.shake_256(recipe.to_json().encode()).digest(sum(sizes(form)))
    if form in TUNES:
        plan = make_plan(recipe.inputs, np.random.default_rng(digest[0]))
        return Poem(form, cut(form, _beside(plan, digest)), plan.rhyme, -4.5)
    text = "".join(CHARACTERS[value % len(CHARACTERS)] for value in digest)
    if "given" in recipe.inputs or "kept" in recipe.inputs:
        text = _beside(make_plan(recipe.inputs, np.random.default_rng(0)), digest)
    return Poem(form, cut(form, text), "東", -4.5)


def _beside(plan: Plan, digest: bytes) -> str:
    """What is given, and what tone and rhyme allow where nothing is."""
    rows: list[str] = []
    for line, size in enumerate(plan.lengths):
        row = ""
        for column, given in enumerate(plan.given[line]):
            fitting = np.flatnonzero(_allowance().at(plan, line, column))
            free = _allowance().characters[fitting[digest[len("".join(rows)) + column] % len(fitting)]]
            row += free if given == BLANK else given
        repeats = plan.form in TUNES and line in tune(plan.form).same
        rows.append(rows[-1] if repeats else row[:size])
    return "".join(rows)


@cache
def _allowance() -> Allowance:
    return Allowance(read_vocabulary(POET.weights, find_card("poem-tangsong").sha256).characters, "")


@dataclass
class FakeEngine:
    """Cooks at once. `refusals` are raised by the next submissions, in turn, and `failures` by the next futures; None
    lets one pass. While `held`, futures stay open in `open`."""

    refusals: list[Exception | None] = field(default_factory=list)
    failures: list[Exception | None] = field(default_factory=list)
    cooked: list[Recipe] = field(default_factory=list)
    held: bool = False
    open: list[Future[Result]] = field(default_factory=list)
    looks: int = 0
    closing: bool = False

    def drain(self) -> None:
        """Takes nothing new from now on, as the real one does."""
        self.closing = True

    def processors(self) -> tuple[str, ...]:
        """A processor there is none of."""
        return ("cpu ABACUS",)

    def place(self, owner: str) -> Place | None:
        """Three are ahead of everybody while it is held."""
        return Place(3, 4.0) if self.held else None

    def status(self) -> Status:
        """What is held waits."""
        waiting = sum(not future.done() for future in self.open)
        return Status(waiting, 0, self.processors(), 0, self.closing)

    def look(self, order: Likeness, *, deadline_s: float, owner: str = "") -> Future[Found]:
        """The real engine's contract; it remembers no picture, as that does not."""
        refusal = self.refusals.pop(0) if self.refusals else None
        if refusal is not None:
            raise refusal
        self.looks += 1
        future: Future[Found] = Future()
        if failure := self.failures.pop(0) if self.failures else None:
            future.set_exception(failure)
        else:
            future.set_result(look_once(order))
        return future

    def submit(
        self, recipe: Recipe, *, deadline_s: float, on_stage: Callable[[Stage], None] | None = None, owner: str = ""
    ) -> Future[Result]:
        """The real engine's contract."""
        refusal = self.refusals.pop(0) if self.refusals else None
        if refusal is not None:
            raise refusal
        if self.closing:
            raise Closing("the engine takes nothing new")
        self.cooked.append(recipe)
        future: Future[Result] = Future()
        if self.held:
            self.open.append(future)
        elif failure := self.failures.pop(0) if self.failures else None:
            future.set_exception(failure)
        else:
            result = paint(recipe) if "label" in recipe.inputs else write(recipe)
            if on_stage is not None:
                on_stage(Stage(0.5, result))
            future.set_result(result)
        return future


def look_once(order: Likeness) -> Found:
    """A search of four stretches, whose recipe depends on every pixel that was seen."""
    step = len(order.state) + 1
    latent = np.frombuffer(hashlib.shake_256(order.seen.pixels).digest(128), dtype=np.uint8)
    parent = genome.pack(latent.astype(np.float32) - 127.5)
    wish = wishes.recipe(card=PAINTER, label=order.label, seed=0, parents=[parent], found=True, mutation=0.0)
    return Found(bytes(step), step / 4, 1.0 / step, wish, paint(wish))


def finish(work: Coroutine[Any, Any, T]) -> T:
    """What a coroutine comes to, in a thread of its own: an open browser keeps a loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


@dataclass
class FakeClock:
    """A clock that stands still until it is moved."""

    now: float = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now
