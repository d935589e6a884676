"""Rooms in which a scroll is made by several hands, and hands that gave something else than a line of verse.

What the tables allow changes and not one row, so their text is edited in place, as in 0004; the column is added in the
ordinary way, and all that was written before 0015 are lines.
"""

import re

from alembic import op

revision = "0015"
down_revision = "0014"

KINDS = (r"kind IN \('verse', 'brood'\)", "kind IN ('verse', 'brood', 'scroll')")
PART = (
    r"(CONSTRAINT hands_network CHECK \(network IN \(0, 1\)\))",
    r"\1, CONSTRAINT hands_part CHECK (part IN ('line', 'painting', 'mount', 'choice'))",
)


def upgrade() -> None:
    """Allows them; nobody has met for a scroll yet."""
    ask = op.get_bind().exec_driver_sql
    ask("ALTER TABLE hands ADD COLUMN part TEXT DEFAULT 'line' NOT NULL")
    texts = {"rooms": _edited("rooms", KINDS), "hands": _edited("hands", PART)}
    version = ask("PRAGMA schema_version").scalar_one()
    ask("PRAGMA writable_schema = ON")
    for table, text in texts.items():
        ask("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (text, table))
    ask(f"PRAGMA schema_version = {version + 1}")
    ask("PRAGMA writable_schema = RESET")  # reads the tables again, also for this connection
    assert ask("PRAGMA quick_check").scalar_one() == "ok"


def _edited(table: str, *changes: tuple[str, str]) -> str:
    """The text of a table with each of these found once and exchanged."""
    ask = op.get_bind().exec_driver_sql
    text = str(ask("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).scalar_one())
    for old, new in changes:
        text, times = re.subn(old, new, text)
        assert times == 1, f"the table of {table} is not the one this step knows: {old}"
    return text
