"""From a URL to transactions that neither lose votes nor fail under load; the only file that knows the dialect.

SQLAlchemy's defaults lose votes silently on SQLite (a deferred BEGIN reads before it locks). So the driver is kept in
autocommit and two events say BEGIN: IMMEDIATE for `writing()`, deferred for `reading()`, which sees one snapshot.
https://docs.sqlalchemy.org/en/21/dialects/sqlite.html#pysqlite-transaction-control
https://sqlite.org/wal.html#walreset (a bug of 3.7.0 to 3.51.2: hence the journal chosen by version)
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any

from sqlalchemy import Connection, Engine, Select, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

try:
    from pysqlite3 import dbapi2 as _newest
except ImportError:  # no wheel for this platform
    _newest = sqlite3

BUSY_S = 30
_POOL: dict[str, Any] = {"pool_size": 16, "max_overflow": 48, "pool_timeout": BUSY_S, "pool_use_lifo": True}
_CACHE_KIB = 8192  # four times the default, for each of the few connections that a last-in-first-out pool keeps warm
_SAFE_WAL = (3, 51, 3)
IMMEDIATE = "shihua_immediate"
Tx = Connection


class DbError(Exception):
    """Anything that keeps the database from doing its work; a transaction it ends leaves no trace.

    DbError
    |-- Busy       somebody else held the lock for longer than BUSY_S
    |-- Full       no room on the disk
    |-- ReadOnly   the file or its folder may not be written
    |-- TooNew     a newer gallery wrote this database
    +-- Broken     the file is not a database, or is damaged
    """


class Busy(DbError):
    """Somebody else held the lock for too long."""


class Full(DbError):
    """No room on the disk."""


class ReadOnly(DbError):
    """The file or its folder may not be written, or not even opened."""


class TooNew(DbError):
    """A newer gallery wrote this database; str(error) is its version."""


class Broken(DbError):
    """The file is not a database, or is damaged."""


_BY_CODE: dict[int, type[DbError]] = {
    5: Busy, 6: Busy, 8: ReadOnly, 10: Broken, 11: Broken, 13: Full, 14: ReadOnly, 26: Broken,
}  # fmt: skip
"""SQLite's primary result codes, https://sqlite.org/rescode.html"""


def sqlite_module() -> ModuleType:
    """The newest SQLite there is: pysqlite3 where it has a wheel, else the one Python brings."""
    module: ModuleType = _newest
    return module


def safe_wal(module: ModuleType) -> bool:
    """Whether this SQLite may write a WAL journal without risk."""
    return bool(module.sqlite_version_info >= _SAFE_WAL)


def make_engine(url: str, module: ModuleType | None = None) -> Engine:
    """A pool of connections that are set up as the notes say; opens nothing yet."""
    driver = module or sqlite_module()
    engine = create_engine(url, module=driver, **_POOL)
    journal = "WAL" if safe_wal(driver) else "DELETE"

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout = {BUSY_S * 1000}")
        _set_journal(connection, journal, driver)
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        for pragma in ("synchronous = FULL", "foreign_keys = ON", "trusted_schema = OFF"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get(IMMEDIATE)
        driver_connection: Any = connection.connection.dbapi_connection  # a third cheaper than by exec_driver_sql
        driver_connection.execute("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def _set_journal(connection: Any, journal: str, driver: ModuleType) -> None:
    # The busy timeout does not cover a change of journal, so two that open a new file at once must ask again.
    deadline = time.monotonic() + BUSY_S
    while True:
        try:
            connection.execute(f"PRAGMA journal_mode = {journal}")
            return
        except driver.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
        time.sleep(0.01)


class Prepared:
    """A query compiled once and then run by the driver itself, for the one that every visitor waits for.

    SQLAlchemy spends on binding and on rows what SQLite spends on finding sixty of them. It fits queries of plain
    numbers and text only, since no column converts its values.
    """

    def __init__(self, query: Select[Any]) -> None:
        self.query = query
        self._compiled: tuple[str, list[str], dict[str, Any]] | None = None

    def rows(self, tx: Tx, values: Mapping[str, object]) -> list[tuple[Any, ...]]:
        """All rows for these values of the query's bindparams."""
        sql, names, fixed = self._compiled or self._compile(tx)
        driver_connection: Any = tx.connection.dbapi_connection
        cursor = driver_connection.cursor()
        cursor.execute(sql, [values[name] if name in values else fixed[name] for name in names])
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows

    def _compile(self, tx: Tx) -> tuple[str, list[str], dict[str, Any]]:
        compiled = self.query.compile(tx.engine)
        self._compiled = (str(compiled), list(compiled.positiontup or ()), dict(compiled.params))
        return self._compiled


class Db:
    """The database of one house; safe for many threads. Writers of this process wait in line for each other."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self._line = threading.Lock()

    @contextmanager
    def reading(self) -> Iterator[Tx]:
        """One unchanging view of the database; raises DbError."""
        with named_errors(), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Tx]:
        """A transaction: all of it is on the disk when the block ends well, and nothing otherwise; raises DbError."""
        if not self._line.acquire(timeout=BUSY_S):
            raise Busy("another thread has been writing for too long")
        try:
            immediate = {IMMEDIATE: True}
            with named_errors(), self.engine.connect().execution_options(**immediate) as tx, tx.begin():
                yield tx
        finally:
            self._line.release()

    def close(self) -> None:
        """Gives all connections back; the last one folds the journal into the file."""
        self.engine.dispose()


@contextmanager
def named_errors() -> Iterator[None]:
    """Turns what the driver says into the tree above; errors of the code itself pass unchanged."""
    try:
        yield
    except PoolTimeout as error:
        raise Busy(str(error)) from error
    except (DBAPIError, sqlite3.Error, _newest.Error) as error:
        said = error.orig if isinstance(error, DBAPIError) else error
        code = getattr(said, "sqlite_errorcode", None)
        named = _BY_CODE.get(code & 0xFF) if code is not None else None
        if named is None:
            raise
        raise named(str(said)) from error
