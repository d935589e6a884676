"""What visitors prefer, as learnt from their duels, a row for each kind; and changes of challenges in the curators' log.

What the log allows is edited in place, as in 0013. Nothing is learnt yet: the gallery does so once it is open, and the
log of votes has all that it takes (gallery/journeys/taste.py).
"""

import re

from alembic import op

revision = "0014"
down_revision = "0013"

ASPECTS = (
    r"aspect IN \('collection', 'works', 'people', 'note', 'show', 'tag', 'tagged'\)",
    "aspect IN ('collection', 'works', 'people', 'note', 'show', 'tag', 'tagged', 'challenge')",
)
TASTES = """
    CREATE TABLE tastes (
        kind TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        seq INTEGER NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (kind),
        CONSTRAINT tastes_kind CHECK (kind IN ('painting', 'poem', 'scroll', 'film')),
        CONSTRAINT tastes_seq CHECK (seq >= 0),
        CONSTRAINT tastes_body CHECK (json_valid(body))
    ) STRICT
    """


def upgrade() -> None:
    """Makes the table, empty, and allows the changes."""
    op.execute(TASTES)
    ask = op.get_bind().exec_driver_sql
    table = str(ask("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = 'changes'").scalar_one())
    table, times = re.subn(*ASPECTS, table)
    assert times == 1, "the table of changes is not the one this step knows"
    version = ask("PRAGMA schema_version").scalar_one()
    ask("PRAGMA writable_schema = ON")
    ask("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = 'changes'", (table,))
    ask(f"PRAGMA schema_version = {version + 1}")
    ask("PRAGMA writable_schema = RESET")  # reads the table again, also for this connection
    assert ask("PRAGMA quick_check").scalar_one() == "ok"
