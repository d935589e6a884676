"""Votes that can be weighed and set aside: gold pairs, quarantine and release in both logs, and whom it concerns.

The two logs stay as they are to the last row; only what their tables allow changes, edited in place as in step 0004.
"""

import re

from alembic import op

revision = "0010"
down_revision = "0009"

BALLOTS = (
    (
        r"act IN \('left', 'right', 'skip', 'undo', 'stars', 'withdraw'\)",
        "act IN ('left', 'right', 'skip', 'undo', 'stars', 'withdraw', 'gold', 'quarantine', 'release')",
    ),
    (
        r"WHEN act = 'stars' THEN rival IS NULL AND value BETWEEN 1 AND 5(\s+)",
        r"WHEN act = 'stars' THEN rival IS NULL AND value BETWEEN 1 AND 5\1"
        r"WHEN act = 'gold' THEN rival IS NULL AND coalesce(value, 0) IN (0, 1)\1"
        r"WHEN act IN ('quarantine', 'release') THEN rival IS NULL AND value IN (0, 1)\1",
    ),
)
ACTS = (
    (
        r"WHEN 'keep' THEN(\s+)",
        r"WHEN 'quarantine' THEN undoes IS NULL AND last >= first "
        r"AND reason IN ('burst', 'one_work', 'one_maker', 'one_side') "
        r"WHEN 'release' THEN reason IS NULL AND undoes < seq AND last >= first "
        r"WHEN 'keep' THEN\1",
    ),
)
STATEMENTS = (
    "CREATE INDEX ballots_gold ON ballots (voter, kind, seq, value) WHERE act = 'gold'",
    """
    CREATE TABLE aside (
        voter INTEGER NOT NULL,
        work INTEGER NOT NULL,
        PRIMARY KEY (voter, work),
        FOREIGN KEY(voter) REFERENCES voters (number) ON DELETE RESTRICT
    ) WITHOUT ROWID, STRICT
    """,
    """
    CREATE VIEW counted_ratings AS SELECT * FROM ratings AS r WHERE NOT EXISTS (
        SELECT 1 FROM voters AS v JOIN aside AS a ON a.voter = v.number
        WHERE v.visitor = r.visitor AND a.work IN (0, r.work)
    )
    """,
)


def upgrade() -> None:
    """Allows them; nothing is set aside yet, and nobody has met a gold pair."""
    op.execute("ALTER TABLE acts ADD COLUMN first INTEGER")
    op.execute("ALTER TABLE acts ADD COLUMN last INTEGER")
    ask = op.get_bind().exec_driver_sql
    ask("PRAGMA writable_schema = ON")
    for name, changes in (("ballots", BALLOTS), ("acts", ACTS)):
        table = ask("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)).scalar_one()
        for old, new in changes:
            table, times = re.subn(old, new, table)
            assert times == 1, f"the table {name} is not the one this step knows: {old}"
        ask("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (table, name))
    version = ask("PRAGMA schema_version").scalar_one()
    ask(f"PRAGMA schema_version = {version + 1}")
    ask("PRAGMA writable_schema = RESET")  # reads the tables again, also for this connection
    assert ask("PRAGMA quick_check").scalar_one() == "ok"
    for statement in STATEMENTS:
        op.execute(statement)
