"""Credits: who gave what is stated once and read back out of everything that leaves the house."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from PIL import Image

from db import Hand
from gallery import errors
from gallery.images import decode, read_recipe
from gallery.journeys import Draft, House, browse, create, credit, descend, inscribe
from gallery.journeys.inscribe import Wish
from gallery.scroll import CHOICES
from tests.conftest import ALICE, BOB

Made = Callable[..., Draft]
LI = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}li"


@pytest.fixture
def child(house: House, painted: Made) -> int:
    """A painting of Bob's, steered from one of Alice's."""
    parent = create.save(house, painted().token, ALICE, "<Hills> & lakes", "阿宁")
    draft = descend.steer(house, descend.go_on(house, parent.id, BOB).token, {"light": 1.0}, BOB)
    return create.save(house, draft.token, BOB, "Brighter", "Bob").id


@pytest.fixture
def scroll(house: House, painted: Made, written: Made) -> int:
    """A scroll by Bob, of a painting by Alice and a poem that two and the network wrote together."""
    painting = create.save(house, painted().token, ALICE, "Hills", "阿宁").id
    hands = [Hand("阿宁", False), Hand("诗画", True), Hand("Wen", False), Hand("诗画", True)]
    poem = create.hang_draft(house, written(), ALICE, "Together", "", hands).id
    wish = Wish(str(painting), str(poem), {name: values[0] for name, values in CHOICES.items()}, "Bob")
    return inscribe.hang(house, wish, "Both", BOB).id


def listed(xmp: str) -> list[str]:
    """Every value of the lists in a packet."""
    return [item.text or "" for item in ElementTree.fromstring(xmp).iter(LI)]  # noqa: S314 (ours)


def test_a_downloaded_painting_says_who_gave_what(house: House, child: int) -> None:
    png = Image.open(io.BytesIO(credit.file(house, child, "en")))
    told = json.loads(png.text["shihua-credits"])  # type: ignore[attr-defined]
    assert (told["maker"], told["title"]) == ("Bob", "Brighter")
    assert told["networks"] == [{"part": "painting", "name": "fake_painter", "weights": "a" * 64}]
    source = {"work": 1, "how": "steered", "shown": True, "title": "<Hills> & lakes", "maker": "阿宁"}
    assert told["sources"] == [source]
    assert told == credit.look(house, child).told()


def test_other_programs_read_it_as_xmp(house: House, child: int) -> None:
    png = Image.open(io.BytesIO(credit.file(house, child, "en")))
    packet = png.text["XML:com.adobe.xmp"]  # type: ignore[attr-defined]
    said = listed(packet)
    assert {"Brighter", "Bob", "steered 1 <Hills> & lakes", f"fake_painter sha256 {'a' * 64}"} <= set(said)
    assert "Made of “<Hills> & lakes”, no. 1, by 阿宁 (steered)." in said[1]
    assert "digitalsourcetype/trainedAlgorithmicMedia" in packet


def test_picture_and_recipe_are_what_is_stored_and_the_store_is_not_touched(house: House, child: int) -> None:
    work = browse.look(house, child).work
    kept, sent = house.files.read(work.picture or ""), credit.file(house, child, "zh")
    assert decode(sent) == decode(kept)
    assert read_recipe(sent) == read_recipe(kept) == work.recipe
    assert house.files.verify(work.picture or "")


def test_a_scroll_names_both_networks_and_who_wrote_the_lines_on_it(house: House, scroll: int) -> None:
    given = credit.look(house, scroll)
    assert [network.part for network in given.networks] == ["painting", "poem"]
    assert [(one.parent, one.how) for one in given.sources] == [(1, "inscribed"), (2, "inscribed")]
    assert [hand.name for hand in given.lines] == ["阿宁", "诗画", "Wen", "诗画"]
    assert credit.sentences(house, given, "zh")[-1] == "各句依次：阿宁、诗画、Wen、诗画。"


def test_the_printed_scroll_carries_the_same(house: House, scroll: int) -> None:
    page = inscribe.printed(house, scroll, "a scroll", "en")
    packet = page.split(b"<?xpacket begin")[1].split(b"?>", 1)[1].split(b"<?xpacket end")[0].decode()
    assert listed(packet) == listed(credit.xmp(house, credit.look(house, scroll), "en"))
    assert {"Both", "Bob", "阿宁", "Wen", "inscribed 2 Together"} <= set(listed(packet))


def test_of_a_source_that_is_no_longer_shown_its_number_is_told(house: House, child: int, scroll: int) -> None:
    with house.db.writing() as tx:
        tx.exec_driver_sql("UPDATE works SET hidden = 1 WHERE id = 1")
    assert credit.look(house, child).told()["sources"] == [{"work": 1, "how": "steered", "shown": False}]
    assert b"Hills" not in words_of(credit.file(house, child, "en"))
    with pytest.raises(errors.NoSuchWork):
        credit.file(house, 1, "en")


def words_of(png: bytes) -> bytes:
    """What a PNG says in words, its pixels left out."""
    return png.split(b"IDAT")[0]


def test_a_poem_ends_with_its_credits_and_its_recipe(house: House, scroll: int) -> None:
    lines = credit.file(house, 2, "en").decode().split("\n")
    assert lines[-2] == "Line by line: 阿宁, 诗画, Wen, 诗画."
    assert lines[-1] == browse.look(house, 2).work.recipe


def test_a_page_of_works_asks_for_all_credits_at_once(house: House, child: int, scroll: int) -> None:
    given = credit.of(house, [child, scroll, 999])
    assert set(given) == {child, scroll}


def test_a_recipe_that_names_no_network_credits_none(house: House, child: int) -> None:
    with house.db.writing() as tx:
        tx.exec_driver_sql("UPDATE works SET recipe = '{}' WHERE id = 2")
    assert credit.look(house, child).networks == ()
