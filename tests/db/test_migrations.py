"""Migrations: the tables as the code knows them, older databases brought along, newer ones left alone."""

from __future__ import annotations

import re
import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.exc import IntegrityError

import db
from db import NewWork, Relatives
from db.engine import Db, make_engine, safe_wal, sqlite_module
from db.migrations import FOLDER, HEAD, bring_up_to_date
from db.tables import metadata

LATER = f"{int(HEAD) + 1:04d}"
NEXT = """
from alembic import op
revision = "{later}"
down_revision = "{head}"
def upgrade():
    op.execute("ALTER TABLE works ADD COLUMN mood TEXT")
    {more}
"""
OLD_POEM = (
    "INSERT INTO works (kind, title, signature, maker, created_ms, recipe, draft, form, verse, score) "
    "VALUES ('poem', '春', '', 'v', 1, '{}', :draft, '五绝', '春眠不觉晓', 3.0)"
)
OLD_PICTURE = (
    "INSERT INTO works (kind, title, signature, maker, created_ms, recipe, draft, subject, picture, thumb, width, "
    "height, form, verse, score) VALUES (:kind, '山', '', 'v', 1, '{}', :draft, 'shanshui', :sha, :sha, 9, 9, :form, "
    ":form, 3.0)"
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "gallery.sqlite"


def later_gallery(tmp_path: Path, more: str = "") -> Path:
    """The migrations of a gallery that is one step ahead of this one."""
    folder = tmp_path / "migrations"
    shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("__pycache__"))
    text = NEXT.format(more=more, later=LATER, head=HEAD)
    (folder / "versions" / f"{LATER}_mood.py").write_text(text, encoding="utf-8")
    return folder


def schema(path: Path) -> set[str]:
    """Tables and indexes as SQLite wrote them down, without blanks."""
    found = sqlite_module().connect(str(path)).execute("SELECT sql FROM sqlite_master WHERE type IN ('table', 'index')")
    return {re.sub(r"\s+", "", sql) for (sql,) in found if sql and not re.search("alembic|sqlite_sequence|finds", sql)}


def version(path: Path) -> str:
    return str(sqlite_module().connect(str(path)).execute("SELECT version_num FROM alembic_version").fetchone()[0])


def test_the_migrations_make_the_tables_that_the_code_knows(path: Path, tmp_path: Path) -> None:
    db.open_db(f"sqlite:///{path}").close()
    engine = create_engine(f"sqlite:///{tmp_path / 'plain.sqlite'}", module=sqlite_module())
    metadata.create_all(engine)
    engine.dispose()
    assert schema(path) == schema(tmp_path / "plain.sqlite")


def test_the_head_in_the_code_is_the_newest_step() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_opening_again_changes_nothing(path: Path) -> None:
    db.open_db(f"sqlite:///{path}").close()
    before = path.read_bytes()
    db.open_db(f"sqlite:///{path}").close()
    assert path.read_bytes() == before
    assert not list(path.parent.glob("*before-upgrade*"))


@pytest.mark.parametrize("attempt", range(5))
def test_two_galleries_that_start_at_once_do_not_collide(path: Path, attempt: int) -> None:
    with ThreadPoolExecutor(8) as crowd:
        for database in crowd.map(lambda _: db.open_db(f"sqlite:///{path}"), range(8)):
            database.close()
    assert version(path) == HEAD


def test_setting_the_journal_waits_for_a_lock_that_its_timeout_does_not_cover(path: Path) -> None:
    holder = sqlite_module().connect(path, isolation_level=None, check_same_thread=False)
    holder.execute("CREATE TABLE t (x)")
    holder.execute("BEGIN IMMEDIATE")
    with ThreadPoolExecutor(1) as crowd:
        opened = crowd.submit(lambda: make_engine(f"sqlite:///{path}").connect())
        time.sleep(0.2)
        assert not opened.done()
        holder.execute("COMMIT")
        with opened.result(10) as connection:
            journal = connection.exec_driver_sql("PRAGMA journal_mode").scalar()
    holder.close()
    assert journal == ("wal" if safe_wal(sqlite_module()) else "delete")


def test_an_older_database_is_kept_aside_and_brought_along(path: Path, tmp_path: Path) -> None:
    db.open_db(f"sqlite:///{path}").close()
    engine = make_engine(f"sqlite:///{path}")
    bring_up_to_date(engine, folder=later_gallery(tmp_path), head=LATER)
    engine.dispose()
    kept = path.with_name(f"gallery.sqlite.before-upgrade-from-{HEAD}")
    assert (version(path), version(kept)) == (LATER, HEAD)
    assert any("moodTEXT" in table for table in schema(path))


def test_the_first_gallery_is_brought_along_with_its_works(path: Path) -> None:
    engine = make_engine(f"sqlite:///{path}")
    bring_up_to_date(engine, head="0001")
    with Db(engine).writing() as tx:
        tx.execute(text(OLD_POEM), {"draft": "d"})
    engine.dispose()
    with closing(db.open_db(f"sqlite:///{path}")) as database, database.reading() as tx:
        assert db.works.counts(tx)["poem"] == 1
        assert db.lineage.parents_of(tx, 1, limit=8) == Relatives((), visible=0, hidden=0)
    assert version(path) == HEAD


def test_works_ratings_and_lineage_of_a_gallery_without_scrolls_stay_and_scrolls_can_be_hung(path: Path) -> None:
    engine = make_engine(f"sqlite:///{path}")
    bring_up_to_date(engine, head="0002")
    poem = NewWork("poem", "春", "", "v", 1, "{}", "d", form="五绝", verse=("春眠不觉晓",))
    with Db(engine).writing() as tx:
        for draft in ("d", "e"):
            tx.execute(text(OLD_POEM), {"draft": draft})
        tx.execute(text("INSERT INTO ratings VALUES ('v', 1, 5, 2, 2)"))
        db.lineage.record(tx, child=2, parents=[(1, "revised")])
    engine.dispose()
    scroll = replace(poem, kind="scroll", draft="s", picture="a" * 64, thumb="b" * 64, width=2, height=4)
    with closing(db.open_db(f"sqlite:///{path}")) as database, database.writing() as tx:
        assert db.works.add(tx, scroll, score=3.0).id == 3
        assert db.works.counts(tx) == {"painting": 0, "poem": 2, "scroll": 1, "film": 0}
        assert db.ratings.stars_of(tx, work=1, visitor="v") == 5
        assert [one.id for one in db.lineage.parents_of(tx, 2, limit=8).shown] == [1]


def test_works_and_lineage_of_a_gallery_without_films_stay_and_films_can_be_hung(path: Path) -> None:
    engine = make_engine(f"sqlite:///{path}")
    bring_up_to_date(engine, head="0011")
    with Db(engine).writing() as tx:
        for draft in ("d", "e"):
            tx.execute(text(OLD_POEM), {"draft": draft})
        db.lineage.record(tx, child=2, parents=[(1, "revised")])
    engine.dispose()
    files = {name: letter * 64 for name, letter in zip(("picture", "thumb", "film", "loop"), "abcd", strict=True)}
    bare = NewWork("film", "云", "", "v", 1, "{}", "f", subject="shanshui", width=2, height=2)
    film = replace(bare, **files)  # type: ignore[arg-type]
    with closing(db.open_db(f"sqlite:///{path}")) as database, database.writing() as tx:
        assert db.works.add(tx, film, score=3.0).id == 3
        db.lineage.record(tx, child=3, parents=[(1, "filmed")])
        assert db.works.known_files(tx, ["c" * 64, "d" * 64, "e" * 64]) == {"c" * 64, "d" * 64}
        assert [one.how for one in db.lineage.parents_of(tx, 2, limit=8).shown] == ["revised"]
    with closing(db.open_db(f"sqlite:///{path}")) as database, pytest.raises(IntegrityError), database.writing() as tx:
        db.works.add(tx, replace(film, draft="g", loop=None), score=3.0)


def test_hands_of_a_gallery_without_scrolls_made_together_were_all_of_lines(path: Path) -> None:
    engine = make_engine(f"sqlite:///{path}")
    bring_up_to_date(engine, head="0013")
    with Db(engine).writing() as tx:
        tx.execute(text(OLD_POEM), {"draft": "d"})
        tx.execute(text("INSERT INTO hands VALUES (1, 0, '阿宁', 0)"))
        tx.execute(text("INSERT INTO rooms VALUES ('ABC234', 'brood', 'v', 1, 1, '{}')"))
    engine.dispose()
    with closing(db.open_db(f"sqlite:///{path}")) as database, database.writing() as tx:
        assert db.rooms.hands_of(tx, 1) == (db.Hand("阿宁", False, "line"),)
        assert db.rooms.open_room(tx, db.RoomRecord("DEF567", "scroll", "v", 1, True, "{}"))
        assert db.rooms.find(tx, "ABC234") is not None
    with closing(db.open_db(f"sqlite:///{path}")) as database, pytest.raises(IntegrityError), database.writing() as tx:
        tx.execute(text("INSERT INTO hands VALUES (1, 1, '阿宁', 0, 'frame')"))


def test_works_of_a_gallery_without_search_are_found_once_it_is_opened(path: Path) -> None:
    engine = make_engine(f"sqlite:///{path}")
    bring_up_to_date(engine, head="0004")
    with Db(engine).writing() as tx:
        for draft in ("d", "e", "f"):
            tx.execute(text(OLD_POEM), {"draft": draft})
        db.lineage.record(tx, child=3, parents=[(1, "revised")])
        tx.execute(text("UPDATE works SET hidden = 1 WHERE id = 2"))
    engine.dispose()
    asked = db.Selection(kind="poem", words=db.search.runs("不覺"))
    with closing(db.open_db(f"sqlite:///{path}")) as database, database.reading() as tx:
        page = db.shelf.page(tx, asked, order="best", after=None, limit=9, visitor="")
        assert [card.id for card in page.cards] == [3, 1]
        assert [(cell.descended, cell.works) for cell in db.counting.all_cells(tx).values()] == [(0, 1), (1, 1)]
        assert db.search.examine(tx) == db.search.Ailing((), 0)


def test_works_of_a_gallery_without_signatures_are_found_by_them_and_shuffled_as_before(path: Path) -> None:
    engine = make_engine(f"sqlite:///{path}")
    bring_up_to_date(engine, head="0015")
    with Db(engine).writing() as tx:
        for draft, signature in (("d", "阿寧"), ("e", "阿宁"), ("f", "")):
            tx.execute(text(OLD_POEM), {"draft": draft})
            tx.execute(text("UPDATE works SET signature = :by WHERE draft = :draft"), {"by": signature, "draft": draft})
        for kind, draft, form in (("painting", "g", None), ("scroll", "h", "五绝")):
            tx.execute(text(OLD_PICTURE), {"kind": kind, "draft": draft, "form": form, "sha": "a" * 64})
        db.lineage.record(tx, child=5, parents=[(4, "inscribed"), (1, "inscribed")])
        dice = tx.execute(text("SELECT work, dice FROM shelf ORDER BY work")).all()
    engine.dispose()
    with closing(db.open_db(f"sqlite:///{path}")) as database, database.reading() as tx:
        by = db.Selection(signature=db.signatures.find(tx, "阿宁"))
        for asked, found in ((by, [2, 1]), (db.Selection(inscribed=True), [5, 4])):
            page = db.shelf.page(tx, asked, order="newest", after=None, limit=9, visitor="")
            assert [card.id for card in page.cards] == found
        assert tx.execute(text("SELECT work, dice FROM shelf ORDER BY work")).all() == dice
        assert db.signatures.largest(tx, limit=9) == [(by.signature, 2)]
        assert db.search.examine(tx) == db.search.Ailing((), 0)


def test_works_of_a_gallery_without_a_desk_wait_to_be_judged(path: Path) -> None:
    engine = make_engine(f"sqlite:///{path}")
    bring_up_to_date(engine, head="0005")
    with Db(engine).writing() as tx:
        for draft in ("d", "e", "f"):
            tx.execute(text(OLD_POEM), {"draft": draft})
        tx.execute(text("UPDATE works SET hidden = 1 WHERE id = 2"))
    engine.dispose()
    with closing(db.open_db(f"sqlite:///{path}")) as database, database.writing() as tx:
        assert [place.work for place in db.triage.waiting(tx, after=None, limit=9)] == [3, 1]
        tx.execute(text(OLD_POEM), {"draft": "g"})
        assert db.triage.place_of(tx, 4) == db.Place(0, 4)


def test_a_step_that_fails_leaves_the_database_as_it_was(path: Path, tmp_path: Path) -> None:
    db.open_db(f"sqlite:///{path}").close()
    before = schema(path)
    engine = make_engine(f"sqlite:///{path}")
    with pytest.raises(RuntimeError, match="on purpose"):
        bring_up_to_date(engine, folder=later_gallery(tmp_path, 'raise RuntimeError("on purpose")'), head=LATER)
    engine.dispose()
    assert (schema(path), version(path)) == (before, HEAD)


def test_a_database_of_a_newer_gallery_is_refused_untouched(path: Path) -> None:
    db.open_db(f"sqlite:///{path}").close()
    other = sqlite_module().connect(str(path), isolation_level=None)
    other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.close()
    before = path.read_bytes()
    with pytest.raises(db.TooNew, match="9999"):
        db.open_db(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_database_of_another_program_is_refused(path: Path) -> None:
    other = sqlite_module().connect(str(path), isolation_level=None)
    other.execute("CREATE TABLE recipes_of_my_grandmother (name TEXT)")
    other.close()
    with pytest.raises(db.Broken, match="not this gallery"):
        db.open_db(f"sqlite:///{path}")
