"""What the database hands out: frozen records, detached from any connection.

Times are milliseconds since 1970-01-01 UTC. A painting has a picture and a subject, a poem has verse and a form,
a scroll has all four.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

WorkKind = Literal["painting", "poem", "scroll", "film"]
RoomKind = Literal["verse", "brood", "scroll"]
HandPart = Literal["line", "painting", "mount", "choice"]
Order = Literal["newest", "best", "voted", "random"]
Act = Literal["left", "right", "skip", "undo", "stars", "withdraw", "gold", "quarantine", "release"]
Role = Literal["curator", "keeper"]
Deed = Literal["keep", "hide", "restore", "undo", "quarantine", "release"]
ReportReason = Literal["offensive", "personal", "spam", "copied", "faulty"]
Reason = Literal["offensive", "personal", "spam", "copied", "faulty", "asked"]
Suspicion = Literal["burst", "one_work", "one_maker", "one_side"]
How = Literal["bred", "steered", "mixed", "inscribed", "answered", "revised", "upscaled", "filmed"]


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
    film: str | None = None
    loop: str | None = None


@dataclass(frozen=True, slots=True)
class WorkRecord:
    """A work as it hangs; `recipe` is JSON, `picture`, `thumb`, `film` (MP4) and `loop` (WebP) name files. What others
    think of it is a Tally."""

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
    film: str | None = None
    loop: str | None = None


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

    month: 2026-11; since, until: the first and the last month. descended: only works that come from others. inscribed:
    only pictures with a poem: scrolls, and paintings of which a scroll hangs that can be seen. mine, rated: by the
    visitor of the page, who has (True) or has not yet (False) given stars. words: runs of a question, all of which a
    work must have. tags: numbers, of which a work must have one. least, most: of the score by which the wall is
    ordered. signature: its number, which no work has if it is 0. hung: the exhibition and the version of it that a work
    hangs in.
    """

    kind: WorkKind | None = None
    subject: str | None = None
    form: str | None = None
    mood: str | None = None
    month: str | None = None
    descended: bool = False
    inscribed: bool = False
    mine: bool = False
    rated: bool | None = None
    words: tuple[str, ...] = ()
    since: str | None = None
    until: str | None = None
    tags: tuple[int, ...] = ()
    least: float | None = None
    most: float | None = None
    signature: int | None = None
    hung: tuple[int, int] | None = None


class Cell(NamedTuple):
    """How many works share all of this; "" for what they do not have."""

    kind: WorkKind
    subject: str
    form: str
    mood: str
    month: str
    descended: int
    inscribed: int
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

    left, right, skip: which was chosen, if any, of work (left) and rival (right), in the challenge `value` if there is
    one. undo: the vote number `value` on that pair is taken back. stars: the work got `value` of them. withdraw: it has
    none from this visitor any more. gold: a pair with an obvious answer, found (value 1) or missed (0) or skipped
    (None). quarantine: from here on until release, no vote of this voter counts, about that work (0) or about any (1),
    whether cast before or after.
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
    """A duel that counts: who was chosen over whom, by a new visitor or not, on which day since 1970; and how many gold
    pairs of that kind the visitor had been asked before, and had right."""

    seq: int
    winner: int
    loser: int
    young: bool
    day: int
    asked: int = 0
    right: int = 0


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
    film: str | None
    loop: str | None


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
    """Who gave a part of a work that several made, a person by name or the network: a line of its verse, the steering
    of its painting, its mount and seal, or a choice among paintings."""

    name: str
    network: bool
    part: HandPart = "line"


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
    """What a curator does with a work; `reason` for hiding it, `undoes` the number of what is taken back. `first`,
    `last`: the entries of the log of votes that setting votes aside, for a suspicion, has made."""

    act: Deed
    work: int
    curator: str
    at_ms: int
    reason: Reason | Suspicion | None = None
    undoes: int | None = None
    first: int | None = None
    last: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """An entry of the desk's log, with its work as that is now. undone: a later entry takes this one back."""

    seq: int
    at_ms: int
    curator: str
    act: Deed
    work: int
    reason: Reason | Suspicion | None
    undoes: int | None
    first: int | None
    last: int | None
    kind: WorkKind
    title: str
    thumb: str | None
    verse: tuple[str, ...]
    hidden: bool
    undone: bool
