"""Breeding together (同画): six children of a painting, a vote each, and the one or two most voted have the next six.

Pure state. Pictures are not in it: a recipe is all it takes to paint one again, so a room needs no store for them. The
time of a generation begins with its first vote. How recipes are made and painted is painter.py's.
"""

from __future__ import annotations

from collections.abc import Mapping, Set
from dataclasses import dataclass, field, replace
from typing import Any, Literal

CHILDREN = 6
SEATS = 60
HASTE_S = 4.0  # left to change one's mind once everybody who is there has voted
Piece = tuple[int, int]  # generation and child, from 0
Film = Literal["film"]


@dataclass(frozen=True)
class Generation:
    """Six paintings by their recipes (JSON), and which of them bred the next, once they have."""

    recipes: tuple[str, ...] = field(repr=False)
    winners: tuple[int, ...] = ()


@dataclass(frozen=True)
class Brood:
    """Generations so far. work: the painting on the wall that all come from, if one does; votes: child by member, in
    the newest generation; hung: the works that some of them have become; voters: who has ever voted, in the order in
    which they first did; film: the work that the film of the winners has become."""

    subject: str
    work: int | None
    timer_s: int
    generations: tuple[Generation, ...]
    seats: tuple[int, ...] = ()
    votes: Mapping[int, int] = field(default_factory=dict)
    hung: Mapping[Piece, int] = field(default_factory=dict)
    voters: tuple[int, ...] = ()
    film: int | None = None
    closing: bool = False

    @property
    def kind(self) -> str:
        """What sort of room it is played in."""
        return "brood"

    @property
    def most(self) -> int:
        """How many may take a seat."""
        return SEATS

    @property
    def owed(self) -> str:
        """Nothing: recipes are made at once, and pictures when somebody looks."""
        return ""

    @property
    def wait(self) -> tuple[object, ...] | None:
        """What the room waits for, so that it has a time limit: the end of this generation's vote."""
        return (len(self.generations),) if self.votes and not self.closing else None

    def hurry(self, present: Set[int]) -> float | None:
        """The seconds that are left from the moment on in which all who are there have voted."""
        return HASTE_S if present and present <= set(self.votes) else None

    def work_of(self, piece: Piece | Film | None) -> int | None:
        """The work that a picture, or the film, has become."""
        return self.film if piece == "film" else None if piece is None else self.hung.get(piece)

    def view_of(self, member: int) -> str:
        """What that member sees: all of it, as everybody does."""
        return "open"

    def may_see(self, member: int, piece: Piece) -> bool:
        """Whether that member may see this picture: everybody may see all."""
        return True

    @property
    def leaders(self) -> tuple[Piece, ...]:
        """The most voted of each generation in order, of the newest too once somebody has voted."""
        bred = [(number, one.winners[0]) for number, one in enumerate(self.generations) if one.winners]
        return (*bred, *((len(self.generations) - 1, child) for child in winners(self.votes)[:1]))

    def after(self, kind: str, body: Mapping[str, Any], who: int) -> Brood:
        """The game after that event."""
        match kind:
            case "joined":
                return replace(self, seats=tuple(sorted({*self.seats, who})))
            case "left":
                votes = {member: child for member, child in self.votes.items() if member != who}
                return replace(self, seats=tuple(seat for seat in self.seats if seat != who), votes=votes)
            case "voted":
                voters = tuple(dict.fromkeys([*self.voters, who]))
                return replace(self, votes={**self.votes, who: body["child"]}, voters=voters)
            case "bred":
                parents = replace(self.generations[-1], winners=tuple(body["winners"]))
                children = Generation(tuple(body["recipes"]))
                return replace(self, generations=(*self.generations[:-1], parents, children), votes={})
            case "ended":
                return replace(self, closing=True)
            case "saved" if body.get("film"):
                return replace(self, film=body["work"])
            case "saved":
                piece = (body["generation"], body["child"])
                return replace(self, hung={**self.hung, piece: body["work"]})
        return self


def winners(votes: Mapping[int, int]) -> tuple[int, ...]:
    """The children that breed: the most voted, and with it the second if it has half as many votes at least.

    >>> winners({1: 4, 2: 4, 3: 0}), winners({1: 4, 2: 4, 3: 4, 4: 0}), winners({1: 5, 2: 3})
    ((4, 0), (4,), (3, 5))
    """
    counts = sorted(((list(votes.values()).count(child), -child) for child in set(votes.values())), reverse=True)
    return tuple(-child for count, child in counts[:2] if 2 * count >= counts[0][0])


def ancestors(brood: Brood, piece: Piece) -> tuple[int, ...]:
    """The works on the wall that a picture comes from: its parents if they hang, else what those come from."""
    generation, _ = piece
    if generation == 0:
        return () if brood.work is None else (brood.work,)
    found: list[int] = []
    for winner in brood.generations[generation - 1].winners:
        parent = (generation - 1, winner)
        hung = brood.hung.get(parent)
        found += ancestors(brood, parent) if hung is None else (hung,)
    return tuple(dict.fromkeys(found))
