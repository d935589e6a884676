"""Queries for tags: what there is, which names lead to which tag, what works bear. Changes go through changes.py.

A tag that was merged into another leads there, and so does another name of it, which is a tag that was born merged: the
works of all that lead to one tag are its works. Nothing is moved, so that merging costs one row, however many works
there are, and is taken back as easily. Works are found by the numbers of their tags (search.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from sqlalchemy import bindparam, func, insert, select, update

from db import folding
from db.engine import Prepared, Tx
from db.folding import Sought
from db.show_tables import tagged, tags
from db.tables import shelf


class Tag(NamedTuple):
    """A tag, or another name of one (`merged`). works: those it was given to itself that can be seen."""

    id: int
    zh: str
    en: str
    merged: int | None
    works: int
    removed: int


_COLUMNS = [tags.c[name] for name in Tag._fields]
_ALL = Prepared(select(*_COLUMNS).order_by(tags.c.id))
_NAMED = Prepared(select(tags.c.id).where(func.instr(tags.c.written, bindparam("piece")) > 0))


@dataclass(frozen=True)
class Tags:
    """All tags, and where each leads."""

    by_id: Mapping[int, Tag]

    def root(self, number: int) -> Tag | None:
        """The tag that a tag or another name leads to; None if it, or one on the way, was put away."""
        one, seen = self.by_id.get(number), set[int]()
        while one is not None and not one.removed and one.merged is not None and one.id not in seen:
            seen.add(one.id)
            one = self.by_id.get(one.merged)
        return None if one is None or one.removed or one.merged is not None else one

    def members(self, number: int) -> tuple[int, ...]:
        """All that lead where this one leads, itself too; none if it leads nowhere."""
        root = self.root(number)
        return () if root is None else self._classes[root.id]

    @cached_property
    def _classes(self) -> Mapping[int, tuple[int, ...]]:
        """All that lead to each tag, by its number."""
        led: dict[int, tuple[int, ...]] = {}
        for one in self.by_id:
            if (root := self.root(one)) is not None:
                led[root.id] = (*led.get(root.id, ()), one)
        return led

    def roots(self) -> list[Tag]:
        """The tags themselves, without other names and what was put away."""
        return [one for one in self.by_id.values() if self.root(one.id) == one]

    def named(self, name: str) -> Tag | None:
        """The tag that bears this name in either language, or another name that leads to it."""
        return next(iter(self.all_named(name)), None)

    def all_named(self, name: str) -> list[Tag]:
        """The same, were there several, as there never should be."""
        asked, found = folding.runs(name), list[Tag]()
        for one in self.by_id.values() if asked else ():
            root = self.root(one.id) if asked in (folding.runs(one.zh), folding.runs(one.en)) else None
            found += [root] if root is not None and root not in found else []
        return found


def everything(tx: Tx) -> Tags:
    """All of them, those put away too."""
    return Tags({row[0]: Tag._make(row) for row in _ALL.rows(tx, {})})


def sought(tx: Tx, words: Iterable[str], chosen: tuple[int, ...] = ()) -> list[Sought]:
    """The words of a question with the tags that have them in their names, and the chosen tags."""
    found = [Sought(run, _names(_naming(tx, run))) for run in words]
    return [*found, *([Sought("", _names(chosen))] if chosen else [])]


def _names(numbers: Iterable[int]) -> tuple[str, ...]:
    return tuple(map(folding.tag_name, numbers))


def _naming(tx: Tx, run: str) -> tuple[int, ...]:
    hit = {row[0] for piece in folding.pieces(run) for row in _NAMED.rows(tx, {"piece": piece})}
    if not hit:
        return ()
    known = everything(tx)
    return tuple(sorted({one for number in hit for one in known.members(number)}))


def add(tx: Tx, *, zh: str, en: str, created_ms: int) -> int:
    """Makes a tag, put away yet; returns its number."""
    row = {"zh": zh, "en": en, "created_ms": created_ms, "removed": 1}
    number = int(tx.execute(insert(tags).returning(tags.c.id), row).scalar_one())
    fold(tx, number)
    return number


def fold(tx: Tx, number: int) -> None:
    """Enters the names of a tag as they are searched."""
    zh, en = tx.execute(select(tags.c.zh, tags.c.en).where(tags.c.id == number)).one()
    written = folding.written((*folding.runs(f"{zh}\n{en}"), *folding.spelt(zh)))
    tx.execute(update(tags).where(tags.c.id == number).values(written=written))


def of_works(tx: Tx, works: Iterable[int]) -> dict[int, list[Tag]]:
    """What those of the works that bear any tags bear, in the order in which the tags were made."""
    asked = select(tagged.c.work, tagged.c.tag).where(tagged.c.work.in_(list(works)))
    rows = tx.execute(asked.order_by(tagged.c.work, tagged.c.tag)).all()
    known, found = everything(tx) if rows else Tags({}), dict[int, list[Tag]]()
    for work, number in rows:
        root, there = known.root(number), found.setdefault(work, [])
        if root is not None and root not in there:
            there.append(root)
    return {work: some for work, some in found.items() if some}


def bearing(tx: Tx, members: Iterable[int], works: Iterable[int]) -> set[int]:
    """Those of the works that bear one of these tags."""
    asked = select(tagged.c.work).where(tagged.c.tag.in_(list(members)), tagged.c.work.in_(list(works)))
    return set(tx.scalars(asked))


def given(tx: Tx, members: Iterable[int], work: int) -> list[int]:
    """Which of these tags a work bears itself."""
    asked = select(tagged.c.tag).where(tagged.c.tag.in_(list(members)), tagged.c.work == work)
    return list(tx.scalars(asked.order_by(tagged.c.tag)))


def size(tx: Tx, known: Tags, members: Iterable[int]) -> int:
    """How many works bear one of these tags, or several, and can be seen."""
    used = [known.by_id[number] for number in members if known.by_id[number].works]
    return used[0].works if len(used) == 1 else _count(tx, [one.id for one in used]) if used else 0


def _count(tx: Tx, members: Iterable[int]) -> int:
    asked = select(tagged.c.work).where(tagged.c.tag.in_(list(members))).distinct().subquery()
    counted = select(func.count()).select_from(asked).join(shelf, shelf.c.work == asked.c.work)
    return int(tx.execute(counted).scalar_one())


def newest(tx: Tx, members: Iterable[int], *, limit: int) -> list[int]:
    """The newest works that bear one of these tags and can be seen."""
    asked = select(shelf.c.work).join(tagged, tagged.c.work == shelf.c.work).where(tagged.c.tag.in_(list(members)))
    return list(tx.scalars(asked.distinct().order_by(shelf.c.work.desc()).limit(limit)))
