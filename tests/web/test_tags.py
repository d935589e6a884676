"""Tags by plain HTTP: given at the desk, found on the wall by every name, listed for everybody, told to programs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from tests.web.test_desk import browser as browser
from tests.web.test_desk import house as house
from tests.web.test_desk import in_hand, signed_in

Browsers = Callable[[], TestClient]


@pytest.fixture
def wen(browser: Browsers) -> TestClient:
    """A curator at the desk."""
    return signed_in(browser())


def on_the_wall(client: TestClient, tag: str) -> list[str]:
    return sorted(re.findall(r'<a href="/work/(\d+)"', client.get("/en/", params={"tag": tag}).text))


def number_of(client: TestClient, name: str) -> str:
    entries = re.findall(r'<li id="t(\d+)">.*?<b>([^<]+)</b>', client.get("/desk/tags").text, re.DOTALL)
    numbers: dict[str, str] = {found: number for number, found in entries}
    return numbers[name]


def test_a_selection_is_tagged_and_leads_back_to_the_search(wen: TestClient, browser: Browsers) -> None:
    sent = {"works": ["1", "2"], "name": "misty <hills>", "back": "/desk/find?kind=painting"}
    answer = wen.post("/desk/tag", data=sent)
    assert answer.headers["location"] == "/desk/find?kind=painting&said=tagged"
    assert "Tagged." in wen.get(answer.headers["location"]).text
    assert on_the_wall(browser(), "Misty hills") == ["1", "2"]
    page = browser().get("/work/1").text
    assert 'href="/en/?tag=misty%20%3Chills%3E">misty &lt;hills&gt;</a>' in page


def test_a_work_is_tagged_while_it_is_judged_and_stays_in_hand(wen: TestClient) -> None:
    work = in_hand(wen.get("/desk").text)["work"]
    sent = {"works": work, "judged": work, "name": "quiet"}
    page = wen.post("/desk/tag", data=sent, headers={"x-fragment": "1"}).text
    assert "Tagged “quiet”." in page
    assert in_hand(page)["work"] == work
    assert "It is tagged “quiet” already." in wen.post("/desk/tag", data=sent).text
    assert wen.post("/desk/tag", data={**sent, "name": ""}).status_code == 400


def test_a_merged_and_a_renamed_tag_are_found_by_their_old_names(wen: TestClient, browser: Browsers) -> None:
    wen.post("/desk/tag", data={"works": "3", "name": "雪"})
    wen.post("/desk/tag", data={"works": "4", "name": "snowy"})
    answer = wen.post(f"/desk/tags/{number_of(wen, 'snowy')}/merge", data={"into": "雪"})
    assert "Merged. The old name leads to the other tag." in wen.get(answer.headers["location"]).text
    wen.post(f"/desk/tags/{number_of(wen, '雪')}/edit", data={"zh": "冬雪", "en": "Winter"})
    assert [on_the_wall(browser(), name) for name in ("雪", "snowy", "冬雪", "winter")] == [["3", "4"]] * 4
    assert 'aria-label="Remove Winter"' in browser().get("/en/?tag=snowy").text
    log = wen.get("/desk/changes").text
    assert "wen: merged the tag “snowy” into “Winter”" in log


def test_a_tag_is_taken_off_and_put_away_and_comes_back_by_the_log(wen: TestClient, browser: Browsers) -> None:
    wen.post("/desk/tag", data={"works": ["5", "6"], "name": "boats"})
    number = number_of(wen, "boats")
    answer = wen.post("/desk/untag", data={"work": "5", "tag": number})
    assert answer.headers["location"].startswith("/desk/work/5?said=untagged&entry=")
    assert on_the_wall(browser(), "boats") == ["6"]
    wen.post(f"/desk/tags/{number}/away")
    assert browser().get("/en/?tag=boats").status_code == 400
    seq = re.findall(r'name="seq" value="(\d+)"', wen.get("/desk/changes").text)[0]
    wen.post("/desk/changes/undo", data={"seq": seq})
    assert on_the_wall(browser(), "boats") == ["6"]


def test_an_unknown_tag_is_told_and_the_wall_is_not_empty_handed(browser: Browsers) -> None:
    answer = browser().get("/en/?tag=%3Cscript%3E")
    assert answer.status_code == 400
    assert "There is no tag “&lt;script&gt;”" in answer.text
    assert browser().get("/api/v1/works?tag=nothing").json()["error"] == "no_such_tag"


def test_programs_are_told_what_a_work_bears(wen: TestClient, browser: Browsers) -> None:
    wen.post("/desk/tags", data={"zh": "孤舟", "en": "lone boat"})
    wen.post("/desk/tag", data={"works": "7", "name": "孤舟"})
    (work,) = browser().get("/api/v1/works?tag=lone boat").json()["works"]
    assert (work["id"], work["tags"]) == (7, [{"zh": "孤舟", "en": "lone boat"}])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_everybody_sees_the_list_of_tags_and_curators_theirs(wen: TestClient, browser: Browsers, language: str) -> None:
    wen.post("/desk/tag", data={"works": "8", "name": "夜"})
    page = browser().get(f"/{language}/tags").text
    assert f'href="/{language}/?tag=%E5%A4%9C"' in page
    wen.get(f"/language/{language}")
    desk = wen.get("/desk/tags").text
    assert 'content="noindex"' in desk
    assert f'<html lang="{language}"' in desk


@pytest.mark.parametrize("back", ["//elsewhere.test", "/desk/../..", "https://elsewhere.test/desk"])
def test_tagging_leads_nowhere_but_the_desk(wen: TestClient, back: str) -> None:
    answer = wen.post("/desk/tag", data={"works": "1", "name": "boats again", "back": back})
    assert answer.headers["location"] == "/desk/find?said=tagged"


def test_a_refusal_keeps_what_was_typed_and_says_why(wen: TestClient) -> None:
    wen.post("/desk/tag", data={"works": "1", "name": "taken"})
    answer = wen.post("/desk/tags", data={"zh": "", "en": "Taken"})
    assert answer.status_code == 400
    assert "“Taken” leads to another tag already" in answer.text
    assert 'value="Taken"' in answer.text
    assert wen.post("/desk/tag", data={"works": "1", "name": "", "back": "/desk/work/1"}).status_code == 400


def test_a_refusal_at_a_tag_is_told_there_and_keeps_what_was_typed(wen: TestClient) -> None:
    number = wen.post("/desk/tags", data={"en": "first"}).headers["location"].rpartition("#t")[2]
    wen.post("/desk/tags", data={"en": "second"})
    page = wen.post(f"/desk/tags/{number}/edit", data={"zh": "初", "en": "second"}).text
    own = page.partition(f'<li id="t{number}">')[2].partition("</details>")[0]
    assert own.lstrip().startswith('<details class="drawer" open>')
    assert "leads to another tag already" in own
    assert 'value="初"' in own
    page = wen.post(f"/desk/tags/{number}/merge", data={"into": "nowhere"}).text
    assert 'value="nowhere"' in page.partition(f'<li id="t{number}">')[2].partition("</details>")[0]


def test_of_two_tabs_the_later_does_not_rename_unseen(wen: TestClient) -> None:
    number = wen.post("/desk/tags", data={"en": "mist"}).headers["location"].rpartition("#t")[2]
    own = wen.get("/desk/tags").text.partition(f'<li id="t{number}">')[2]
    seen = re.findall(r'name="seen" value="(\w+)"', own)[0]
    assert wen.post(f"/desk/tags/{number}/edit", data={"en": "fog", "seen": seen}).status_code == 303
    assert wen.post(f"/desk/tags/{number}/edit", data={"en": "haze", "seen": seen}).status_code == 400
