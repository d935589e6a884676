"""The film of a breeding room: the most voted of each generation, in order, as a loop that passes through all of them.

Frames, film and its recipe are those of shoot.py. What is shot lies among the reels under the room's name for two hours
or until the process ends; then it can be made again, the same, from the events of the room.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import TypeVar

import db
from db import Hand, WorkRecord
from gallery import errors, film
from gallery.journeys import Draft, House, Parents, mount, shoot, store_errors
from gallery.journeys.create import Waiting, check_signature, check_title, hang_work
from gallery.journeys.descend import latent_dim
from gallery.journeys.rooms.acts import seat
from gallery.journeys.rooms.brood import Brood, Piece, ancestors
from gallery.journeys.rooms.state import Room
from gallery.journeys.shoot import Painted, Shot
from gallery.journeys.wellbeing import check_hanging
from gallery.visitors import Visitor
from models.recipe import Recipe

FEWEST, MOST = 2, mount.MOST_STATIONS  # paintings that a film passes; of more, as many as that, evenly
STATION_S = 1.5
T = TypeVar("T")


def roll(house: House, room: Room, brood: Brood, visitor: Visitor) -> Generator[Painted | Waiting | Shot]:
    """The film as it comes to be, as `shoot.shoot`; raises FewGenerations at once, EngineTrouble at any time."""
    pieces = _stations(brood)
    stations = [Recipe.from_json(brood.generations[number].recipes[child]) for number, child in pieces]
    recipe = mount.recipe_of_film(stations, seconds_for(len(stations)), latent_dim(house, stations[0]))
    return shoot.roll(house, recipe, (), visitor, _name(room))


def check(room: Room, visitor: Visitor) -> Brood:
    """The game of a room of which this visitor may make the film; raises BadMessage where there is none to be made,
    NotAMember, StillGoing, FewGenerations."""
    if not isinstance(room.game, Brood):
        raise errors.BadMessage("do")
    seat(room, visitor)
    if not room.ended:
        raise errors.StillGoing()
    _stations(room.game)
    return room.game


def _stations(brood: Brood) -> Sequence[Piece]:
    if len(brood.leaders) < FEWEST:
        raise errors.FewGenerations(FEWEST)
    return thinned(brood.leaders, MOST)


def thinned(items: Sequence[T], most: int) -> Sequence[T]:
    """At most so many of them, evenly, with the first and the last.

    >>> thinned("abcde", 3), thinned("ab", 3)
    (['a', 'c', 'e'], 'ab')
    """
    if len(items) <= most:
        return items
    return [items[round(n * (len(items) - 1) / (most - 1))] for n in range(most)]


def seconds_for(stations: int) -> int:
    """How long a film of so many paintings is.

    >>> seconds_for(2), seconds_for(5), seconds_for(24)
    (3, 8, 12)
    """
    low, high = film.SECONDS
    return max(low, min(high, round(STATION_S * stations)))


def _name(room: Room) -> str:
    return f"room-{room.code}-film"


def shot(house: House, room: Room) -> Draft | None:
    """The film of the room, once it is shot and as long as it is kept."""
    return house.reels.find(_name(room))


def look(house: House, room: Room) -> bytes:
    """The same as a WebP; raises DraftGone."""
    draft = shot(house, room)
    if draft is None or not isinstance(draft.result, mount.Film):
        raise errors.DraftGone()
    return draft.result.cut.webp


def hang(house: House, room: Room, brood: Brood, visitor: Visitor, title: str, signature: str) -> WorkRecord:
    """Hangs the film, once, with the works that it passes or that those come from, and all who voted.

    Raises DraftGone and what `shoot.save` raises.
    """
    title, signature = check_title(title), check_signature(signature)
    with store_errors(house.settings.home):
        with house.db.reading() as tx:
            hung = db.works.find_by_draft(tx, _name(room))
        if hung is not None:
            return hung
        check_hanging(house, visitor)
        draft = shot(house, room)
        if draft is None:
            raise errors.DraftGone()
        hands = [Hand(room.named(number), network=False, part="choice") for number in brood.voters]
        return hang_work(house, shoot.new_work(house, draft, visitor, title, signature), _parents(brood), hands)


def _parents(brood: Brood) -> Parents:
    """Each painting that the film passes if it hangs, else what it comes from."""
    found: list[int] = []
    for piece in _stations(brood):
        hung = brood.hung.get(piece)
        found += ancestors(brood, piece) if hung is None else (hung,)
    return tuple((work, "filmed") for work in dict.fromkeys(found))
