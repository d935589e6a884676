"""Replay in bulk: a verdict for every work of a search, none of which stops the others."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from gallery import errors, journeys
from gallery.__main__ import main
from gallery.journeys import Draft, House, create, find, first_wall, press, take_out
from gallery.journeys.accounts import Curator
from gallery.journeys.press import Order, Press
from gallery.journeys.replay import verdicts, write_verdicts
from tests.conftest import ALICE
from tests.fakes import PAINTER, POET

WEN = Curator("wen", "curator")


def replayed(house: House, pause: Callable[[float], object] = time.sleep) -> list[dict[str, str]]:
    """The rows of a replay of everything."""
    file = io.BytesIO()
    source = take_out.of_search(house, find.Wish())
    assert write_verdicts(house, source, file, pause=pause) == len(source.works)
    return list(csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig"))))


def test_every_work_gets_its_verdict_and_none_stops_the_others(
    house: House, painted: Callable[..., Draft], written: Callable[..., Draft]
) -> None:
    first, other, lost, poem = (
        create.save(house, draft.token, ALICE, title)
        for draft, title in ((painted(1), "=1+1"), (painted(2), "b"), (painted(3), "c"), (written(), "d"))
    )
    house.files.path(first.picture or "").write_bytes(house.files.read(other.picture or ""))
    house.files.path(lost.picture or "").unlink()
    rows = {int(row["work"]): row for row in replayed(house)}
    assert [rows[work.id]["verdict"] for work in (first, other, lost, poem)] == [
        "different",
        "identical",
        "failed",
        "identical",
    ]
    assert rows[first.id]["title"] == "'=1+1"  # no formula for a spreadsheet
    assert "picture" in rows[lost.id]["reason"]
    assert int(rows[first.id]["difference"]) > 0


def test_works_of_other_weights_and_works_that_went_are_told(house: House, painted: Callable[..., Draft]) -> None:
    work = create.save(house, painted().token, ALICE, "title")
    later = replace(house, cards=(replace(PAINTER, sha256="c" * 64), POET))
    assert [row["verdict"] for row in replayed(later)] == ["different_weights"]
    file = io.BytesIO()
    write_verdicts(house, take_out.Source("s", "s", (work.id + 7,)), file)
    assert "failed" in file.getvalue().decode("utf-8-sig")


def test_a_full_queue_is_waited_for(
    house: House, painted: Callable[..., Draft], monkeypatch: pytest.MonkeyPatch
) -> None:
    create.save(house, painted().token, ALICE, "title")
    waits = list[float]()

    def full_at_first(*args: object, **rest: object) -> object:
        if len(waits) < 3:
            raise errors.QueueFull(1)
        return journeys.cook(*args, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr("gallery.journeys.browse.cook", full_at_first)
    assert [row["verdict"] for row in replayed(house, pause=waits.append)] == ["identical"]
    assert len(waits) == 3


def test_a_curator_has_a_search_made_again_and_sees_what_came_of_it(house: House) -> None:
    first_wall.seed_wall(house, 2, 2)
    machine = Press(house)
    machine.order(Order(take_out.of_search(house, find.Wish()), "replay", "en"), WEN)
    machine.wait(WEN)
    (ready,) = machine.ready(WEN)
    assert (ready.form, ready.works, ready.verdicts) == ("replay", 4, {"identical": 4})
    assert verdicts(machine.take(ready.name, WEN)[0]) == {"identical": 4}


def test_one_that_is_stopped_leaves_nothing_and_says_so(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    first_wall.seed_wall(house, 2, 2)
    machine, done = Press(house), list[int]()

    def slow(house: House, order: Order, file: object, show: take_out.OnProgress) -> int:
        for number in range(1, 5):
            machine.stop(WEN)
            show(number, 4)
            done.append(number)
        return 4

    monkeypatch.setattr(press, "write", slow)
    machine.order(Order(take_out.of_search(house, find.Wish()), "replay", "en"), WEN)
    machine.wait(WEN)
    running = machine.running(WEN)
    assert running is not None
    assert isinstance(running.refused, errors.ExportStopped)
    assert done == []
    assert list(machine.folder.iterdir()) == []


def test_the_command_line_makes_again_and_a_csv_is_still_a_table(
    house: House, tmp_path: Path, painted: Callable[..., Draft]
) -> None:
    create.save(house, painted().token, ALICE, "title")
    home = ["--home", str(house.settings.home), "--language", "en"]
    assert main(["export", str(tmp_path / "a.csv"), "--search", "", *home]) == 0
    assert "recipe" in (tmp_path / "a.csv").read_text(encoding="utf-8-sig").splitlines()[0]
    assert main(["export", str(tmp_path / "b.csv"), "--as", "replay", "--search", "", *home]) == 0
    assert verdicts(tmp_path / "b.csv") == {"different_weights": 1}  # the house's own painter did not make it
