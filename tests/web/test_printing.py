"""Exports by plain HTTP: ordered from the desk, watched, fetched whole and in parts, by their curator alone."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from gallery.journeys import House, first_show
from tests.web.test_desk import browser as browser
from tests.web.test_desk import house as house
from tests.web.test_desk import signed_in

Browsers = Callable[[], TestClient]


@pytest.fixture
def wen(browser: Browsers) -> TestClient:
    """A curator at the desk."""
    return signed_in(browser())


def ready(page: str) -> set[str]:
    """The addresses of what can be fetched."""
    return set(re.findall(r'href="(/desk/exports/\w+\.\w+)"', page))


def ordered(client: TestClient, **asked: str) -> str:
    """The address of what was ordered, once it is ready."""
    before = ready(client.get("/desk/exports").text)
    answer = client.post("/desk/exports", data=asked)
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/exports")
    for _ in range(2000):
        page = client.get("/desk/exports").text
        if 'http-equiv="refresh"' not in page:
            return (ready(page) - before).pop()
        assert "<progress" in page
    raise AssertionError("it was never ready")


def test_a_search_is_taken_out_and_fetched_in_parts(wen: TestClient) -> None:
    address = ordered(wen, search="kind=poem&sort=best", form="folder")
    whole = wen.get(address)
    assert len(zipfile.ZipFile(io.BytesIO(whole.content)).namelist()) == 8 + 2
    half = len(whole.content) // 2
    rest = wen.get(address, headers={"range": f"bytes={half}-"})
    assert (rest.status_code, rest.content) == (206, whole.content[half:])
    assert "attachment" in whole.headers["content-disposition"]


def test_a_collection_and_an_exhibition_are_taken_out(wen: TestClient, house: House) -> None:
    first_show.open_first_show(house)
    wen.post("/desk/collections", data={"title_zh": "山", "title_en": "Hills"})
    wen.post("/desk/collect", data={"works": ["1", "2"], "collection": "1"})
    table = wen.get(ordered(wen, collection="1", form="csv")).content.decode("utf-8-sig")
    assert len(list(csv.DictReader(io.StringIO(table)))) == 2
    assert wen.get(ordered(wen, show="first-light", form="catalogue")).content.startswith(b"%PDF-")


def test_only_its_curator_and_keepers_fetch_it_and_throw_it_away(wen: TestClient, browser: Browsers) -> None:
    address = ordered(signed_in(browser(), "li"), search="kind=poem", form="csv")
    assert wen.get(address).status_code == 404
    assert wen.post(f"{address}/away").status_code == 404
    assert address not in wen.get("/desk/exports").text
    assert browser().get(address).status_code == 401
    mine = ordered(wen, search="", form="csv")
    li = signed_in(browser(), "li")
    assert li.get(mine).status_code == 200
    gone = li.post(f"{mine}/away")
    assert "Deleted." in li.get(gone.headers["location"]).text
    assert wen.get(mine).status_code == 404


@pytest.mark.parametrize("name", ["nothing", "0123456789abcdef.zip", "0123456789abcdef.zip.json"])
def test_nothing_else_is_fetched(wen: TestClient, name: str) -> None:
    assert wen.get(f"/desk/exports/{name}").status_code == 404


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        ({"collection": "99"}, 404, "no collection 99"),
        ({"show": "none"}, 404, "no exhibition"),
        ({"search": "q=zzzz"}, 400, "nothing to export"),
    ],
)
def test_what_cannot_be_taken_out_is_told(wen: TestClient, asked: dict[str, str], status: int, told: str) -> None:
    answer = wen.post("/desk/exports", data=asked)
    assert answer.status_code == status
    assert told in answer.text


def test_a_search_is_made_again_and_its_verdicts_stand_beside_it(wen: TestClient) -> None:
    address = ordered(wen, search="kind=painting", form="replay")
    rows = list(csv.DictReader(io.StringIO(wen.get(address).content.decode("utf-8-sig"))))
    assert {row["verdict"] for row in rows} == {"identical"}
    assert "made%20again" in wen.get(address).headers["content-disposition"]
    page = wen.get("/desk/exports", headers={"accept-language": "en"}).text
    assert f"{len(rows)} identical" in page
    assert wen.post("/desk/exports/stop").status_code == 303  # nothing runs: nothing happens
