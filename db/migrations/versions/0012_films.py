"""Films: a fourth kind of work, a painting that moves: a poster like any picture, an MP4 and an animated WebP.

What the tables allow changes and not one row, so their text is edited in place, as in 0004; the two columns are added
in the ordinary way.
"""

import re

from alembic import op

revision = "0012"
down_revision = "0011"

KINDS = (r"kind IN \('painting', 'poem', 'scroll'\)", "kind IN ('painting', 'poem', 'scroll', 'film')")
WHOLE = (
    r"(WHEN 'scroll' THEN )",
    "WHEN 'film' THEN length(picture) = 64 AND length(thumb) = 64 AND width > 0 AND height > 0 "
    r"AND length(film) = 64 AND length(loop) = 64 AND verse IS NULL AND form IS NULL \1",
)
HOW = (r"'revised', 'upscaled'\)", "'revised', 'upscaled', 'filmed')")
COLUMNS = ("film", "loop")


def upgrade() -> None:
    """Allows them, and counts them from none."""
    ask = op.get_bind().exec_driver_sql
    for name in COLUMNS:
        ask(f"ALTER TABLE works ADD COLUMN {name} TEXT")
    texts = {"works": _edited("works", KINDS, WHOLE), "lineage": _edited("lineage", HOW)}
    version = ask("PRAGMA schema_version").scalar_one()
    ask("PRAGMA writable_schema = ON")
    for table, text in texts.items():
        ask("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (text, table))
    ask(f"PRAGMA schema_version = {version + 1}")
    ask("PRAGMA writable_schema = RESET")  # reads the tables again, also for this connection
    assert ask("PRAGMA quick_check").scalar_one() == "ok"
    for name in COLUMNS:
        op.execute(f"CREATE INDEX works_{name} ON works ({name}) WHERE {name} IS NOT NULL")
    op.execute("INSERT INTO counts (kind, visible) VALUES ('film', 0)")


def _edited(table: str, *changes: tuple[str, str]) -> str:
    """The text of a table with each of these found once and exchanged."""
    ask = op.get_bind().exec_driver_sql
    text = str(ask("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).scalar_one())
    for old, new in changes:
        text, times = re.subn(old, new, text)
        assert times == 1, f"the table of {table} is not the one this step knows: {old}"
    return text
