"""Transactions: whole or nothing, one after the other, and every failure has a name."""

from __future__ import annotations

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

import db
from db.engine import make_engine, safe_wal, sqlite_module


def pragma(database: db.Db, name: str) -> object:
    with database.reading() as tx:
        return tx.exec_driver_sql(f"PRAGMA {name}").scalar()


def visible(database: db.Db) -> dict[db.WorkKind, int]:
    with database.reading() as tx:
        return db.works.counts(tx)


def test_every_connection_is_set_up_to_lose_nothing(database: db.Db) -> None:
    found = [pragma(database, name) for name in ("synchronous", "foreign_keys", "trusted_schema", "busy_timeout")]
    assert found == [2, 1, 0, 30_000]
    assert pragma(database, "journal_mode") == ("wal" if safe_wal(sqlite_module()) else "delete")


def test_an_sqlite_with_the_wal_bug_gets_the_older_journal(tmp_path: Path) -> None:
    class Old:
        sqlite_version_info = (3, 40, 1)

        def __getattr__(self, name: str) -> object:
            return getattr(sqlite3, name)

    database = db.Db(make_engine(f"sqlite:///{tmp_path / 'old.sqlite'}", module=Old()))  # type: ignore[arg-type]
    assert pragma(database, "journal_mode") == "delete"
    database.close()


def run(database: db.Db, *statements: str) -> None:
    with database.writing() as tx:
        for statement in statements:
            tx.exec_driver_sql(statement)


def test_a_block_that_fails_leaves_no_trace(database: db.Db) -> None:
    with pytest.raises(IntegrityError):
        run(database, "UPDATE counts SET visible = 9", "UPDATE counts SET visible = -1")
    assert visible(database) == {"painting": 0, "poem": 0, "scroll": 0, "film": 0}


def test_an_error_of_the_caller_takes_the_writes_back_and_passes_unchanged(database: db.Db) -> None:
    with pytest.raises(KeyError, match="mine"), database.writing() as tx:  # noqa: PT012
        tx.exec_driver_sql("UPDATE counts SET visible = 9")
        raise KeyError("mine")
    assert visible(database) == {"painting": 0, "poem": 0, "scroll": 0, "film": 0}


def test_a_reader_sees_one_state_from_first_to_last(database: db.Db) -> None:
    with database.reading() as reader:
        before = db.works.counts(reader)
        with database.writing() as tx:
            tx.execute(text("UPDATE counts SET visible = 9"))
        assert db.works.counts(reader) == before
    assert visible(database)["poem"] == 9


def test_writers_of_one_process_take_turns(database: db.Db) -> None:
    def add_one() -> None:
        with database.writing() as tx:
            now = tx.exec_driver_sql("SELECT visible FROM counts WHERE kind = 'poem'").scalar_one()
            tx.execute(text("UPDATE counts SET visible = :next WHERE kind = 'poem'"), {"next": now + 1})

    crowd = [threading.Thread(target=add_one) for _ in range(50)]
    for thread in crowd:
        thread.start()
    for thread in crowd:
        thread.join()
    assert visible(database)["poem"] == 50


def test_a_lock_held_by_another_program_is_called_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "test.sqlite"
    db.open_db(f"sqlite:///{path}").close()
    monkeypatch.setattr("db.engine.BUSY_S", 0)
    database = db.open_db(f"sqlite:///{path}")
    other = sqlite_module().connect(str(path), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(db.Busy, match="locked"), database.writing():
        pass
    other.close()
    database.close()


def test_a_database_without_room_is_called_full(database: db.Db) -> None:
    large = "CREATE TABLE large AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    with pytest.raises(db.Full, match="full"):
        run(database, "PRAGMA max_page_count = 40", large)


def test_a_database_that_may_not_be_written_is_called_read_only(database: db.Db) -> None:
    with pytest.raises(db.ReadOnly, match="readonly"):
        run(database, "PRAGMA query_only = ON", "UPDATE counts SET visible = 9")


def test_a_folder_that_is_not_there_is_called_read_only(tmp_path: Path) -> None:
    with pytest.raises(db.ReadOnly, match="unable to open"):
        db.open_db(f"sqlite:///{tmp_path / 'nowhere' / 'test.sqlite'}")


def test_a_file_that_is_no_database_is_called_broken(tmp_path: Path) -> None:
    (tmp_path / "test.sqlite").write_bytes(b"a poem, not a database" * 99)
    with pytest.raises(db.Broken, match="not a database"):
        db.open_db(f"sqlite:///{tmp_path / 'test.sqlite'}")


@pytest.mark.parametrize("way", ["reading", "writing"])
def test_a_database_broken_while_open_is_called_broken_by_readers_and_writers(tmp_path: Path, way: str) -> None:
    database = db.open_db(f"sqlite:///{tmp_path / 'test.sqlite'}")
    database.engine.dispose()
    (tmp_path / "test.sqlite").write_bytes(b"a poem, not a database" * 99)
    with pytest.raises(db.Broken), getattr(database, way)() as tx:
        tx.execute(text("SELECT 1"))


def test_a_mistake_of_our_own_is_not_given_a_polite_name(database: db.Db) -> None:
    with pytest.raises(IntegrityError), database.writing() as tx:
        tx.execute(text("UPDATE counts SET visible = -1"))
