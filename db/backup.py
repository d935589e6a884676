"""A whole copy of the database while it is in use, by SQLite's online backup (https://sqlite.org/backup.html).

The copy is written under another name first, synced, and renamed when it is complete, so a copy that is there is whole.
"""

from __future__ import annotations

import os
from pathlib import Path

from sqlalchemy import Engine

from db.engine import sqlite_module


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
