"""Centos (集句): quatrains whose every line is a line of a Tang or Song poet, put together by the network.

Tones and rhyme are planned as for any quatrain (plan.py). For each line, POOL lines of the anthology that keep the
plan are drawn, half of them with a keyword where there are any, and never more than half of all, so that another seed
finds another; the network reads each after the lines before it, and the one wins that it finds likeliest, less
commonplace (steps.py), with KEYWORD for every keyword in it. No two lines are of one poem or end alike; no character
comes twice, save within a line of a poet's own, and no line comes that was found before, as long as any other is left.
The poem that comes of it names its sources; its recipe then holds lines and sources (wishes.py), and making it again
looks every line up and scores it once more.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from models.poem_rnn.anthology import Anthology, Ints
from models.poem_rnn.given import BLANK
from models.poem_rnn.plan import Plan, make_plan
from models.poem_rnn.prosody import FORMS
from models.poem_rnn.steps import Pen, Step, Stepped, Writing, commonplace
from models.recipe import Poem, Recipe, UnknownInput

POOL = 64
KEYWORD = 4.0  # nats; a line that names what was asked for goes before one that is a little smoother
_PLANNED = ("form", "rhyme", "opening")


@dataclass
class _Gathered:
    """The lines so far, their log-probability in all, and the network's state after them."""

    state: Tensor
    lines: list[str] = field(default_factory=list)
    logprob: float = 0.0


def gather(
    pen: Pen, anthology: Anthology, recipe: Recipe, report: Callable[[float, Poem], None], cancelled: Callable[[], bool]
) -> Writing:
    """The cento of that recipe, reported line by line; None if it was cancelled. Raises UnknownInput."""
    chance, rows = np.random.Generator(np.random.Philox(key=recipe.seed)), recipe.inputs["cento"]
    plan = make_plan({name: recipe.inputs.get(name) for name in _PLANNED} | {"given": rows}, chance)
    asked, gathered = pen.ask(pen.wishes(recipe.inputs)), _Gathered(pen.start(1))
    for n, row in enumerate(rows):
        if cancelled():
            return None
        taken = [*gathered.lines, *(other for other in rows[n + 1 :] if BLANK not in other)]
        found = [row] if BLANK not in row else _pool(anthology, plan, n, taken, recipe.inputs, chance)
        yield from _add_best(pen, recipe, gathered, found, asked)
        poem = _poem(anthology, plan, gathered)
        report((n + 1) / len(rows), poem)
    sources = [list(source) for source in poem.sources]
    if recipe.inputs.get("sources", sources) != sources:
        raise UnknownInput("sources: the anthology has these lines from other poems; leave the sources out")
    return poem


def _pool(
    anthology: Anthology,
    plan: Plan,
    n: int,
    taken: Sequence[str],
    inputs: Mapping[str, Any],
    chance: np.random.Generator,
) -> list[str]:
    """At most POOL lines that may stand as line n beside those that are taken; raises UnknownInput for none."""
    shelf = anthology.shelves[FORMS[plan.form][1]]
    fitting = shelf.fitting(plan.marks[n], plan.rhyme if plan.rhymes(n) else "")
    fitting = fitting[~np.isin(shelf.poem[fitting], [shelf.poem[shelf.lines.index(line)] for line in taken])]
    fitting = fitting[~np.isin(shelf.codes[fitting, -1], [ord(line[-1]) for line in taken])]
    old = [shelf.lines.index(line) for line in inputs.get("besides", ()) if line in shelf.lines]
    found = _rather(fitting, ~np.isin(fitting, old))
    found = _rather(found, shelf.having("".join(taken))[found] == 0) if taken else found
    if not len(found):
        raise UnknownInput(
            f"no line of the anthology can stand as line {n + 1} on the rhyme {plan.rhyme}; choose another rhyme",
            why="no_line",
            line=n + 1,
            rhyme=plan.rhyme,
        )
    drawn = chance.permutation(found)[: max(1, len(found) // 2)]
    telling = drawn[shelf.having(inputs["keywords"])[drawn] > 0][: POOL // 2] if inputs.get("keywords") else drawn[:0]
    rest = drawn[~np.isin(drawn, telling)]
    return [shelf.lines[number] for number in (*telling, *rest[: POOL - len(telling)])]


def _rather(lines: Ints, wanted: NDArray[np.bool_]) -> Ints:
    """Those that are wanted; all, where none is."""
    return lines[wanted] if wanted.any() else lines


def _add_best(
    pen: Pen, recipe: Recipe, gathered: _Gathered, found: Sequence[str], asked: Tensor
) -> Generator[Step, Stepped, None]:
    """Reads every line after those before it, in one batch, and keeps the best."""
    rows = np.array([pen.vocabulary.encode(line) for line in found])
    if len(found) > 1:  # a batch always has the same shape
        rows = np.concatenate([rows, np.repeat(rows[:1], POOL - len(rows), axis=0)])
    before, everywhere = pen.vocabulary.encode("".join(gathered.lines)), np.arange(len(rows))
    wished = pen.wished(asked, len(rows))
    logprobs, state = np.zeros(len(rows)), gathered.state.repeat_interleave(len(rows), dim=1)
    for column in range(rows.shape[1]):
        texts = [[*before, *row[:column]] for row in rows.tolist()]
        step, state = yield from pen.step(texts, recipe.inputs["form"], wished, state)
        logprobs += step[0, everywhere, rows[:, column]]
    keywords = recipe.inputs.get("keywords", "")
    named = np.array([sum(character in keywords for character in set(line)) for line in found])
    scores = (logprobs - commonplace(recipe) * pen.plain[rows].sum(axis=1))[: len(found)] + KEYWORD * named
    best = int(np.argmax(scores))
    gathered.lines.append(found[best])
    gathered.logprob += float(logprobs[best])
    gathered.state = state[:, best : best + 1]


def _poem(anthology: Anthology, plan: Plan, gathered: _Gathered) -> Poem:
    sources = [_source(anthology, line) for line in gathered.lines]
    characters = len("".join(gathered.lines))
    return Poem(plan.form, tuple(gathered.lines), plan.rhyme, gathered.logprob / characters, tuple(sources))


def _source(anthology: Anthology, line: str) -> tuple[str, str]:
    found = anthology.source(line)
    if found is None:
        raise UnknownInput(
            f"{line!r} is no line of the anthology; leave it to the poet ({BLANK}), or write verse of your own",
            why="not_there",
            text=line,
        )
    return found
