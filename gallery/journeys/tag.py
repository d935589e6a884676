"""Tag: words in both languages that curators give to works, by which everybody finds them.

A tag may be merged into another, and may have other names; every name that a tag ever had goes on leading to it, from
addresses, searches and kept searches. Giving a name that there is none of makes the tag. Every change is an entry of
the log and can be taken back (changes.py).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import db
from db import Tx, WorkRecord
from db.tags import Tag, Tags
from gallery import errors
from gallery.journeys import House, store_errors
from gallery.journeys.accounts import Curator
from gallery.journeys.browse import check_id
from gallery.journeys.changes import change, check_text, mark, require_unchanged

NAME = 40  # characters
MOST = 2000  # tags and other names of them
SUGGESTED = 200
COVERS = 4


@dataclass(frozen=True)
class Named:
    """A tag, its other names in the order in which they came, and how many works bear it that can be seen."""

    tag: Tag
    others: tuple[Tag, ...]
    works: int


@dataclass(frozen=True)
class Leaf:
    """A tag as the public list shows it, with the newest works that bear it."""

    named: Named
    covers: tuple[WorkRecord, ...]


def everything(house: House) -> tuple[Named, ...]:
    """All tags, those of most works first; raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        return _everything(tx)


def _everything(tx: Tx) -> tuple[Named, ...]:
    known = db.tags.everything(tx)
    return tuple(sorted((_named(tx, known, one) for one in known.roots()), key=lambda one: (-one.works, one.tag.id)))


def _named(tx: Tx, known: Tags, one: Tag) -> Named:
    members = [known.by_id[number] for number in known.members(one.id)]
    others = tuple(other for other in members if other.id != one.id)
    return Named(one, others, db.tags.size(tx, known, [other.id for other in members]))


def public(house: House) -> tuple[Leaf, ...]:
    """The tags that works bear which can be seen, with the newest of these; raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        shown = [one for one in _everything(tx) if one.works]
        return tuple(Leaf(one, _newest(tx, one)) for one in shown)


def _newest(tx: Tx, one: Named) -> tuple[WorkRecord, ...]:
    members = [one.tag.id, *(other.id for other in one.others)]
    found = (db.works.find(tx, number) for number in db.tags.newest(tx, members, limit=COVERS))
    return tuple(work for work in found if work is not None)


def of_work(house: House, work: int) -> tuple[Tag, ...]:
    """What a work bears; raises StoreTrouble."""
    return tuple(of_works(house, [work]).get(work, ()))


def of_works(house: House, works: Iterable[int]) -> dict[int, list[Tag]]:
    """What works bear, for those that bear any; raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        return db.tags.of_works(tx, works)


def resolve(tx: Tx, name: str) -> tuple[int, ...]:
    """The numbers of all that lead where this name leads; raises NoSuchTag."""
    known = db.tags.everything(tx)
    found = known.named(name)
    if found is None:
        raise errors.NoSuchTag(name[:NAME])
    return known.members(found.id)


def make(house: House, zh: str, en: str, curator: Curator) -> int:
    """Makes a tag; returns its number.

    Raises Nameless, LongText, OddCharacters, TagTaken, TooManyTags, StoreTrouble.
    """
    names = _names(zh, en)
    with store_errors(house.settings.home), house.db.writing() as tx:
        return _make(tx, house, curator, names, None)


def _make(tx: Tx, house: House, curator: Curator, names: tuple[str, str], merged: int | None) -> int:
    known = db.tags.everything(tx)
    if len(known.by_id) >= MOST:
        raise errors.TooManyTags(MOST)
    _require_free(known, names, merged)
    number = db.tags.add(tx, zh=names[0], en=names[1], created_ms=house.now_ms())
    change(tx, house, curator, "tag", number, {"removed": 0, "merged": merged})
    return number


def mark_of(shown: Tag) -> str:
    """What the form of a tag's names has shown (changes.mark)."""
    return mark(shown.zh, shown.en)


def rename(house: House, number: object, zh: str, en: str, curator: Curator, *, seen: str = "") -> None:
    """Gives a tag other names; those that it loses go on leading to it. Raises as `make` does, NoSuchTag, and
    ChangedMeanwhile."""
    names = _names(zh, en)
    with store_errors(house.settings.home), house.db.writing() as tx:
        known = db.tags.everything(tx)
        one = _require(known, number)
        require_unchanged(seen, mark_of(one))
        _require_free(known, names, one.id)
        change(tx, house, curator, "tag", one.id, {"zh": names[0], "en": names[1]})
        lost = tuple(old if old and db.tags.everything(tx).named(old) is None else "" for old in (one.zh, one.en))
        if any(lost):
            _make(tx, house, curator, (lost[0], lost[1]), one.id)


def also_call(house: House, number: object, name: str, curator: Curator) -> None:
    """Gives a tag another name that leads to it; raises as `make` does, NoSuchTag, SameTag."""
    with store_errors(house.settings.home), house.db.writing() as tx:
        known = db.tags.everything(tx)
        one = _require(known, number)
        if known.named(name) == one:
            raise errors.SameTag()
        _make(tx, house, curator, _by_script(name), one.id)


def merge(house: House, number: object, into: str, curator: Curator) -> Tag:
    """Merges a tag into the one of that name, which it returns; raises NoSuchTag, SameTag, StoreTrouble."""
    with store_errors(house.settings.home), house.db.writing() as tx:
        known = db.tags.everything(tx)
        one, other = _require(known, number), known.named(into)
        if other is None:
            raise errors.NoSuchTag(into[:NAME])
        if other.id == one.id:
            raise errors.SameTag()
        change(tx, house, curator, "tag", one.id, {"merged": other.id})
        return other


def put_away(house: House, number: object, curator: Curator) -> None:
    """Takes a tag, or another name of one, off all works and lists, which can be undone; raises NoSuchTag."""
    with store_errors(house.settings.home), house.db.writing() as tx:
        known = db.tags.everything(tx)
        one = known.by_id.get(_number(number))
        if one is None or one.removed:
            raise errors.NoSuchTag(str(number)[:NAME])
        change(tx, house, curator, "tag", one.id, {"removed": 1})


def give(house: House, name: str, works: Iterable[object], curator: Curator) -> tuple[Tag, int]:
    """Gives works the tag of that name, which is made if there is none; says which, and to how many it was new.

    Raises NothingSelected, Nameless, LongText, OddCharacters, NoSuchWork, TooManyTags, StoreTrouble.
    """
    chosen, names = list(dict.fromkeys(check_id(work) for work in works)), _by_script(name)
    if not chosen:
        raise errors.NothingSelected()
    with store_errors(house.settings.home), house.db.writing() as tx:
        for work in chosen:
            if db.works.find(tx, work) is None:
                raise errors.NoSuchWork(work)
        known = db.tags.everything(tx)
        found = known.named(name)
        number = found.id if found else _make(tx, house, curator, names, None)
        there = db.tags.bearing(tx, known.members(number) or [number], chosen)
        new = {str(work): house.now_ms() for work in chosen if work not in there}
        change(tx, house, curator, "tagged", number, new)
        return db.tags.everything(tx).by_id[number], len(new)


def take(house: House, number: object, work: object, curator: Curator) -> None:
    """Takes a tag, and all that was merged into it, off a work; raises NoSuchTag, NoSuchWork, StoreTrouble."""
    freed = check_id(work)
    with store_errors(house.settings.home), house.db.writing() as tx:
        known = db.tags.everything(tx)
        members = known.members(_require(known, number).id)
        for one in db.tags.given(tx, members, freed):
            change(tx, house, curator, "tagged", one, {str(freed): None})


def require_clear(tx: Tx, number: int) -> None:
    """That a tag which was changed back shares no name with another; raises TagTaken."""
    known = db.tags.everything(tx)
    one = known.by_id[number]
    if (root := known.root(number)) is not None:
        _require_free(known, (one.zh, one.en), root.id)


def _require(known: Tags, number: object) -> Tag:
    """The tag of that number, which is one and not another name; raises NoSuchTag."""
    one = known.root(_number(number))
    if one is None or one.id != _number(number):
        raise errors.NoSuchTag(str(number)[:NAME])
    return one


def _require_free(known: Tags, names: Sequence[str], own: int | None) -> None:
    """That these names lead to no other tag than to this one; raises TagTaken."""
    for name in names:
        for found in known.all_named(name):
            if found.id != own:
                raise errors.TagTaken(name)


def _names(zh: str, en: str) -> tuple[str, str]:
    names = tuple(" ".join(check_text(name, NAME).split()) for name in (zh, en))
    if not any(db.search.runs(name) for name in names):
        raise errors.Nameless()
    return names[0], names[1]


def _by_script(name: str) -> tuple[str, str]:
    """A name as the one in Chinese if it has Chinese characters, else as the one in English.

    >>> _by_script("雪景"), _by_script(" snow  scene ")
    (('雪景', ''), ('', 'snow scene'))
    """
    return _names(name, "") if re.search(r"[\u3400-\u9fff\U00020000-\U0003ffff]", name) else _names("", name)


def _number(text: object) -> int:
    if not re.fullmatch("[0-9]{1,18}", str(text)):
        raise errors.NoSuchTag(str(text)[:NAME])
    return int(str(text))
