"""Challenges: what curators ask for, which works were entered, and duels that are of a challenge and not of the ladder."""

import re

from alembic import op

revision = "0011"
down_revision = "0010"

BALLOTS = (
    r"WHEN act IN \('left', 'right', 'skip'\) THEN rival <> work AND value IS NULL",
    "WHEN act IN ('left', 'right', 'skip') THEN rival <> work AND coalesce(value, 1) > 0",
)
STATEMENTS = (
    """
    CREATE TABLE challenges (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        title_zh TEXT NOT NULL,
        title_en TEXT NOT NULL,
        text_zh TEXT NOT NULL,
        text_en TEXT NOT NULL,
        kind TEXT NOT NULL,
        narrow TEXT,
        opens TEXT NOT NULL,
        closes TEXT NOT NULL,
        most INTEGER NOT NULL,
        owner TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        removed INTEGER DEFAULT 0 NOT NULL,
        show INTEGER,
        CONSTRAINT challenges_kind CHECK (kind IN ('painting', 'poem', 'scroll')),
        CONSTRAINT challenges_titled CHECK (length(title_zh) + length(title_en) > 0),
        CONSTRAINT challenges_days CHECK (closes >= opens),
        CONSTRAINT challenges_most CHECK (most BETWEEN 1 AND 12),
        CONSTRAINT challenges_removed CHECK (removed IN (0, 1)),
        FOREIGN KEY(owner) REFERENCES curators (name) ON DELETE RESTRICT,
        FOREIGN KEY(show) REFERENCES shows (id) ON DELETE RESTRICT
    ) STRICT
    """,
    """
    CREATE TABLE entries (
        challenge INTEGER NOT NULL,
        work INTEGER NOT NULL,
        visitor TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        PRIMARY KEY (challenge, work),
        FOREIGN KEY(challenge) REFERENCES challenges (id) ON DELETE RESTRICT,
        FOREIGN KEY(work) REFERENCES works (id) ON DELETE RESTRICT
    ) WITHOUT ROWID, STRICT
    """,
    "CREATE INDEX ballots_of_challenge ON ballots (value, seq) WHERE act IN ('left', 'right', 'skip') AND value IS NOT NULL",
)


def upgrade() -> None:
    """Makes them; no duel so far is of a challenge."""
    ask = op.get_bind().exec_driver_sql
    table = ask("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'ballots'").scalar_one()
    table, times = re.subn(*BALLOTS, table)
    assert times == 1, "the table ballots is not the one this step knows"
    ask("PRAGMA writable_schema = ON")
    ask("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = 'ballots'", (table,))
    version = ask("PRAGMA schema_version").scalar_one()
    ask(f"PRAGMA schema_version = {version + 1}")
    ask("PRAGMA writable_schema = RESET")  # reads the table again, also for this connection
    assert ask("PRAGMA quick_check").scalar_one() == "ok"
    for statement in STATEMENTS:
        op.execute(statement)
