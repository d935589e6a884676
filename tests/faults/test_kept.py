"""R6 and R7: a flipped bit is named wherever it is, and a backup made while others save restores whole."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

import db
from gallery.files import Files
from gallery.journeys import Draft, House, create, doctor, preserve
from gallery.settings import Settings
from tests.conftest import ALICE
from tests.faults import size


def flip(path: Path, place: int) -> None:
    content = bytearray(path.read_bytes())
    content[place % len(content)] ^= 1 << place % 8
    path.write_bytes(content)


def test_r6_one_flipped_bit_in_each_of_many_files_is_named_in_each(house: House, painted: Callable[..., Draft]) -> None:
    """Seen to fail with `verify` looking for the file alone."""
    many = size(short=12, full=50)  # each painting has a picture and a thumbnail
    for seed in range(many):
        create.save(house, painted(seed).token, ALICE, "kept")
    for place, name in enumerate(sorted(house.files.names())):
        flip(house.files.path(name), 7919 * (place + 1))
    found = doctor.examine(house).findings
    assert len(found) == 2 * many
    assert {str(finding.fault.values["file"]) for finding in found} == set(house.files.names())


def test_r7_a_backup_made_while_others_save_restores_whole(tmp_path: Path) -> None:
    """Seen to fail with the database copied as a plain file: what is still in its journal is lost."""
    home, backups = tmp_path / "home", size(short=3, full=30)
    settings = Settings.make({"home": home})
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.saver", str(home), "1"], stdout=subprocess.PIPE
    ) as saver:
        assert saver.stdout is not None
        saver.stdout.readline()
        for number in range(backups):
            for _ in range(20):
                saver.stdout.readline()
            preserve.back_up(settings, tmp_path / f"{number}.tar")
        saver.kill()
        saver.communicate()
    grown = [whole(tmp_path / f"{number}.tar", tmp_path / f"restored-{number}") for number in range(backups)]
    assert grown == sorted(set(grown))
    assert grown[0] >= 20


def test_r7_a_work_saved_while_the_database_is_copied_has_its_files(
    house: House, painted: Callable[..., Draft], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen to fail with the files listed before the database is copied."""
    copy = db.backup.copy_database

    def save_and_copy(engine: Engine, target: Path) -> None:
        create.save(house, painted().token, ALICE, "at the last moment")
        copy(engine, target)

    monkeypatch.setattr(db.backup, "copy_database", save_and_copy)
    preserve.back_up(house.settings, tmp_path / "house.tar")
    assert whole(tmp_path / "house.tar", tmp_path / "restored") == 1


def whole(backup: Path, home: Path) -> int:
    """How many works the backup has; every one with its files, whole."""
    settings = Settings.make({"home": home})
    preserve.restore(settings, backup)
    files, database = Files(home / "files"), db.open_db(settings.database_url)
    with database.reading() as tx:
        assert db.backup.problems(tx) == []
        works = list(db.health.file_needs(tx))
    database.close()
    assert all(files.verify(name) for work in works for name in (work.picture, work.thumb) if name)
    return len(works)
