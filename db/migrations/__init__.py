"""Brings a database up to date when it is opened: makes an empty one, or moves an older one on by Alembic.

Each step runs in one transaction under the write lock, so two processes that start together do not step on each other
and a failed step leaves the database as it was. An existing database is copied beside itself first. A database from a
newer gallery is refused rather than guessed at. HEAD is written here so that an ordinary start needs no Alembic; a
test holds it to the newest file in versions/.
"""

from __future__ import annotations

import logging
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect

from db.backup import copy_database
from db.engine import IMMEDIATE, Broken, TooNew

HEAD = "0016"
FOLDER = Path(__file__).parent
_log = logging.getLogger(__name__)


def bring_up_to_date(engine: Engine, *, folder: Path = FOLDER, head: str = HEAD) -> None:
    """Makes or migrates the tables; raises TooNew, Broken, or what the driver says when the file cannot be written."""
    with engine.connect() as connection:
        found = _version(connection)
    if found == head:
        return
    if found is not None:
        _refuse_newer(folder, found)
        _back_up(engine, found)
    with engine.connect().execution_options(**{IMMEDIATE: True}) as connection, connection.begin():
        if _version(connection) != head:  # another process may have been faster
            _upgrade(connection, folder, head)


def _version(connection: Connection) -> str | None:
    tables = inspect(connection).get_table_names()
    if "alembic_version" not in tables:
        if tables:
            raise Broken("it holds tables that are not this gallery's")
        return None
    version = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    if version is None:
        raise Broken("it does not say which gallery wrote it")
    return str(version)


def _refuse_newer(folder: Path, found: str) -> None:
    known = {path.name.split("_")[0] for path in (folder / "versions").glob("[0-9]*.py")}
    if found not in known:
        raise TooNew(found)


def _back_up(engine: Engine, found: str) -> None:
    path = Path(engine.url.database or "")
    target = path.with_name(f"{path.name}.before-upgrade-from-{found}")
    copy_database(engine, target)
    _log.warning("the database is being brought up to date; its last state is kept in %s", target)


def _upgrade(connection: Connection, folder: Path, head: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, head)
