"""The tables: what a row may be. STRICT, CHECKs and foreign keys, so that no code can store half a work.

Plain tables rather than mapped classes: queries here are few and written out, and rows leave as records. The
migrations create them; a test holds both to the same schema. Ratings restrict the deletion of a work and never vanish
with it. Triggers keep `counts`, `cells` and `shelf` (see migrations), because counting a million rows takes 80 ms.
"""

from __future__ import annotations

from sqlalchemy import (
    REAL,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    text,
)

metadata = MetaData()

works = Table(
    "works",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("signature", Text, nullable=False),
    Column("maker", Text, nullable=False),
    Column("created_ms", Integer, nullable=False),
    Column("recipe", Text, nullable=False),
    Column("draft", Text, nullable=False, unique=True),
    Column("subject", Text),
    Column("picture", Text),
    Column("thumb", Text),
    Column("width", Integer),
    Column("height", Integer),
    Column("form", Text),
    Column("rhyme", Text),
    Column("verse", Text),
    Column("votes", Integer, nullable=False, server_default=text("0")),
    Column("stars_sum", Integer, nullable=False, server_default=text("0")),
    Column("score", REAL, nullable=False),
    Column("hidden", Integer, nullable=False, server_default=text("0")),
    Column("film", Text),
    Column("loop", Text),
    CheckConstraint("kind IN ('painting', 'poem', 'scroll', 'film')", name="works_kind"),
    CheckConstraint("length(title) BETWEEN 1 AND 60", name="works_title"),
    CheckConstraint("length(signature) <= 24", name="works_signature"),
    CheckConstraint("length(maker) BETWEEN 1 AND 64", name="works_maker"),
    CheckConstraint("json_valid(recipe)", name="works_recipe"),
    CheckConstraint("votes >= 0 AND stars_sum BETWEEN votes AND 5 * votes", name="works_votes"),
    CheckConstraint("score BETWEEN 1 AND 5", name="works_score"),
    CheckConstraint("hidden IN (0, 1)", name="works_hidden"),
    CheckConstraint(
        "CASE kind WHEN 'painting' THEN length(picture) = 64 AND length(thumb) = 64 AND width > 0 AND height > 0 "
        "AND verse IS NULL AND form IS NULL "
        "WHEN 'film' THEN length(picture) = 64 AND length(thumb) = 64 AND width > 0 AND height > 0 "
        "AND length(film) = 64 AND length(loop) = 64 AND verse IS NULL AND form IS NULL "
        "WHEN 'scroll' THEN length(picture) = 64 AND length(thumb) = 64 AND width > 0 AND height > 0 "
        "AND length(verse) > 0 AND length(form) > 0 "
        "ELSE picture IS NULL AND length(verse) > 0 AND length(form) > 0 END IS TRUE",
        name="works_whole",
    ),
    # Partial, because the wall never shows what is hidden; the id breaks ties, so that no work is skipped or repeated.
    Index("works_newest", "id", sqlite_where=text("hidden = 0")),
    Index("works_newest_of_kind", "kind", "id", sqlite_where=text("hidden = 0")),
    Index("works_of_maker", "maker", "id"),
    Index("works_picture", "picture"),
    Index("works_thumb", "thumb"),
    Index("works_film", "film", sqlite_where=text("film IS NOT NULL")),
    Index("works_loop", "loop", sqlite_where=text("loop IS NOT NULL")),
    sqlite_strict=True,
    sqlite_autoincrement=True,  # an id is never given twice, so a shared link never shows another work
)

ratings = Table(
    "ratings",
    metadata,
    Column("visitor", Text, primary_key=True),
    Column("work", Integer, ForeignKey("works.id", ondelete="RESTRICT"), primary_key=True),
    Column("stars", Integer, nullable=False),
    Column("created_ms", Integer, nullable=False),
    Column("changed_ms", Integer, nullable=False),
    CheckConstraint("stars BETWEEN 1 AND 5", name="ratings_stars"),
    CheckConstraint("length(visitor) BETWEEN 1 AND 64", name="ratings_visitor"),
    CheckConstraint("changed_ms >= created_ms", name="ratings_times"),
    Index("ratings_of_work", "work", "stars"),  # all that a tally needs
    sqlite_strict=True,
    sqlite_with_rowid=False,  # one visitor's ratings lie together, as a page of the wall asks for them
)

counts = Table(
    "counts",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("visible", Integer, nullable=False),
    CheckConstraint("visible >= 0", name="counts_visible"),
    sqlite_strict=True,
)

lineage = Table(
    "lineage",
    metadata,
    Column("child", Integer, ForeignKey("works.id", ondelete="RESTRICT"), primary_key=True),
    Column("parent", Integer, ForeignKey("works.id", ondelete="RESTRICT"), primary_key=True),
    Column("how", Text, nullable=False),
    CheckConstraint("parent < child", name="lineage_order"),  # numbers only grow, so nothing can descend from itself
    CheckConstraint(
        "how IN ('bred', 'steered', 'mixed', 'inscribed', 'answered', 'revised', 'upscaled', 'filmed')",
        name="lineage_how",
    ),
    Index("lineage_of_parent", "parent", "child"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# The wall's index: a narrow row for each work that can be seen, and an index for each order, so that a page is found
# and a combination of facets counted without touching the works themselves. Triggers keep both.
cells = Table(
    "cells",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("mood", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("descended", Integer, nullable=False),
    Column("inscribed", Integer, nullable=False),
    Column("works", Integer, nullable=False),
    Column("first", Integer, nullable=False),
    Column("last", Integer, nullable=False),
    UniqueConstraint("kind", "subject", "form", "mood", "month", "descended", "inscribed"),
    CheckConstraint("works >= 0", name="cells_works"),
    CheckConstraint("first <= last", name="cells_ends"),
    sqlite_strict=True,
)

shelf = Table(
    "shelf",
    metadata,
    Column("work", Integer, ForeignKey("works.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("cell", Integer, ForeignKey("cells.id", ondelete="RESTRICT"), nullable=False),
    Column("score", REAL, nullable=False),
    Column("votes", Integer, nullable=False),
    Column("dice", Integer, nullable=False),
    Index("shelf_best", "score", "work", "cell"),
    Index("shelf_voted", "votes", "work", "cell"),
    Index("shelf_random", "dice", "work", "cell"),
    Index("shelf_of_cell", "cell", "work", "score", "votes", "dice"),
    sqlite_strict=True,
)

# What a work can be found by, folded; the terms made of it are in the full-text index `finds`, which has no other text.
words = Table(
    "words",
    metadata,
    Column("work", Integer, ForeignKey("works.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("written", Text, nullable=False),
    sqlite_strict=True,
)

# What works are signed with, folded, and how many of each that can be seen; triggers keep the number. A work is signed
# with one at most. Who made it is another matter, which nobody is told.
signatures = Table(
    "signatures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", Text, nullable=False, unique=True),
    Column("works", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("length(name) > 0", name="signatures_name"),
    CheckConstraint("works >= 0", name="signatures_works"),
    Index("signatures_largest", "works", "id"),
    sqlite_strict=True,
)

signed = Table(
    "signed",
    metadata,
    Column("work", Integer, ForeignKey("works.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("signature", Integer, ForeignKey("signatures.id", ondelete="RESTRICT"), nullable=False),
    Index("signed_with", "signature", "work"),
    sqlite_strict=True,
)

# What a picture looks like: traits to compare it by, and a placeholder (thumbhash). `alike` leads from codes, which
# pictures that look alike share, to works.
looks = Table(
    "looks",
    metadata,
    Column("work", Integer, ForeignKey("works.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("traits", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    CheckConstraint("length(hash) <= 32", name="looks_hash"),
    sqlite_strict=True,
)

alike = Table(
    "alike",
    metadata,
    Column("code", Integer, primary_key=True),
    Column("work", Integer, ForeignKey("works.id", ondelete="CASCADE"), primary_key=True),
    Index("alike_of_work", "work"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

rooms = Table(
    "rooms",
    metadata,
    Column("code", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("owner", Text, nullable=False),
    Column("created_ms", Integer, nullable=False),
    Column("listed", Integer, nullable=False),
    Column("settings", Text, nullable=False),
    CheckConstraint("length(code) = 6", name="rooms_code"),
    CheckConstraint("kind IN ('verse', 'brood', 'scroll')", name="rooms_kind"),
    CheckConstraint("length(owner) BETWEEN 1 AND 64", name="rooms_owner"),
    CheckConstraint("listed IN (0, 1)", name="rooms_listed"),
    CheckConstraint("json_valid(settings)", name="rooms_settings"),
    Index("rooms_newest", "created_ms"),
    Index("rooms_of_owner", "owner", "created_ms"),
    sqlite_strict=True,
)

# Never changed and never shortened: triggers refuse both, and a room is what its events come to.
room_events = Table(
    "room_events",
    metadata,
    Column("room", Text, ForeignKey("rooms.code", ondelete="RESTRICT"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at_ms", Integer, nullable=False),
    Column("visitor", Text, nullable=False),
    Column("action", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
    CheckConstraint("seq > 0", name="room_events_seq"),
    CheckConstraint("length(action) BETWEEN 1 AND 40", name="room_events_action"),
    CheckConstraint("json_valid(body)", name="room_events_body"),
    Index("room_events_once", "room", "visitor", "action", unique=True),  # an action sent twice happens once
    Index("room_events_end", "room", unique=True, sqlite_where=text("kind = 'ended'")),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

hands = Table(
    "hands",
    metadata,
    Column("work", Integer, ForeignKey("works.id", ondelete="RESTRICT"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("network", Integer, nullable=False),
    Column("part", Text, nullable=False, server_default="line"),
    CheckConstraint("place >= 0", name="hands_place"),
    CheckConstraint("length(name) <= 24", name="hands_name"),
    CheckConstraint("network IN (0, 1)", name="hands_network"),
    CheckConstraint("part IN ('line', 'painting', 'mount', 'choice')", name="hands_part"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# The desk: who curates, who tries to sign in, what was done (never changed: triggers refuse), what waits to be judged.
curators = Table(
    "curators",
    metadata,
    Column("name", Text, primary_key=True),
    Column("role", Text, nullable=False),
    Column("password", Text, nullable=False),
    Column("disabled", Integer, nullable=False, server_default=text("0")),
    Column("created_ms", Integer, nullable=False),
    CheckConstraint("length(name) BETWEEN 1 AND 32", name="curators_name"),
    CheckConstraint("role IN ('curator', 'keeper')", name="curators_role"),
    CheckConstraint("password LIKE '$argon2id$%'", name="curators_password"),
    CheckConstraint("disabled IN (0, 1)", name="curators_disabled"),
    sqlite_strict=True,
)

attempts = Table(
    "attempts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at_ms", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("visitor", Text, nullable=False),
    CheckConstraint("length(name) <= 32", name="attempts_name"),
    Index("attempts_by_name", "name", "at_ms"),
    Index("attempts_by_visitor", "visitor", "at_ms"),
    sqlite_strict=True,
)

acts = Table(
    "acts",
    metadata,
    Column("seq", Integer, primary_key=True),
    Column("at_ms", Integer, nullable=False),
    Column("curator", Text, ForeignKey("curators.name", ondelete="RESTRICT"), nullable=False),
    Column("act", Text, nullable=False),
    Column("work", Integer, ForeignKey("works.id", ondelete="RESTRICT"), nullable=False),
    Column("reason", Text),
    Column("undoes", Integer, ForeignKey("acts.seq", ondelete="RESTRICT")),
    Column("first", Integer),
    Column("last", Integer),
    CheckConstraint(
        "CASE act WHEN 'hide' THEN undoes IS NULL "
        "AND reason IN ('offensive', 'personal', 'spam', 'copied', 'faulty', 'asked') "
        "WHEN 'undo' THEN reason IS NULL AND undoes < seq "
        "WHEN 'quarantine' THEN undoes IS NULL AND last >= first "
        "AND reason IN ('burst', 'one_work', 'one_maker', 'one_side') "
        "WHEN 'release' THEN reason IS NULL AND undoes < seq AND last >= first "
        "WHEN 'keep' THEN reason IS NULL AND undoes IS NULL "
        "WHEN 'restore' THEN reason IS NULL AND undoes IS NULL ELSE 0 END IS TRUE",
        name="acts_whole",
    ),
    Index("acts_of_work", "work", "seq"),
    Index("acts_of_curator", "curator", "seq"),
    Index("acts_undone", "undoes", unique=True, sqlite_where=text("undoes IS NOT NULL")),  # nothing is undone twice
    sqlite_strict=True,
)

reports = Table(
    "reports",
    metadata,
    Column("visitor", Text, primary_key=True),
    Column("work", Integer, ForeignKey("works.id", ondelete="RESTRICT"), primary_key=True),
    Column("reason", Text, nullable=False),
    Column("at_ms", Integer, nullable=False),
    Column("settled", Integer, ForeignKey("acts.seq", ondelete="RESTRICT")),
    CheckConstraint("length(visitor) BETWEEN 1 AND 64", name="reports_visitor"),
    CheckConstraint("reason IN ('offensive', 'personal', 'spam', 'copied', 'faulty')", name="reports_reason"),
    Index("reports_of_work", "work", "settled"),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

queue = Table(
    "queue",
    metadata,
    Column("work", Integer, ForeignKey("works.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("reports", Integer, nullable=False, server_default=text("0")),
    CheckConstraint("reports >= 0", name="queue_reports"),
    Index("queue_order", "reports", "work"),
    sqlite_strict=True,
)

# What makers have taken down themselves; a work is hidden as long as it is here, whatever curators decide (triggers).
takedowns = Table(
    "takedowns",
    metadata,
    Column("work", Integer, ForeignKey("works.id", ondelete="RESTRICT"), primary_key=True, autoincrement=False),
    Column("at_ms", Integer, nullable=False),
    Column("erased_ms", Integer),
    CheckConstraint("erased_ms >= at_ms", name="takedowns_times"),
    Index("takedowns_due", "at_ms", sqlite_where=text("erased_ms IS NULL")),
    sqlite_strict=True,
)
