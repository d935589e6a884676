"""Tables of what curators arrange: collections, tags, notes on works, exhibitions with their versions, and the log.

A work that is collected or hung cannot be deleted; hidden, it stays where it is and is left out of what the public
sees. The log and the published versions are never changed: triggers refuse. See tables.py for how tables are kept.
"""

from __future__ import annotations

from sqlalchemy import CheckConstraint, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, Table, Text, text

from db.tables import metadata

collections = Table(
    "collections",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("parent", Integer, ForeignKey("collections.id", ondelete="RESTRICT")),
    Column("place", Integer, nullable=False),
    Column("title_zh", Text, nullable=False),
    Column("title_en", Text, nullable=False),
    Column("note_zh", Text, nullable=False),
    Column("note_en", Text, nullable=False),
    Column("owner", Text, ForeignKey("curators.name", ondelete="RESTRICT"), nullable=False),
    Column("created_ms", Integer, nullable=False),
    Column("removed", Integer, nullable=False, server_default=text("0")),
    Column("wish", Text),  # the search that keeps it, as JSON; none where works are put in by hand
    CheckConstraint("length(title_zh) <= 60 AND length(title_en) <= 60", name="collections_titles"),
    CheckConstraint("length(title_zh) + length(title_en) > 0", name="collections_titled"),
    CheckConstraint("length(note_zh) <= 2000 AND length(note_en) <= 2000", name="collections_notes"),
    CheckConstraint("parent <> id", name="collections_nested"),
    CheckConstraint("removed IN (0, 1)", name="collections_removed"),
    CheckConstraint("json_valid(wish)", name="collections_wish"),
    Index("collections_of_parent", "parent", "place"),
    sqlite_strict=True,
    sqlite_autoincrement=True,  # an id in the log never means another collection
)

collected = Table(
    "collected",
    metadata,
    Column("collection", Integer, ForeignKey("collections.id", ondelete="RESTRICT"), primary_key=True),
    Column("work", Integer, ForeignKey("works.id", ondelete="RESTRICT"), primary_key=True),
    Column("place", Integer, nullable=False),
    Index("collected_in_order", "collection", "place", "work"),
    Index("collected_of_work", "work"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

people = Table(
    "people",
    metadata,
    Column("collection", Integer, ForeignKey("collections.id", ondelete="RESTRICT"), primary_key=True),
    Column("curator", Text, ForeignKey("curators.name", ondelete="RESTRICT"), primary_key=True),
    Column("role", Text, nullable=False),
    CheckConstraint("role IN ('editor', 'reader')", name="people_role"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# A tag, or another name of one: `merged` leads to the tag whose works its own count among. Triggers keep `works`, the
# number of those it was given to that can be seen; `written` is its names, folded.
tags = Table(
    "tags",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("zh", Text, nullable=False),
    Column("en", Text, nullable=False),
    Column("merged", Integer, ForeignKey("tags.id", ondelete="RESTRICT")),
    Column("written", Text, nullable=False, server_default=text("''")),
    Column("works", Integer, nullable=False, server_default=text("0")),
    Column("created_ms", Integer, nullable=False),
    Column("removed", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("length(zh) <= 40 AND length(en) <= 40", name="tags_names"),
    CheckConstraint("length(zh) + length(en) > 0", name="tags_named"),
    CheckConstraint("merged <> id", name="tags_merged"),
    CheckConstraint("works >= 0", name="tags_works"),
    CheckConstraint("removed IN (0, 1)", name="tags_removed"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

tagged = Table(
    "tagged",
    metadata,
    Column("tag", Integer, ForeignKey("tags.id", ondelete="RESTRICT"), primary_key=True),
    Column("work", Integer, ForeignKey("works.id", ondelete="RESTRICT"), primary_key=True),
    Column("at_ms", Integer, nullable=False),
    Index("tagged_of_work", "work", "tag"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

notes = Table(
    "notes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("work", Integer, ForeignKey("works.id", ondelete="RESTRICT"), nullable=False),
    Column("curator", Text, ForeignKey("curators.name", ondelete="RESTRICT"), nullable=False),
    Column("at_ms", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("removed", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("length(body) BETWEEN 1 AND 1000", name="notes_body"),
    CheckConstraint("removed IN (0, 1)", name="notes_removed"),
    Index("notes_of_work", "work", "id"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

# What a curator has changed: of which thing which keys (columns, works, people) had which values before and after.
changes = Table(
    "changes",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("at_ms", Integer, nullable=False),
    Column("curator", Text, ForeignKey("curators.name", ondelete="RESTRICT"), nullable=False),
    Column("aspect", Text, nullable=False),
    Column("thing", Integer, nullable=False),
    Column("was", Text, nullable=False),
    Column("became", Text, nullable=False),
    Column("undoes", Integer, ForeignKey("changes.seq", ondelete="RESTRICT")),
    CheckConstraint(
        "aspect IN ('collection', 'works', 'people', 'note', 'show', 'tag', 'tagged', 'challenge')",
        name="changes_aspect",
    ),
    CheckConstraint("json_valid(was) AND json_valid(became)", name="changes_values"),
    CheckConstraint("undoes < seq", name="changes_undoes"),
    Index("changes_of_curator", "curator", "aspect", "seq"),
    Index("changes_undone", "undoes", unique=True, sqlite_where=text("undoes IS NOT NULL")),  # nothing is undone twice
    sqlite_strict=True,
)

# An exhibition as it is being prepared; `body` is JSON, `published` the newest version, 0 for none. The house owns
# those without an owner.
shows = Table(
    "shows",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("slug", Text, nullable=False, unique=True),
    Column("owner", Text, ForeignKey("curators.name", ondelete="RESTRICT")),
    Column("created_ms", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("published", Integer, nullable=False, server_default=text("0")),
    Column("removed", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("length(slug) BETWEEN 1 AND 40", name="shows_slug"),
    CheckConstraint("json_valid(body)", name="shows_body"),
    CheckConstraint("published >= 0", name="shows_published"),
    CheckConstraint("removed IN (0, 1)", name="shows_removed"),
    sqlite_strict=True,
    sqlite_autoincrement=True,
)

versions = Table(
    "versions",
    metadata,
    Column("show", Integer, ForeignKey("shows.id", ondelete="RESTRICT"), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("at_ms", Integer, nullable=False),
    Column("curator", Text, ForeignKey("curators.name", ondelete="RESTRICT")),
    Column("body", Text, nullable=False),
    CheckConstraint("version > 0", name="versions_number"),
    CheckConstraint("json_valid(body)", name="versions_body"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# Which works a version hangs, so that a work knows where it hangs and cannot vanish from what is cited.
hangings = Table(
    "hangings",
    metadata,
    Column("work", Integer, ForeignKey("works.id", ondelete="RESTRICT"), primary_key=True),
    Column("show", Integer, primary_key=True),
    Column("version", Integer, primary_key=True),
    ForeignKeyConstraint(["show", "version"], ["versions.show", "versions.version"], ondelete="RESTRICT"),
    Index("hangings_of_version", "show", "version", "work"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
