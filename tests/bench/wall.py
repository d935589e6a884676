"""The wall at 100,000 works, or as many as `--works` says: pages, searches, facets, depth, memory. `own`: narrowed to
what works have of their own, that is tags, signatures and exhibitions, or to pictures with a poem.

Ours means the journey: a transaction, frozen cards, cursors. Bare means one open connection of the same SQLite to the
same file, the SQL written out, tuples out, taken in turn with ours; ratios are of the fastest tenth, since slower
rounds measure what else the machine does (timeit's advice). `served` is asked of the gallery itself over HTTP, its
process started for that with the engine beside it. The home is kept in the folder for temporary files for the next run.
Budgets at a million: page p95 <= 50 ms served, search and facets <= 100 ms, ratio <= 3, memory <= 600 MB.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import db
from db.engine import sqlite_module
from gallery.journeys import House, find, narrow
from gallery.journeys.find import Wish
from tests.bench._million import HOUSE, VISITOR, open_million

ROOT = Path(__file__).parent.parent.parent
PAGE, ROUNDS = 60, 200
PATIENCE_S = 240.0
CARD = """
    SELECT id, kind, title, signature, w.created_ms, subject, thumb, width, height, form, verse, w.votes, w.score, stars
    FROM shelf JOIN works w ON w.id = shelf.work LEFT JOIN ratings r ON r.work = id AND r.visitor = 'v'
"""
PAGES = {
    "newest": CARD + "WHERE shelf.work < ? ORDER BY shelf.work DESC LIMIT 61",
    "best": CARD + "WHERE (shelf.score, shelf.work) < (?, ?) ORDER BY shelf.score DESC, shelf.work DESC LIMIT 61",
}
FOUND = "WHERE shelf.work IN (SELECT rowid FROM finds WHERE finds MATCH ?) ORDER BY shelf.work DESC LIMIT 61"
QUESTIONS = (
    "不",
    "山",
    "清",
    "㐀",
    "不人",
    "山风",
    "清空",
    "不人山风",
    "风无日云天春",
    "lake",
    "dusk pines",
    "san",
    "lak moon",
)
NARROW = (
    {"kind": "poem"},
    {"kind": "painting", "subject": "monet", "mood": "joy"},
    {"form": "七律", "month": "2025-03"},
    {"month": "2024-11"},
    {"descended": True, "kind": "scroll"},
    {"rated": False, "subject": "monet"},
    {"rated": True},
)
OWN = (
    {"tag": "tag 1"},
    {"tag": "tag 1", "kind": "painting", "subject": "monet"},
    {"tag": "tag 90", "month": "2025-03"},
    {"signature": HOUSE},
    {"signature": HOUSE, "kind": "poem", "since": "2025-01", "until": "2025-12"},
    {"signature": "不人"},
    {"show": "show-3"},
    {"show": "show-20", "kind": "painting", "signature": HOUSE},
    {"inscribed": True},
    {"inscribed": True, "kind": "painting", "tag": "tag 2"},
    {"since": "2024-11", "until": "2025-02"},
)


def main(arguments: Sequence[str]) -> dict[str, Any]:
    """Fills a wall if there is none of that size, then measures."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench wall")
    parser.add_argument("--works", type=int, default=100_000)
    count = parser.parse_args(arguments).works
    folder = Path(tempfile.gettempdir()) / f"shihua-tagged-wall-{count}"
    house = open_million(folder, count)
    bare = sqlite_module().connect(str(folder / "gallery.sqlite"), isolation_level=None)
    figures = {
        "page": {order: _beside(house, bare, order) for order in PAGES},
        "search": _searches(house, bare),
        "narrowed": _spread([partial(find.page, house, wish, VISITOR) for wish in _wishes(NARROW)]),
        "narrowed_own": _spread([partial(find.page, house, wish, VISITOR) for wish in _wishes(OWN)]),
        "facets": _spread([partial(narrow.facets, house, wish, VISITOR) for wish in (Wish(), *_wishes(NARROW))]),
        "facets_own": _spread([partial(narrow.facets, house, wish, VISITOR) for wish in _wishes(OWN)]),
        "facets_search": _spread([partial(narrow.facets, house, Wish(q=q), VISITOR) for q in QUESTIONS]),
        "depth": _depth(house),
        "similar": _spread([partial(_similar, house, number) for number in range(2, count, count // 40)]),
    }
    bare.close()
    house.close()
    size = (folder / "gallery.sqlite").stat().st_size
    ratio = max(figures["page"][order]["ratio_bare"] for order in PAGES)
    return {
        "bench": "wall",
        "works": count,
        "file_mb": size >> 20,
        **figures,
        **_served(folder),
        "ratio": ratio,
        "bar": 3.0,
    }


def _wishes(asked: Iterable[Mapping[str, Any]]) -> list[Wish]:
    return [Wish(**some, sort=sort) for some in asked for sort in ("newest", "best", "voted", "random")]


def _similar(house: House, number: int) -> list[int]:
    with house.db.reading() as tx:
        return db.search.similar(tx, number, limit=6)


def _beside(house: House, bare: Any, order: Any) -> dict[str, float]:
    """A page at random depths, ours and bare in turn."""
    chance = random.Random(11)
    ends = bare.execute("SELECT work, score FROM shelf WHERE work > 200 AND score > 2.5 LIMIT 100000").fetchall()
    times: dict[str, list[float]] = {"ours": [], "bare": []}
    for turn in range(ROUNDS):
        after, score = chance.choice(ends)
        wish = Wish(sort=order, cursor=f"{order}-{score!r}-{after}")
        place = (after,) if order == "newest" else (score, after)
        readers: list[tuple[str, Callable[[], Any]]] = [
            ("ours", partial(find.page, house, wish, VISITOR)),
            ("bare", partial(_fetch, bare, PAGES[order], place)),
        ]
        for name, read in readers[turn % 2 :] + readers[: turn % 2]:
            times[name].append(_timed(read))
    return _figures(times)


def _searches(house: House, bare: Any) -> dict[str, Any]:
    """Every question, newest and best first; the bare one newest first, by the same index."""
    found = {}
    for q in QUESTIONS:
        match = db.search.question(db.search.runs(q))
        times: dict[str, list[float]] = {"ours": [], "best": [], "bare": []}
        for _ in range(7):
            times["ours"].append(_timed(partial(find.page, house, Wish(q=q), VISITOR)))
            times["bare"].append(_timed(partial(_fetch, bare, CARD + FOUND, (match,))))
            times["best"].append(_timed(partial(find.page, house, Wish(q=q, sort="best"), VISITOR)))
        found[q] = {name: round(statistics.median(values), 2) for name, values in times.items()}
    worst = max(max(one["ours"], one["best"]) for one in found.values())
    return {"by_question_ms": found, "worst_ms": worst}


def _depth(house: House) -> dict[str, float]:
    """The first pages of the wall beside its last: flat means a ratio near 1."""
    with house.db.reading() as tx:
        last = sum(db.works.counts(tx).values())
    first = [_timed(partial(find.page, house, Wish(cursor=f"newest-0.0-{last - 61 * n}"))) for n in range(50)]
    final = [_timed(partial(find.page, house, Wish(cursor=f"newest-0.0-{61 * n + 62}"))) for n in range(50)]
    one, other = statistics.median(first), statistics.median(final)
    return {"first_ms": round(one, 2), "last_ms": round(other, 2), "ratio": round(other / one, 2)}


def _served(folder: Path) -> dict[str, Any]:
    """The gallery itself, asked over HTTP; memory is of the process that serves, after all that."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("SHIHUA_")}
    command = [sys.executable, "app.py", "--home", str(folder), "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, env=environment | {"SHIHUA_SEED_WALL": "false"}) as process:
        try:
            site = f"http://127.0.0.1:{port}"
            _wait_for(f"{site}/healthz")
            pages = [f"{site}/api/v1/works?{urlencode({'limit': PAGE, 'sort': sort})}" for sort in ("newest", "best")]
            questions = [f"{site}/zh/?{urlencode({'q': q})}" for q in QUESTIONS]
            figures = {
                "served_page": _spread([partial(_get, page) for page in pages], rounds=60),
                "served_wall": _spread([partial(_get, f"{site}/zh/")], rounds=40),
                "served_own": _spread([partial(_get, f"{site}/zh/?{urlencode(_asked(one))}") for one in OWN], rounds=5),
                "served_search": _spread([partial(_get, question) for question in questions], rounds=5),
            }
            status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
            found = re.search(r"VmHWM:\s+(\d+)", status)
            return figures | {"memory_mb": int(found[1]) >> 10 if found else None}
        finally:
            process.terminate()


def _asked(own: Mapping[str, Any]) -> dict[str, Any]:
    return {"poem" if name == "inscribed" else name: 1 if value is True else value for name, value in own.items()}


def _wait_for(address: str) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            return _get(address)
        except OSError:
            time.sleep(0.2)
    raise SystemExit(f"{address} did not open")


def _get(address: str) -> None:
    with urllib.request.urlopen(address, timeout=PATIENCE_S) as answer:  # noqa: S310 (our own address)
        assert answer.read()


def _fetch(bare: Any, question: str, values: tuple[float | str, ...]) -> list[Any]:
    rows: list[Any] = bare.execute(question, values).fetchall()
    return rows


def _timed(read: Callable[[], Any]) -> float:
    """Milliseconds that it takes."""
    start = time.perf_counter()
    read()
    return (time.perf_counter() - start) * 1000


def _spread(readers: Sequence[Callable[[], Any]], rounds: int = 5) -> dict[str, float]:
    """Each of them in turn, some rounds long: median, 95th part of a hundred, and the worst one's median."""
    times = [[_timed(read) for read in readers] for _ in range(rounds)]
    every = [value for some in times for value in some]
    worst = max(statistics.median(values) for values in zip(*times, strict=True))
    p95 = statistics.quantiles(every, n=20)[-1]
    return {"median_ms": round(statistics.median(every), 2), "p95_ms": round(p95, 2), "worst_ms": round(worst, 2)}


def _figures(times: dict[str, list[float]]) -> dict[str, float]:
    fast = {name: statistics.quantiles(values, n=10)[0] for name, values in times.items()}
    p95 = {f"{name}_p95_ms": round(statistics.quantiles(values, n=20)[-1], 2) for name, values in times.items()}
    ratio = {"ratio_bare": round(fast["ours"] / fast["bare"], 2)}
    return {f"{name}_ms": round(value, 3) for name, value in fast.items()} | p95 | ratio
