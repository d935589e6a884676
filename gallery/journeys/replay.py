"""Replay: the works of a collection, an exhibition or a search made again one by one, each compared with what hangs.

It is a table of verdicts (browse.py), written by the press like any other. Visitors come first: one recipe at a time is
in the queue, and where that is full the replay waits.
"""

from __future__ import annotations

import asyncio
import csv
import io
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import IO

from gallery import errors
from gallery.journeys import House, browse, say
from gallery.journeys.browse import Replay
from gallery.journeys.take_out import OnProgress, Source, plain_cell, quietly

COLUMNS = ("work", "kind", "title", "verdict", "difference", "processors", "reason")
FAILED = "failed"
PAUSE_S = 2.0


def write_verdicts(
    house: House,
    source: Source,
    file: IO[bytes],
    on_progress: OnProgress = quietly,
    *,
    pause: Callable[[float], object] = time.sleep,
) -> int:
    """Makes every work again and writes what came of it, a row each; returns of how many. Raises StoreTrouble."""
    text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
    table = csv.writer(text)
    table.writerow(COLUMNS)
    for done, number in enumerate(source.works, 1):
        table.writerow(map(plain_cell, _row(house, number, pause)))
        on_progress(done, len(source.works))
    text.detach()
    return len(source.works)


def _row(house: House, number: int, pause: Callable[[float], object]) -> tuple[object, ...]:
    try:
        work = browse.look(house, number).work
    except errors.NoSuchWork as error:  # taken away meanwhile
        return number, "", "", FAILED, "", "", say(error, house.settings.language)
    known = (number, work.kind, work.title)
    try:
        made = _again(house, number, pause)
    except errors.StoreTrouble:
        raise
    except errors.GalleryError as error:
        return *known, FAILED, "", "", say(error, house.settings.language)
    return *known, made.verdict, made.difference, ", ".join(made.processors), ""


def _again(house: House, number: int, pause: Callable[[float], object]) -> Replay:
    """The work made again, as soon as the queue has room for it."""
    while True:
        try:
            return asyncio.run(browse.remake(house, number))
        except errors.QueueFull:
            pause(PAUSE_S)


def verdicts(path: Path) -> dict[str, int]:
    """How often each verdict stands in a table that `write_verdicts` wrote, most first."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return dict(Counter(row["verdict"] for row in csv.DictReader(file)).most_common())
