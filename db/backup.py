"""A whole copy of the database while it is in use, by SQLite's online backup (https://sqlite.org/backup.html).

The copy is written under another name first, synced, and renamed when it is complete, so a copy that is there is whole.
`problems` says what SQLite itself finds wrong with a database, which is nothing unless the disk or a hand changed it.
"""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Engine

from db.engine import Tx, sqlite_module


def copy_database(engine: Engine, target: Path) -> None:
    """Writes the last committed state to `target`, over what was there; raises OSError or what the driver says."""
    unfinished = target.with_name(target.name + ".unfinished")
    unfinished.unlink(missing_ok=True)
    copy = sqlite_module().connect(str(unfinished))
    try:
        with engine.connect() as connection:
            connection.connection.dbapi_connection.backup(copy)  # type: ignore[union-attr]
    finally:
        copy.close()
    with unfinished.open("rb") as file:
        os.fsync(file.fileno())
    unfinished.replace(target)


def problems(tx: Tx) -> list[str]:
    """What is wrong with pages, indexes, checks and foreign keys, in SQLite's words; empty for a sound database."""
    found = [str(row[0]) for row in tx.exec_driver_sql("PRAGMA integrity_check")]
    broken = tx.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    return [line for line in found if line != "ok"] + [f"{row[0]} {row[1]} refers to no {row[2]}" for row in broken]
