"""Queries for signatures: which works are signed with what, as the wall counts and finds them.

Signatures that fold together (folding.py) are one, under a number by which works are found (search.py); what is shown
of one is how the newest work that can be seen spells it. Of the visitor who made a work nothing is known here: two who
sign alike are one signature, and one who signs in two ways is two.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, delete, exists, func, insert, select
from sqlalchemy.dialects.sqlite import insert as upsert

from db import folding
from db.engine import Prepared, Tx
from db.tables import shelf, signatures, signed, works

_KEEP = upsert(signatures).on_conflict_do_nothing(index_elements=["name"])
_NUMBER = Prepared(select(signatures.c.id).where(signatures.c.name == bindparam("name")))
_LARGEST = Prepared(
    select(signatures.c.id, signatures.c.works)
    .where(signatures.c.works > 0)
    .order_by(signatures.c.works.desc(), signatures.c.id.desc())
    .limit(bindparam("most"))
)
_SPELT = Prepared(
    select(works.c.signature)
    .select_from(signed.join(shelf, shelf.c.work == signed.c.work).join(works, works.c.id == signed.c.work))
    .where(signed.c.signature == bindparam("number"))
    .order_by(signed.c.work.desc())
    .limit(1)
)
_COUNTED = select(func.count()).where(signed.c.signature == signatures.c.id, signed.c.work == shelf.c.work)
MISCOUNTED = select(func.count()).select_from(signatures).where(signatures.c.works != _COUNTED.scalar_subquery())
"""How many signatures have another number of works than they say."""


def find(tx: Tx, signature: str) -> int:
    """The number of a signature, 0 for one that no work bears."""
    rows = _NUMBER.rows(tx, {"name": folding.signed(signature)})
    return int(rows[0][0]) if rows else 0


def sign(tx: Tx, written: Mapping[int, str]) -> dict[int, int]:
    """Writes down what works are signed with; the number for each that is signed."""
    names = {work: name for work, signature in written.items() if (name := folding.signed(signature))}
    if not names:
        return {}
    tx.execute(_KEEP, [{"name": name} for name in dict.fromkeys(names.values())])
    numbers = {work: int(_NUMBER.rows(tx, {"name": name})[0][0]) for work, name in names.items()}
    tx.execute(insert(signed), [{"work": work, "signature": number} for work, number in numbers.items()])
    return numbers


def unsign(tx: Tx, work: int) -> int | None:
    """Takes a work from under its signature, which is forgotten if no other bears it; its number, if there was one."""
    number: int | None = tx.execute(select(signed.c.signature).where(signed.c.work == work)).scalar()
    if number is not None:
        tx.execute(delete(signed).where(signed.c.work == work))
        others = exists().where(signed.c.signature == signatures.c.id)
        tx.execute(delete(signatures).where(signatures.c.id == number, ~others))
    return number


def largest(tx: Tx, *, limit: int) -> list[tuple[int, int]]:
    """The signatures of most works that can be seen, each with their number."""
    return [(number, many) for number, many in _LARGEST.rows(tx, {"most": limit})]


def spelt(tx: Tx, numbers: Iterable[int]) -> dict[int, str]:
    """How each of these is written, for those that works bear which can be seen."""
    found: dict[int, list[tuple[Any, ...]]] = {one: _SPELT.rows(tx, {"number": one}) for one in numbers}
    return {number: str(rows[0][0]) for number, rows in found.items() if rows}
