"""Scrolls: a third kind of work, with a picture and a verse.

Only what the table allows changes and not one row, so its text is edited in place, as SQLite describes for constraints
(https://sqlite.org/lang_altertable.html#otheralter); making it anew would break the references of ratings and lineage.
"""

import re

from alembic import op

revision = "0004"
down_revision = "0003"

KINDS = (r"kind IN \('painting', 'poem'\)", "kind IN ('painting', 'poem', 'scroll')")
WHOLE = (
    r"AND verse IS NULL AND form IS NULL(\s+)ELSE",
    r"AND verse IS NULL AND form IS NULL\1"
    r"WHEN 'scroll' THEN length(picture) = 64 AND length(thumb) = 64 AND width > 0 AND height > 0\1"
    r"AND length(verse) > 0 AND length(form) > 0\1ELSE",
)
PLACE = "FROM sqlite_master WHERE type = 'table' AND name = 'works'"


def upgrade() -> None:
    """Allows them, and counts them from none."""
    ask = op.get_bind().exec_driver_sql
    table = ask(f"SELECT sql {PLACE}").scalar_one()
    for old, new in (KINDS, WHOLE):
        table, times = re.subn(old, new, table)
        assert times == 1, f"the table of works is not the one this step knows: {old}"
    version = ask("PRAGMA schema_version").scalar_one()
    ask("PRAGMA writable_schema = ON")
    ask("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = 'works'", (table,))
    ask(f"PRAGMA schema_version = {version + 1}")
    ask("PRAGMA writable_schema = RESET")  # reads the table again, also for this connection
    assert ask("PRAGMA quick_check").scalar_one() == "ok"
    op.execute("INSERT INTO counts (kind, visible) VALUES ('scroll', 0)")
