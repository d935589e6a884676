"""Compare: two to four works side by side, and what of their recipes differs, value by value.

A scroll has the values of its painting, of its poem and of its mounting. Long values, such as the genes of parents, are
told by their first characters: enough to see that they are not the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gallery import errors
from gallery.journeys import House, browse, mount
from gallery.journeys.browse import WorkView
from gallery.visitors import Visitor
from models.recipe import Recipe

FEWEST, MOST = 2, 4
LONGEST = 24
NONE = "—"
PARTS = ("painting", "poem", "mount", "film")


@dataclass(frozen=True)
class Row:
    """One value of every recipe; what a work does not have is NONE. part: painting, poem or mount."""

    part: str
    name: str
    values: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether all have the same."""
        return len(set(self.values)) == 1


@dataclass(frozen=True)
class Comparison:
    """The works in the order asked for, and the values of their recipes."""

    views: tuple[WorkView, ...]
    rows: tuple[Row, ...]

    @property
    def comparable(self) -> bool:
        """Whether any value is one of two works at least."""
        return any(len(row.values) - row.values.count(NONE) > 1 for row in self.rows)


def look(house: House, asked: Sequence[str], visitor: Visitor) -> Comparison:
    """These works, each once; raises NotSoMany, NoSuchWork, StoreTrouble."""
    numbers = list(dict.fromkeys(browse.check_id(one) for one in asked))
    if not FEWEST <= len(numbers) <= MOST:
        raise errors.NotSoMany(len(numbers), FEWEST, MOST)
    views = tuple(browse.look(house, number, visitor) for number in numbers)
    return Comparison(views, rows_of(views))


def rows_of(views: Sequence[WorkView]) -> tuple[Row, ...]:
    """Their values side by side, in the order in which recipes name them, part by part."""
    told = [values_of(view) for view in views]
    names = sorted(dict.fromkeys(name for one in told for name in one), key=lambda name: PARTS.index(name[0]))
    return tuple(Row(*name, tuple(one.get(name, NONE) for one in told)) for name in names)


def values_of(view: WorkView) -> dict[tuple[str, str], str]:
    """Every value of a recipe by its part and its name."""
    if view.work.kind == "film":
        passed = {f"seed_{n}": _plain(one.seed) for n, one in enumerate(mount.stations_of(view.recipe), 1)}
        told = {"seconds": _plain(view.recipe.parameters["seconds"])} | passed
        return {("film", name): value for name, value in told.items()}
    kinds = PARTS[:2] if view.work.kind == "scroll" else (view.work.kind,)
    named = zip(kinds, mount.parts_of(view.recipe), strict=True)
    found = {(part, name): value for part, one in named for name, value in _flat(one).items()}
    mounting = view.recipe.parameters if view.work.kind == "scroll" else {}
    return found | {("mount", name): _plain(value) for name, value in mounting.items()}


def _flat(recipe: Recipe) -> dict[str, str]:
    own = {"model": recipe.model, "weights": recipe.weights, "seed": recipe.seed}
    # a slider is called ink as well as the latent that another painting's ink comes from
    inputs = {"ink_of" if name == "ink" else name: value for name, value in recipe.inputs.items()}
    return {name: _plain(value) for name, value in {**own, **inputs, **recipe.parameters}.items()}


def _plain(value: object) -> str:
    """A value in a few characters.

    >>> _plain(1.5), _plain(["a", "b"]), _plain("0123456789abcdef0123456789")
    ('1.5', 'a · b', '0123456789ab…')
    """
    if isinstance(value, list | tuple):
        return " · ".join(map(_plain, value))
    text = str(value)
    return text if len(text) <= LONGEST else f"{text[:12]}…"
