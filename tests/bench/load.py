"""A hundred visitors at once for three minutes: they browse, rate, duel, make and save; then all is accounted for.

The gallery runs as its README starts it, networks and all, in a process of its own; the visitors share the machine's
cores with it. Ninety-nine go round (wall, work, stars, a duel, a work of their own, which is hung) and rest between;
the hundredth only makes, in GREED windows at once. `jain` is Jain's index of works served by visitor (fair.py) from
SETTLED_S on, when all have come; `jain_whole` from the first second, in which the greedy one rightly gets what nobody
else asks for yet. Memory is the resident set of the gallery and its workers; its slope is taken from WARM_S on. Until
then comes what comes once: a hundred threads and what each keeps, and the dictionary of pinyin. After that the gallery
still fills what has bounds: drafts (SHIHUA_MAX_DRAFTS, 3 KB each), what Gradio remembers of a page
(gallery/web/sessions.py, 1 KB each), and the holes between them; it is full in seven minutes or so (README). With a
hundredth of SQLite's cache it grows as much. In the end `python -m gallery doctor` looks the house over, and every
acknowledged work and star must be in the database. Bars: no error, refusals only with a sentence; jain >= .95; doctor
finds nothing.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np

from tests.bench._crowd import Refused, Tally, Visit
from tests.bench.fair import jain

Size = tuple[float, float, float]  # seconds, MB of the web process, MB of its workers
ROOT = Path(__file__).parent.parent.parent
VISITORS, GREED, SECONDS, WARM_S, REST_S, SETTLED_S = 100, 8, 180.0, 90.0, 2.0, 20.0


def main() -> dict[str, Any]:
    """Opens a gallery, lets the crowd in, and looks the house over when it has gone."""
    with tempfile.TemporaryDirectory() as folder:
        home, port = Path(folder) / "home", _free_port()
        command = [sys.executable, "app.py", "--home", str(home), "--port", str(port)]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as app:
            try:
                assert app.stdout is not None
                while "http://" not in (line := app.stdout.readline()):
                    assert line, "the gallery did not open"
                before = _counts(home)
                tally, sizes = asyncio.run(_crowd(f"http://127.0.0.1:{port}", app.pid))
            finally:
                app.terminate()
                app.wait(60)
        return _figures(tally, sizes) | _accounts(home, before, tally)


async def _crowd(site: str, process: int) -> tuple[Tally, list[Size]]:
    """What came of it, and memory as it went."""
    tally, began, sizes = Tally(), time.monotonic(), list[Size]()
    warm = Visit(site, 0, tally, began)  # the networks are loaded by the first works, which are not counted
    for page in ("write", "paint"):
        await warm.make(page, 1)
    tally = Tally()
    began = time.monotonic()
    ends, settled = began + SECONDS, began + SETTLED_S
    visits = [Visit(site, number, tally, ends, settled) for number in range(1, VISITORS + 1)]
    watch = asyncio.create_task(_weigh(process, began, sizes))
    await visits[-1].look()  # all windows of a browser have the one cookie that its first page gave
    hands = [_go_round(visit) for visit in visits[:-1]] + [_want(visits[-1], window) for window in range(GREED)]
    await asyncio.gather(*hands)
    watch.cancel()
    for visit in (warm, *visits):
        await visit.http.aclose()
    return tally, sizes


async def _go_round(visit: Visit) -> None:
    """Looks, judges, makes and hangs, again and again."""
    await asyncio.sleep(visit.chance.uniform(0, 4))
    while not visit.over:
        page = visit.chance.choice(("write", "paint"))
        try:
            works = await visit.look()
            if works:
                await visit.rate(works)
            await visit.duel(asyncio.sleep)
            tokens = await visit.make(page, 1)
            await visit.save(page, tokens[0])
        except Refused:
            await asyncio.sleep(2 * REST_S)
        except Exception as error:
            visit.tally.errors.append(f"{type(error).__name__}: {error}"[:200])
        await asyncio.sleep(visit.chance.expovariate(1 / REST_S))


async def _want(visit: Visit, window: int) -> None:
    """Makes four works at once, and then the next four; never rests."""
    while not visit.over:
        try:
            await visit.make(("write", "paint")[window % 2], 4)
        except Refused:
            await asyncio.sleep(0.5)
        except Exception as error:
            visit.tally.errors.append(f"{type(error).__name__}: {error}"[:200])


async def _weigh(process: int, began: float, sizes: list[Size]) -> None:
    while True:
        web, *workers = map(_resident_mb, _family(process))
        sizes.append((time.monotonic() - began, web, sum(workers)))
        await asyncio.sleep(1)


def _family(process: int) -> list[int]:
    """The process and those that it started."""
    tasks = Path(f"/proc/{process}/task").glob("*/children")  # whichever thread started them
    children = [int(child) for task in tasks for child in task.read_text().split()]
    return [process, *(one for child in children for one in _family(child))]


def _resident_mb(process: int) -> float:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except OSError:  # it has just ended
        return 0.0
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def _figures(tally: Tally, sizes: list[Size]) -> dict[str, Any]:
    warm = [size for size in sizes if size[0] > WARM_S]
    seconds, web, workers = zip(*warm, strict=True)
    names = [f"visitor {number}" for number in range(1, VISITORS + 1)]
    served, contended = [tally.served[name] for name in names], [tally.contended[name] for name in names]
    return {
        "bench": "load",
        "visitors": VISITORS,
        "seconds": SECONDS,
        "requests": sum(map(len, tally.seconds.values())),
        "errors": len(tally.errors),
        "error_kinds": sorted(set(tally.errors))[:10],
        "refused": dict(tally.refused),
        "p50_p95_s": {kind: _parts(times) for kind, times in sorted(tally.seconds.items())},
        "served": sum(served),
        "served_greedy": served[-1],
        "served_least_and_most": [min(served[:-1]), max(served[:-1])],
        "contended_greedy": contended[-1],
        "jain": round(jain(contended), 3),
        "jain_whole": round(jain(served), 3),
        "web_mb": [round(sizes[0][1]), round(web[0]), round(web[-1])],
        "workers_mb": [round(sizes[0][2]), round(workers[0]), round(workers[-1])],
        "web_mb_a_minute": round(60 * statistics.linear_regression(seconds, web).slope, 1),
        "workers_mb_a_minute": round(60 * statistics.linear_regression(seconds, workers).slope, 1),
        "bars": {"errors": 0, "jain": 0.95, "doctor": 0},
    }


def _parts(times: list[float]) -> list[float]:
    return [round(float(np.quantile(times, part)), 3) for part in (0.5, 0.95)]


def _accounts(home: Path, before: tuple[int, int], tally: Tally) -> dict[str, Any]:
    """What was acknowledged beside what is there, and what the doctor says."""
    command = [sys.executable, "-m", "gallery", "doctor", "--home", str(home), "--language", "en"]
    doctor = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    works, stars = _counts(home)
    return {
        "works_acknowledged_and_there": [len(set(tally.saved)), works - before[0]],
        "stars_acknowledged_and_there": [len(tally.starred), stars - before[1]],
        "duels": tally.duels,
        "doctor": doctor.returncode,
        "doctor_says": re.split(r"[\r\n]+", doctor.stdout.strip())[-1],
    }


def _counts(home: Path) -> tuple[int, int]:
    """(works, stars) in the database."""
    with closing(sqlite3.connect(home / "gallery.sqlite")) as database:
        count = [database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("works", "ratings")]  # noqa: S608
    return count[0], count[1]


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
