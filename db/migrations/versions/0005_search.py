"""The wall's index: cells of works that share every facet, a shelf with a narrow row for each work, words to find it by.

Triggers keep cells and shelf with every work, vote and parent. The words need a table of characters and a dictionary, so
they are written by the code that hangs a work, in the same transaction; those of older works follow once this step is
done (db/search.py, catch_up).
"""

from alembic import op

revision = "0005"
down_revision = "0004"

TABLES = (
    """
    CREATE TABLE cells (
        id INTEGER NOT NULL,
        kind TEXT NOT NULL,
        subject TEXT NOT NULL,
        form TEXT NOT NULL,
        mood TEXT NOT NULL,
        month TEXT NOT NULL,
        descended INTEGER NOT NULL,
        works INTEGER NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        PRIMARY KEY (id),
        UNIQUE (kind, subject, form, mood, month, descended),
        CONSTRAINT cells_works CHECK (works >= 0),
        CONSTRAINT cells_ends CHECK (first <= last)
    ) STRICT
    """,
    """
    CREATE TABLE shelf (
        work INTEGER NOT NULL,
        cell INTEGER NOT NULL,
        score REAL NOT NULL,
        votes INTEGER NOT NULL,
        dice INTEGER NOT NULL,
        PRIMARY KEY (work),
        FOREIGN KEY(work) REFERENCES works (id) ON DELETE CASCADE,
        FOREIGN KEY(cell) REFERENCES cells (id) ON DELETE RESTRICT
    ) STRICT
    """,
    """
    CREATE TABLE words (
        work INTEGER NOT NULL,
        written TEXT NOT NULL,
        PRIMARY KEY (work),
        FOREIGN KEY(work) REFERENCES works (id) ON DELETE CASCADE
    ) STRICT
    """,
    # Without its own copy of the text: a number is never given twice, and what is not on the shelf is not found.
    "CREATE VIRTUAL TABLE finds USING fts5(terms, content='', tokenize='ascii')",
    # Where each work that can be seen belongs; said once, for the filling and for every trigger.
    """
    CREATE VIEW placed AS SELECT w.id AS work, w.kind, coalesce(w.subject, '') AS subject, coalesce(w.form, '') AS form,
        coalesce(json_extract(w.recipe, '$.inputs.mood'), '') AS mood,
        strftime('%Y-%m', w.created_ms / 1000, 'unixepoch') AS month,
        EXISTS (SELECT 1 FROM lineage WHERE child = w.id) AS descended, w.score, w.votes
        FROM works AS w WHERE w.hidden = 0
    """,
)
FACETS = "kind, subject, form, mood, month, descended"
FILLING = (
    f"INSERT INTO cells ({FACETS}, works, first, last) "
    f"SELECT {FACETS}, count(*), min(work), max(work) FROM placed GROUP BY {FACETS}",
    "INSERT INTO shelf (work, cell, score, votes, dice) SELECT work, cells.id, score, votes, random() & 2147483647 "
    f"FROM placed JOIN cells USING ({FACETS}) ORDER BY work",
)
INDEXES = (
    "DROP INDEX works_best",
    "DROP INDEX works_best_of_kind",
    "CREATE INDEX works_of_maker ON works (maker, id)",
    "CREATE INDEX shelf_best ON shelf (score, work, cell)",
    "CREATE INDEX shelf_voted ON shelf (votes, work, cell)",
    "CREATE INDEX shelf_random ON shelf (dice, work, cell)",
    "CREATE INDEX shelf_of_cell ON shelf (cell, work, score, votes, dice)",
)


def _put(work: str) -> str:
    """The statements that put a work on the shelf anew, if it can be seen."""
    return f"""
        DELETE FROM shelf WHERE work = {work};
        INSERT INTO cells ({FACETS}, works, first, last) SELECT {FACETS}, 0, work, work FROM placed WHERE work = {work}
            ON CONFLICT DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last);
        INSERT INTO shelf (work, cell, score, votes, dice) SELECT work, cells.id, score, votes, random() & 2147483647
            FROM placed JOIN cells USING ({FACETS}) WHERE work = {work};
    """


TRIGGERS = (
    f"CREATE TRIGGER works_put AFTER INSERT ON works BEGIN {_put('new.id')} END",
    f"""
    CREATE TRIGGER works_moved AFTER UPDATE OF hidden, kind, subject, form, recipe, created_ms ON works
    BEGIN {_put('new.id')} END
    """,
    f"CREATE TRIGGER lineage_put AFTER INSERT ON lineage BEGIN {_put('new.child')} END",
    f"CREATE TRIGGER lineage_gone AFTER DELETE ON lineage BEGIN {_put('old.child')} END",
    """
    CREATE TRIGGER works_judged AFTER UPDATE OF votes, score ON works BEGIN
        UPDATE shelf SET score = new.score, votes = new.votes WHERE work = new.id;
    END
    """,
    """
    CREATE TRIGGER shelf_counted_in AFTER INSERT ON shelf BEGIN
        UPDATE cells SET works = works + 1 WHERE id = new.cell;
    END
    """,
    """
    CREATE TRIGGER shelf_counted_out AFTER DELETE ON shelf BEGIN
        UPDATE cells SET works = works - 1 WHERE id = old.cell;
    END
    """,
)


def upgrade() -> None:
    """Fills what SQL alone can fill, then lets the triggers keep it."""
    for statement in (*TABLES, *FILLING, *INDEXES, *TRIGGERS):
        op.execute(statement)
