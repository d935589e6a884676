"""The press: one file at a time for a curator, whole or not at all, and no more than it keeps."""

from __future__ import annotations

import threading
import zipfile
from pathlib import Path

import pytest

from gallery import errors
from gallery.__main__ import main
from gallery.journeys import House, find, first_wall, press, take_out
from gallery.journeys.accounts import Curator
from gallery.journeys.press import Order, Press

WEN = Curator("wen", "curator")


@pytest.fixture
def hung(house: House) -> House:
    """Four works."""
    first_wall.seed_wall(house, 2, 2)
    return house


def order(house: House, form: take_out.Form = "csv") -> Order:
    return Order(take_out.of_search(house, find.Wish()), form, "en")


def test_a_second_order_waits_for_the_first(hung: House, monkeypatch: pytest.MonkeyPatch) -> None:
    machine, held = Press(hung), threading.Event()
    monkeypatch.setattr(press, "write", lambda *_: held.wait() and 4)
    machine.order(order(hung), WEN)
    with pytest.raises(errors.StillWriting):
        machine.order(order(hung), WEN)
    running = machine.running(WEN)
    assert running is not None
    assert (running.writing, running.total) == (True, 4)
    held.set()
    machine.wait(WEN)
    assert machine.running(WEN) is None
    assert [one.works for one in machine.ready(WEN)] == [4]


def test_one_that_fails_leaves_nothing_and_is_told_once(hung: House) -> None:
    machine, wish = Press(hung), order(hung, "folder")
    picture = next(path for path in hung.files.root.glob("??/??/*"))
    for path in hung.files.root.glob("??/??/*"):
        path.unlink()
    machine.order(wish, WEN)
    machine.wait(WEN)
    running = machine.running(WEN)
    assert running is not None
    assert isinstance(running.refused, errors.PictureLost)
    assert machine.running(WEN) is None
    assert list(machine.folder.iterdir()) == []
    assert not picture.exists()


def test_the_oldest_go_when_there_are_too_many(hung: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(press, "KEPT", 2)
    machine = Press(hung)
    for _ in range(3):
        machine.order(order(hung), WEN)
        machine.wait(WEN)
    assert len(machine.ready(WEN)) == 2
    assert len(list(machine.folder.iterdir())) == 4


def test_a_restart_sweeps_away_what_it_cut_short(hung: House) -> None:
    machine = Press(hung)
    machine.folder.mkdir()
    (machine.folder / "0123456789abcdef.zip.unfinished").write_bytes(b"half")
    Press(hung).sweep()
    assert list(machine.folder.iterdir()) == []


def test_the_command_line_takes_out_and_brings_in(
    hung: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home = ["--home", str(hung.settings.home), "--language", "en"]
    file = tmp_path / "poems.zip"
    assert main(["export", str(file), "--search", "", "--kind", "poem", *home]) == 0
    assert f"2 works written to {file}" in capsys.readouterr().out
    assert main(["export", str(file), "--search", "", *home]) == 2  # nothing is written over
    zipfile.ZipFile(file).extractall(tmp_path / "poems")
    assert main(["import", str(tmp_path / "poems"), *home]) == 0
    assert "0 works brought in; 2 were here already." in capsys.readouterr().out
    assert main(["import", str(tmp_path / "nothing"), *home]) == 2
    assert main(["export", str(tmp_path / "x.csv"), "--show", "none", *home]) == 2
