"""Works found by what they are signed with, by where they hang, and whether they are pictures with a poem.

The cells of the wall get a facet more, so they and the shelf are made anew from the works, each work with the throw of
the dice that it had, since shuffled walls are shared by their seed. A painting changes its cell when a scroll of it is
hung, hidden or shown again. Signatures have to be folded, so all words are entered again once this step is done
(db/search.py, catch_up).
"""

from alembic import op

revision = "0016"
down_revision = "0015"

FACETS = "kind, subject, form, mood, month, descended, inscribed"
GONE = (
    *(f"DROP TRIGGER {name}" for name in ("works_put", "works_moved", "lineage_put", "lineage_gone", "works_judged")),
    "DROP VIEW placed",
    "CREATE TEMP TABLE thrown AS SELECT work, dice FROM shelf",
    "CREATE UNIQUE INDEX temp.thrown_work ON thrown (work)",
    "DROP TABLE shelf",
    "DROP TABLE cells",
    "INSERT INTO finds (finds) VALUES ('delete-all')",
    "DELETE FROM words",
)
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
        inscribed INTEGER NOT NULL,
        works INTEGER NOT NULL,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        PRIMARY KEY (id),
        UNIQUE (kind, subject, form, mood, month, descended, inscribed),
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
    CREATE TABLE signatures (
        id INTEGER NOT NULL,
        name TEXT NOT NULL,
        works INTEGER DEFAULT 0 NOT NULL,
        PRIMARY KEY (id),
        CONSTRAINT signatures_name CHECK (length(name) > 0),
        CONSTRAINT signatures_works CHECK (works >= 0),
        UNIQUE (name)
    ) STRICT
    """,
    """
    CREATE TABLE signed (
        work INTEGER NOT NULL,
        signature INTEGER NOT NULL,
        PRIMARY KEY (work),
        FOREIGN KEY(work) REFERENCES works (id) ON DELETE CASCADE,
        FOREIGN KEY(signature) REFERENCES signatures (id) ON DELETE RESTRICT
    ) STRICT
    """,
    # Where each work that can be seen belongs; said once, for the filling and for every trigger.
    """
    CREATE VIEW placed AS SELECT w.id AS work, w.kind, coalesce(w.subject, '') AS subject, coalesce(w.form, '') AS form,
        coalesce(json_extract(w.recipe, '$.inputs.mood'), '') AS mood,
        strftime('%Y-%m', w.created_ms / 1000, 'unixepoch') AS month,
        EXISTS (SELECT 1 FROM lineage WHERE child = w.id) AS descended,
        CASE w.kind WHEN 'scroll' THEN 1 WHEN 'poem' THEN 0 ELSE EXISTS (
            SELECT 1 FROM lineage AS l JOIN works AS s ON s.id = l.child
            WHERE l.parent = w.id AND l.how = 'inscribed' AND s.kind = 'scroll' AND s.hidden = 0
        ) END AS inscribed,
        w.score, w.votes
        FROM works AS w WHERE w.hidden = 0
    """,
)
FILLING = (
    f"INSERT INTO cells ({FACETS}, works, first, last) "
    f"SELECT {FACETS}, count(*), min(work), max(work) FROM placed GROUP BY {FACETS}",
    "INSERT INTO shelf (work, cell, score, votes, dice) "
    "SELECT work, cells.id, score, votes, coalesce(dice, random() & 2147483647) "
    f"FROM placed JOIN cells USING ({FACETS}) LEFT JOIN thrown USING (work) ORDER BY work",
    "DROP TABLE temp.thrown",
    "CREATE INDEX shelf_best ON shelf (score, work, cell)",
    "CREATE INDEX shelf_voted ON shelf (votes, work, cell)",
    "CREATE INDEX shelf_random ON shelf (dice, work, cell)",
    "CREATE INDEX shelf_of_cell ON shelf (cell, work, score, votes, dice)",
    "CREATE INDEX signatures_largest ON signatures (works, id)",
    "CREATE INDEX signed_with ON signed (signature, work)",
    "CREATE INDEX hangings_of_version ON hangings (show, version, work)",
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


def _move(works: str) -> str:
    """The statements that give works that stay on the shelf the cell that is theirs now."""
    return f"""
        INSERT INTO cells ({FACETS}, works, first, last) SELECT {FACETS}, 0, work, work FROM placed WHERE work IN ({works})
            ON CONFLICT DO UPDATE SET first = min(first, excluded.first), last = max(last, excluded.last);
        UPDATE shelf SET cell = (SELECT cells.id FROM placed JOIN cells USING ({FACETS}) WHERE placed.work = shelf.work)
            WHERE work IN ({works});
    """


INSCRIBED = "SELECT parent FROM lineage WHERE child = new.id AND how = 'inscribed'"
TRIGGERS = (
    f"CREATE TRIGGER works_put AFTER INSERT ON works BEGIN {_put('new.id')} END",
    f"""
    CREATE TRIGGER works_moved AFTER UPDATE OF hidden, kind, subject, form, recipe, created_ms ON works
    BEGIN {_put('new.id')} END
    """,
    f"CREATE TRIGGER works_inscribed AFTER UPDATE OF hidden, kind ON works BEGIN {_move(INSCRIBED)} END",
    f"CREATE TRIGGER lineage_put AFTER INSERT ON lineage BEGIN {_put('new.child')} {_move('new.parent')} END",
    f"CREATE TRIGGER lineage_gone AFTER DELETE ON lineage BEGIN {_put('old.child')} {_move('old.parent')} END",
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
    """
    CREATE TRIGGER shelf_counted_over AFTER UPDATE OF cell ON shelf BEGIN
        UPDATE cells SET works = works - 1 WHERE id = old.cell;
        UPDATE cells SET works = works + 1 WHERE id = new.cell;
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
    """
    CREATE TRIGGER signed_in AFTER INSERT ON signed BEGIN
        UPDATE signatures SET works = works + 1
        WHERE id = new.signature AND EXISTS (SELECT 1 FROM shelf WHERE work = new.work);
    END
    """,
    """
    CREATE TRIGGER signed_out AFTER DELETE ON signed BEGIN
        UPDATE signatures SET works = works - 1
        WHERE id = old.signature AND EXISTS (SELECT 1 FROM shelf WHERE work = old.work);
    END
    """,
    """
    CREATE TRIGGER shelf_signed_in AFTER INSERT ON shelf BEGIN
        UPDATE signatures SET works = works + 1 WHERE id IN (SELECT signature FROM signed WHERE work = new.work);
    END
    """,
    """
    CREATE TRIGGER shelf_signed_out AFTER DELETE ON shelf BEGIN
        UPDATE signatures SET works = works - 1 WHERE id IN (SELECT signature FROM signed WHERE work = old.work);
    END
    """,
)


def upgrade() -> None:
    """Makes cells and shelf anew and fills them, then lets the triggers keep them."""
    for statement in (*GONE, *TABLES, *FILLING, *TRIGGERS):
        op.execute(statement)
