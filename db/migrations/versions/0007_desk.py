"""The desk: accounts of curators, the log of what they do, the queue of works to be judged, and what visitors report.

Triggers put a new work into the queue and take a hidden one out, and refuse to change or shorten the log.
"""

from alembic import op

revision = "0007"
down_revision = "0006"

STATEMENTS = (
    """
    CREATE TABLE curators (
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        password TEXT NOT NULL,
        disabled INTEGER DEFAULT 0 NOT NULL,
        created_ms INTEGER NOT NULL,
        PRIMARY KEY (name),
        CONSTRAINT curators_name CHECK (length(name) BETWEEN 1 AND 32),
        CONSTRAINT curators_role CHECK (role IN ('curator', 'keeper')),
        CONSTRAINT curators_password CHECK (password LIKE '$argon2id$%'),
        CONSTRAINT curators_disabled CHECK (disabled IN (0, 1))
    ) STRICT
    """,
    """
    CREATE TABLE attempts (
        id INTEGER NOT NULL,
        at_ms INTEGER NOT NULL,
        name TEXT NOT NULL,
        visitor TEXT NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT attempts_name CHECK (length(name) <= 32)
    ) STRICT
    """,
    "CREATE INDEX attempts_by_name ON attempts (name, at_ms)",
    "CREATE INDEX attempts_by_visitor ON attempts (visitor, at_ms)",
    """
    CREATE TABLE acts (
        seq INTEGER NOT NULL,
        at_ms INTEGER NOT NULL,
        curator TEXT NOT NULL,
        act TEXT NOT NULL,
        work INTEGER NOT NULL,
        reason TEXT,
        undoes INTEGER,
        PRIMARY KEY (seq),
        CONSTRAINT acts_whole CHECK (
            CASE act WHEN 'hide' THEN undoes IS NULL
            AND reason IN ('offensive', 'personal', 'spam', 'copied', 'faulty', 'asked')
            WHEN 'undo' THEN reason IS NULL AND undoes < seq
            WHEN 'keep' THEN reason IS NULL AND undoes IS NULL
            WHEN 'restore' THEN reason IS NULL AND undoes IS NULL ELSE 0 END IS TRUE
        ),
        FOREIGN KEY(curator) REFERENCES curators (name) ON DELETE RESTRICT,
        FOREIGN KEY(work) REFERENCES works (id) ON DELETE RESTRICT,
        FOREIGN KEY(undoes) REFERENCES acts (seq) ON DELETE RESTRICT
    ) STRICT
    """,
    "CREATE INDEX acts_of_work ON acts (work, seq)",
    "CREATE INDEX acts_of_curator ON acts (curator, seq)",
    "CREATE UNIQUE INDEX acts_undone ON acts (undoes) WHERE undoes IS NOT NULL",
    """
    CREATE TRIGGER acts_stay BEFORE UPDATE ON acts BEGIN
        SELECT RAISE(ABORT, 'the log of the desk is never changed');
    END
    """,
    """
    CREATE TRIGGER acts_remain BEFORE DELETE ON acts BEGIN
        SELECT RAISE(ABORT, 'the log of the desk is never shortened');
    END
    """,
    """
    CREATE TABLE reports (
        visitor TEXT NOT NULL,
        work INTEGER NOT NULL,
        reason TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        settled INTEGER,
        PRIMARY KEY (visitor, work),
        CONSTRAINT reports_visitor CHECK (length(visitor) BETWEEN 1 AND 64),
        CONSTRAINT reports_reason CHECK (reason IN ('offensive', 'personal', 'spam', 'copied', 'faulty')),
        FOREIGN KEY(work) REFERENCES works (id) ON DELETE RESTRICT,
        FOREIGN KEY(settled) REFERENCES acts (seq) ON DELETE RESTRICT
    ) WITHOUT ROWID, STRICT
    """,
    "CREATE INDEX reports_of_work ON reports (work, settled)",
    """
    CREATE TABLE queue (
        work INTEGER NOT NULL,
        reports INTEGER DEFAULT 0 NOT NULL,
        PRIMARY KEY (work),
        CONSTRAINT queue_reports CHECK (reports >= 0),
        FOREIGN KEY(work) REFERENCES works (id) ON DELETE CASCADE
    ) STRICT
    """,
    "CREATE INDEX queue_order ON queue (reports, work)",
    "INSERT INTO queue (work) SELECT id FROM works WHERE hidden = 0",
    """
    CREATE TRIGGER works_awaited AFTER INSERT ON works WHEN new.hidden = 0 BEGIN
        INSERT INTO queue (work) VALUES (new.id);
    END
    """,
    """
    CREATE TRIGGER works_put_away AFTER UPDATE OF hidden ON works WHEN new.hidden = 1 BEGIN
        DELETE FROM queue WHERE work = new.id;
    END
    """,
)


def upgrade() -> None:
    """Makes them; every work that hangs already waits to be judged."""
    for statement in STATEMENTS:
        op.execute(statement)
