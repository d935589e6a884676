"""A page of 60 works at 100,000 works, through the journey, over the same rows by bare SQLite.

Bare means: one open connection, the SQL written out, tuples out; once for the same question (which of these works the
visitor has rated is part of a page) and once plain, without it. Ours means `browse.page`: a transaction, frozen cards,
cursors. All read the same file with the same SQLite in turn, at random depths. Ratios are of the fastest tenth, since
slower rounds measure what else the machine does (timeit's advice); medians stand beside them. Budget: ours / bare <= 3.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any

from db import NewWork
from db.engine import sqlite_module
from db.tables import ratings, works
from gallery.journeys import House, browse, open_house
from gallery.settings import Settings
from gallery.visitors import Visitor
from tests.fakes import PAINTER, POET, FakeEngine

WORKS = 100_000
PAGE = 60
ROUNDS = 400
VISITOR = Visitor("v" * 32)
COLUMNS = "id, kind, title, signature, works.created_ms, subject, thumb, width, height, form, verse, votes, score"
MINE = f"LEFT JOIN ratings ON work = id AND visitor = '{VISITOR.id}'"
AFTER = {
    "newest": "WHERE hidden = 0 AND id < ? ORDER BY id DESC LIMIT 61",
    "best": "WHERE hidden = 0 AND (score, id) < (?, ?) ORDER BY score DESC, id DESC LIMIT 61",
}


def main() -> dict[str, Any]:
    """Fills a wall, reads pages at every depth, and compares."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings.make({"home": Path(folder)})
        house = open_house(settings, FakeEngine(), cards=(PAINTER, POET))
        fill(house, WORKS)
        bare = sqlite_module().connect(str(Path(folder) / "gallery.sqlite"), isolation_level=None)
        figures = {order: _compare(house, bare, order) for order in AFTER}
        bare.close()
        house.close()
    ratio = max(figure["ratio_bare"] for figure in figures.values())
    return {"bench": "wall", "works": WORKS, "page": PAGE, **figures, "ratio": ratio, "bar": 3.0}


def fill(house: House, count: int) -> None:
    """Hangs that many works with random scores, two paintings to each poem."""
    with house.db.writing() as tx:
        tx.execute(works.insert(), list(_rows(count)))
        mine = [
            {"work": number, "visitor": VISITOR.id, "stars": 3, "created_ms": 1, "changed_ms": 1}
            for number in range(1, count, 10)
        ]
        tx.execute(ratings.insert(), mine)


def _rows(count: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(7)
    for number in range(count):
        votes = chance.randrange(50)
        stars = sum(chance.randint(1, 5) for _ in range(votes))
        row = _poem(number) if number % 3 == 2 else _painting(number, chance)
        tally = {"votes": votes, "stars_sum": stars, "score": (15 + stars) / (5 + votes)}
        yield asdict(row) | {"verse": "\n".join(row.verse) or None} | tally


def _painting(number: int, chance: random.Random) -> NewWork:
    sha = chance.randbytes(32).hex()
    return NewWork(
        "painting", f"山水 {number}", "某", "m" * 32, number, "{}", f"d{number}", "shanshui", sha, sha, 64, 64
    )


def _poem(number: int) -> NewWork:
    verse = ("空山不見人", "但聞人語響", "返景入深林", "復照青苔上")
    return NewWork("poem", f"空山 {number}", "某", "m" * 32, number, "{}", f"d{number}", form="五绝", verse=verse)


def _compare(house: House, bare: Any, order: Any) -> dict[str, float]:
    chance = random.Random(11)
    same = f"SELECT {COLUMNS}, stars FROM works {MINE} {AFTER[order]}"  # noqa: S608
    plain = f"SELECT {COLUMNS} FROM works {AFTER[order]}"  # noqa: S608
    times: dict[str, list[float]] = {"ours": [], "bare": [], "plain": []}
    ends = bare.execute("SELECT id, score FROM works WHERE id > 200 AND score > 2.5").fetchall()
    for turn in range(ROUNDS):
        after, score = chance.choice(ends)
        place = (after,) if order == "newest" else (score, after)
        cursor = f"{order}-{score!r}-{after}"
        readers: list[tuple[str, Callable[[], Any]]] = [
            ("ours", partial(browse.page, house, None, order, cursor, PAGE, VISITOR)),
            ("bare", partial(_fetch, bare, same, place)),
            ("plain", partial(_fetch, bare, plain, place)),
        ]
        for name, read in readers[turn % 3 :] + readers[: turn % 3]:
            times[name].append(_timed(read))
    fast = {name: statistics.quantiles(values, n=10)[0] for name, values in times.items()}
    medians = {f"{name}_median_ms": round(statistics.median(values), 3) for name, values in times.items()}
    ratios = {f"ratio_{name}": round(fast["ours"] / fast[name], 2) for name in ("bare", "plain")}
    return {f"{name}_ms": round(value, 3) for name, value in fast.items()} | medians | ratios


def _fetch(bare: Any, question: str, place: tuple[float, ...]) -> list[Any]:
    rows: list[Any] = bare.execute(question, place).fetchall()
    return rows


def _timed(read: Callable[[], Any]) -> float:
    """Milliseconds that one page takes; it must be a whole page."""
    start = time.perf_counter()
    page = read()
    spent = time.perf_counter() - start
    assert len(page.cards if isinstance(page, browse.WallPage) else page[:PAGE]) == PAGE
    return spent * 1000
