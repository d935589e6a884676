"""What the database hands out: frozen records, detached from any connection.

Times are milliseconds since 1970-01-01 UTC. A painting has a picture and a subject, a poem has verse and a form,
a scroll has all four.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

WorkKind = Literal["painting", "poem", "scroll"]
RoomKind = Literal["verse", "brood"]
Order = Literal["newest", "best", "voted", "random"]
Act = Literal["left", "right", "skip", "undo", "stars", "withdraw"]
Role = Literal["curator", "keeper"]
Deed = Literal["keep", "hide", "restore", "undo"]
ReportReason = Literal["offensive", "personal", "spam", "copied", "faulty"]
Reason = Literal["offensive", "personal", "spam", "copied", "faulty", "asked"]
How = Literal["bred", "steered", "mixed", "inscribed", "answered", "revised", "upscaled"]


def lines_of(verse: str | None) -> tuple[str, ...]:
    """Verse as it is kept, a line of text to each line of the poem, taken apart.

    >>> lines_of("空山不見人\\n但聞人語響")
    ('空山不見人', '但聞人語響')
    """
    return tuple(verse.split("\n")) if verse else ()


@dataclass(frozen=True, slots=True)
class NewWork:
    """A work about to be hung; `draft` names the draft it comes from, so that it is hung once only."""

    kind: WorkKind
    title: str
    signature: str
    maker: str
    created_ms: int
    recipe: str
    draft: str
    subject: str | None = None
    picture: str | None = None
    thumb: str | None = None
    width: int | None = None
    height: int | None = None
    form: str | None = None
    rhyme: str | None = None
    verse: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class WorkRecord:
    """A work as it hangs; `recipe` is JSON, `picture` and `thumb` name files. What others think of it is a Tally."""

    id: int
    kind: WorkKind
    title: str
    signature: str
    maker: str
    created_ms: int
    recipe: str
    draft: str
    subject: str | None
    picture: str | None
    thumb: str | None
    width: int | None
    height: int | None
    form: str | None
    rhyme: str | None
    verse: tuple[str, ...]


class Card(NamedTuple):
    """A work as the wall shows it. my_stars, votes and mean are None unless the visitor of the page has rated it; mean
    is the plain one, as the page of the work gives it, and not the score by which the wall is ordered.

    A tuple, since a page is sixty of them: making them as frozen dataclasses takes longer than reading them.
    """

    id: int
    kind: WorkKind
    title: str
    signature: str
    created_ms: int
    subject: str | None
    thumb: str | None
    width: int | None
    height: int | None
    form: str | None
    verse_text: str | None
    my_stars: int | None
    votes: int | None
    mean: float | None

    @property
    def verse(self) -> tuple[str, ...]:
        """The lines of a poem or scroll; none for a painting."""
        return lines_of(self.verse_text)


@dataclass(frozen=True, slots=True)
class Key:
    """The place of a work in an order; the next page begins after it. value: score, votes or throw of the dice; nothing
    for "newest"."""

    id: int
    value: float = 0.0


@dataclass(frozen=True, slots=True)
class Page:
    """Cards of one page and the key of its last one; None when nothing follows."""

    cards: tuple[Card, ...]
    last: Key | None


@dataclass(frozen=True, slots=True)
class Selection:
    """What a wall is narrowed to; what is None or empty narrows nothing.

    month: 2026-11. descended: only works that come from others. mine, rated: by the visitor of the page, who has (True)
    or has not yet (False) given stars. words: runs of a question, all of which a work must have.
    """

    kind: WorkKind | None = None
    subject: str | None = None
    form: str | None = None
    mood: str | None = None
    month: str | None = None
    descended: bool = False
    mine: bool = False
    rated: bool | None = None
    words: tuple[str, ...] = ()


class Cell(NamedTuple):
    """How many works share all of this; "" for what they do not have."""

    kind: WorkKind
    subject: str
    form: str
    mood: str
    month: str
    descended: int
    works: int


@dataclass(frozen=True, slots=True)
class Tally:
    """What the votes for one work come to."""

    votes: int
    stars_sum: int
    score: float


@dataclass(frozen=True, slots=True)
class Prior:
    """The imagined votes every work starts with: `weight` of them, of `mean` stars."""

    mean: float
    weight: float


@dataclass(frozen=True, slots=True)
class Disagreement:
    """A work whose stored tally is not what its ratings come to."""

    work: int
    stored: Tally
    counted: Tally


@dataclass(frozen=True, slots=True)
class Relative:
    """A work that another comes from, or that came from it; `how` the younger of the two was made."""

    id: int
    kind: WorkKind
    title: str
    signature: str
    thumb: str | None
    verse: tuple[str, ...]
    how: How


@dataclass(frozen=True, slots=True)
class Relatives:
    """The first relatives of one side; `visible` of them can be seen, `hidden` are no longer shown."""

    shown: tuple[Relative, ...]
    visible: int
    hidden: int


@dataclass(frozen=True, slots=True)
class NewBallot:
    """A vote about to enter the log.

    left, right, skip: which was chosen, if any, of work (left) and rival (right). undo: the vote number `value` on that
    pair is taken back. stars: the work got `value` of them. withdraw: it has none from this visitor any more.
    young: the visitor had come for the first time within the day before.
    """

    act: Act
    kind: str
    work: int
    rival: int | None = None
    value: int | None = None
    young: bool = False


@dataclass(frozen=True, slots=True)
class Ballot:
    """An entry of the log: minutes since 1970-01-01 UTC, and the number that stands for the visitor."""

    seq: int
    minute: int
    voter: int
    vote: NewBallot
    hash: str


class State(NamedTuple):
    """Where a work stands; what the numbers mean is for whoever computes them."""

    mu: float
    sigma: float
    duels: int
    drift: float
    day: int


class CastDuel(NamedTuple):
    """A duel that counts: who was chosen over whom, by a new visitor or not, on which day since 1970."""

    seq: int
    winner: int
    loser: int
    young: bool
    day: int


class CastStep(NamedTuple):
    """Where a work stands after the duel of that number."""

    seq: int
    work: int
    state: State


class Contest(NamedTuple):
    """A work that may meet another; None for what no duel has given it yet."""

    work: int
    mu: float | None
    sigma: float | None
    duels: int | None


class LadderRow(NamedTuple):
    """A work on its ladder."""

    work: int
    mu: float
    sigma: float
    duels: int


class FileNeeds(NamedTuple):
    """A work and the files it needs; a poem needs none."""

    id: int
    kind: WorkKind
    recipe: str
    picture: str | None
    thumb: str | None


class RoomRecord(NamedTuple):
    """A room as it was opened; `settings` is JSON."""

    code: str
    kind: RoomKind
    owner: str
    created_ms: int
    listed: bool
    settings: str


class RoomEvent(NamedTuple):
    """Something that happened in a room, in the order of `seq`; `body` is JSON. A visitor's `action` happens once."""

    seq: int
    at_ms: int
    visitor: str
    action: str
    kind: str
    body: str


class Hand(NamedTuple):
    """Who wrote a line of a work: a person by name, or the network."""

    name: str
    network: bool


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in at the desk; `password` is an argon2 hash."""

    name: str
    role: Role
    password: str
    disabled: bool
    created_ms: int


class Place(NamedTuple):
    """Where a work stands in the queue: by how many it is reported, then by its number."""

    reports: int
    work: int


@dataclass(frozen=True, slots=True)
class NewDecision:
    """What a curator does with a work; `reason` for hiding it, `undoes` the number of what is taken back."""

    act: Deed
    work: int
    curator: str
    at_ms: int
    reason: Reason | None = None
    undoes: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """An entry of the desk's log, with its work as that is now. undone: a later entry takes this one back."""

    seq: int
    at_ms: int
    curator: str
    act: Deed
    work: int
    reason: Reason | None
    undoes: int | None
    kind: WorkKind
    title: str
    thumb: str | None
    verse: tuple[str, ...]
    hidden: bool
    undone: bool
