"""Generated poems before two judges: the checker of the house and a second one written independently from the tables.

Poems of all four forms in turn, by the shipped poet, one candidate a line, so that weak lines are judged too. Both
judges must find nothing in any of them. `python -m tests.bench verse` takes 10,000 poems and a few minutes.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from models import find_card
from models.poem_rnn import sample, wishes
from models.poem_rnn.prosody import FORMS
from models.poem_rnn.reading import check
from models.poem_rnn.sample import Poet
from models.recipe import Poem, Recipe, Result
from tests.models import second_checker

POEMS, TOGETHER = 10_000, 64


def main() -> dict[str, Any]:
    """The whole benchmark."""
    return judge_poems(POEMS)


def _batched(recipes: Iterator[Recipe], most: int) -> Iterator[list[Recipe]]:
    """As many as `most` at a time."""
    while some := list(islice(recipes, most)):
        yield some


def _write(poet: Poet, recipes: list[Recipe]) -> list[Result | None]:
    return poet.run(recipes, lambda _index, _stage: None, lambda _index: False)


def judge_poems(count: int) -> dict[str, Any]:
    """How many of so many poems break a rule by either judge, and on how many the judges do not agree."""
    card, forms = find_card("poem-tangsong"), list(FORMS)
    poet, began = sample.load(card, "cpu"), time.perf_counter()
    first = second = apart = 0
    recipes = (wishes.recipe(forms[seed % 4], seed, card, candidates=1) for seed in range(count))
    for poem in chain.from_iterable(_write(poet, some) for some in _batched(recipes, TOGETHER)):
        assert isinstance(poem, Poem)
        faulty, irregular = bool(check(poem.lines, poem.form)), not second_checker.regular(list(poem.lines))
        first, second, apart = first + faulty, second + irregular, apart + (faulty is not irregular)
    seconds = round(time.perf_counter() - began, 1)
    return {
        "bench": "verse",
        "poems": count,
        "faulty": first,
        "faulty_by_second": second,
        "apart": apart,
        "seconds": seconds,
    }
