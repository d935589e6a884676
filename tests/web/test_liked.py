"""What suits a visitor, and the curators' report on what visitors prefer, by plain HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from gallery import web
from gallery.journeys import House, accounts, liked, rate, taste
from gallery.visitors import COOKIE
from tests.conftest import ALICE, BOB
from tests.journeys.choosers import WORKS, choose, hang, judge

WORDS = "correct horse battery"


@pytest.fixture
def large(house: House) -> House:
    """A wall on which a few duels leave most works unseen."""
    hang(house, 1, 3 * WORKS, seed=11)
    return house


@pytest.fixture
def browse(large: House) -> Callable[[str], TestClient]:
    """A browser of that language: Alice's."""

    def open_browser(language: str) -> TestClient:
        client = TestClient(web.build_app(large), base_url="http://gallery.test")
        client.cookies.set(COOKIE, large.signer.cookie(ALICE))
        client.get(f"/{language}/")
        return client

    return open_browser


@pytest.mark.parametrize(("language", "missing", "leaning"), [
    ("en", "You have 9 duels of this kind that count. From 10 on", "lighter (20 of 20 times)"),
    ("zh", "这一类中，您有 9 次品评计入；满 10 次", "明亮（20 次中 20 次）"),
])  # fmt: skip
def test_the_page_says_what_is_missing_then_shows_works_without_any_number(
    large: House,
    browse: Callable[[str], TestClient],
    language: str,
    missing: str,
    leaning: str,
) -> None:
    client = browse(language)
    assert f'href="/{language}/liked?kind=painting"' in client.get(f"/{language}/duel").text
    choose(large, ALICE, 9, "light")
    page = client.get(f"/{language}/liked").text
    assert missing in page
    assert 'class="card' not in page
    choose(large, ALICE, 11, "light")
    for number in range(1, 3 * WORKS + 1):
        rate.cast_vote(large, number, 5, BOB)
    page = client.get(f"/{language}/liked?kind=painting").text
    assert page.count('class="card') == liked.SHOWN
    assert leaning in page
    assert 'class="tally"' not in page
    assert not re.search(r"5\.00|[0-9] %", page[page.index("<main") :])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_kind_there_is_none_of_is_one_sentence(browse: Callable[[str], TestClient], language: str) -> None:
    answer = browse(language).get(f"/{language}/liked?kind=%3Cb%3E")
    assert answer.status_code == 400
    assert "<b>" not in answer.text


@pytest.fixture
def wen(house: House, browse: Callable[[str], TestClient]) -> TestClient:
    """A curator at the desk."""
    accounts.add(house.settings, "wen", WORDS, "curator", 1)
    client = browse("en")
    client.post("/desk/in", data={"name": "wen", "password": WORDS})
    return client


def test_the_report_says_what_is_missing_then_how_well_it_foretells(large: House, wen: TestClient) -> None:
    assert "Nothing has been learnt of this kind yet." in wen.get("/desk/taste").text
    judge(large, 50, {"light": 2.0})
    taste.learn_all(large.settings, large.now_ms())
    assert f"50 of the {taste.ENOUGH} duels" in wen.get("/desk/taste?kind=painting").text
    judge(large, 850, {"light": 2.0}, seed=8)
    taste.learn_all(large.settings, large.now_ms())
    page = wen.get("/desk/taste").text
    first = page[page.index('class="leanings"') :].split("</li>")[0]
    assert re.search(r'<span class="strong">lighter \+\d\.\d\d</span>', first)
    assert re.search(r"It foretells \d\d % of those choices, surely between \d\d and \d\d %. That is more", page)
    assert "light and lively" in page


def test_the_report_says_that_nobody_is_led_by_what_does_not_hold(large: House, wen: TestClient) -> None:
    judge(large, 900, {})
    taste.learn_all(large.settings, large.now_ms())
    assert "so nobody is led by it" in wen.get("/desk/taste").text


def test_other_kinds_have_their_report_and_what_is_none_is_one_sentence(wen: TestClient) -> None:
    assert "Moods and what is preferred" not in wen.get("/desk/taste?kind=poem").text
    assert wen.get("/desk/taste?kind=sculpture").status_code == 400
