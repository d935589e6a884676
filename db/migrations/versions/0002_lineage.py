"""Which works a work comes from. A parent is always older, which makes a cycle impossible."""

from alembic import op

revision = "0002"
down_revision = "0001"

TABLES = (
    """
    CREATE TABLE lineage (
        child INTEGER NOT NULL,
        parent INTEGER NOT NULL,
        how TEXT NOT NULL,
        PRIMARY KEY (child, parent),
        CONSTRAINT lineage_order CHECK (parent < child),
        CONSTRAINT lineage_how CHECK (how IN ('bred', 'steered', 'mixed', 'inscribed', 'answered', 'revised', 'upscaled')),
        FOREIGN KEY(child) REFERENCES works (id) ON DELETE RESTRICT,
        FOREIGN KEY(parent) REFERENCES works (id) ON DELETE RESTRICT
    ) WITHOUT ROWID, STRICT
    """,
    "CREATE INDEX lineage_of_parent ON lineage (parent, child)",
)


def upgrade() -> None:
    """Creates them in an empty table; older works have no parents."""
    for statement in TABLES:
        op.execute(statement)
