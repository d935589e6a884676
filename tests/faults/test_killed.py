"""R1: a process killed at any moment loses nothing that it has acknowledged."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import db
from gallery.files import Files
from gallery.journeys import keep
from gallery.settings import Settings
from tests.faults import size

ENOUGH = size(short=100, full=1000)


def save_until_killed(home: Path, first_seed: int, seconds: float) -> list[int]:
    """The works that a saver acknowledged before SIGKILL, `seconds` after its first one."""
    command = [sys.executable, "-m", "tests.faults.saver", str(home), str(first_seed)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as saver:
        assert saver.stdout is not None
        first = saver.stdout.readline()
        time.sleep(seconds)
        saver.kill()
        rest = saver.stdout.read()
    lines = (first + rest).split(b"\n")[:-1]  # what follows the last line end was not said to the end
    return [int(line) for line in lines]


def hung(home: Path) -> dict[int, db.WorkRecord]:
    database = db.open_db(Settings.make({"home": home}).database_url)
    with database.reading() as tx:
        rows = [db.works.find(tx, number) for number in range(1, sum(db.works.counts(tx).values()) + 1)]
    database.close()
    return {row.id: row for row in rows if row is not None}


def test_r1_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    chance = random.Random(5)
    acknowledged: list[int] = []
    kills = 0
    while len(acknowledged) < ENOUGH or kills < 4:
        acknowledged += save_until_killed(tmp_path, 1_000_000 * kills, chance.uniform(0.05, 0.6))
        kills += 1
    works, files = hung(tmp_path), Files(tmp_path / "files")
    assert set(acknowledged) <= set(works)
    used = {name for work in works.values() for name in (work.picture, work.thumb) if name}
    assert all(files.verify(name) for name in used)
    keep.sweep(Settings.make({"home": tmp_path}), remove=True, grace_s=0)
    assert set(files.names()) == used
    assert not list((tmp_path / "files" / "tmp").iterdir())
