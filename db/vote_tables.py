"""The tables of voting beside the stars: the log of all votes, whose are set aside, and where works stand by duels.

The log is appended to and never changed (triggers refuse); all else here is what it comes to, and comes out of it anew.
"""

from __future__ import annotations

from sqlalchemy import REAL, CheckConstraint, Column, ForeignKey, Index, Integer, Table, Text, column, table, text

from db.tables import metadata

# A view: the ratings but for those whose voters' votes are set aside. Not of the metadata, which makes tables only.
counted_ratings = table("counted_ratings", column("visitor", Text), column("work", Integer), column("stars", Integer))

voters = Table(
    "voters",
    metadata,
    Column("number", Integer, primary_key=True),
    Column("visitor", Text, nullable=False, unique=True),
    CheckConstraint("length(visitor) BETWEEN 1 AND 64", name="voters_visitor"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

# Never changed and never shortened: triggers refuse both.
ballots = Table(
    "ballots",
    metadata,
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("minute", Integer, nullable=False),
    Column("voter", Integer, ForeignKey("voters.number", ondelete="RESTRICT"), nullable=False),
    Column("act", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("work", Integer, ForeignKey("works.id", ondelete="RESTRICT"), nullable=False),
    Column("rival", Integer, ForeignKey("works.id", ondelete="RESTRICT")),
    Column("value", Integer),
    Column("young", Integer, nullable=False),
    Column("hash", Text, nullable=False),
    CheckConstraint(
        "act IN ('left', 'right', 'skip', 'undo', 'stars', 'withdraw', 'gold', 'quarantine', 'release')",
        name="ballots_act",
    ),
    CheckConstraint(
        "CASE WHEN act IN ('left', 'right', 'skip') THEN rival <> work AND coalesce(value, 1) > 0 "
        "WHEN act = 'undo' THEN rival <> work AND value < seq "
        "WHEN act = 'stars' THEN rival IS NULL AND value BETWEEN 1 AND 5 "
        "WHEN act = 'gold' THEN rival IS NULL AND coalesce(value, 0) IN (0, 1) "
        "WHEN act IN ('quarantine', 'release') THEN rival IS NULL AND value IN (0, 1) "
        "ELSE rival IS NULL AND value IS NULL END IS TRUE",
        name="ballots_whole",
    ),
    CheckConstraint("young IN (0, 1)", name="ballots_young"),
    CheckConstraint("length(hash) = 64", name="ballots_hash"),
    Index("ballots_of_voter", "voter", "minute"),
    Index("ballots_undone", "value", unique=True, sqlite_where=text("act = 'undo'")),  # nothing is undone twice
    Index(
        "ballots_of_challenge",
        "value",
        "seq",
        sqlite_where=text("act IN ('left', 'right', 'skip') AND value IS NOT NULL"),
    ),
    Index("ballots_gold", "voter", "kind", "seq", "value", sqlite_where=text("act = 'gold'")),
    sqlite_strict=True,
)

# Whose votes are set aside, for that work or (0) for all: what the entries of the log come to, for queries to ask.
aside = Table(
    "aside",
    metadata,
    Column("voter", Integer, ForeignKey("voters.number", ondelete="RESTRICT"), primary_key=True),
    Column("work", Integer, primary_key=True),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

standings = Table(
    "standings",
    metadata,
    Column("work", Integer, ForeignKey("works.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False),
    Column("kind", Text, nullable=False),
    Column("mu", REAL, nullable=False),
    Column("sigma", REAL, nullable=False),
    Column("duels", Integer, nullable=False),
    Column("drift", REAL, nullable=False),
    Column("day", Integer, nullable=False),
    CheckConstraint("sigma > 0", name="standings_sigma"),
    CheckConstraint("duels >= 0", name="standings_duels"),
    Index("standings_of_kind", "kind", "mu"),
    sqlite_strict=True,
)

# What a standing was after each duel: from it a work's history is drawn, and an undone vote is worked out again.
steps = Table(
    "steps",
    metadata,
    Column("work", Integer, ForeignKey("works.id", ondelete="RESTRICT"), primary_key=True),
    Column("seq", Integer, ForeignKey("ballots.seq", ondelete="RESTRICT"), primary_key=True),
    Column("mu", REAL, nullable=False),
    Column("sigma", REAL, nullable=False),
    Column("duels", Integer, nullable=False),
    Column("drift", REAL, nullable=False),
    Column("day", Integer, nullable=False),
    Column("passed", Integer, nullable=False),
    CheckConstraint("sigma > 0", name="steps_sigma"),
    CheckConstraint("passed IN (0, 1)", name="steps_passed"),
    Index("steps_of_ballot", "seq"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# What curators ask visitors for, and what was entered; the duels of a challenge are ballots with its number as value.
challenges = Table(
    "challenges",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("title_zh", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("text_zh", Text, nullable=False),
    Column("text_en", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("narrow", Text),
    Column("opens", Text, nullable=False),
    Column("closes", Text, nullable=False),
    Column("most", Integer, nullable=False),
    Column("owner", Text, ForeignKey("curators.name", ondelete="RESTRICT"), nullable=False),
    Column("created_ms", Integer, nullable=False),
    Column("removed", Integer, nullable=False, server_default=text("0")),
    Column("show", Integer, ForeignKey("shows.id", ondelete="RESTRICT")),
    CheckConstraint("kind IN ('painting', 'poem', 'scroll')", name="challenges_kind"),
    CheckConstraint("length(title_zh) + length(title_en) > 0", name="challenges_titled"),
    CheckConstraint("closes >= opens", name="challenges_days"),
    CheckConstraint("most BETWEEN 1 AND 12", name="challenges_most"),
    CheckConstraint("removed IN (0, 1)", name="challenges_removed"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

entries = Table(
    "entries",
    metadata,
    Column("challenge", Integer, ForeignKey("challenges.id", ondelete="RESTRICT"), primary_key=True),
    Column("work", Integer, ForeignKey("works.id", ondelete="RESTRICT"), primary_key=True),
    Column("visitor", Text, nullable=False),
    Column("at_ms", Integer, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# What visitors prefer, as learnt from duels up to the entry `seq`; `body` is JSON. No score comes of it.
tastes = Table(
    "tastes",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("at_ms", Integer, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("body", Text, nullable=False),
    CheckConstraint("kind IN ('painting', 'poem', 'scroll', 'film')", name="tastes_kind"),
    CheckConstraint("seq >= 0", name="tastes_seq"),
    CheckConstraint("json_valid(body)", name="tastes_body"),
    sqlite_strict=True,
)
