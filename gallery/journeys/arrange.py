"""Arrange: collections, nested and ordered by hand, who may see and change them, and curators' notes at works.

A collection has an owner, who made it; editors may change it, readers see it; what one is in a collection one is in all
that is nested in it, and a keeper is an owner everywhere. A work that is hidden keeps its place. A collection may
instead be kept by a search (saved.py). Every change is an entry of the log and can be taken back (changes.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import db
from db import Tx, WorkRecord
from db.changes import Change
from db.collections import Collection, Held, Note, Standing
from gallery import errors
from gallery.journeys import House, saved, store_errors
from gallery.journeys.accounts import Curator
from gallery.journeys.browse import check_id
from gallery.journeys.changes import change, check_text, mark, require_unchanged
from gallery.journeys.find import Wish

MOST_WORKS = 1000
TITLE, NOTE, REMARK = 60, 2000, 1000  # characters
COVERS = 4
_RANK: dict[Standing, int] = {"owner": 3, "editor": 2, "reader": 1}
_FIELDS = {"title_zh": TITLE, "title_en": TITLE, "note_zh": NOTE, "note_en": NOTE}


@dataclass(frozen=True)
class Branch:
    """A collection in the tree: how deep, how many works it holds, the first of them, and what one is in it."""

    collection: Collection
    depth: int
    works: int
    covers: tuple[WorkRecord, ...]
    standing: Standing

    @property
    def may_edit(self) -> bool:
        """Whether one may change it."""
        return self.standing != "reader"

    @property
    def by_hand(self) -> bool:
        """Whether one may put works into it."""
        return self.may_edit and self.collection.wish is None


@dataclass(frozen=True)
class View:
    """A collection from near: the collections it is nested in, outermost first, its works, what is nested in it, and
    with whom it is shared. wish: the search that keeps it, and what is amiss with that now."""

    collection: Collection
    standing: Standing
    path: tuple[Collection, ...]
    works: tuple[Held, ...]
    inside: tuple[Branch, ...]
    people: Mapping[str, Standing]
    wish: Wish | None = None
    amiss: errors.BadWish | None = None

    @property
    def may_edit(self) -> bool:
        """Whether one may change it."""
        return self.standing != "reader"

    @property
    def owned(self) -> bool:
        """Whether one may share it and put it away."""
        return self.standing == "owner"


@dataclass(frozen=True)
class AtWork:
    """What curators have to do with a work: its notes, and the collections one sees, with whether they hold it."""

    work: WorkRecord
    notes: tuple[Note, ...]
    tree: tuple[Branch, ...]
    holding: frozenset[int]


class _Access:
    """What a curator may do with every collection, read once for a request."""

    def __init__(self, tx: Tx, curator: Curator) -> None:
        self.every = {one.id: one for one in db.collections.everything(tx)}
        self._roles, self._keeper = db.collections.roles(tx, curator.name), curator.is_keeper

    def standing(self, number: int) -> Standing | None:
        """The best of what one is in the collection and in those it is nested in."""
        if number not in self.every:
            return None
        if self._keeper:
            return "owner"
        found = [role for one in (*self.path(number), self.every[number]) if (role := self._roles.get(one.id))]
        return max(found, key=_RANK.__getitem__, default=None)

    def path(self, number: int) -> tuple[Collection, ...]:
        """The collections that it is nested in, outermost first; one that is put away ends it."""
        above: list[Collection] = []
        parent = self.every[number].parent
        while parent in self.every:
            above.append(self.every[parent])
            parent = above[-1].parent
        return tuple(reversed(above))

    def require(self, number: int, least: Standing) -> Collection:
        """The collection, if one may do that much with it; raises NoSuchCollection, NotYours."""
        standing = self.standing(number)
        if standing is None:
            raise errors.NoSuchCollection(number)
        if _RANK[standing] < _RANK[least]:
            raise errors.NotYours()
        return self.every[number]

    def require_hand(self, number: int) -> Collection:
        """The collection, if one may put works into it and order them; raises KeptBySearch besides."""
        found = self.require(number, "editor")
        if found.wish is not None:
            raise errors.KeptBySearch()
        return found


def tree(house: House, curator: Curator, *, bare: bool = False) -> tuple[Branch, ...]:
    """All collections that a curator sees, each before those nested in it; raises StoreTrouble.

    bare: without counts and covers, for which every collected work is looked at; a choice needs none.
    """
    with store_errors(house.settings.home), house.db.reading() as tx:
        return _tree(tx, house, _Access(tx, curator), bare=bare)


def _tree(tx: Tx, house: House, access: _Access, root: int | None = None, *, bare: bool = False) -> tuple[Branch, ...]:
    """The branches below `root`. A collection whose parent one does not see stands at the top."""
    sizes = {} if bare else db.collections.sizes(tx)
    covers = {} if bare else db.collections.covers(tx, most=COVERS)
    seen = {number: role for number in access.every if (role := access.standing(number))}
    below: dict[int | None, list[Collection]] = {}
    for one in (access.every[number] for number in seen):
        below.setdefault(one.parent if one.parent in seen else None, []).append(one)
    found: list[Branch] = []

    def grow(parent: int | None, depth: int) -> None:
        for one in below.get(parent, ()):
            if one.wish is not None and not bare:
                kept = [held.work for held in _kept(tx, house, one.wish)[0]]
                sizes[one.id], covers[one.id] = len(kept), kept[:COVERS]
            first = tuple(covers.get(one.id, ()))
            found.append(Branch(one, depth, sizes.get(one.id, 0), first, seen[one.id]))
            grow(one.id, depth + 1)

    grow(root, 0)
    return tuple(found)


def look(house: House, number: object, curator: Curator) -> View:
    """A collection from near; raises NoSuchCollection, StoreTrouble."""
    asked = _number(number)
    with store_errors(house.settings.home), house.db.reading() as tx:
        access = _Access(tx, curator)
        found, standing = access.require(asked, "reader"), access.standing(asked)
        assert standing is not None  # noqa: S101 (it was required)
        wish = None if found.wish is None else saved.from_json(found.wish)
        kept = None if found.wish is None else _kept(tx, house, found.wish)
        works, amiss = kept or (db.collections.works_of(tx, asked), None)
        inside, people = _tree(tx, house, access, asked), db.collections.people_of(tx, asked)
        return View(found, standing, access.path(asked), tuple(works), inside, people, wish, amiss)


def _kept(tx: Tx, house: House, wish: str) -> tuple[list[Held], errors.BadWish | None]:
    """What a search that keeps a collection finds now; none where it cannot be asked any more, and why."""
    try:
        return saved.works_of(tx, house, saved.from_json(wish), MOST_WORKS), None
    except errors.BadWish as error:
        return [], error


def at_work(house: House, work: object, curator: Curator) -> AtWork:
    """What the desk says of a work; raises NoSuchWork, StoreTrouble."""
    number = check_id(work)
    with store_errors(house.settings.home), house.db.reading() as tx:
        found = db.works.find(tx, number)
        if found is None:
            raise errors.NoSuchWork(number)
        branches = _tree(tx, house, _Access(tx, curator), bare=True)
        holding = frozenset(db.collections.holding(tx, number))
        return AtWork(found, tuple(db.collections.notes_of(tx, number)), branches, holding)


def make(house: House, titles: Mapping[str, str], parent: object, curator: Curator, *, wish: Wish | None = None) -> int:
    """Makes a collection, inside another one or at the top, kept by a search if there is one; returns its number.

    Raises NoHeading, LongText, OddCharacters, NoSuchCollection, NotYours, StoreTrouble, and what `saved.check` raises.
    """
    named = _fields({name: titles.get(name, "") for name in ("title_zh", "title_en")})
    above = _number(parent) if parent else None
    with store_errors(house.settings.home), house.db.writing() as tx:
        if above is not None:
            _Access(tx, curator).require(above, "editor")
        kept = None if wish is None else saved.to_json(saved.check(tx, house, wish))
        now = house.now_ms()
        number = db.collections.add(tx, **named, parent=above, owner=curator.name, created_ms=now, wish=kept)
        change(tx, house, curator, "collection", number, {"removed": 0})
    return number


def mark_of(shown: Collection) -> str:
    """What the form of a collection's titles and notes has shown (changes.mark)."""
    return mark(*(getattr(shown, name) for name in _FIELDS))


def edit(house: House, number: object, fields: Mapping[str, str], curator: Curator, *, seen: str = "") -> None:
    """Gives a collection other titles and notes; raises ChangedMeanwhile, and as `make` does."""
    asked, values = _number(number), _fields(fields)
    with store_errors(house.settings.home), house.db.writing() as tx:
        require_unchanged(seen, mark_of(_Access(tx, curator).require(asked, "editor")))
        change(tx, house, curator, "collection", asked, values)


def seek(house: House, number: object, wish: Wish, curator: Curator) -> None:
    """Gives a collection that a search keeps another search; raises NoSuchCollection, and as `make` does."""
    asked = _number(number)
    with store_errors(house.settings.home), house.db.writing() as tx:
        if _Access(tx, curator).require(asked, "editor").wish is None:
            raise errors.NoSuchCollection(asked)
        change(tx, house, curator, "collection", asked, {"wish": saved.to_json(saved.check(tx, house, wish))})


def nest(house: House, number: object, parent: object, curator: Curator) -> None:
    """Moves a collection into another one, or to the top; raises InsideItself, NoSuchCollection, NotYours."""
    asked, above = _number(number), _number(parent) if parent else None
    with store_errors(house.settings.home), house.db.writing() as tx:
        access = _Access(tx, curator)
        access.require(asked, "owner")
        if above is not None:
            access.require(above, "editor")
            if asked == above or asked in {one.id for one in access.path(above)}:
                raise errors.InsideItself()
        change(tx, house, curator, "collection", asked, {"parent": above})


def shift_collection(house: House, number: object, way: object, curator: Curator) -> None:
    """Moves a collection up or down among those beside it; raises NoSuchCollection, NotYours, StoreTrouble."""
    asked = _number(number)
    with store_errors(house.settings.home), house.db.writing() as tx:
        access = _Access(tx, curator)
        found = access.require(asked, "editor")
        beside = [one for one in access.every.values() if one.parent == found.parent]
        order = {one.id: place for place, one in enumerate(beside)}
        for one, place in _swapped(order, asked, way).items():
            change(tx, house, curator, "collection", one, {"place": place})


def put_away(house: House, number: object, curator: Curator) -> None:
    """Takes a collection off the desk, which can be undone; raises NoSuchCollection, NotYours, StoreTrouble."""
    asked = _number(number)
    with store_errors(house.settings.home), house.db.writing() as tx:
        _Access(tx, curator).require(asked, "owner")
        change(tx, house, curator, "collection", asked, {"removed": 1})


def collect(house: House, number: object, works: Iterable[object], curator: Curator) -> tuple[Collection, int]:
    """Puts works at the end of a collection, and says into which and how many of them were new to it.

    Raises NothingSelected, NoSuchCollection, KeptBySearch, NotYours, NoSuchWork, FullCollection, StoreTrouble.
    """
    asked, chosen = _number(number), list(dict.fromkeys(check_id(work) for work in works))
    if not chosen:
        raise errors.NothingSelected()
    with store_errors(house.settings.home), house.db.writing() as tx:
        found = _Access(tx, curator).require_hand(asked)
        there = db.collections.places(tx, asked)
        for work in chosen:
            if db.works.find(tx, work) is None:
                raise errors.NoSuchWork(work)
        new = [work for work in chosen if work not in there]
        if len(there) + len(new) > MOST_WORKS:
            raise errors.FullCollection(MOST_WORKS)
        end = max(there.values(), default=0) + 1
        change(tx, house, curator, "works", asked, {str(work): end + n for n, work in enumerate(new)})
    return found, len(new)


def drop(house: House, number: object, work: object, curator: Curator) -> None:
    """Takes a work out of a collection; raises NoSuchCollection, NotYours, NoSuchWork, StoreTrouble."""
    asked, gone = _number(number), check_id(work)
    with store_errors(house.settings.home), house.db.writing() as tx:
        _Access(tx, curator).require_hand(asked)
        change(tx, house, curator, "works", asked, {str(gone): None})


def shift(house: House, number: object, work: object, way: object, curator: Curator) -> None:
    """Moves a work up or down, to the top or the end; raises NoSuchCollection, NotYours, NoSuchWork, StoreTrouble."""
    asked, moved = _number(number), check_id(work)
    with store_errors(house.settings.home), house.db.writing() as tx:
        _Access(tx, curator).require_hand(asked)
        order = db.collections.places(tx, asked)
        if moved not in order:
            raise errors.NoSuchWork(moved)
        places = _swapped(order, moved, way)
        change(tx, house, curator, "works", asked, {str(one): place for one, place in places.items()})


def _swapped(order: Mapping[int, int], moved: int, way: object) -> dict[int, int]:
    """The places that change when one goes a step up or down, or to an end; none where it can go no further.

    >>> _swapped({7: 1, 8: 4, 9: 5}, 8, "up"), _swapped({7: 1, 8: 4, 9: 5}, 9, "top"), _swapped({7: 1}, 7, "down")
    ({8: 1, 7: 4}, {9: 0}, {})
    """
    line = list(order)
    at = line.index(moved)
    if way in ("top", "end"):
        there = at == (0 if way == "top" else len(line) - 1)
        return {} if there else {moved: min(order.values()) - 1 if way == "top" else max(order.values()) + 1}
    other = at + (1 if way == "down" else -1)
    if not 0 <= other < len(line):
        return {}
    return {moved: order[line[other]], line[other]: order[moved]}


def share(house: House, number: object, name: str, role: str, curator: Curator) -> None:
    """Makes somebody an editor or a reader of a collection, or neither; raises NoSuchColleague, NotYours."""
    asked = _number(number)
    with store_errors(house.settings.home), house.db.writing() as tx:
        found, other = _Access(tx, curator).require(asked, "owner"), db.curators.find(tx, name.strip().lower()[:32])
        if other is None or other.disabled or other.name == found.owner:
            raise errors.NoSuchColleague(name[:32])
        given = role if role in ("editor", "reader") else None
        change(tx, house, curator, "people", asked, {other.name: given})


def note(house: House, work: object, body: str, curator: Curator) -> None:
    """Leaves a note at a work, for curators alone; raises NothingWritten, LongText, NoSuchWork, StoreTrouble."""
    number, text = check_id(work), check_text(body, REMARK)
    if not text:
        raise errors.NothingWritten()
    with store_errors(house.settings.home), house.db.writing() as tx:
        if db.works.find(tx, number) is None:
            raise errors.NoSuchWork(number)
        made = db.collections.add_note(tx, work=number, curator=curator.name, at_ms=house.now_ms(), body=text)
        change(tx, house, curator, "note", made, {"removed": 0})


def strike(house: House, number: object, curator: Curator) -> int:
    """Takes a note away, one's own or, as a keeper, any; returns its work. Raises NoSuchNote, NotYours."""
    if not re.fullmatch("[0-9]{1,18}", str(number)):
        raise errors.NoSuchNote()
    with store_errors(house.settings.home), house.db.writing() as tx:
        found = db.collections.note(tx, int(str(number)))
        if found is None:
            raise errors.NoSuchNote()
        if found.curator != curator.name and not curator.is_keeper:
            raise errors.NotYours()
        change(tx, house, curator, "note", found.id, {"removed": 1})
    return found.work


def require_undo(tx: Tx, entry: Change, curator: Curator) -> None:
    """Whether one may still change what the entry changed; raises NotYours, NoSuchCollection. Tags are everybody's."""
    if entry.aspect in ("note", "tag", "tagged"):
        return
    found = db.collections.find(tx, entry.thing)
    if found is None or not found.removed:
        owners = entry.aspect == "people" or not {"parent", "removed"}.isdisjoint(entry.became)
        _Access(tx, curator).require(entry.thing, "owner" if owners else "editor")
    elif found.owner != curator.name and not curator.is_keeper:
        raise errors.NotYours()


def last_used(house: House, curator: Curator) -> int | None:
    """The collection that this curator has changed the works of last; raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        return db.changes.last_thing(tx, aspect="works", curator=curator.name)


def _fields(fields: Mapping[str, str]) -> dict[str, str]:
    values = {name: check_text(text, _FIELDS[name]) for name, text in fields.items()}
    if not values.get("title_zh") and not values.get("title_en"):
        raise errors.NoHeading()
    return values


def _number(text: object) -> int:
    """The number of a collection from an address or a form; raises NoSuchCollection."""
    if not re.fullmatch("[0-9]{1,18}", str(text)):
        raise errors.NoSuchCollection(str(text)[:20])
    return int(str(text))
