"""R2 and R3: whatever step of a save fails, all or nothing is kept, it has a name, and trying again works."""

from __future__ import annotations

import errno
import os
import pathlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import event

import db
from db.engine import sqlite_module
from gallery import errors
from gallery.journeys import Draft, House, create
from tests.conftest import ALICE

SYSTEM_CALLS = [
    (os, "utime"),
    (os, "open"),
    (os, "fsync"),
    (pathlib.Path, "mkdir"),
    (pathlib.Path, "open"),
    (pathlib.Path, "replace"),
]
STATEMENTS = ["begin", "before_cursor_execute", "commit"]


@dataclass
class Trap:
    """Counts the steps of a save and raises `error` at step number `at` (from 0; None never)."""

    error: Callable[[], Exception]
    at: int | None = None
    steps: int = 0

    def step(self, *_arguments: object, **_options: object) -> None:
        self.steps += 1
        if self.steps - 1 == self.at:
            raise self.error()


@contextmanager
def files_trapped(house: House, trap: Trap) -> Iterator[None]:
    """Every call that the store makes to the system is a step."""
    with pytest.MonkeyPatch.context() as patch:
        for owner, name in SYSTEM_CALLS:
            patch.setattr(owner, name, _stepping(getattr(owner, name), trap))
        yield


def _stepping(real: Callable[..., Any], trap: Trap) -> Callable[..., Any]:
    def call(*arguments: Any, **options: Any) -> Any:
        trap.step()
        return real(*arguments, **options)

    return call


@contextmanager
def database_trapped(house: House, trap: Trap) -> Iterator[None]:
    """Every beginning, statement and commit is a step."""
    for name in STATEMENTS:
        event.listen(house.db.engine, name, trap.step)
    yield
    for name in STATEMENTS:
        event.remove(house.db.engine, name, trap.step)


def system_error(number: int) -> Callable[[], Exception]:
    return lambda: OSError(number, os.strerror(number))


def sqlite_error(code: int, sentence: str) -> Callable[[], Exception]:
    def make() -> Exception:
        error: Exception = sqlite_module().OperationalError(sentence)
        error.sqlite_errorcode = code  # type: ignore[attr-defined]
        return error

    return make


def rows(house: House) -> int:
    with house.db.reading() as tx:
        return sum(db.works.counts(tx).values())


def steps_of_a_save(house: House, draft: Draft, trapped: Callable[..., Any]) -> int:
    trap = Trap(system_error(0))
    with trapped(house, trap):
        create.save(house, draft.token, ALICE, "measured")
    return trap.steps


@pytest.mark.parametrize(
    ("trapped", "error", "told"),
    [
        (files_trapped, system_error(errno.ENOSPC), errors.DiskFull),
        (files_trapped, system_error(errno.EDQUOT), errors.DiskFull),
        (files_trapped, system_error(errno.EACCES), errors.CannotWrite),
        (files_trapped, system_error(errno.EROFS), errors.CannotWrite),
        (files_trapped, system_error(errno.EIO), errors.CannotWrite),
        (database_trapped, sqlite_error(13, "database or disk is full"), errors.DiskFull),
        (database_trapped, sqlite_error(8, "attempt to write a readonly database"), errors.CannotWrite),
        (database_trapped, sqlite_error(5, "database is locked"), errors.DatabaseBusy),
        (database_trapped, sqlite_error(10, "disk I/O error"), errors.DatabaseBroken),
    ],
)
def test_r2_a_save_that_fails_at_any_step_keeps_nothing_and_can_be_tried_again(
    house: House,
    painted: Callable[..., Draft],
    trapped: Callable[..., Any],
    error: Callable[[], Exception],
    told: type[errors.StoreTrouble],
) -> None:
    steps = steps_of_a_save(house, painted(1), trapped)
    assert steps >= 6
    for at in range(steps):
        draft = painted(at + 2)
        with pytest.raises(told), trapped(house, Trap(error, at)):
            create.save(house, draft.token, ALICE, "first try")
        assert rows(house) == at + 1
        work = create.save(house, draft.token, ALICE, "second try")
        assert house.files.verify(work.picture or "")
        assert house.files.verify(work.thumb or "")
    assert not list((house.files.root / "tmp").iterdir())


def test_r3_a_database_that_fills_up_loses_nothing_and_recovers_without_a_restart(
    house: House, written: Callable[..., Draft]
) -> None:
    with house.db.reading() as tx:
        pages = tx.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.exec_driver_sql(f"PRAGMA max_page_count = {pages + 2}")
    saved = 0
    with pytest.raises(errors.DiskFull):  # noqa: PT012
        for seed in range(1000):
            draft = written(seed)
            create.save(house, draft.token, ALICE, "until it is full")
            saved += 1
    assert rows(house) == saved > 0
    with house.db.reading() as tx:
        tx.exec_driver_sql("PRAGMA max_page_count = 1000000")
    assert create.save(house, draft.token, ALICE, "there is room again").id > 0


def test_r3_a_folder_taken_away_is_told_and_saving_works_once_it_is_back(
    house: House, painted: Callable[..., Draft]
) -> None:
    draft = painted()
    away = house.files.root.with_name("away")
    house.files.root.rename(away)
    house.files.root.write_text("something else stands here")
    with pytest.raises(errors.CannotWrite):
        create.save(house, draft.token, ALICE, "title")
    house.files.root.unlink()
    away.rename(house.files.root)
    assert rows(house) == 0
    assert create.save(house, draft.token, ALICE, "title")
