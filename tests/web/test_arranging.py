"""Collections, notes and the log of changes by plain HTTP, as a browser without a script uses them."""

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


@pytest.fixture
def hills(wen: TestClient) -> str:
    """The address of a collection of Wen's that holds works 3, 1 and 2."""
    made = wen.post("/desk/collections", data={"title_zh": "山", "title_en": "Hills"}).headers["location"]
    address = made.partition("?")[0]
    wen.post("/desk/collect", data={"works": ["3", "1", "2"], "collection": address.rpartition("/")[2]})
    return address


def order(client: TestClient, address: str) -> list[str]:
    return re.findall(r'<li id="w(\d+)"', client.get(address).text)


def test_works_are_moved_by_buttons_and_the_focus_stays_on_them(wen: TestClient, hills: str) -> None:
    assert order(wen, hills) == ["3", "1", "2"]
    answer = wen.post(f"{hills}/shift", data={"work": "2", "way": "up"})
    assert answer.headers["location"] == f"{hills}?moved=2&went=up"
    page = wen.get(answer.headers["location"]).text
    assert order(wen, hills) == ["3", "2", "1"]
    (focused,) = re.findall(r"<button [^>]*autofocus>", page)
    assert 'value="up"' in focused
    assert page.index(focused) > page.index('id="w2"')


def test_what_was_done_is_told_and_taken_back_from_the_log(wen: TestClient, hills: str) -> None:
    done = wen.post(f"{hills}/drop", data={"work": "1"})
    assert order(wen, hills) == ["3", "2"]
    page = wen.get("/desk/changes").text
    assert "wen: took 1 out of “Hills”" in page
    seq = re.findall(r'name="seq" value="(\d+)"', page)[0]
    back = wen.post("/desk/changes/undo", data={"seq": seq})
    assert "Taken back." in wen.get(back.headers["location"]).text
    assert order(wen, hills) == ["3", "1", "2"]
    assert wen.post("/desk/changes/undo", data={"seq": seq}).status_code == 400
    assert done.headers["location"] == f"{hills}?said=dropped&entry={seq}"


def way_back(page: str) -> dict[str, str]:
    """What the button beside what was told sends."""
    form = page.partition('action="/desk/changes/undo">')[2].partition("</form>")[0]
    return dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))


def test_what_was_done_is_taken_back_where_it_is_told(wen: TestClient, hills: str) -> None:
    page = wen.get(wen.post(f"{hills}/drop", data={"work": "1"}).headers["location"]).text
    assert "Taken out." in page
    back = wen.post("/desk/changes/undo", data=way_back(page)).headers["location"]
    assert back == f"{hills}?said=undone"
    assert "Taken back." in wen.get(back).text
    assert order(wen, hills) == ["3", "1", "2"]
    page = wen.get(wen.post(f"{hills}/away").headers["location"]).text
    assert "Put away." in page
    assert wen.post("/desk/changes/undo", data=way_back(page)).headers["location"] == "/desk/collections?said=undone"
    assert "Hills" in wen.get(hills).text
    assert "entry" not in wen.post(f"{hills}/shift", data={"work": "1", "way": "top"}).headers["location"]


def test_what_leaves_no_page_has_no_way_back_beside_it(wen: TestClient) -> None:
    made = wen.post("/desk/collections", data={"title_en": "Mist"}).headers["location"]
    assert not way_back(wen.get(made).text)


@pytest.mark.parametrize("back", ["//elsewhere.test", "/desk/out", "https://elsewhere.test/desk"])
def test_taking_back_leads_nowhere_but_the_desk(wen: TestClient, hills: str, back: str) -> None:
    page = wen.get(wen.post(f"{hills}/drop", data={"work": "1"}).headers["location"]).text
    answer = wen.post("/desk/changes/undo", data={**way_back(page), "back": back})
    assert answer.headers["location"] == "/desk/changes?said=undone"


def test_a_work_is_collected_while_it_is_judged_and_stays_in_hand(wen: TestClient, hills: str) -> None:
    work = in_hand(wen.get("/desk").text)["work"]
    sent = {"works": work, "judged": work, "collection": hills.rpartition("/")[2]}
    page = wen.post("/desk/collect", data=sent, headers={"x-fragment": "1"}).text
    assert "Collected into “Hills”." in page
    assert in_hand(page)["work"] == work
    assert order(wen, hills)[-1] == work
    assert "It is in “Hills” already." in wen.post("/desk/collect", data=sent).text


def test_a_selection_of_a_search_is_collected_and_leads_back_to_it(wen: TestClient, hills: str) -> None:
    page = wen.get("/desk/find?kind=poem").text
    works = re.findall(r'name="works" value="(\d+)"', page)
    back = re.findall(r'name="back" value="([^"]+)"', page)[0]
    sent = {"works": works, "collection": hills.rpartition("/")[2], "back": back}
    answer = wen.post("/desk/collect", data=sent)
    assert answer.headers["location"].startswith("/desk/find?kind=poem&said=collected&entry=")
    assert set(works) <= set(order(wen, hills))
    assert wen.post("/desk/collect", data={**sent, "works": []}).status_code == 400
    assert re.search(r"collected \d+, \d+", wen.get("/desk/changes").text)


@pytest.mark.parametrize(
    ("address", "wrong", "told", "kept"),
    [
        ("/desk/tag", {"name": " "}, "A tag needs a name", " selected>Hills"),
        ("/desk/tag", {"name": "名" * 41}, "at most 40", f'value="{"名" * 41}"'),
        ("/desk/collect", {"collection": "99"}, 'role="alert"', "Collect the selected"),
    ],
)
def test_a_refused_selection_stays_selected_in_its_search(
    wen: TestClient, hills: str, address: str, wrong: dict[str, str], told: str, kept: str
) -> None:
    works = re.findall(r'name="works" value="(\d+)"', wen.get("/desk/find?kind=poem").text)
    page = wen.post(address, data={"works": works[1:], "back": "/desk/find?kind=poem&said=tagged", **wrong}).text
    assert told in page
    assert kept in page
    assert re.findall(r'name="works" value="(\d+)" checked', page) == works[1:]
    assert works[0] in re.findall(r'name="works" value="(\d+)">', page)
    assert re.findall(r'name="back" value="([^"]+)"', page)[0] == "/desk/find?kind=poem"


def test_a_refusal_at_a_work_is_told_at_the_work(wen: TestClient, hills: str) -> None:
    page = wen.post("/desk/collect", data={"works": "1", "back": "/desk/work/1", "collection": "99"})
    assert page.status_code == 404
    assert 'action="/desk/work/1/note"' in page.text


@pytest.mark.parametrize("back", ["//elsewhere.test", "/desk/../..", "https://elsewhere.test/desk"])
def test_collecting_leads_nowhere_but_the_desk(wen: TestClient, hills: str, back: str) -> None:
    answer = wen.post("/desk/collect", data={"works": "1", "collection": hills.rpartition("/")[2], "back": back})
    assert answer.headers["location"] == "/desk/find?said=collected"


def test_a_note_is_seen_at_the_desk_and_nowhere_else(wen: TestClient) -> None:
    wen.post("/desk/work/4/note", data={"body": "<b>hang it low</b>"})
    assert "&lt;b&gt;hang it low&lt;/b&gt;" in wen.get("/desk/work/4").text
    assert "hang it low" not in wen.get("/work/4").text
    number = re.findall(r'name="note" value="(\d+)"', wen.get("/desk/work/4").text)[0]
    answer = wen.post("/desk/note/strike", data={"note": number})
    assert answer.headers["location"].startswith("/desk/work/4?said=struck&entry=")
    assert "hang it low" not in wen.get("/desk/work/4").text


def test_the_page_of_a_work_shows_curators_the_way_to_the_desk(wen: TestClient, browser: Browsers) -> None:
    assert 'href="/desk/work/1"' in wen.get("/work/1").text
    assert 'href="/desk/work/1"' not in browser().get("/work/1").text
    wen.post("/desk/out")
    assert 'href="/desk/work/1"' not in wen.get("/work/1").text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("path", ["/collections", "/find", "/find?q=%22", "/work/1", "/changes", "/changes?before=x"])
def test_every_page_of_arranging_opens_in_both_languages(wen: TestClient, hills: str, language: str, path: str) -> None:
    wen.get(f"/language/{language}")
    answer = wen.get(f"/desk{path}")
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    assert 'content="noindex"' in answer.text


def test_the_desk_says_in_which_of_its_rooms_one_is(wen: TestClient, hills: str) -> None:
    for address, room in ((hills, "collections"), ("/desk/work/1", "find"), ("/desk/taste", "votes")):
        page = wen.get(address).text
        assert f'href="/desk/{room}" aria-current="true"' in page
        other = re.findall(r'hreflang="zh" href="([^"]+)"', page)[0]
        assert wen.get(other).headers["location"] == address
        wen.get("/language/en")


def test_a_search_outlives_the_change_of_language(wen: TestClient) -> None:
    address = "/desk/find?q=%E6%9C%88&kind=poem"
    other = re.findall(r'hreflang="zh" href="([^"]+)"', wen.get(address).text)[0]
    assert wen.get(other.replace("&amp;", "&")).headers["location"] == address


@pytest.mark.parametrize("path", ["collection/99", "collection/x", "work/999"])
def test_what_is_not_there_is_said_to_be_so(wen: TestClient, path: str) -> None:
    answer = wen.get(f"/desk/{path}")
    assert answer.status_code == 404
    assert 'role="alert"' in answer.text


def test_a_refusal_keeps_what_was_typed(wen: TestClient, hills: str) -> None:
    answer = wen.post(f"{hills}/edit", data={"title_zh": "长" * 61, "title_en": "Long", "note_en": "An hour's note"})
    assert answer.status_code == 400
    assert "at most 60 are taken" in answer.text
    assert f'value="{"长" * 61}"' in answer.text
    assert "An hour&#39;s note</textarea>" in answer.text
    page = wen.post(f"{hills}/share", data={"name": "nobody", "role": "editor"}).text
    assert 'value="nobody"' in page
    assert "Nobody else of the desk is called “nobody”" in page
    assert '<option value="editor" selected>' in page
    inside = hills.rpartition("/")[2]
    page = wen.post("/desk/collections", data={"title_en": "长" * 61, "parent": inside}).text
    assert f'<option value="{inside}" selected>' in page


def test_of_two_tabs_the_later_is_told_and_its_note_kept(wen: TestClient, hills: str) -> None:
    seen = re.findall(r'name="seen" value="(\w+)"', wen.get(hills).text)[0]
    assert wen.post(f"{hills}/edit", data={"title_en": "Hills", "note_en": "First", "seen": seen}).status_code == 303
    answer = wen.post(f"{hills}/edit", data={"title_en": "Hills", "note_en": "Second", "seen": seen})
    assert "yours is not saved" in answer.text
    assert "Second</textarea>" in answer.text
    assert "First</textarea>" in wen.get(hills).text


def test_a_search_is_kept_as_a_collection_and_its_search_changed(wen: TestClient) -> None:
    page = wen.get("/desk/find?kind=poem&least=2.5&sort=best").text
    query = re.findall(r'name="search" value="([^"]+)"', page)[-1].replace("&amp;", "&")
    assert query == "kind=poem&sort=best&least=2.5"
    made = wen.post("/desk/searches", data={"search": query, "title_en": "Best verse"})
    address = made.headers["location"].partition("?")[0]
    page = wen.get(made.headers["location"]).text
    assert "Kept. It stays as the wall is." in page
    assert '<span class="pill">score from 2.5</span>' in page
    assert len(order(wen, address)) == 8
    assert "/shift" not in page
    number = address.rpartition("/")[2]
    wen.post("/desk/searches", data={"search": "kind=painting&most=2", "instead": number})
    assert order(wen, address) == []
    assert "Its search finds nothing now." in wen.get(address).text
    assert "changed the search of “Best verse”" in wen.get("/desk/changes").text
    assert f'<option value="{number}">' not in wen.get("/desk/find").text


def test_a_search_without_a_condition_or_a_title_is_not_kept(wen: TestClient) -> None:
    answer = wen.post("/desk/searches", data={"search": "", "title_en": "All"})
    assert (answer.status_code, "A search that asks for nothing" in answer.text) == (400, True)
    answer = wen.post("/desk/searches", data={"search": "kind=poem"})
    assert (answer.status_code, "It needs a title" in answer.text) == (400, True)


def test_a_bound_that_is_none_is_told_and_no_visitor_narrows_by_score(wen: TestClient) -> None:
    answer = wen.get("/desk/find?least=seven")
    assert "“seven” cannot be a bound here" in answer.text
    assert wen.get("/api/v1/works?least=4.9").json() == wen.get("/api/v1/works").json()
