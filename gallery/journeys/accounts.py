"""Accounts: who may sit at the desk, how they sign in, and how long they stay signed in.

Accounts are made on the command line only. A wrong password and an unknown name are told by the same sentence and take
the same time; five attempts within a quarter of an hour, by one name or by one visitor, shut the door until the first
of them is a quarter of an hour old. A session is a signed cookie that lasts eight hours and ends with the password.
Hashing: argon2id as RFC 9106 recommends where memory is short, https://argon2-cffi.readthedocs.io
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

import db
from db import Account, Role
from gallery import errors
from gallery.journeys import House, open_store, store_errors
from gallery.settings import Settings
from gallery.visitors import Visitor

SESSION_S = 8 * 3600
ATTEMPTS = 5
LOCK_S = 15 * 60
LEAST, MOST = 12, 256
DOOR_S = 5.0
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")
NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$PMvIldfna7Cr+cAvB3vW/A$Gs04AMWYCZMV/NMFvqiTPDCn1ZCFyckh1lwMtxYRbp0"
"""The hash of a password that was thrown away: what an unknown name is compared with."""


@dataclass(frozen=True)
class Curator:
    """Somebody who is signed in."""

    name: str
    role: Role

    @property
    def is_keeper(self) -> bool:
        """Whether they may see the accounts."""
        return self.role == "keeper"


def check_name(name: str) -> str:
    """The name, if an account may have it; raises BadName."""
    if not _NAME.fullmatch(name):
        raise errors.BadName(name[:40])
    return name


def add(settings: Settings, name: str, password: str, role: Role, now_ms: int) -> None:
    """Makes an account; raises BadName, NameTaken, ShortPassword, LongPassword, CommonPassword, StoreTrouble."""
    account = Account(check_name(name), role, _hashed(password), disabled=False, created_ms=now_ms)
    with _writing(settings) as tx:
        if not db.curators.add(tx, account):
            raise errors.NameTaken(name)


def change_password(settings: Settings, name: str, password: str) -> None:
    """Gives an account another password, ends its sessions, and opens it again if it was disabled.

    Raises BadName, NoSuchCurator, ShortPassword, LongPassword, CommonPassword, StoreTrouble.
    """
    hashed = _hashed(password)
    with _writing(settings) as tx:
        if not db.curators.set_password(tx, check_name(name), hashed):
            raise errors.NoSuchCurator(name)


def disable(settings: Settings, name: str) -> None:
    """Shuts an account and ends its sessions; raises BadName, NoSuchCurator, StoreTrouble."""
    with _writing(settings) as tx:
        if not db.curators.disable(tx, check_name(name)):
            raise errors.NoSuchCurator(name)


def everyone(settings: Settings) -> list[Account]:
    """All accounts, for whoever may use the command line; raises StoreTrouble."""
    with _writing(settings) as tx:
        return db.curators.everyone(tx)


def seen_by(house: House, curator: Curator) -> list[Account]:
    """All accounts, for a keeper; raises KeepersOnly, StoreTrouble."""
    if not curator.is_keeper:
        raise errors.KeepersOnly()
    with store_errors(house.settings.home), house.db.reading() as tx:
        return db.curators.everyone(tx)


@contextmanager
def _writing(settings: Settings) -> Iterator[db.Tx]:
    """A transaction in that home, which may be open elsewhere."""
    _, database = open_store(settings)
    try:
        with store_errors(settings.home), database.writing() as tx:
            yield tx
    finally:
        database.close()


def _is_common(password: str) -> bool:
    """Whether it is one of the thirty thousand passwords that are guessed first (zxcvbn's list), or one letter."""
    # a large list, which only the command line needs
    from zxcvbn.frequency_lists import FREQUENCY_LISTS  # type: ignore[import-untyped]

    return password.lower() in set(FREQUENCY_LISTS["passwords"]) or len(set(password)) < 4


def _hashed(password: str) -> str:
    if len(password) < LEAST:
        raise errors.ShortPassword(LEAST)
    if len(password) > MOST:
        raise errors.LongPassword(MOST)
    if _is_common(password):
        raise errors.CommonPassword()
    return PasswordHasher().hash(password)


def sign_in(house: House, name: str, password: str, visitor: Visitor) -> str:
    """The cookie of a new session; raises WrongPassword, LockedOut, DoorBusy, StoreTrouble."""
    asked = name.strip().lower()[:32]
    account = _charge(house, asked, visitor)
    if not _is_right(house, account, password) or account is None:
        raise errors.WrongPassword()
    with store_errors(house.settings.home), house.db.writing() as tx:
        db.curators.forgive(tx, name=asked, visitor=visitor.id)
    return house.signer.session(account.name, account.password, int(house.clock()))


def _charge(house: House, name: str, visitor: Visitor) -> Account | None:
    """Writes the attempt down and returns the account of that name, if one is open; raises LockedOut."""
    now_ms = house.now_ms()
    with store_errors(house.settings.home), house.db.writing() as tx:
        db.curators.forget_attempts(tx, until_ms=now_ms - LOCK_S * 1000)
        for tried in db.curators.attempts_of(tx, name=name, visitor=visitor.id):
            if len(tried) >= ATTEMPTS:
                wait_ms = tried[-ATTEMPTS] + LOCK_S * 1000 - now_ms
                raise errors.LockedOut(max(1, -(-wait_ms // 60_000)))
        db.curators.charge(tx, name=name, visitor=visitor.id, at_ms=now_ms)
        account = db.curators.find(tx, name)
    return None if account is None or account.disabled else account


def _is_right(house: House, account: Account | None, password: str) -> bool:
    """Whether it is the password of the account; takes as long where there is none."""
    if not house.door.acquire(timeout=DOOR_S):
        raise errors.DoorBusy()
    try:
        PasswordHasher().verify(account.password if account else NOBODY, password[: MOST + 1])
    except VerifyMismatchError:
        return False
    finally:
        house.door.release()
    return True


def who(house: House, cookie: str | None) -> Curator:
    """The curator whose session the cookie is; raises NotSignedIn, StoreTrouble."""
    name = (cookie or "").partition(".")[0]
    if not _NAME.fullmatch(name):
        raise errors.NotSignedIn()
    with store_errors(house.settings.home), house.db.reading() as tx:
        account = db.curators.find(tx, name)
    if account is None or account.disabled:
        raise errors.NotSignedIn()
    given_s = house.signer.read_session(cookie or "", account.password)
    if given_s is None or not 0 <= house.clock() - given_s < SESSION_S:
        raise errors.NotSignedIn()
    return Curator(account.name, account.role)
