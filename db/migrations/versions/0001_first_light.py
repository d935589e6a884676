"""Works, ratings, and the counts that triggers keep."""

from alembic import op

revision = "0001"
down_revision = None

TABLES = (
    """
    CREATE TABLE works (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        title TEXT NOT NULL,
        signature TEXT NOT NULL,
        maker TEXT NOT NULL,
        created_ms INTEGER NOT NULL,
        recipe TEXT NOT NULL,
        draft TEXT NOT NULL,
        subject TEXT,
        picture TEXT,
        thumb TEXT,
        width INTEGER,
        height INTEGER,
        form TEXT,
        rhyme TEXT,
        verse TEXT,
        votes INTEGER DEFAULT 0 NOT NULL,
        stars_sum INTEGER DEFAULT 0 NOT NULL,
        score REAL NOT NULL,
        hidden INTEGER DEFAULT 0 NOT NULL,
        CONSTRAINT works_kind CHECK (kind IN ('painting', 'poem')),
        CONSTRAINT works_title CHECK (length(title) BETWEEN 1 AND 60),
        CONSTRAINT works_signature CHECK (length(signature) <= 24),
        CONSTRAINT works_maker CHECK (length(maker) BETWEEN 1 AND 64),
        CONSTRAINT works_recipe CHECK (json_valid(recipe)),
        CONSTRAINT works_votes CHECK (votes >= 0 AND stars_sum BETWEEN votes AND 5 * votes),
        CONSTRAINT works_score CHECK (score BETWEEN 1 AND 5),
        CONSTRAINT works_hidden CHECK (hidden IN (0, 1)),
        CONSTRAINT works_whole CHECK (
            CASE kind WHEN 'painting'
            THEN length(picture) = 64 AND length(thumb) = 64 AND width > 0 AND height > 0
                AND verse IS NULL AND form IS NULL
            ELSE picture IS NULL AND length(verse) > 0 AND length(form) > 0 END IS TRUE
        ),
        UNIQUE (draft)
    ) STRICT
    """,
    """
    CREATE TABLE ratings (
        visitor TEXT NOT NULL,
        work INTEGER NOT NULL,
        stars INTEGER NOT NULL,
        created_ms INTEGER NOT NULL,
        changed_ms INTEGER NOT NULL,
        PRIMARY KEY (visitor, work),
        CONSTRAINT ratings_stars CHECK (stars BETWEEN 1 AND 5),
        CONSTRAINT ratings_visitor CHECK (length(visitor) BETWEEN 1 AND 64),
        CONSTRAINT ratings_times CHECK (changed_ms >= created_ms),
        FOREIGN KEY(work) REFERENCES works (id) ON DELETE RESTRICT
    ) WITHOUT ROWID, STRICT
    """,
    """
    CREATE TABLE counts (
        kind TEXT NOT NULL,
        visible INTEGER NOT NULL,
        PRIMARY KEY (kind),
        CONSTRAINT counts_visible CHECK (visible >= 0)
    ) STRICT
    """,
)
INDEXES = (
    "CREATE INDEX works_newest ON works (id) WHERE hidden = 0",
    "CREATE INDEX works_newest_of_kind ON works (kind, id) WHERE hidden = 0",
    "CREATE INDEX works_best ON works (score, id) WHERE hidden = 0",
    "CREATE INDEX works_best_of_kind ON works (kind, score, id) WHERE hidden = 0",
    "CREATE INDEX works_picture ON works (picture)",
    "CREATE INDEX works_thumb ON works (thumb)",
    "CREATE INDEX ratings_of_work ON ratings (work, stars)",
)
COUNTS = (
    "INSERT INTO counts (kind, visible) VALUES ('painting', 0), ('poem', 0)",
    """
    CREATE TRIGGER works_counted_in AFTER INSERT ON works WHEN new.hidden = 0 BEGIN
        UPDATE counts SET visible = visible + 1 WHERE kind = new.kind;
    END
    """,
    """
    CREATE TRIGGER works_counted_out AFTER DELETE ON works WHEN old.hidden = 0 BEGIN
        UPDATE counts SET visible = visible - 1 WHERE kind = old.kind;
    END
    """,
    """
    CREATE TRIGGER works_recounted AFTER UPDATE OF hidden, kind ON works BEGIN
        UPDATE counts SET visible = visible - (old.hidden = 0) WHERE kind = old.kind;
        UPDATE counts SET visible = visible + (new.hidden = 0) WHERE kind = new.kind;
    END
    """,
)


def upgrade() -> None:
    """From nothing to the first gallery."""
    for statement in (*TABLES, *INDEXES, *COUNTS):
        op.execute(statement)
