"""Challenges: curators set a theme and days, visitors enter works of theirs, and blind duels among entries decide.

Duels of a challenge are entries of the public log with its number. They move no ladder, and the ladder says nothing
here: all entries start alike, the two that have met least are called first, and nobody judges a work of their own. A
choice stands and is not taken back. From the day after the closing (UTC) no vote counts; then the podium is worked out
from the log, weighed and bounded as the ladder is, and an exhibition can be made from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from random import Random
from typing import Literal, cast

import db
from db import NewBallot, Tx, WorkRecord
from db.challenges import Challenge
from db.changes import Value
from gallery import errors
from gallery.journeys import House, exhibit, store_errors
from gallery.journeys.accounts import Curator
from gallery.journeys.browse import check_id
from gallery.journeys.changes import change, check_text
from gallery.journeys.duel import Choice, Pair, Vote, check_age, enter, is_young, read_ticket
from gallery.journeys.exhibit import TITLE, WALL_TEXT
from gallery.journeys.plans import Plan, Room
from gallery.ranking import START, Contender, Duel, Standing, chance, choose_pair, replay
from gallery.texts import LANGUAGES
from gallery.visitors import Visitor

MOST_ENTRIES = 12
PODIUM = 3
LISTED = 60
OFFERED = 40  # works of one's own to choose from
Phase = Literal["coming", "open", "past"]
_TEXTS = {"title_zh": TITLE, "title_en": TITLE, "text_zh": WALL_TEXT, "text_en": WALL_TEXT}


@dataclass(frozen=True)
class Placed:
    """An entry after the closing: its place, its duels, how often it would be chosen over a middling entry, and between
    what that is sure."""

    work: WorkRecord
    place: int
    duels: int
    chosen: float
    low: float
    high: float


@dataclass(frozen=True)
class View:
    """A challenge as a visitor sees it: `mine` are entered, `offered` could be; `placed` only after the closing, and
    `show` is the address of the exhibition that was made from it."""

    challenge: Challenge
    phase: Phase
    entries: int
    mine: tuple[WorkRecord, ...]
    offered: tuple[WorkRecord, ...]
    placed: tuple[Placed, ...]
    show: str | None

    @property
    def left(self) -> int:
        """How many more works this visitor may enter."""
        return max(0, self.challenge.most - len(self.mine))


def announce(house: House, fields: Mapping[str, str], curator: Curator) -> int:
    """Sets a challenge; returns its number. `wanted` is a kind, or a kind and one of its subjects or forms.

    Raises NoHeading, LongText, OddCharacters, BadDay, PastDay, UnknownKind, BadEntries, StoreTrouble.
    """
    with store_errors(house.settings.home), house.db.writing() as tx:
        asked = {**read(tx, fields), "owner": curator.name}
        if str(asked["closes"]) < today(house):
            raise errors.PastDay(str(asked["closes"]), today(house))
        number = db.challenges.add(tx, asked, created_ms=house.now_ms())
        change(tx, house, curator, "challenge", number, {"removed": 0})
    return number


def read(tx: Tx, fields: Mapping[str, str], *, known: str = "") -> dict[str, Value]:
    """What the form of a challenge says, as it is kept; what is `known` may be asked for even if there is none now.

    Raises as `announce` does.
    """
    texts = {name: check_text(fields.get(name, ""), most) for name, most in _TEXTS.items()}
    if not texts["title_zh"] and not texts["title_en"]:
        raise errors.NoHeading()
    opens, closes = (_day(fields.get(name, "")) for name in ("opens", "closes"))
    if closes < opens:
        raise errors.BadDay(closes)
    most = fields.get("most", "")
    if not re.fullmatch("[0-9]{1,2}", most) or not 1 <= int(most) <= MOST_ENTRIES:
        raise errors.BadEntries(MOST_ENTRIES)
    wish = fields.get("wanted", "")
    if wish != known and wish not in _wanted(tx):
        raise errors.UnknownKind(wish[:20])
    kind, _, narrow = wish.partition(" ")
    return {**texts, "kind": kind, "narrow": narrow or None, "opens": opens, "closes": closes, "most": int(most)}


def _day(text: str) -> str:
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        raise errors.BadDay(text[:20]) from None


def wanted(house: House) -> list[str]:
    """What can be asked for: the kinds, and with each of them the subjects or forms that there are."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        return _wanted(tx)


def _wanted(tx: Tx) -> list[str]:
    narrower = {kind: db.duels.choices(tx, kind)[0] for kind in db.works.counts(tx)}
    return [choice for kind, sorts in narrower.items() for choice in (kind, *(f"{kind} {sort}" for sort in sorts))]


def call_off(house: House, number: object, curator: Curator) -> None:
    """Takes a challenge off the lists, which can be undone; its duels stay in the log.

    Raises NoSuchChallenge, NotYours, StoreTrouble.
    """
    with store_errors(house.settings.home), house.db.writing() as tx:
        change(tx, house, curator, "challenge", of_curator(tx, number, curator).id, {"removed": 1})


def of_curator(tx: Tx, number: object, curator: Curator, *, called_off: bool = False) -> Challenge:
    """A challenge that this curator may change, or one that was called off; raises NoSuchChallenge, NotYours."""
    found = _find(tx, number, called_off=called_off)
    if found.owner != curator.name and not curator.is_keeper:
        raise errors.NotYours()
    return found


def _find(tx: Tx, number: object, *, called_off: bool = False) -> Challenge:
    known = re.fullmatch("[0-9]{1,18}", str(number))
    found = db.challenges.find(tx, int(str(number)), called_off=called_off) if known else None
    if found is None:
        raise errors.NoSuchChallenge(str(number)[:20])
    return found


def phase_of(house: House, challenge: Challenge) -> Phase:
    """Whether it is to come, open, or past, by the day it is (UTC)."""
    now = today(house)
    return "coming" if now < challenge.opens else "past" if now > challenge.closes else "open"


def today(house: House) -> str:
    """The day it is (ISO 8601, UTC)."""
    return datetime.fromtimestamp(house.clock(), UTC).date().isoformat()


def require_open(house: House, challenge: Challenge) -> None:
    """Raises NotYetOpen, ChallengeClosed unless it is open."""
    phase = phase_of(house, challenge)
    if phase == "coming":
        raise errors.NotYetOpen(challenge.opens)
    if phase == "past":
        raise errors.ChallengeClosed(challenge.closes)


def listed(house: House) -> list[tuple[Challenge, Phase, int]]:
    """The challenges, each with its phase and how many entries it has; raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        found = db.challenges.everything(tx, limit=LISTED)
        return [(one, phase_of(house, one), len(db.challenges.entered(tx, one.id))) for one in found]


def look(house: House, number: object, visitor: Visitor) -> View:
    """One of them; raises NoSuchChallenge, StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        found = _find(tx, number)
        phase, entered = phase_of(house, found), db.challenges.entered(tx, found.id)
        own = db.challenges.entries_of(tx, found.id, visitor.id)
        mine = tuple(work for work in entered if work.id in own)
        offered = db.challenges.enterable(tx, found, visitor.id, limit=OFFERED) if phase == "open" else ()
        placed = _places(tx, found, entered) if phase == "past" else ()
        show = None if found.show is None else db.shows.find(tx, found.show)
        address = show.slug if show is not None and show.published and not show.removed else None
        return View(found, phase, len(entered), mine, tuple(offered), placed, address)


def _places(tx: Tx, challenge: Challenge, entered: list[WorkRecord]) -> tuple[Placed, ...]:
    """All entries as their duels have placed them, the best first; of equals, who came first."""
    standings: dict[int, Standing] = {}
    for _ in replay((Duel(*one) for one in db.ballots.duels(tx, challenge=challenge.id)), standings):
        pass  # only where all ends counts here
    found = sorted(((work, standings.get(work.id, START)) for work in entered), key=lambda one: -one[1].mu)
    return tuple(
        Placed(work, place, at.duels, chance(at.mu), chance(at.low), chance(at.high))
        for place, (work, at) in enumerate(found, 1)
    )


def enter_work(house: House, number: object, work_id: object, visitor: Visitor) -> WorkRecord:
    """Enters a work of this visitor's.

    Raises NoSuchChallenge, NotYetOpen, ChallengeClosed, NoSuchWork, NotYourEntry, OtherTheme, EnteredBefore,
    TooManyEntries, StoreTrouble.
    """
    wish = check_id(work_id)
    with store_errors(house.settings.home), house.db.writing() as tx:
        found, work = _find(tx, number), db.works.find(tx, wish)
        require_open(house, found)
        if work is None:
            raise errors.NoSuchWork(wish)
        if work.maker != visitor.id:
            raise errors.NotYourEntry(wish)
        if work.kind != found.kind or found.narrow not in (None, work.subject or work.form):
            raise errors.OtherTheme(wish)
        own = db.challenges.entries_of(tx, found.id, visitor.id)
        if wish in own:
            raise errors.EnteredBefore(wish)
        if len(own) >= found.most:
            raise errors.TooManyEntries(found.most)
        db.challenges.enter(tx, found.id, wish, visitor=visitor.id, at_ms=house.now_ms())
    return work


def next_pair(house: House, number: object, visitor: Visitor) -> Pair | None:
    """The two entries that this visitor is to judge next; None when none are left, or the challenge is not open.

    Raises NoSuchChallenge, StoreTrouble.
    """
    with store_errors(house.settings.home), house.db.reading() as tx:
        found = _find(tx, number)
        if phase_of(house, found) != "open":
            return None
        met = db.challenges.met(tx, found.id)
        others = {work.id: work for work in db.challenges.entered(tx, found.id) if work.maker != visitor.id}
        field = [_contender(work, met.get(work, 0)) for work in others]
        judged = db.ballots.judged(tx, visitor=visitor.id, kind=found.kind, challenge=found.id)
    dice = Random(house.signer.lot("challenge", found.id, visitor.id, len(judged)))  # noqa: S311 (the seed is the secret)
    chosen = choose_pair(field, judged, dice, turn=sum(met.values()) // 2)
    if chosen is None:
        return None
    left, right = (one.work for one in chosen)
    token = house.signer.ticket("challenge", visitor, found.id, left, right, house.now_ms())
    return Pair(token, found.kind, others[left], others[right])


def _contender(work: int, duels: int) -> Contender:
    """Who has met fewer others is the more doubtful."""
    return Contender(work, START.mu, START.sigma / (1 + duels) ** 0.5, duels)


def vote(house: House, token: str, choice: object, visitor: Visitor) -> Vote:
    """Counts a choice, `left`, `right` or `skip`, in the challenge of the ticket; on return it is on the disk.

    Raises BadChoice, PairForged, NotYourPair, PairExpired, TooQuick, NoSuchChallenge, ChallengeClosed, PairGone,
    AlreadyJudged, TooManyVotes, TooManyNearby, StoreTrouble; then nothing has changed.
    """
    if choice not in db.ballots.CHOICES:
        raise errors.BadChoice(str(choice)[:20])
    number, left, right, shown_ms = read_ticket(house, "challenge", token, visitor)
    check_age(house, shown_ms, choice)
    with store_errors(house.settings.home), house.db.writing() as tx:
        found = _find(tx, number)
        require_open(house, found)
        works = {work.id: work for work in db.challenges.entered(tx, found.id)}
        if left not in works or right not in works:
            raise errors.PairGone()
        judged = db.ballots.judged(tx, visitor=visitor.id, kind=found.kind, challenge=found.id)
        if (min(left, right), max(left, right)) in judged:
            raise errors.AlreadyJudged()
        young, act = is_young(house, visitor), cast("Choice", choice)
        enter(house, tx, NewBallot(act, found.kind, left, right, value=found.id, young=young), visitor)
    if choice == "skip":
        return Vote("", found.kind)
    chosen, other = (left, right) if choice == "left" else (right, left)
    return Vote("", found.kind, works[chosen], works[other])


def hang(house: House, number: object, curator: Curator) -> str:
    """Makes and opens an exhibition of a challenge that has closed, the podium in its first room; returns its address.

    Raises NoSuchChallenge, NotYours, StillOpen, HungBefore, SlugTaken, EmptyShow, StoreTrouble.
    """
    with store_errors(house.settings.home), house.db.reading() as tx:
        found = of_curator(tx, number, curator)
        if phase_of(house, found) != "past":
            raise errors.StillOpen(found.closes)
        if found.show is not None:
            raise errors.HungBefore(found.id)
        placed = _places(tx, found, db.challenges.entered(tx, found.id))
    if not placed:
        raise errors.EmptyShow()
    titles = {"title_zh": found.title_zh, "title_en": found.title_en}
    show = exhibit.make(house, f"challenge-{found.id}", titles, curator)
    exhibit.amend(house, show, curator, lambda plan: _plan(house, plan, found, placed))
    address, _ = exhibit.publish(house, show, curator)
    with store_errors(house.settings.home), house.db.writing() as tx:
        db.challenges.hang(tx, found.id, show)
    return address


def _plan(house: House, plan: Plan, challenge: Challenge, placed: tuple[Placed, ...]) -> Plan:
    """Two rooms, the podium and the others in their order, under the words of the challenge."""
    works = [one.work.id for one in placed]
    parts = (("podium", works[:PODIUM]), ("others", works[PODIUM : PODIUM + exhibit.MOST_WORKS]))
    rooms = tuple(_room(house, name, hung) for name, hung in parts if hung)
    return replace(plan, text_zh=challenge.text_zh, text_en=challenge.text_en, cover=works[0], rooms=rooms)


def _room(house: House, name: str, works: list[int]) -> Room:
    titles = {f"title_{one}": house.texts.say(f"challenges.room_{name}", one) for one in LANGUAGES}
    return Room(**titles, works=tuple(works))
