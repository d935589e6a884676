"""Drafts: found again byte for byte, their pixels in a nameless file of the home, whatever else comes and goes."""

from __future__ import annotations

import os
import resource
import shutil
from collections import namedtuple
from contextlib import suppress
from pathlib import Path

import pytest

from gallery.journeys.drafts import Draft, Drafts
from gallery.visitors import Visitor
from models.recipe import Picture, Recipe
from tests.conftest import ALICE

Usage = namedtuple("Usage", "total used free")


def shelf(folder: Path, most: int = 8, floor: int = 0) -> Drafts:
    return Drafts(most=most, age_s=3600, clock=lambda: 0.0, folder=folder, floor=floor)


def draft(number: int, side: int = 16, maker: Visitor = ALICE) -> Draft:
    picture = Picture(bytes([number % 256]) * (3 * side * side), side, side)
    return Draft(str(number), f"{maker.id}.{number}", "painting", Recipe("m", "0" * 64, number), picture, float(number))


def test_pictures_of_many_sides_are_found_again_as_they_were(tmp_path: Path) -> None:
    drafts = shelf(tmp_path, most=20)
    made = [draft(number, side) for number, side in enumerate((4, 16, 4, 8, 16, 4, 8, 8))]
    for one in made:
        drafts.keep(one)
    assert [drafts.find(one.id) for one in made] == made
    assert drafts.newest(ALICE, "painting", 3) == made[:-4:-1]


def test_the_place_of_what_is_gone_is_used_again(tmp_path: Path) -> None:
    drafts = shelf(tmp_path, most=5)
    for number in range(200):
        drafts.keep(draft(number))
    assert [found.result for found in map(drafts.find, map(str, range(195, 200))) if found] == [
        draft(number).result for number in range(195, 200)
    ]
    assert sizes_of_open_files(tmp_path) == [6 * 3 * 16 * 16]


def sizes_of_open_files(folder: Path) -> list[int]:
    """Of this process's files that lie, or lay, in that folder."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):
            if folder in link.readlink().parents:
                found.append(os.fstat(int(link.name)).st_size)
    return found


def test_a_draft_that_is_kept_twice_is_there_once_and_the_last_one(tmp_path: Path) -> None:
    drafts = shelf(tmp_path)
    drafts.keep(draft(1, 4))
    drafts.keep(draft(1, 8))
    assert len(drafts) == 1
    assert drafts.find("1") == draft(1, 8)
    drafts.forget("1")
    assert drafts.find("1") is None


def test_nothing_lies_in_the_home_under_a_name(tmp_path: Path) -> None:
    drafts = shelf(tmp_path)
    drafts.keep(draft(1))
    assert list(tmp_path.iterdir()) == []


def test_on_a_full_disk_drafts_stay_in_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail without the floor: the file grew until nothing could be saved."""
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(100, 90, 10))
    drafts = shelf(tmp_path, floor=5)
    drafts.keep(draft(1))
    assert sizes_of_open_files(tmp_path) == [0]
    assert drafts.find("1") == draft(1)


def test_a_disk_that_refuses_a_write_takes_nobodys_draft(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> int:
        raise OSError(28, "No space left on device")

    drafts = shelf(tmp_path)
    drafts.keep(draft(1))
    with monkeypatch.context() as patch:
        patch.setattr(os, "pwrite", full)
        drafts.keep(draft(2))
    drafts.keep(draft(3))
    assert [drafts.find(name) for name in "123"] == [draft(1), draft(2), draft(3)]


def test_five_hundred_drafts_cost_the_process_little(tmp_path: Path) -> None:
    """Seen to fail with the pixels in memory: 390 MB."""
    drafts = shelf(tmp_path, most=500)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for number in range(500):
        drafts.keep(draft(number, side=512))
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert grown < 40_000  # kilobytes
    assert drafts.find("7") == draft(7, side=512)
