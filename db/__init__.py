"""The database of the gallery: `open_db(url)` gives a Db with `reading()` and `writing()`; `works`, `shelf`,
`counting`, `search`, `ratings`, `ballots`, `duels`, `exposure`, `challenges`, `lineage`, `rooms`, `curators`,
`triage`, `trash`, `collections`, `tags`, `signatures`, `looks`, `tastes`, `changes`, `shows`, `copies` and `health`
hold the queries, `backup` copies it whole.
Frozen records come out, never a live row. It knows nothing of the gallery or of the networks.

    with database.writing() as tx:
        work = db.works.add(tx, new_work, score=3.0)
"""

from __future__ import annotations

from db import (
    backup,
    ballots,
    challenges,
    changes,
    collections,
    copies,
    counting,
    curators,
    duels,
    exposure,
    health,
    lineage,
    looks,
    ratings,
    rooms,
    search,
    shelf,
    shows,
    signatures,
    tags,
    tastes,
    trash,
    triage,
    works,
)
from db.engine import (
    Broken,
    Busy,
    Db,
    DbError,
    Full,
    ReadOnly,
    TooNew,
    Tx,
    make_engine,
    named_errors,
    safe_wal,
    sqlite_module,
)
from db.lineage import Kin, Origin
from db.migrations import bring_up_to_date
from db.records import (
    Account,
    Act,
    Ballot,
    Card,
    CastDuel,
    CastStep,
    Cell,
    Contest,
    Decision,
    Deed,
    Disagreement,
    FileNeeds,
    Hand,
    HandPart,
    How,
    Key,
    LadderRow,
    NewBallot,
    NewDecision,
    NewWork,
    Order,
    Page,
    Place,
    Prior,
    Reason,
    Relative,
    Relatives,
    ReportReason,
    Role,
    RoomEvent,
    RoomKind,
    RoomRecord,
    Selection,
    State,
    Suspicion,
    Tally,
    WorkKind,
    WorkRecord,
)
from db.trash import Taken
from db.works import Making

__all__ = [
    "Account",
    "Act",
    "Ballot",
    "Broken",
    "Busy",
    "Card",
    "CastDuel",
    "CastStep",
    "Cell",
    "Contest",
    "Db",
    "DbError",
    "Decision",
    "Deed",
    "Disagreement",
    "FileNeeds",
    "Full",
    "Hand",
    "HandPart",
    "How",
    "Key",
    "Kin",
    "LadderRow",
    "Making",
    "NewBallot",
    "NewDecision",
    "NewWork",
    "Order",
    "Origin",
    "Page",
    "Place",
    "Prior",
    "ReadOnly",
    "Reason",
    "Relative",
    "Relatives",
    "ReportReason",
    "Role",
    "RoomEvent",
    "RoomKind",
    "RoomRecord",
    "Selection",
    "State",
    "Suspicion",
    "Taken",
    "Tally",
    "TooNew",
    "Tx",
    "WorkKind",
    "WorkRecord",
    "backup",
    "ballots",
    "challenges",
    "changes",
    "collections",
    "copies",
    "counting",
    "curators",
    "duels",
    "exposure",
    "health",
    "lineage",
    "looks",
    "old_sqlite",
    "open_db",
    "ratings",
    "rooms",
    "search",
    "shelf",
    "shows",
    "signatures",
    "tags",
    "tastes",
    "trash",
    "triage",
    "works",
]


def open_db(url: str) -> Db:
    """The database at that URL, made or brought up to date first (an existing one is backed up); raises DbError."""
    engine = make_engine(url)
    with named_errors():
        bring_up_to_date(engine)
    database = Db(engine)
    search.catch_up(database)
    return database


def old_sqlite() -> str | None:
    """The version of SQLite in use if it may not write a WAL journal, so that the keepers can be told; else None."""
    module = sqlite_module()
    return None if safe_wal(module) else str(module.sqlite_version)
