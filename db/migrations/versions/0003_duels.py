"""The log of all votes, who cast them, and the ladders of the duels. Stars given before are entered into the log."""

import hashlib
from datetime import UTC, datetime

from alembic import op

revision = "0003"
down_revision = "0002"

TABLES = (
    """
    CREATE TABLE voters (
        number INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        visitor TEXT NOT NULL,
        CONSTRAINT voters_visitor CHECK (length(visitor) BETWEEN 1 AND 64),
        UNIQUE (visitor)
    ) STRICT
    """,
    """
    CREATE TABLE ballots (
        seq INTEGER NOT NULL,
        minute INTEGER NOT NULL,
        voter INTEGER NOT NULL,
        act TEXT NOT NULL,
        kind TEXT NOT NULL,
        work INTEGER NOT NULL,
        rival INTEGER,
        value INTEGER,
        young INTEGER NOT NULL,
        hash TEXT NOT NULL,
        PRIMARY KEY (seq),
        CONSTRAINT ballots_act CHECK (act IN ('left', 'right', 'skip', 'undo', 'stars', 'withdraw')),
        CONSTRAINT ballots_whole CHECK (
            CASE WHEN act IN ('left', 'right', 'skip') THEN rival <> work AND value IS NULL
            WHEN act = 'undo' THEN rival <> work AND value < seq
            WHEN act = 'stars' THEN rival IS NULL AND value BETWEEN 1 AND 5
            ELSE rival IS NULL AND value IS NULL END IS TRUE
        ),
        CONSTRAINT ballots_young CHECK (young IN (0, 1)),
        CONSTRAINT ballots_hash CHECK (length(hash) = 64),
        FOREIGN KEY(voter) REFERENCES voters (number) ON DELETE RESTRICT,
        FOREIGN KEY(work) REFERENCES works (id) ON DELETE RESTRICT,
        FOREIGN KEY(rival) REFERENCES works (id) ON DELETE RESTRICT
    ) STRICT
    """,
    "CREATE INDEX ballots_of_voter ON ballots (voter, minute)",
    "CREATE UNIQUE INDEX ballots_undone ON ballots (value) WHERE act = 'undo'",
    """
    CREATE TRIGGER ballots_stay BEFORE UPDATE ON ballots BEGIN
        SELECT RAISE(ABORT, 'the log of votes is never changed');
    END
    """,
    """
    CREATE TRIGGER ballots_remain BEFORE DELETE ON ballots BEGIN
        SELECT RAISE(ABORT, 'the log of votes is never shortened');
    END
    """,
    """
    CREATE TABLE standings (
        work INTEGER NOT NULL,
        kind TEXT NOT NULL,
        mu REAL NOT NULL,
        sigma REAL NOT NULL,
        duels INTEGER NOT NULL,
        drift REAL NOT NULL,
        day INTEGER NOT NULL,
        PRIMARY KEY (work),
        CONSTRAINT standings_sigma CHECK (sigma > 0),
        CONSTRAINT standings_duels CHECK (duels >= 0),
        FOREIGN KEY(work) REFERENCES works (id) ON DELETE RESTRICT
    ) STRICT
    """,
    "CREATE INDEX standings_of_kind ON standings (kind, mu)",
    """
    CREATE TABLE steps (
        work INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        mu REAL NOT NULL,
        sigma REAL NOT NULL,
        duels INTEGER NOT NULL,
        drift REAL NOT NULL,
        day INTEGER NOT NULL,
        passed INTEGER NOT NULL,
        PRIMARY KEY (work, seq),
        CONSTRAINT steps_sigma CHECK (sigma > 0),
        CONSTRAINT steps_passed CHECK (passed IN (0, 1)),
        FOREIGN KEY(work) REFERENCES works (id) ON DELETE RESTRICT,
        FOREIGN KEY(seq) REFERENCES ballots (seq) ON DELETE RESTRICT
    ) WITHOUT ROWID, STRICT
    """,
    "CREATE INDEX steps_of_ballot ON steps (seq)",
)


def upgrade() -> None:
    """Makes them, and enters the stars that stand, oldest first, as they were given last."""
    for statement in TABLES:
        op.execute(statement)
    connection = op.get_bind()
    run = connection.exec_driver_sql
    run("INSERT INTO voters (visitor) SELECT visitor FROM ratings GROUP BY visitor ORDER BY min(changed_ms), visitor")
    given = run(
        "SELECT changed_ms / 60000, number, kind, work, stars FROM ratings JOIN voters USING (visitor) "
        "JOIN works ON works.id = work ORDER BY changed_ms, number, work"
    ).all()
    link = "0" * 64
    for seq, (minute, voter, kind, work, stars) in enumerate(given, 1):
        when = datetime.fromtimestamp(minute * 60, UTC).strftime("%Y-%m-%dT%H:%MZ")
        line = f"{seq},{when},{voter},stars,{kind},{work},,{stars},0"
        link = hashlib.sha256(f"{link}\n{line}".encode()).hexdigest()
        run("INSERT INTO ballots VALUES (?, ?, ?, 'stars', ?, ?, NULL, ?, 0, ?)", (seq, minute, voter, kind, work, stars, link))
