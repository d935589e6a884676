"""Pictures of other programs: brought in once, with what they say as provenance, which is shown and never run."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin
from starlette.testclient import TestClient

import db
from gallery.journeys import House, bring_in, browse, credit, doctor, find, take_out
from gallery.journeys.find import Wish
from gallery.web import build_app
from tests.fakes import FakeEngine, finish
from tests.unit.test_foreign import A1111, INVOKE


def draw(path: Path, colour: str, **texts: str) -> None:
    notes = PngImagePlugin.PngInfo()
    for name, text in texts.items():
        notes.add_text(name, text)
    Image.new("RGB", (96, 64), colour).save(path, pnginfo=notes)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two pictures with recipes, one of them hostile, one without, and one that is damaged."""
    made = tmp_path / "pictures"
    made.mkdir()
    draw(made / "a.png", "grey", parameters=A1111)
    hostile = {**INVOKE, "positive_prompt": "<script>alert(1)</script>", "model": {"name": "painting-shanshui"}}
    draw(made / "b.png", "navy", invokeai_metadata=json.dumps(hostile))
    draw(made / "c.png", "red")
    (made / "d.png").write_bytes((made / "a.png").read_bytes()[:60])
    return made


def test_they_are_hung_once_and_what_says_nothing_is_left(house: House, folder: Path) -> None:
    assert bring_in.bring_in(house, folder) == bring_in.Brought(2, 0, ("c.png", "d.png"))
    assert bring_in.bring_in(house, folder) == bring_in.Brought(0, 2, ("c.png", "d.png"))
    cards = find.page(house, Wish(subject="foreign")).cards
    assert [(card.title, card.width, card.height) for card in cards][1] == ("misty mountains", 96, 64)
    assert [card.id for card in find.page(house, Wish(q="外来")).cards] == [card.id for card in cards]


def test_what_they_say_is_kept_and_nobody_can_make_them_again(house: House, folder: Path, engine: FakeEngine) -> None:
    bring_in.bring_in(house, folder)
    view = browse.look(house, 1)
    assert view.recipe.model == "foreign:AUTOMATIC1111"
    assert view.recipe.parameters["prompt"] == "misty mountains, ink wash, masterpiece"
    assert [browse.look(house, number).current for number in (1, 2)] == [False, False]
    assert finish(browse.remake(house, 2)).verdict == "different_weights"
    assert engine.cooked == []
    told = credit.sentences(house, credit.look(house, 1), "en")
    assert "Made elsewhere with AUTOMATIC1111, as its file says." in told
    assert doctor.examine(house).findings == ()


def test_the_page_shows_it_as_text(house: House, folder: Path) -> None:
    bring_in.bring_in(house, folder)
    client = TestClient(build_app(house), base_url="http://gallery.test", headers={"accept-language": "en"})
    page = client.get("/work/2").text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<script>alert" not in page
    assert "nobody here has checked it" in page
    assert "data-again" not in page
    assert client.get("/work/1/file").status_code == client.get("/work/1/kin").status_code == 200


def test_they_travel_on_like_any_work(house: House, folder: Path, tmp_path: Path) -> None:
    bring_in.bring_in(house, folder)
    with (tmp_path / "out.zip").open("wb") as file:
        take_out.write_folder(house, take_out.of_search(house, Wish()), file)
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        archive.extractall(tmp_path / "out")
    assert bring_in.bring_in(house, tmp_path / "out") == bring_in.Brought(0, 2)
    with house.db.reading() as tx:
        assert sum(db.works.counts(tx).values()) == 2


def test_a_film_of_an_export_is_left_and_named_and_the_rest_comes_in(
    house: House, folder: Path, tmp_path: Path
) -> None:
    """Seen to refuse the whole folder before, since a film has no verse."""
    bring_in.bring_in(house, folder)
    with (tmp_path / "out.zip").open("wb") as file:
        take_out.write_folder(house, take_out.of_search(house, Wish()), file)
    with zipfile.ZipFile(tmp_path / "out.zip") as archive:
        archive.extractall(tmp_path / "out")
    rows = [json.loads(line) for line in (tmp_path / "out" / "metadata.jsonl").read_text("utf-8").splitlines()]
    rows[0] |= {"kind": "film", "key": "1" * 32}
    rows[1] |= {"key": "2" * 32}
    (tmp_path / "out" / "metadata.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    assert bring_in.bring_in(house, tmp_path / "out") == bring_in.Brought(1, 0, (rows[0]["file_name"],))
