"""Live rooms, what happened in each of them, and who wrote which line of a work that several have made."""

from alembic import op

revision = "0006"
down_revision = "0005"

TABLES = (
    """
    CREATE TABLE rooms (
        code TEXT NOT NULL,
        kind TEXT NOT NULL,
        owner TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        listed INTEGER NOT NULL,
        settings TEXT NOT NULL,
        PRIMARY KEY (code),
        CONSTRAINT rooms_code CHECK (length(code) = 6),
        CONSTRAINT rooms_kind CHECK (kind IN ('verse', 'brood')),
        CONSTRAINT rooms_owner CHECK (length(owner) BETWEEN 1 AND 64),
        CONSTRAINT rooms_listed CHECK (listed IN (0, 1)),
        CONSTRAINT rooms_settings CHECK (json_valid(settings))
    ) STRICT
    """,
    "CREATE INDEX rooms_newest ON rooms (created_ms)",
    "CREATE INDEX rooms_of_owner ON rooms (owner, created_ms)",
    """
    CREATE TABLE room_events (
        room TEXT NOT NULL,
        seq INTEGER NOT NULL,
        at_ms INTEGER NOT NULL,
        visitor TEXT NOT NULL,
        action TEXT NOT NULL,
        kind TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (room, seq),
        CONSTRAINT room_events_seq CHECK (seq > 0),
        CONSTRAINT room_events_action CHECK (length(action) BETWEEN 1 AND 40),
        CONSTRAINT room_events_body CHECK (json_valid(body)),
        FOREIGN KEY(room) REFERENCES rooms (code) ON DELETE RESTRICT
    ) WITHOUT ROWID, STRICT
    """,
    "CREATE UNIQUE INDEX room_events_once ON room_events (room, visitor, action)",
    "CREATE UNIQUE INDEX room_events_end ON room_events (room) WHERE kind = 'ended'",
    """
    CREATE TRIGGER room_events_stay BEFORE UPDATE ON room_events BEGIN
        SELECT RAISE(ABORT, 'what happened in a room is never changed');
    END
    """,
    """
    CREATE TRIGGER room_events_remain BEFORE DELETE ON room_events BEGIN
        SELECT RAISE(ABORT, 'what happened in a room is never forgotten');
    END
    """,
    """
    CREATE TABLE hands (
        work INTEGER NOT NULL,
        place INTEGER NOT NULL,
        name TEXT NOT NULL,
        network INTEGER NOT NULL,
        PRIMARY KEY (work, place),
        CONSTRAINT hands_place CHECK (place >= 0),
        CONSTRAINT hands_name CHECK (length(name) <= 24),
        CONSTRAINT hands_network CHECK (network IN (0, 1)),
        FOREIGN KEY(work) REFERENCES works (id) ON DELETE RESTRICT
    ) WITHOUT ROWID, STRICT
    """,
)


def upgrade() -> None:
    """Creates them; nobody has met yet."""
    for statement in TABLES:
        op.execute(statement)
