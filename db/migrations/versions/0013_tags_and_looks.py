"""Tags of works, searches kept as collections, and what pictures look like: traits to compare them by, codes to find
those alike, and a few bytes from which a placeholder is drawn.

What the log of changes and the collections allow is edited in place, as in 0004 and 0012. Looks need the pictures, so
those of older works follow once the gallery is open (gallery/journeys/alike.py).
"""

import re

from alembic import op

revision = "0013"
down_revision = "0012"

ASPECTS = (
    r"aspect IN \('collection', 'works', 'people', 'note', 'show'\)",
    "aspect IN ('collection', 'works', 'people', 'note', 'show', 'tag', 'tagged')",
)
WISH = (
    r"(CONSTRAINT collections_removed CHECK \(removed IN \(0, 1\)\))",
    r"\1, CONSTRAINT collections_wish CHECK (json_valid(wish))",
)
TABLES = (
    """
    CREATE TABLE tags (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        zh TEXT NOT NULL,
        en TEXT NOT NULL,
        merged INTEGER,
        written TEXT DEFAULT '' NOT NULL,
        works INTEGER DEFAULT 0 NOT NULL,
        created_ms INTEGER NOT NULL,
        removed INTEGER DEFAULT 0 NOT NULL,
        CONSTRAINT tags_names CHECK (length(zh) <= 40 AND length(en) <= 40),
        CONSTRAINT tags_named CHECK (length(zh) + length(en) > 0),
        CONSTRAINT tags_merged CHECK (merged <> id),
        CONSTRAINT tags_works CHECK (works >= 0),
        CONSTRAINT tags_removed CHECK (removed IN (0, 1)),
        FOREIGN KEY(merged) REFERENCES tags (id) ON DELETE RESTRICT
    ) STRICT
    """,
    """
    CREATE TABLE tagged (
        tag INTEGER NOT NULL,
        work INTEGER NOT NULL,
        at_ms INTEGER NOT NULL,
        PRIMARY KEY (tag, work),
        FOREIGN KEY(tag) REFERENCES tags (id) ON DELETE RESTRICT,
        FOREIGN KEY(work) REFERENCES works (id) ON DELETE RESTRICT
    ) WITHOUT ROWID, STRICT
    """,
    "CREATE INDEX tagged_of_work ON tagged (work, tag)",
    """
    CREATE TABLE looks (
        work INTEGER NOT NULL,
        traits BLOB NOT NULL,
        hash BLOB NOT NULL,
        PRIMARY KEY (work),
        CONSTRAINT looks_hash CHECK (length(hash) <= 32),
        FOREIGN KEY(work) REFERENCES works (id) ON DELETE CASCADE
    ) STRICT
    """,
    """
    CREATE TABLE alike (
        code INTEGER NOT NULL,
        work INTEGER NOT NULL,
        PRIMARY KEY (code, work),
        FOREIGN KEY(work) REFERENCES works (id) ON DELETE CASCADE
    ) WITHOUT ROWID, STRICT
    """,
    "CREATE INDEX alike_of_work ON alike (work)",
)
TRIGGERS = (
    """
    CREATE TRIGGER tagged_in AFTER INSERT ON tagged BEGIN
        UPDATE tags SET works = works + 1
        WHERE id = new.tag AND EXISTS (SELECT 1 FROM shelf WHERE work = new.work);
    END
    """,
    """
    CREATE TRIGGER tagged_out AFTER DELETE ON tagged BEGIN
        UPDATE tags SET works = works - 1
        WHERE id = old.tag AND EXISTS (SELECT 1 FROM shelf WHERE work = old.work);
    END
    """,
    """
    CREATE TRIGGER shelf_tagged_in AFTER INSERT ON shelf BEGIN
        UPDATE tags SET works = works + 1 WHERE id IN (SELECT tag FROM tagged WHERE work = new.work);
    END
    """,
    """
    CREATE TRIGGER shelf_tagged_out AFTER DELETE ON shelf BEGIN
        UPDATE tags SET works = works - 1 WHERE id IN (SELECT tag FROM tagged WHERE work = old.work);
    END
    """,
)


def upgrade() -> None:
    """Makes them, all empty."""
    for statement in TABLES:
        op.execute(statement)
    ask = op.get_bind().exec_driver_sql
    ask("ALTER TABLE collections ADD COLUMN wish TEXT")
    texts = {"changes": _edited("changes", ASPECTS), "collections": _edited("collections", WISH)}
    version = ask("PRAGMA schema_version").scalar_one()
    ask("PRAGMA writable_schema = ON")
    for table, text in texts.items():
        ask("UPDATE sqlite_master SET sql = ? WHERE type = 'table' AND name = ?", (text, table))
    ask(f"PRAGMA schema_version = {version + 1}")
    ask("PRAGMA writable_schema = RESET")  # reads the tables again, also for this connection
    assert ask("PRAGMA quick_check").scalar_one() == "ok"
    for statement in TRIGGERS:
        op.execute(statement)


def _edited(table: str, *changes: tuple[str, str]) -> str:
    """The text of a table with each of these found once and exchanged."""
    ask = op.get_bind().exec_driver_sql
    text = str(ask("SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", (table,)).scalar_one())
    for old, new in changes:
        text, times = re.subn(old, new, text)
        assert times == 1, f"the table of {table} is not the one this step knows: {old}"
    return text
