"""What curators arrange: collections, notes on works, exhibitions and their published versions, and the log of changes.

Triggers refuse to change or shorten the log and what is published, so that a cited version stays what it was.
"""

from alembic import op

revision = "0008"
down_revision = "0007"

STATEMENTS = (
    """
    CREATE TABLE collections (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        parent INTEGER,
        place INTEGER NOT NULL,
        title_zh TEXT NOT NULL,
        title_en TEXT NOT NULL,
        note_zh TEXT NOT NULL,
        note_en TEXT NOT NULL,
        owner TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        removed INTEGER DEFAULT 0 NOT NULL,
        CONSTRAINT collections_titles CHECK (length(title_zh) <= 60 AND length(title_en) <= 60),
        CONSTRAINT collections_titled CHECK (length(title_zh) + length(title_en) > 0),
        CONSTRAINT collections_notes CHECK (length(note_zh) <= 2000 AND length(note_en) <= 2000),
        CONSTRAINT collections_nested CHECK (parent <> id),
        CONSTRAINT collections_removed CHECK (removed IN (0, 1)),
        FOREIGN KEY(parent) REFERENCES collections (id) ON DELETE RESTRICT,
        FOREIGN KEY(owner) REFERENCES curators (name) ON DELETE RESTRICT
    ) STRICT
    """,
    "CREATE INDEX collections_of_parent ON collections (parent, place)",
    """
    CREATE TABLE collected (
        collection INTEGER NOT NULL,
        work INTEGER NOT NULL,
        place INTEGER NOT NULL,
        PRIMARY KEY (collection, work),
        FOREIGN KEY(collection) REFERENCES collections (id) ON DELETE RESTRICT,
        FOREIGN KEY(work) REFERENCES works (id) ON DELETE RESTRICT
    ) WITHOUT ROWID, STRICT
    """,
    "CREATE INDEX collected_in_order ON collected (collection, place, work)",
    "CREATE INDEX collected_of_work ON collected (work)",
    """
    CREATE TABLE people (
        collection INTEGER NOT NULL,
        curator TEXT NOT NULL,
        role TEXT NOT NULL,
        PRIMARY KEY (collection, curator),
        CONSTRAINT people_role CHECK (role IN ('editor', 'reader')),
        FOREIGN KEY(collection) REFERENCES collections (id) ON DELETE RESTRICT,
        FOREIGN KEY(curator) REFERENCES curators (name) ON DELETE RESTRICT
    ) WITHOUT ROWID, STRICT
    """,
    """
    CREATE TABLE notes (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        work INTEGER NOT NULL,
        curator TEXT NOT NULL,
        at_ms INTEGER NOT NULL,
        body TEXT NOT NULL,
        removed INTEGER DEFAULT 0 NOT NULL,
        CONSTRAINT notes_body CHECK (length(body) BETWEEN 1 AND 1000),
        CONSTRAINT notes_removed CHECK (removed IN (0, 1)),
        FOREIGN KEY(work) REFERENCES works (id) ON DELETE RESTRICT,
        FOREIGN KEY(curator) REFERENCES curators (name) ON DELETE RESTRICT
    ) STRICT
    """,
    "CREATE INDEX notes_of_work ON notes (work, id)",
    """
    CREATE TABLE changes (
        seq INTEGER NOT NULL,
        at_ms INTEGER NOT NULL,
        curator TEXT NOT NULL,
        aspect TEXT NOT NULL,
        thing INTEGER NOT NULL,
        was TEXT NOT NULL,
        became TEXT NOT NULL,
        undoes INTEGER,
        PRIMARY KEY (seq),
        CONSTRAINT changes_aspect CHECK (aspect IN ('collection', 'works', 'people', 'note', 'show')),
        CONSTRAINT changes_values CHECK (json_valid(was) AND json_valid(became)),
        CONSTRAINT changes_undoes CHECK (undoes < seq),
        FOREIGN KEY(curator) REFERENCES curators (name) ON DELETE RESTRICT,
        FOREIGN KEY(undoes) REFERENCES changes (seq) ON DELETE RESTRICT
    ) STRICT
    """,
    "CREATE INDEX changes_of_curator ON changes (curator, aspect, seq)",
    "CREATE UNIQUE INDEX changes_undone ON changes (undoes) WHERE undoes IS NOT NULL",
    """
    CREATE TABLE shows (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        slug TEXT NOT NULL,
        owner TEXT,
        created_ms INTEGER NOT NULL,
        body TEXT NOT NULL,
        published INTEGER DEFAULT 0 NOT NULL,
        removed INTEGER DEFAULT 0 NOT NULL,
        CONSTRAINT shows_slug CHECK (length(slug) BETWEEN 1 AND 40),
        CONSTRAINT shows_body CHECK (json_valid(body)),
        CONSTRAINT shows_published CHECK (published >= 0),
        CONSTRAINT shows_removed CHECK (removed IN (0, 1)),
        UNIQUE (slug),
        FOREIGN KEY(owner) REFERENCES curators (name) ON DELETE RESTRICT
    ) STRICT
    """,
    """
    CREATE TABLE versions (
        show INTEGER NOT NULL,
        version INTEGER NOT NULL,
        at_ms INTEGER NOT NULL,
        curator TEXT,
        body TEXT NOT NULL,
        PRIMARY KEY (show, version),
        CONSTRAINT versions_number CHECK (version > 0),
        CONSTRAINT versions_body CHECK (json_valid(body)),
        FOREIGN KEY(show) REFERENCES shows (id) ON DELETE RESTRICT,
        FOREIGN KEY(curator) REFERENCES curators (name) ON DELETE RESTRICT
    ) WITHOUT ROWID, STRICT
    """,
    """
    CREATE TABLE hangings (
        work INTEGER NOT NULL,
        show INTEGER NOT NULL,
        version INTEGER NOT NULL,
        PRIMARY KEY (work, show, version),
        FOREIGN KEY(show, version) REFERENCES versions (show, version) ON DELETE RESTRICT,
        FOREIGN KEY(work) REFERENCES works (id) ON DELETE RESTRICT
    ) WITHOUT ROWID, STRICT
    """,
    """
    CREATE TRIGGER changes_stay BEFORE UPDATE ON changes BEGIN
        SELECT RAISE(ABORT, 'the log of changes is never changed');
    END
    """,
    """
    CREATE TRIGGER changes_remain BEFORE DELETE ON changes BEGIN
        SELECT RAISE(ABORT, 'the log of changes is never shortened');
    END
    """,
    """
    CREATE TRIGGER versions_stay BEFORE UPDATE ON versions BEGIN
        SELECT RAISE(ABORT, 'what is published is never changed');
    END
    """,
    """
    CREATE TRIGGER versions_remain BEFORE DELETE ON versions BEGIN
        SELECT RAISE(ABORT, 'what is published is never shortened');
    END
    """,
    """
    CREATE TRIGGER hangings_stay BEFORE UPDATE ON hangings BEGIN
        SELECT RAISE(ABORT, 'what is published is never changed');
    END
    """,
    """
    CREATE TRIGGER hangings_remain BEFORE DELETE ON hangings BEGIN
        SELECT RAISE(ABORT, 'what is published is never shortened');
    END
    """,
)


def upgrade() -> None:
    """Makes them, empty."""
    for statement in STATEMENTS:
        op.execute(statement)
