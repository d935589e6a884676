"""What makers have taken down: hidden for thirty days, in which they can bring it back, and then erased for good."""

from alembic import op

revision = "0009"
down_revision = "0008"

STATEMENTS = (
    """
    CREATE TABLE takedowns (
        work INTEGER NOT NULL,
        at_ms INTEGER NOT NULL,
        erased_ms INTEGER,
        PRIMARY KEY (work),
        CONSTRAINT takedowns_times CHECK (erased_ms >= at_ms),
        FOREIGN KEY(work) REFERENCES works (id) ON DELETE RESTRICT
    ) STRICT
    """,
    "CREATE INDEX takedowns_due ON takedowns (at_ms) WHERE erased_ms IS NULL",
    """
    CREATE TRIGGER works_stay_down BEFORE UPDATE OF hidden ON works
    WHEN new.hidden = 0 AND EXISTS (SELECT 1 FROM takedowns WHERE work = new.id) BEGIN
        SELECT RAISE(ABORT, 'what its maker has taken down is not shown');
    END
    """,
    """
    CREATE TRIGGER takedowns_final BEFORE DELETE ON takedowns WHEN old.erased_ms IS NOT NULL BEGIN
        SELECT RAISE(ABORT, 'what is erased does not come back');
    END
    """,
)


def upgrade() -> None:
    """Makes the table; nothing has been taken down yet."""
    for statement in STATEMENTS:
        op.execute(statement)
