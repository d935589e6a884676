"""A home with very many works, made by bulk SQL in minutes and kept for the next run; they share a few pictures.

Verse is drawn from three thousand characters, each as rare as its place among them, so that some stand in a third of
all poems and most in few. Two paintings to each poem, one scroll in twenty, most of them of a painting that hangs, two
years of them, votes for half. Two hundred tags, from one work in seven down to a handful; three works in four are
signed, by few again and again, by most once; and two dozen exhibitions of sixty.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text, update

import db
from db.show_tables import shows, tagged
from db.tables import works
from gallery.journeys import House, open_house
from gallery.journeys.plans import Plan, Room
from gallery.settings import Settings
from gallery.visitors import Visitor
from models.poem_rnn.prosody import FORMS
from tests.fakes import PAINTER, POET, FakeEngine

VISITOR = Visitor("v")
START_MS, SPAN_MS = 1_730_000_000_000, 63_000_000_000
SUBJECTS = ("shanshui", "european_landscape", "monet", "still_life")
MOODS = ("joy", "anger", "sorrow", "fear", "calm", "vast", "seclusion")
MAKERS = 20_000
TAGS, SHOWS, HUNG = 200, 24, 60
HOUSE = "诗画"  # what one work in forty is signed with
INSCRIBED = (
    "INSERT INTO lineage SELECT s.id, p.id, 'inscribed' FROM works AS s JOIN works AS p ON p.id = s.id - 1 "
    "WHERE s.kind = 'scroll' AND p.kind = 'painting'"
)
MINE = "INSERT INTO ratings SELECT :visitor, id, 3, 1, 1 FROM works WHERE id % 5 = 1 AND votes > 0 AND id > :newest"
ENGLISH = ("lake", "dusk", "pines", "evening", "harbour", "snow", "river", "moon", "garden", "fog", "hills", "spring")


def characters() -> str:
    """Three thousand of them, common ones first."""
    common = "不人山风无日云天春花月水中秋来江时何年一有自上生如心白空归清"
    return "".join(dict.fromkeys(common + "".join(chr(0x4E00 + 7 * step) for step in range(2985))))


def open_million(folder: Path, count: int) -> House:
    """The house of that many works, filled if it is not yet."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings.make({"home": folder})
    house = open_house(settings, FakeEngine(), cards=(PAINTER, POET))
    with house.db.reading() as tx:
        there = sum(db.works.counts(tx).values())
    if there != count:
        assert not there, f"{folder} holds {there} works; take it away or name another folder"
        began = time.perf_counter()
        _fill(house.db, count)
        print(f"{count} works hung in {time.perf_counter() - began:.0f} s", flush=True)
    return house


def _fill(database: db.Db, count: int) -> None:
    """Triggers would do a row at a time what the rebuilding of the index does at once."""
    with database.writing() as tx:
        triggers = tx.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
        for name, _ in triggers:
            tx.execute(text(f"DROP TRIGGER {name}"))
        rows = _rows(count)
        while some := [row for _, row in zip(range(20_000), rows, strict=False)]:
            tx.execute(insert(works), some)
        tx.execute(text(MINE), {"visitor": VISITOR.id, "newest": count - 50_000})
        tx.execute(text("INSERT INTO lineage SELECT id, id - 7, 'revised' FROM works WHERE id % 5 = 0 AND id > 7"))
        tx.execute(text(INSCRIBED))
        tx.execute(text("UPDATE counts SET visible = (SELECT count(*) FROM works WHERE works.kind = counts.kind)"))
        tx.execute(text("INSERT INTO queue (work) SELECT id FROM works"))
        _tag(tx, count)
        for show in range(SHOWS):
            _hang(tx, show, count)
        for _, sql in triggers:
            tx.exec_driver_sql(sql)
    db.search.rebuild(database)


def _tag(tx: db.Tx, count: int) -> None:
    """Tag n is borne by one work in 7 n or so, none by one in three."""
    for number in range(1, TAGS + 1):
        assert db.tags.add(tx, zh=f"第{number}", en=f"tag {number}", created_ms=START_MS) == number
        step = 7 * number
        rows = [{"tag": number, "work": work, "at_ms": 1} for work in range(1 + number % 7, count, step) if work % 3]
        if rows:
            tx.execute(insert(tagged), rows)
    tx.execute(text("UPDATE tags SET removed = 0"))


def _hang(tx: db.Tx, show: int, count: int) -> None:
    """An exhibition of works from here and there."""
    hung = [1 + (97 * show + place * (count // HUNG)) % count for place in range(HUNG)]
    plan = Plan(title_zh=f"第{show}展", title_en=f"Show {show}", rooms=(Room(works=tuple(hung)),))
    number = db.shows.add(tx, slug=f"show-{show}", owner=None, created_ms=START_MS, body=plan.to_json())
    assert number is not None
    version = db.shows.publish(tx, number, body=plan.to_json(), works=set(hung), curator=None, at_ms=START_MS)
    tx.execute(update(shows).where(shows.c.id == number).values(removed=0, published=version))


def _rows(count: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(7)
    known = characters()
    rarity = list(accumulate(1 / (place + 10) for place in range(len(known))))
    for number in range(count):
        many = "".join(chance.choices(known, cum_weights=rarity, k=60))
        votes = chance.randrange(40) if chance.random() < 0.5 else 0
        stars = sum(chance.choices((1, 2, 3, 4, 5), k=votes))
        kind = ("painting", "painting", "poem")[number % 3] if number % 20 else "scroll"
        yield {
            **_work(kind, many, chance),
            "maker": f"{chance.randrange(MAKERS):032x}",
            "created_ms": START_MS + SPAN_MS * number // count,
            "draft": f"d{number}",
            "signature": HOUSE if number % 40 == 1 else many[58:] if number % 4 else "",
            "votes": votes,
            "stars_sum": stars,
            "score": (15 + stars) / (5 + votes),
        }


def _work(kind: str, many: str, chance: random.Random) -> dict[str, Any]:
    title = many[50 : 52 + len(many) % 4] if chance.random() < 0.8 else " ".join(chance.sample(ENGLISH, 3))
    sha = f"{chance.randrange(40):064x}"
    form, mood = chance.choice(tuple(FORMS)), chance.choice(MOODS) if chance.random() < 0.2 else None
    lines, length = FORMS[form]
    verse = "\n".join(many[:40][line * length : (line + 1) * length] or many[:length] for line in range(lines))
    poem = {"form": form, "rhyme": "东", "verse": verse}
    size = (256, 256) if kind == "painting" else (600, 1200)
    picture = {"subject": chance.choice(SUBJECTS), "picture": sha, "thumb": sha, "width": size[0], "height": size[1]}
    nothing: dict[str, Any] = dict.fromkeys((*poem, *picture))
    asked = f'{{"inputs": {{"mood": "{mood}"}}}}' if mood and kind == "painting" else '{"inputs": {}}'
    own: dict[str, Any] = {**(picture if kind != "poem" else {}), **(poem if kind != "painting" else {})}
    return {**nothing, **own, "kind": kind, "title": title, "recipe": asked}
