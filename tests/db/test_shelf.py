"""The shelf: every selection and order shows the works that a plain reading of them all would, page by page."""

from __future__ import annotations

import itertools
import json
import random
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import text

import db
from db import Card, Key, Order, Selection
from db.shelf import FACETS
from tests.db.test_works import PAINTING, POEM, SCROLL, change

ORDERS: tuple[Order, ...] = ("newest", "best", "voted", "random")
INSCRIBED = """
    SELECT parent FROM lineage JOIN works ON works.id = child WHERE how = 'inscribed' AND kind = 'scroll' AND hidden = 0
"""
MONTH_MS = 31 * 24 * 3600 * 1000
SELECTIONS = [
    Selection(),
    Selection(kind="poem"),
    Selection(kind="painting", mood="joy"),
    Selection(subject="shanshui", month="1970-02"),
    Selection(form="五绝", descended=True),
    Selection(mine=True),
    Selection(rated=True, kind="scroll"),
    Selection(rated=False),
    Selection(words=("风",)),
    Selection(words=("松风", "feng"), rated=False),
    Selection(words=("空山",), descended=True, mine=True),
    Selection(month="2026-11"),
    Selection(inscribed=True, kind="painting"),
    Selection(inscribed=True, mood="joy", descended=True),
    Selection(signature=1, kind="poem"),
    Selection(signature=2, words=("风",), rated=False),
    Selection(signature=0),
    Selection(hung=(1, 2), kind="scroll"),
    Selection(hung=(1, 2), signature=2, mine=True),
    Selection(hung=(1, 2), words=("松风", "feng"), inscribed=True),
]
SIGNED = ("阿寧", "Li Bo")  # numbers 1 and 2, for the first work is signed with the first


@pytest.fixture
def wall(database: db.Db) -> db.Db:
    """A hundred and fifty works of all kinds, months, makers and moods, with parents, votes and some hidden."""
    chance = random.Random(5)
    with database.writing() as tx:
        for number in range(1, 151):
            work = chance.choice((POEM, PAINTING, SCROLL))
            mood = chance.choice(("joy", "calm", None)) if work.kind == "painting" else None
            recipe = json.dumps({"inputs": {"mood": mood} if mood else {}})
            title, maker = chance.choice(("松风", "空山", "Wind")), chance.choice(("me", "you"))
            signature = SIGNED[(number - 1) % 3] if number % 3 else ""
            when = chance.randrange(3) * MONTH_MS + 5
            told: dict[str, Any] = {
                "title": title,
                "maker": maker,
                "signature": signature,
                "recipe": recipe,
                "draft": f"s{number}",
            }
            work = replace(work, created_ms=when, **told)
            db.works.add(tx, work, score=3.0)
            if number > 20 and work.kind == "scroll":
                db.lineage.record(tx, child=number, parents=[(chance.randrange(1, 20), "inscribed")])
            elif number > 20 and chance.random() < 0.3:
                db.lineage.record(tx, child=number, parents=[(chance.randrange(1, 20), "revised")])
            for voter in chance.sample(("me", "x", "y", "z"), chance.randrange(4)):
                stars, prior = chance.randint(1, 5), db.Prior(3.0, 5.0)
                db.ratings.cast(tx, work=number, visitor=voter, stars=stars, now_ms=9, prior=prior)
        show = db.shows.add(tx, slug="spring", owner=None, created_ms=1, body="{}")
        assert show == 1
        for step in (7, 2):
            db.shows.publish(tx, show, body="{}", works=range(1, 150, step), curator=None, at_ms=1)
        tx.execute(text("UPDATE works SET hidden = 1 WHERE id % 9 = 0"))
    return database


def walk(database: db.Db, asked: Selection, order: Order, *, limit: int = 7, seed: int = 99) -> list[Card]:
    cards: list[Card] = []
    after: Key | None = None
    for _ in range(200):  # a cursor that leads nowhere must fail and not turn for ever
        with database.reading() as tx:
            page = db.shelf.page(tx, asked, order=order, after=after, limit=limit, visitor="me", seed=seed)
        cards += page.cards
        after = page.last
        if after is None:
            break
    return cards


def plainly(database: db.Db, asked: Selection) -> list[Any]:
    """The works of a selection, read one by one."""
    with database.reading() as tx:
        rows = tx.execute(text("SELECT *, json_extract(recipe, '$.inputs.mood') AS mood FROM works")).all()
        descended = set(tx.scalars(text("SELECT child FROM lineage")))
        rated = set(tx.scalars(text("SELECT work FROM ratings WHERE visitor = 'me'")))
        poem = set(tx.scalars(text(INSCRIBED)))

    def fits(row: Any) -> bool:
        month = f"1970-{row.created_ms // MONTH_MS + 1:02d}"
        said = {"title": row.title, "verse": row.verse or "", "sound": "songfeng" if row.title == "松风" else ""}
        return (
            not row.hidden
            and all(getattr(asked, n) in (None, getattr(row, n)) for n in ("kind", "subject", "form", "mood"))
            and asked.month in (None, month)
            and (not asked.descended or row.id in descended)
            and (not asked.inscribed or row.kind == "scroll" or (row.kind == "painting" and row.id in poem))
            and (asked.signature is None or row.signature == ("", *SIGNED)[asked.signature] != "")
            and (asked.hung is None or row.id % 2 == 1)
            and (not asked.mine or row.maker == "me")
            and asked.rated in (None, row.id in rated)
            and all(any(word in one for one in said.values()) for word in asked.words)
        )

    return [row for row in rows if fits(row)]


@pytest.mark.parametrize("limits", [(10_000, 100_000), (0, 100_000), (0, 0)], ids=["listed", "gathered", "walked"])
@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("asked", SELECTIONS, ids=str)
def test_every_selection_is_shown_whole_once_and_in_order(
    wall: db.Db, asked: Selection, order: Order, limits: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db.shelf, "FEW", limits[0])
    monkeypatch.setattr(db.shelf, "MANY", limits[1])
    wanted, shown = plainly(wall, asked), [card.id for card in walk(wall, asked, order)]
    by = {
        "newest": lambda row: row.id,
        "best": lambda row: (row.score, row.id),
        "voted": lambda row: (row.votes, row.id),
    }
    if order == "random":
        assert sorted(shown) == [row.id for row in wanted]
    else:
        assert shown == [row.id for row in sorted(wanted, key=by[order], reverse=True)]


def test_a_seed_gives_the_same_order_again_and_another_seed_another(wall: db.Db) -> None:
    once, again, other = ([card.id for card in walk(wall, Selection(), "random", seed=seed)] for seed in (7, 7, 2**30))
    assert once == again
    assert once != other
    assert sorted(once) == sorted(other)


def test_a_score_is_shown_to_those_who_have_rated_only(wall: db.Db) -> None:
    rated = {row.id for row in plainly(wall, Selection(rated=True))}
    cards = walk(wall, Selection(), "best")
    assert {card.id for card in cards if card.mean is not None} == rated
    assert {card.id for card in cards if card.votes is not None} == rated


def own(asked: Selection) -> dict[str, Any]:
    return {"signature": asked.signature, "hung": asked.hung}


@pytest.mark.parametrize("asked", SELECTIONS, ids=str)
def test_counts_by_facet_are_those_of_a_plain_reading(wall: db.Db, asked: Selection) -> None:
    wide = replace(Selection(mine=asked.mine, rated=asked.rated, words=asked.words), **own(asked))
    with wall.reading() as tx:
        known = db.counting.all_cells(tx)
        counted = db.counting.counted(tx, asked, known, visitor="me")
    found = Counter({known[n][:-1]: works for n, works in counted.of(mine=asked.mine, rated=asked.rated).items()})
    assert not counted.more
    assert found.total() == len(plainly(wall, wide))
    for kind, form in itertools.product(("painting", "poem", "scroll"), ("", "五绝")):
        there = sum(works for cell, works in found.items() if (cell[0], cell[2]) == (kind, form))
        assert there == len([row for row in plainly(wall, wide) if (row.kind, row.form or "") == (kind, form)])


def test_counts_of_very_many_are_of_the_newest_and_say_so(wall: db.Db, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.counting, "COUNTED", 10)
    with wall.reading() as tx:
        counted = db.counting.counted(tx, Selection(words=("空山",)), db.counting.all_cells(tx), visitor="me")
    assert counted.more
    assert 7 <= sum(counted.works.values()) <= 10  # less those that are hidden


@pytest.mark.parametrize(
    "act",
    [
        "UPDATE works SET hidden = 1 WHERE id % 3 = 0",
        "UPDATE works SET hidden = 0",
        "UPDATE works SET hidden = 1 WHERE kind = 'scroll'",
        "UPDATE works SET hidden = 1 - hidden WHERE kind = 'scroll' AND id % 2 = 0",
        "DELETE FROM lineage WHERE how = 'inscribed'",
        "UPDATE works SET created_ms = 7e9 WHERE id % 4 = 0",
        "DELETE FROM lineage WHERE child % 2 = 0",
        "DELETE FROM works WHERE votes = 0 AND id NOT IN (SELECT parent FROM lineage UNION SELECT child FROM lineage "
        "UNION SELECT work FROM hangings)",
    ],
)
def test_the_shelf_follows_whatever_happens_to_a_work(wall: db.Db, act: str) -> None:
    change(wall, act.replace("7e9", str(3 * MONTH_MS)))
    with wall.reading() as tx:
        assert db.search.examine(tx) == db.search.Ailing((), 0)
        cells = db.counting.all_cells(tx).values()
        assert sum(cell.works for cell in cells) == sum(db.works.counts(tx).values()) == len(plainly(wall, Selection()))
    assert sum(cell.works for cell in cells if cell.inscribed) == len(plainly(wall, Selection(inscribed=True)))


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("facets", [(), ("kind",), FACETS])
def test_a_walk_goes_along_an_index_without_sorting(wall: db.Db, order: Order, facets: tuple[str, ...]) -> None:
    shape = db.shelf._Shape(order, "walk", facets, mine=False, rated=False, asked=True, read=True)
    with wall.reading() as tx:
        query = str(db.shelf._page_query(shape).query.compile(tx.engine))
        values = (None,) * query.count("?")
        plan = [row[3] for row in tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {query}", values)]
    way = "INTEGER PRIMARY KEY" if order == "newest" else f"COVERING INDEX shelf_{order}"
    assert any(step.startswith(f"SEARCH shelf USING {way}") for step in plan)
    assert not any("TEMP B-TREE" in step for step in plan)
