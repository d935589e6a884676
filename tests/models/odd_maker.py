"""A maker that does on request what a network does by accident: sleeps, fails, dies, hangs. For the engine's tests."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from functools import partial

from models import Card, nobody_comes, nobody_waits
from models.recipe import Picture, Recipe, Result, Stage


class OddMaker:
    """Paints one pixel: red is the seed, green the size of the batch, blue what its card says."""

    def __init__(self, blue: int = 0) -> None:
        self.blue = blue

    def batch_key(self, recipe: Recipe) -> tuple[object, ...]:
        """Anything may share a run."""
        return ()

    def run(
        self,
        recipes: list[Recipe],
        report: Callable[[int, Stage], None],
        cancelled: Callable[[int], bool],
        done: Callable[[int, Result | Exception | None], None] = nobody_waits,
        more: Callable[[], list[Recipe]] = nobody_comes,
    ) -> list[Result | None]:
        """Do what each recipe's "do" says, then paint it; "wait" is done when another recipe joins."""
        results = list[Result | None]()
        for i, recipe in enumerate(recipes):  # it may grow while we are at it
            report(i, Stage(0.5, Picture(bytes(3), 1, 1)))
            what = str(recipe.inputs.get("do", ""))
            obeyed = self._obey(what, partial(cancelled, i))
            if what == "wait":
                obeyed = self._wait(recipes, more, partial(cancelled, i))
            results.append(Picture(bytes([recipe.seed % 256, len(recipes), self.blue]), 1, 1) if obeyed else None)
            done(i, results[i])
        return results

    @staticmethod
    def _wait(recipes: list[Recipe], more: Callable[[], list[Recipe]], cancelled: Callable[[], bool]) -> bool:
        while not cancelled():
            if joining := more():
                recipes.extend(joining)
                return True
            time.sleep(0.05)
        return False

    @staticmethod
    def _obey(what: str, cancelled: Callable[[], bool]) -> bool:
        if what == "die":
            os._exit(3)
        if what.startswith("die unless "):
            flag = what.removeprefix("die unless ")
            if not os.path.exists(flag):  # noqa: PTH110
                open(flag, "w").close()  # noqa: PTH123
                os._exit(3)
        if what == "fail":
            raise ArithmeticError("a network's own error")
        if what == "hang":
            time.sleep(60)
        for _ in range(100 if what == "sleep" else 0):
            time.sleep(0.05)
            if cancelled():
                return False
        return True


def load(card: Card, device: str) -> OddMaker:
    """The odd maker, in the card's blue."""
    return OddMaker(card.facts.get("blue", 0))
