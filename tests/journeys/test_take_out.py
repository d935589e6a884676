"""What is taken out: a data set that others can open, a table, a catalogue; and the way back in, without duplicates."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import db
from db import Hand
from gallery import errors
from gallery.images import read_recipe
from gallery.journeys import (
    Draft,
    House,
    accounts,
    arrange,
    bring_in,
    browse,
    create,
    curate,
    find,
    first_scrolls,
    first_show,
    first_wall,
    open_house,
    print_out,
    rate,
    take_out,
)
from gallery.journeys.accounts import Curator
from gallery.settings import Settings
from tests.conftest import ALICE, BOB
from tests.fakes import PAINTER, POET, FakeClock, FakeEngine

WEN = Curator("wen", "keeper")


def opened(home: Path) -> House:
    settings = Settings.make({"home": home, "language": "en"})
    return open_house(settings, FakeEngine(), cards=(PAINTER, POET), clock=FakeClock())


@pytest.fixture(scope="module")
def first_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a first wall with four paintings, four poems, two scrolls and an exhibition, made once."""
    home = tmp_path_factory.mktemp("first") / "home"
    house = opened(home)
    first_wall.seed_wall(house, 4, 2)
    first_scrolls.seed_scrolls(house)
    first_wall.seed_wall(house, 4, 4)
    first_show.open_first_show(house)
    accounts.add(house.settings, "wen", "correct horse battery", "keeper", 1)
    house.close()
    return home


@pytest.fixture
def hung(first_home: Path, tmp_path: Path) -> Iterator[House]:
    """A house of its own with that wall."""
    house = opened(Path(shutil.copytree(first_home, tmp_path / "hung")))
    yield house
    house.close()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[House]:
    """Another house, empty."""
    other = opened(tmp_path / "elsewhere")
    yield other
    other.close()


def unpacked(house: House, tmp_path: Path, name: str = "set") -> Path:
    """The folder of all works of a house."""
    file = io.BytesIO()
    take_out.write_folder(house, take_out.of_search(house, find.Wish()), file)
    zipfile.ZipFile(file).extractall(tmp_path / name)
    return tmp_path / name


def rows(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "metadata.jsonl").read_text("utf-8").splitlines()]


def test_it_is_laid_out_as_an_imagefolder(hung: House, tmp_path: Path) -> None:
    folder = unpacked(hung, tmp_path)
    told = rows(folder)
    assert len(told) == sum(browse.counts(hung).values()) == 10
    assert {str(path.relative_to(folder)) for path in folder.rglob("*.png")} == {str(row["file_name"]) for row in told}
    assert len({tuple(row) for row in told}) == 1  # a column that one row lacks would have no type
    for row in told:
        with Image.open(folder / str(row["file_name"])) as picture:
            picture.verify()
        assert read_recipe((folder / str(row["file_name"])).read_bytes()) == row["recipe"]
    assert (folder / "README.md").read_text("utf-8").startswith("---\nlicense: other\n")


def test_it_tells_ratings_as_counts_and_nothing_of_who_made_or_rated(hung: House, tmp_path: Path) -> None:
    for visitor, stars in ((ALICE, 5), (BOB, 2)):
        rate.cast_vote(hung, 3, stars, visitor)
    folder = unpacked(hung, tmp_path)
    row = next(row for row in rows(folder) if row["id"] == 3)
    assert (row["votes"], row["mean"], row["stars_2"], row["stars_5"], row["stars_1"]) == (2, 3.5, 1, 1, 0)
    text = (folder / "metadata.jsonl").read_text("utf-8")
    assert ALICE.id not in text
    assert "first-wall" not in text


def test_what_is_hidden_is_not_taken_out(hung: House) -> None:
    hills = arrange.make(hung, {"title_zh": "山", "title_en": "Hills"}, None, WEN)
    arrange.collect(hung, hills, [2, 1, 3], WEN)
    curate.hide(hung, 1, "spam", WEN)
    source = take_out.of_collection(hung, hills, WEN, "zh")
    assert (source.title, source.works) == ("山", (2, 3))
    curate.hide(hung, 3, "spam", WEN)  # after it was ordered
    assert take_out.write_folder(hung, source, io.BytesIO()) == 1


def test_the_same_folder_brought_in_again_or_home_adds_nothing(hung: House, elsewhere: House, tmp_path: Path) -> None:
    folder = unpacked(hung, tmp_path)
    assert bring_in.bring_in(hung, folder) == bring_in.Brought(0, 10)
    assert bring_in.bring_in(elsewhere, folder) == bring_in.Brought(10, 0)
    assert bring_in.bring_in(elsewhere, folder) == bring_in.Brought(0, 10)
    assert browse.counts(elsewhere) == browse.counts(hung)


def test_works_that_travelled_are_the_same_works(hung: House, elsewhere: House, tmp_path: Path) -> None:
    bring_in.bring_in(elsewhere, unpacked(hung, tmp_path))
    back = unpacked(elsewhere, tmp_path, "back")
    same = ("key", "kind", "title", "signature", "subject", "form", "rhyme", "verse", "created", "recipe", "how")
    first, again = ({row["key"]: row for row in rows(folder)} for folder in (tmp_path / "set", back))
    assert {key: [row[name] for name in same] for key, row in first.items()} == {
        key: [row[name] for name in same] for key, row in again.items()
    }
    assert [sorted(row["parents"]) for row in first.values()] == [sorted(again[key]["parents"]) for key in first]
    with hung.db.reading() as one, elsewhere.db.reading() as two:
        names = [{db.works.find(tx, n).picture for n in range(1, 11)} for tx in (one, two)]  # type: ignore[union-attr]
    assert names[0] == names[1]
    assert bring_in.bring_in(hung, back).added == 0


def test_hands_travel_with_what_they_gave_and_older_ones_are_of_lines(
    hung: House, elsewhere: House, tmp_path: Path, written: Callable[..., Draft]
) -> None:
    hands = (Hand("阿宁", False), Hand("诗画", True, "painting"), Hand("Wen", False, "mount"))
    create.hang_draft(hung, written(), ALICE, "Together", "", hands)
    bring_in.bring_in(elsewhere, unpacked(hung, tmp_path))
    with elsewhere.db.reading() as tx:
        assert db.rooms.all_hands(tx, range(20)) == {11: hands}
    row = next(row for row in rows(tmp_path / "set") if row["hands"])
    assert bring_in.Row.model_validate({**row, "parts": []}).parts == []
    del row["parts"]
    assert bring_in.Row.model_validate(row).hands == ["阿宁", "诗画", "Wen"]


def test_what_travelled_can_be_searched_and_made_again(hung: House, elsewhere: House, tmp_path: Path) -> None:
    bring_in.bring_in(elsewhere, unpacked(hung, tmp_path))
    with elsewhere.db.reading() as tx:
        assert db.search.examine(tx).well
        work = next(one for n in range(1, 11) if (one := db.works.find(tx, n)) and one.kind == "poem")
    assert work.id in {card.id for card in find.page(elsewhere, find.Wish(q=work.verse[0])).cards}
    assert browse.look(elsewhere, work.id).current


SPOILT: list[Callable[[dict[str, Any]], object]] = [
    lambda row: row.pop("key"),
    lambda row: row.update(key="../../etc"),
    lambda row: row.update(key="0" * 32, file_name="../outside.png"),
    lambda row: row.update(key="0" * 32, file_name="/etc/hostname"),
    lambda row: row.update(key="0" * 32, file_name="metadata.jsonl"),
    lambda row: row.update(key="0" * 32, title=""),
    lambda row: row.update(key="0" * 32, title="a\u202eb"),
    lambda row: row.update(key="0" * 32, recipe="{}"),
    lambda row: row.update(key="0" * 32, recipe="not json"),
    lambda row: row.update(verse="春眠", form="五绝"),
    lambda row: row.update(created="yesterday"),
    lambda row: row.update(created="2026-11-24T00:00:00"),
    lambda row: row.update(how=["stolen"], parents=["0" * 32]),
    lambda row: row.update(kind="fan"),
    lambda row: row.update(id="1"),
]


@pytest.mark.parametrize("spoil", SPOILT)
def test_what_was_changed_is_refused_and_not_hung(
    hung: House, elsewhere: House, tmp_path: Path, spoil: Callable[[dict[str, Any]], object]
) -> None:
    folder = unpacked(hung, tmp_path)
    row = next(row for row in rows(folder) if row["kind"] == "painting")
    spoil(row)
    (folder / "metadata.jsonl").write_text(json.dumps(row), encoding="utf-8")
    with pytest.raises(errors.NotAnExport):
        bring_in.bring_in(elsewhere, folder)
    assert sum(browse.counts(elsewhere).values()) == 0


def test_a_folder_that_is_none_is_refused(house: House, tmp_path: Path) -> None:
    (tmp_path / "packed.zip").write_bytes(b"PK")
    for name in ("nothing", "packed.zip"):
        with pytest.raises(errors.NotUnpacked):
            bring_in.bring_in(house, tmp_path / name)
    (tmp_path / "empty").mkdir()
    with pytest.raises(errors.NothingToBringIn):
        bring_in.bring_in(house, tmp_path / "empty")


def test_a_table_tells_the_same_and_no_title_becomes_a_formula(house: House, written: Callable[..., Draft]) -> None:
    create.save(house, written().token, ALICE, "=HYPERLINK(1)", "@alice")
    file = io.BytesIO()
    assert take_out.write_csv(house, take_out.of_search(house, find.Wish()), file) == 1
    (row,) = csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig")))
    assert (row["title"], row["signature"], row["kind"]) == ("'=HYPERLINK(1)", "'@alice", "poem")
    assert json.loads(row["recipe"])["model"] == POET.name


def test_nothing_is_taken_out_of_nothing(house: House) -> None:
    for write in (take_out.write_folder, take_out.write_csv):
        with pytest.raises(errors.NothingToTakeOut):
            write(house, take_out.Source("x", "x", ()), io.BytesIO())


def test_a_search_of_very_many_works_is_refused(hung: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(take_out, "MOST", 9)
    with pytest.raises(errors.TooManyWorks):
        take_out.of_search(hung, find.Wish())
    assert len(take_out.of_search(hung, find.Wish(kind="poem")).works) == 4


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_catalogue_of_an_exhibition_has_every_plate_and_its_own_fonts(hung: House, language: str) -> None:
    file, seen = io.BytesIO(), list[tuple[int, int]]()
    count = print_out.catalogue_of_show(hung, "first-light", language, file, lambda *done: seen.append(done))
    pdf = file.getvalue()
    assert pdf.startswith(b"%PDF-")
    assert seen == [(n, count) for n in range(1, count + 1)]
    # cover, introduction, a wall text for each of three rooms, the plates, the index
    assert len(re.findall(rb"/Type /Page\b", pdf)) == 2 + 3 + count + 1
    assert set(re.findall(rb"/BaseFont /[A-Z]+\+(\w+)", pdf)) >= {b"LXGWWenKai"}
    again = io.BytesIO()
    print_out.catalogue_of_show(hung, "first-light", language, again)
    assert re.sub(rb"/ID \[.*?\]", b"", again.getvalue()) == re.sub(rb"/ID \[.*?\]", b"", pdf)


def test_a_catalogue_takes_no_more_plates_than_it_can_bind(hung: House, monkeypatch: pytest.MonkeyPatch) -> None:
    source = take_out.of_search(hung, find.Wish())
    monkeypatch.setattr(print_out, "MOST", 9)
    with pytest.raises(errors.TooManyWorks):
        print_out.catalogue_of_works(hung, source, "en", io.BytesIO())
