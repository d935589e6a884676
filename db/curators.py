"""Queries for the accounts of curators, and for who has lately tried to sign in.

Passwords come and go as argon2 hashes; what they are hashed from is never here. An attempt is written before the
password is looked at and struck out when it was right, so that many at once cannot slip past the limit.
"""

from __future__ import annotations

from sqlalchemy import Row, delete, insert, or_, select, update

from db.engine import Tx
from db.records import Account, Role
from db.tables import attempts, curators

_COLUMNS = [curators.c[name] for name in Account.__dataclass_fields__]


def add(tx: Tx, account: Account) -> bool:
    """Makes an account; False if the name is taken."""
    if find(tx, account.name) is not None:
        return False
    tx.execute(insert(curators), {name: getattr(account, name) for name in Account.__dataclass_fields__})
    return True


def find(tx: Tx, name: str) -> Account | None:
    """The account of that name, disabled or not."""
    row = tx.execute(select(*_COLUMNS).where(curators.c.name == name)).first()
    return None if row is None else _account(row)


def everyone(tx: Tx) -> list[Account]:
    """All accounts by name."""
    return [_account(row) for row in tx.execute(select(*_COLUMNS).order_by(curators.c.name))]


def set_password(tx: Tx, name: str, password: str) -> bool:
    """Gives an account another password, which opens it again if it was disabled; False if there is none."""
    change = update(curators).where(curators.c.name == name).values(password=password, disabled=0)
    return tx.execute(change).rowcount == 1


def disable(tx: Tx, name: str) -> bool:
    """Shuts an account; what it has done stays in the log. False if there is none."""
    return tx.execute(update(curators).where(curators.c.name == name).values(disabled=1)).rowcount == 1


def charge(tx: Tx, *, name: str, visitor: str, at_ms: int) -> None:
    """Writes down that this visitor tries to sign in by that name."""
    tx.execute(insert(attempts), {"name": name, "visitor": visitor, "at_ms": at_ms})


def forgive(tx: Tx, *, name: str, visitor: str) -> None:
    """Strikes out what this visitor has tried by that name."""
    tx.execute(delete(attempts).where(attempts.c.name == name, attempts.c.visitor == visitor))


def forget_attempts(tx: Tx, *, until_ms: int) -> None:
    """Lets go of what no limit asks for any more."""
    tx.execute(delete(attempts).where(attempts.c.at_ms <= until_ms))


def attempts_of(tx: Tx, *, name: str, visitor: str) -> tuple[list[int], list[int]]:
    """When somebody tried that name, and when this visitor tried any; oldest first."""
    kept = select(attempts.c.at_ms, attempts.c.name, attempts.c.visitor).order_by(attempts.c.at_ms)
    rows = tx.execute(kept.where(or_(attempts.c.name == name, attempts.c.visitor == visitor))).all()
    return [row.at_ms for row in rows if row.name == name], [row.at_ms for row in rows if row.visitor == visitor]


def _account(row: Row[tuple[object, ...]]) -> Account:
    role: Role = row.role
    return Account(row.name, role, row.password, bool(row.disabled), row.created_ms)
