"""The web shell by plain HTTP: addresses, cookies, headers, refusals, files."""

from __future__ import annotations

import asyncio
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from urllib.parse import quote

import httpx
import pytest
from PIL import Image
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from db import WorkRecord
from gallery import web
from gallery.images import Pixels, decode, enlarge, read_recipe
from gallery.journeys import Draft, House, browse, create, descend, inscribe, open_house, rate
from gallery.pages.desk import facts_of
from gallery.pages.frame import STATIC, Frame
from gallery.pages.work import sampled
from gallery.scroll import CHOICES
from gallery.settings import Settings
from gallery.visitors import COOKIE, new_visitor
from models import find_card
from models.engine import QueueFull
from models.painting_gan import wishes as painting_wishes
from models.recipe import Recipe
from tests.conftest import ALICE, BOB
from tests.fakes import PAINTER, POET, FakeEngine, finish, paint


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[House, ASGIApp]]:
    """A house and its site, built once for all tests here, since Gradio takes its time."""
    settings = Settings.make({"home": tmp_path_factory.mktemp("home"), "language": "en"})
    house = open_house(settings, FakeEngine(), cards=(PAINTER, POET))
    yield house, web.build_app(house)
    house.close()


@pytest.fixture
def house(site: tuple[House, ASGIApp]) -> House:
    """The house of the site."""
    return site[0]


@pytest.fixture
def client(site: tuple[House, ASGIApp]) -> TestClient:
    """A browser that has never been here."""
    return TestClient(site[1], base_url="http://gallery.test", follow_redirects=False)


@pytest.fixture
def work(house: House, painted: Callable[..., Draft]) -> int:
    """A painting of Alice's that hangs on the wall."""
    return create.save(house, painted().token, ALICE, "松风 <b>", "阿宁").id


@pytest.fixture
def poem(house: House, written: Callable[..., Draft]) -> int:
    """A poem of Alice's that hangs on the wall."""
    return create.save(house, written().token, ALICE, "Evening", "").id


def test_the_front_door_leads_to_the_language_of_the_browser_and_then_of_the_visitor(client: TestClient) -> None:
    assert client.get("/", headers={"accept-language": "de, zh-CN;q=.8, en;q=.5"}).headers["location"] == "/zh/"
    client.get("/en/")
    assert client.get("/", headers={"accept-language": "zh"}).headers["location"] == "/en/"


@pytest.mark.parametrize("page", ["", "paint", "write", "scroll", "about"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_page_opens_in_both_languages(client: TestClient, language: str, page: str) -> None:
    answer = client.get(f"/{language}/{page}")
    assert answer.status_code == 200
    assert re.search(rf'<html\s+lang="{language}"', answer.text)
    assert "raw.githubusercontent" not in answer.text
    assert "og:title" in answer.text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_mathematics_is_set_and_not_shown_as_code(client: TestClient, language: str) -> None:
    page = client.get(f"/{language}/about").text
    assert page.count("\\u003cmath") == 22
    assert "lt;math" not in page
    assert "mi\\u003e\\\\" not in page  # a command that the library does not know stays as it was written


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_about_page_begins_with_links_to_its_parts(client: TestClient, language: str) -> None:
    page = client.get(f"/{language}/about").text
    links = re.findall(rf'href=\\"/{language}/about#(\w+)', page)
    assert links == re.findall(r'h2 id=\\"(\w+)', page)
    assert len(links) == 5  # of six: there is one painter alone


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_about_page_says_what_is_known_of_the_photographs(client: TestClient, language: str) -> None:
    page = client.get(f"/{language}/about").text
    sources = ("otang47/Landscape-", "AvatarGanymede/ChinesePaintingStyle", "mmlong818/chinese-art-history")
    assert [name for name in (*sources, "598", "64", "311", "299") if name not in page] == []
    assert "museums' open collections" not in page
    assert "来自博物馆的开放藏品" not in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_about_page_shows_what_each_part_of_the_recipe_brings(client: TestClient, language: str) -> None:
    page = client.get(f"/{language}/about").text
    for found in PAINTER.facts["ablation"]["variants"].values():
        assert f"{found['kid_validation']:.3f}" in page
    assert ("Without augmentation", "不作数据增强")[language == "zh"] in page
    trained = PAINTER.facts["ablation"]["trained"]
    with_it, without = trained["with_augmentation"], trained["no_augmentation"]
    told = (with_it["kid_validation"], without["kid_validation"])
    assert ("KID of {:.3f} with it and of {:.3f} without", "KID 是 {:.3f}；没有的，是 {:.3f}")[language == "zh"].format(
        *told
    ) in page


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_about_page_says_how_parallel_octaves_are_beside_the_poets(client: TestClient, language: str) -> None:
    page, figures = client.get(f"/{language}/about").text, POET.facts["figures"]
    for form, (ours, _, chance) in figures["parallel"].items():
        poets = figures["parallel_poets"][form][0]
        told = [f"{share:.0%}".replace("%", "\u00a0%") for share in (ours, poets, chance)]
        assert ("{} (poets {}, by chance {})", "{}（诗人 {}，碰巧 {}）")[language == "zh"].format(*told) in page


def test_the_picture_of_the_ablation_has_a_grid_for_each_recipe_of_the_table() -> None:
    variants = find_card("painting-shanshui").facts["ablation"]["variants"]
    with Image.open(STATIC / "about" / "painting-shanshui-ablation.webp") as grids:
        rows = 2 * len(variants)  # of eight tiles of 64 px, two rows for each, the grids somewhat apart
        assert 65 * rows <= 526 * grids.height / grids.width <= 74 * rows


@pytest.mark.parametrize(
    ("address", "title"),
    [("/en/write", "Write"), ("/zh/write", "作诗"), ("/en/paint", "Paint"), ("/zh/about", "关于")],
)
def test_every_page_has_a_title_of_its_own(client: TestClient, address: str, title: str) -> None:
    page = client.get(address).text
    assert f"<title>{title} · 诗画 Shihua</title>" in page
    assert '"title":"诗画 Shihua"' not in page  # what Gradio's script would put in its place


def test_security_headers_stand_on_every_answer(client: TestClient, work: int) -> None:
    for path in ("/zh/", f"/work/{work}", "/healthz", "/work/999", "/static/theme.css", "/nowhere"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert "script-src 'self' 'unsafe-eval' 'nonce-" in headers["content-security-policy"]
        assert "unsafe-inline" not in re.findall(r"script-src[^;]*", headers["content-security-policy"])[0]


def test_every_answer_with_text_names_its_characters(client: TestClient, work: int) -> None:
    pages = ["/zh/", "/en/about", "/wall/zh", f"/work/{work}", "/desk", "/feed.xml", "/nowhere", f"/work/{work}/kin"]
    for path in [*pages, "/duel", "/zh/challenges", "/robots.txt"]:
        kind = client.get(path).headers["content-type"]
        assert "charset=utf-8" in kind.lower() or kind.startswith("application/"), (path, kind)


def test_every_inline_script_of_a_page_bears_the_nonce_of_its_answer(client: TestClient) -> None:
    answer = client.get("/zh/paint")
    nonce = re.findall(r"'nonce-([^']+)'", answer.headers["content-security-policy"])[0]
    inline = [tag for tag in re.findall(r"<script[^>]*>", answer.text) if "src=" not in tag]
    assert inline
    assert all(f'nonce="{nonce}"' in tag for tag in inline)


def test_a_visitor_keeps_the_cookie_and_a_forged_one_is_replaced(client: TestClient, house: House) -> None:
    client.get("/zh/")
    mine = client.cookies[COOKIE]
    assert house.signer.read_cookie(mine)
    assert COOKIE not in client.get("/zh/").cookies
    client.cookies.clear()
    fresh = client.get("/zh/", headers={"cookie": f"{COOKIE}={mine[:-2]}xx"})
    assert fresh.status_code == 200
    assert fresh.cookies[COOKIE] != mine


def test_a_vote_without_a_cookie_is_refused_and_the_next_one_counts(
    client: TestClient, house: House, work: int
) -> None:
    refused = client.post(f"/work/{work}/stars", data={"stars": "5"})
    assert refused.status_code == 403
    assert "keeps no cookie" in refused.text
    rate.cast_vote(house, work, 1, BOB)
    assert client.post(f"/work/{work}/stars", data={"stars": "3"}).status_code == 303
    assert "2 have rated it, 2.00 stars on average" in client.get(f"/work/{work}").text


def test_on_https_the_cookie_comes_back_from_inside_another_sites_page(client: TestClient) -> None:
    plain = client.get("/zh/").headers["set-cookie"]
    assert "SameSite=Lax" in plain
    assert "Secure" not in plain
    client.cookies.clear()
    proxied = client.get("/zh/", headers={"x-forwarded-proto": "https"}).headers["set-cookie"]
    assert proxied.count("SameSite=None; Secure; Partitioned") == proxied.count("__Host-shihua_") == 2


def test_on_https_browsers_keep_to_https_and_cookies_of_this_very_site_alone_count(
    client: TestClient, house: House, work: int
) -> None:
    secure, plain = ({"x-forwarded-proto": scheme, "cookie": ""} for scheme in ("https", "http"))
    assert client.get("/zh/", headers=secure).headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in client.get("/zh/", headers=plain).headers
    mine, planted = house.signer.cookie(ALICE), house.signer.cookie(BOB)
    secure["cookie"] = f"shihua_language=en; __Host-{COOKIE}={mine}; {COOKIE}={planted}"
    assert client.post(f"/work/{work}/stars", data={"stars": "3"}, headers=secure).status_code == 303
    assert [browse.look(house, work, visitor).my_stars for visitor in (ALICE, BOB)] == [3, None]


def test_a_foreign_form_is_refused_without_an_origin_and_gets_no_cookie(client: TestClient, work: int) -> None:
    answer = client.post(f"/work/{work}/stars", data={"stars": "1"}, headers={"sec-fetch-site": "cross-site"})
    assert answer.status_code == 403
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("origin", ["http://evil.test", "http://gallery.test.evil.test", "null", "https://other:80"])
def test_a_foreign_origin_is_refused(client: TestClient, work: int, origin: str) -> None:
    answer = client.post(f"/work/{work}/stars", data={"stars": "1"}, headers={"origin": origin})
    assert answer.status_code == 403
    assert "another site" in answer.text


def test_uploads_are_refused_in_both_applications(client: TestClient) -> None:
    for language in ("zh", "en"):
        answer = client.post(f"/{language}/gradio_api/upload", files={"files": b"x"})
        assert answer.status_code == 403


def test_a_picture_is_served_for_ever_under_its_hash(client: TestClient, house: House, work: int) -> None:
    sha = re.findall(r"/media/([0-9a-f]{64})", client.get(f"/work/{work}").text)[0]
    answer = client.get(f"/media/{sha}")
    assert answer.headers["content-type"] == "image/webp"
    assert "immutable" in answer.headers["cache-control"]
    assert "set-cookie" not in answer.headers


def test_a_painting_opens_by_itself_and_its_date_is_kept_in_one_piece(client: TestClient, work: int) -> None:
    page = client.get(f"/work/{work}").text
    picture = re.search(r'<div class="picture">\s*<a href="(/media/[0-9a-f]{64})"><img', page)
    assert picture
    assert client.get(picture[1]).status_code == 200
    assert re.search(r'<span class="date">\d{4}-\d\d-\d\d</span>', page)


@pytest.mark.parametrize("name", ["0" * 64, "..%2f..%2fsecret", "secret", "%00", "../gallery.sqlite"])
def test_what_is_no_picture_is_not_served(client: TestClient, name: str) -> None:
    assert client.get(f"/media/{name}").status_code == 404


def test_a_shared_link_says_what_it_shows_and_escapes_what_people_typed(client: TestClient, work: int) -> None:
    page = client.get(f"/work/{work}", headers={"accept-language": "en"}).text
    assert 'property="og:title" content="松风 &lt;b&gt;"' in page
    assert 'property="og:image" content="http://gallery.test/media/' in page
    assert "<b>" not in page


def test_a_shared_poem_shows_its_verse_on_a_leaf(client: TestClient, work: int, poem: int) -> None:
    told = re.search(r'og:image" content="http://gallery.test([^"]+)"', client.get(f"/work/{poem}").text)
    assert told is not None
    answer = client.get(told[1])
    assert (told[1], answer.headers["content-type"]) == (f"/work/{poem}/leaf", "image/png")
    with Image.open(io.BytesIO(answer.content)) as sheet:
        assert sheet.size == (512, 512)
        assert len(sheet.getcolors(1 << 16) or ()) > 8  # ink, paper and what is between
    assert client.get(f"/work/{work}/leaf").status_code == 404  # a painting shows itself
    assert 'content="http://gallery.test/media/' in client.get(f"/work/{work}").text


def test_scores_show_only_after_ones_own_rating(client: TestClient, house: House, work: int) -> None:
    rate.cast_vote(house, work, 5, BOB)
    client.get("/en/")
    assert "on average" not in client.get(f"/work/{work}").text
    answer = client.post(f"/work/{work}/stars", data={"stars": "2"}, headers={"origin": "http://gallery.test"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"/work/{work}")
    assert "2 have rated it, 3.50 stars on average" in client.get(f"/work/{work}").text


def test_the_wall_and_the_page_of_a_work_give_the_same_mean(client: TestClient, house: House, work: int) -> None:
    rate.cast_vote(house, work, 5, BOB)
    client.get("/en/")
    client.post(f"/work/{work}/stars", data={"stars": "5"})
    assert "★ 5.00 · 2 rated" in client.get("/wall/en").text
    assert "5.00 stars on average" in client.get(f"/work/{work}").text


def test_the_doubt_and_the_spread_are_drawn_for_those_who_have_rated_only(
    client: TestClient, house: House, work: int
) -> None:
    rate.cast_vote(house, work, 5, BOB)
    client.get("/en/")
    assert "<svg" not in client.get(f"/work/{work}").text
    client.post(f"/work/{work}/stars", data={"stars": "3"})
    page = client.get(f"/work/{work}").text
    assert 'aria-label="The mean, 4.00 stars, drawn on a line from 1 to 5, and its doubt, from 1.2 to 5.0"' in page
    bars = re.findall(r"<span>([1-5]) ★</span>.*<span>(\d+)</span></li>", page)
    assert bars == list(zip("54321", "10100", strict=True))


def test_a_withdrawn_rating_hides_the_others_again(client: TestClient, house: House, work: int) -> None:
    rate.cast_vote(house, work, 5, BOB)
    client.get("/en/")
    client.post(f"/work/{work}/stars", data={"stars": "3"})
    answer = client.post(f"/work/{work}/withdraw")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/work/{work}")
    assert "on average" not in client.get(f"/work/{work}").text
    assert client.post("/work/999/withdraw").status_code == 404


def test_changing_a_rating_replaces_it(client: TestClient, work: int) -> None:
    client.get("/en/")
    for stars in ("2", "4"):
        client.post(f"/work/{work}/stars", data={"stars": stars})
    page = client.get(f"/work/{work}").text
    assert "1 person has rated it: 4.00 stars." in page  # not "1 have rated it, on average", nor "between 1.0 and 5.0"
    assert "If everybody voted" not in page


@pytest.mark.parametrize("stars", ["0", "6", "", "five", "4.5", "１"])
def test_what_is_no_rating_is_refused_in_a_sentence(client: TestClient, work: int, stars: str) -> None:
    client.get("/en/")
    answer = client.post(f"/work/{work}/stars", data={"stars": stars})
    assert answer.status_code == 400
    assert "give 1, 2, 3, 4 or 5 stars" in answer.text
    assert "<h1>That could not be done</h1>" in answer.text  # and not that there is no such work


@pytest.mark.parametrize("number", ["999", "0", "-1", "abc", "1e3", "9" * 40, "１"])
def test_a_work_that_does_not_exist_is_one_clear_sentence(client: TestClient, number: str) -> None:
    client.get("/zh/")
    answer = client.get(f"/work/{quote(number)}")
    assert answer.status_code == 404
    assert "请核对链接" in answer.text


def test_making_again_says_identical(client: TestClient, work: int, poem: int) -> None:
    client.get("/en/")
    cards = [client.post(f"/work/{number}/again").json() for number in (work, poem)]
    assert [card["verdict"] for card in cards] == ["identical", "identical"]
    assert "character by character" in cards[1]["text"]


def test_making_again_in_a_crowd_says_when_to_come_back(client: TestClient, house: House, work: int) -> None:
    client.get("/en/")
    assert isinstance(house.engine, FakeEngine)
    house.engine.refusals = [QueueFull(7)]
    answer = client.post(f"/work/{work}/again")
    assert answer.status_code == 503
    assert "about 7 seconds" in answer.json()["text"]


def test_the_site_answers_while_a_crowd_waits_for_its_works(
    site: tuple[House, ASGIApp], work: int, held: FakeEngine
) -> None:
    async def crowd() -> list[httpx.Response]:
        async with _visitors(site[1]) as http:
            asked = [
                asyncio.create_task(http.post(f"/work/{work}/again", headers=_cookie_of(site[0]))) for _ in range(48)
            ]
            while len(held.open) < 48:
                assert (await asyncio.wait_for(http.get("/healthz"), 60)).json() == {"ok": True}
            for future, recipe in zip(held.open, held.cooked[-48:], strict=True):
                future.set_result(paint(recipe))
            return await asyncio.gather(*asked)

    assert {answer.json()["verdict"] for answer in finish(crowd())} == {"identical"}


def test_a_visitor_has_one_work_made_again_at_a_time(site: tuple[House, ASGIApp], work: int, held: FakeEngine) -> None:
    async def twice() -> list[httpx.Response]:
        async with _visitors(site[1]) as http:
            mine = _cookie_of(site[0])
            first = asyncio.create_task(http.post(f"/work/{work}/again", headers=mine))
            while not held.open:
                await http.get("/healthz")
            second = await http.post(f"/work/{work}/again", headers=mine)
            held.open[0].set_result(paint(held.cooked[-1]))
            return [await first, second]

    first, second = finish(twice())
    assert first.json()["verdict"] == "identical"
    assert "is not ready yet; wait for it" in second.json()["text"]


def _visitors(app: ASGIApp) -> httpx.AsyncClient:
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://gallery.test", timeout=120)


def _cookie_of(house: House) -> dict[str, str]:
    return {"cookie": f"{COOKIE}={house.signer.cookie(new_visitor())}"}


@pytest.fixture
def held(house: House) -> Iterator[FakeEngine]:
    """The engine of the site, which finishes nothing until it is told to."""
    assert isinstance(house.engine, FakeEngine)
    house.engine.held = True
    house.engine.open.clear()
    yield house.engine
    house.engine.held = False


def test_a_downloaded_painting_carries_its_recipe(client: TestClient, work: int) -> None:
    answer = client.get(f"/work/{work}/file")
    assert answer.headers["content-disposition"] == f"attachment; filename*=UTF-8''{quote('松风 <b>', safe='')}.png"
    assert '"label":"shanshui"' in str(read_recipe(answer.content))


def test_a_small_painting_comes_larger_too(client: TestClient, work: int) -> None:
    png = client.get(f"/work/{work}/large").content
    assert (decode(png).width, decode(png).height) == (512, 512)
    assert read_recipe(png) == read_recipe(client.get(f"/work/{work}/file").content)


def test_a_painting_can_be_seen_as_it_was_before_it_was_enlarged(client: TestClient, house: House, work: int) -> None:
    client.get("/en/")
    page = client.get(f"/work/{work}").text
    assert "Painted at 8 pixels and enlarged to 16" in page
    assert f'data-before="/work/{work}/before"' in page
    picture, recipe = decode(client.get(f"/work/{work}/before").content), browse.look(house, work).recipe
    small = paint(replace(recipe, inputs={**recipe.inputs, "side": 8}))
    assert picture == enlarge(Pixels(small.pixels, 8, 8), times=2)


def test_what_was_never_enlarged_is_not_compared_with_itself(client: TestClient, house: House, poem: int) -> None:
    client.get("/en/")
    answer = client.get(f"/work/{poem}/before")
    assert (answer.status_code, "was not enlarged" in answer.text) == (400, True)
    assert "data-before" not in client.get(f"/work/{poem}").text


def test_a_painting_that_no_network_enlarged_says_so_and_is_not_compared(
    client: TestClient, work: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/en/")
    assert "data-before" in client.get(f"/work/{work}").text
    monkeypatch.setattr(painting_wishes, "smoothly_enlarged", lambda card: True)
    page = client.get(f"/work/{work}").text
    assert "smoothly enlarged" in page
    assert "data-before" not in page
    assert client.get(f"/work/{work}/before").status_code == 400


def test_a_painting_whose_generator_paints_no_smaller_is_said_to_be_small(
    client: TestClient, house: House, work: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.get("/en/")
    monkeypatch.setattr(painting_wishes, "sides", lambda card: (16,))
    page = client.get(f"/work/{work}").text
    assert "Painted small: 16 × 16 pixels" in page
    assert "data-before" not in page


def test_a_poem_has_no_picture_to_enlarge(client: TestClient, poem: int) -> None:
    assert client.get(f"/work/{poem}/large").status_code == 404


def test_a_downloaded_poem_is_its_text_and_ends_with_its_recipe(client: TestClient, house: House, poem: int) -> None:
    lines = client.get(f"/work/{poem}/file").text.split("\n")
    assert lines[0] == "Evening"
    assert [len(line) for line in lines[3:8]] == [7, 7, 7, 7, 0]
    assert lines[8] == "Unsigned."
    assert Recipe.from_json(lines[-1]) == browse.look(house, poem).recipe


def test_each_kind_of_work_says_where_its_recipe_is_kept(client: TestClient, work: int, poem: int) -> None:
    client.get("/en/")
    assert "the picture file carries" in client.get(f"/work/{work}").text
    assert "the text you download carries" in client.get(f"/work/{poem}").text
    assert "the picture file carries" not in client.get(f"/work/{poem}").text


def test_more_of_the_wall_comes_as_cards_and_ends(client: TestClient, work: int, poem: int) -> None:
    cards = client.get("/wall/en?kind=poem").text
    assert f'href="/work/{poem}"' in cards
    assert f'href="/work/{work}"' not in cards
    assert client.get("/wall/en?cursor=nonsense").status_code == 400


def test_a_card_of_verse_names_its_form_in_the_language_of_the_wall(client: TestClient, poem: int) -> None:
    words = {language: client.get(f"/wall/{language}?kind=poem").text for language in ("zh", "en")}
    assert '<span class="maker">七绝 · ' in words["zh"]
    assert '<span class="maker">Quatrain · ' in words["en"]  # the full name of a form leaves the maker no room


@pytest.mark.parametrize(
    "place",
    [
        "//evil.test",
        "https://evil.test",
        "/\\evil.test",
        "javascript:alert(1)",
        "//evil.test?a=b",
        "/x?\r\nset-cookie: a",
    ],
)
def test_switching_the_language_never_leads_out_of_the_house(client: TestClient, place: str) -> None:
    answer = client.get("/language/en", params={"next": place})
    assert answer.headers["location"] == "/"
    assert client.get("/").headers["location"] == "/en/"


def test_the_wall_shows_scores_only_of_works_one_has_rated(client: TestClient, work: int, poem: int) -> None:
    client.get("/en/")
    client.post(f"/work/{work}/stars", data={"stars": "4"})
    cards = re.split(r'<li class="card"', client.get("/wall/en").text)
    told = {int(re.findall(r"/work/(\d+)", card)[0]): "you gave 4" in card for card in cards[1:]}
    assert told[work]
    assert not told[poem]
    assert "★" not in "".join(card for card in cards[1:] if "you gave" not in card)


@pytest.mark.parametrize("order", ["best", "voted"])
def test_the_wall_in_an_order_of_stars_says_that_it_shows_the_order_and_no_numbers(
    client: TestClient, house: House, work: int, order: str
) -> None:
    rate.cast_vote(house, work, 5, BOB)
    page = client.get(f"/en/?sort={order}").text
    assert "shows the order, not the numbers" in page
    assert page.count('<li class="card"') > 0
    assert 'class="tally"' not in page
    assert "the order, not the numbers" not in client.get("/en/").text


@pytest.mark.parametrize("name", ["README.md", "app.py", "/etc/passwd", "../secret", "..%2f..%2fetc%2fpasswd"])
def test_gradio_serves_no_file_of_ours(client: TestClient, house: House, name: str) -> None:
    secret = house.settings.home / "secret"
    for path in (name, str(secret)):
        assert client.get(f"/zh/gradio_api/file={path}").status_code in (403, 404)
        assert client.get(f"/zh/file={path}").status_code in (403, 404)


def test_an_address_that_leads_nowhere_is_a_page_that_leads_back(client: TestClient) -> None:
    client.get("/zh/")
    answer = client.get("/nowhere/at/all")
    assert answer.status_code == 404
    assert "没有这个地址" in answer.text
    assert 'href="/zh/"' in answer.text


@pytest.mark.parametrize(("language", "sentence"), [("zh", "没有这个地址"), ("en", "nothing at this address")])
def test_an_address_that_gradio_does_not_know_is_our_page_too(client: TestClient, language: str, sentence: str) -> None:
    answer = client.get(f"/{language}/foo", headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert sentence in answer.text
    assert "content-security-policy" in answer.headers
    assert client.get(f"/{language}/gradio_api/nothing", headers={"accept": "application/json"}).json()


def test_the_address_of_a_vote_opened_again_shows_the_work(client: TestClient, work: int) -> None:
    for act in ("stars", "again"):
        assert client.get(f"/work/{work}/{act}").headers["location"] == f"/work/{work}"
    answer = client.post("/healthz", headers={"cookie": client.get("/en/").headers["set-cookie"].split(";")[0]})
    assert answer.status_code == 405
    assert "cannot be used in this way" in answer.text


def test_our_own_mistake_is_a_page_too_and_tells_nothing_of_the_inside(
    site: tuple[House, ASGIApp], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gallery.journeys.browse.look", lambda *_: 1 / 0)
    client = TestClient(site[1], base_url="http://gallery.test", raise_server_exceptions=False)
    client.get("/en/")
    answer = client.get("/work/1")
    assert answer.status_code == 500
    assert "the fault is ours" in answer.text
    assert "ZeroDivisionError" not in answer.text
    assert "content-security-policy" in answer.headers


def test_a_poem_is_set_with_pinyin_when_that_is_asked_for(client: TestClient, poem: int, work: int) -> None:
    told = client.get(f"/work/{poem}/pinyin").text
    assert told.count("<ruby>") == told.count("<rt") == 28
    assert client.get(f"/work/{work}/pinyin").text.strip() == ""
    assert client.get("/work/999999/pinyin").status_code == 404


def test_the_stanzas_of_a_ci_stand_apart_with_pinyin_and_word_for_word(client: TestClient, house: House) -> None:
    """They ran together."""
    wish = create.WriteRequest("清平乐", 5, 1)
    draft = next(item.draft for item in create.watch(house, wish, ALICE) if isinstance(item, create.Finished))
    tune = create.save(house, draft.token, ALICE, "Tune", "").id
    for part in ("pinyin", "gloss"):
        lines = re.findall("<p [^>]*>", client.get(f"/work/{tune}/{part}").text.replace('<p class="aside">', ""))
        assert ["next-stanza" in line for line in lines] == [number == 4 for number in range(8)]


def test_a_page_seals_as_a_scroll_does_and_what_is_unsigned_bears_no_seal_of_the_house(
    client: TestClient, house: House, written: Callable[..., Draft], poem: int
) -> None:
    """It said “Li”, lying on its side, and 诗画 for Anonymous."""
    signed = create.save(house, written().token, ALICE, "Signed", "Li Wei").id
    assert re.findall('class="seal"[^>]*>([^<]*)<', client.get(f"/work/{signed}").text) == ["LI\nWE"]
    assert 'class="seal"' not in client.get(f"/work/{poem}").text


def test_a_painting_beside_a_poem_is_not_compared_value_by_value(client: TestClient, work: int, poem: int) -> None:
    page = client.get(f"/en/compare?ids={work},{poem}").text
    assert "They are of different kinds" in page
    assert "<table>" not in page


def test_the_desk_calls_a_scroll_a_scroll(house: House, work: int, poem: int) -> None:
    """It called it by the subject of its painting."""
    wish = inscribe.Wish(str(work), str(poem), {name: values[0] for name, values in CHOICES.items()})
    hung = inscribe.hang(house, wish, "Both", ALICE)
    assert facts_of(Frame(house, "en"), hung).startswith("Scroll · ")


def test_a_recipe_is_told_as_a_person_would(house: House) -> None:
    """It said “computed in bits 8”, “Warmth -0.5” and “取样 秒数 2”."""
    told = Recipe("painter", "", 1, {}, {"bits": 8, "warm": -0.5, "truncation": 0.7})
    assert sampled(Frame(house, "en"), told) == ["8-bit", "warmth −0.5", "variety 0.7"]
    film = Recipe("film", "", 1, {}, {"seconds": 2})
    assert sampled(Frame(house, "zh"), film) == ["2 秒"]


def test_what_a_poem_was_asked_for_is_named(client: TestClient, house: House) -> None:
    """Keywords stood among what was asked for as though they were a form."""
    draft = create.generate(house, create.WriteRequest("五绝", seed=3, keywords="秋江 月"), ALICE)[0]
    wished = create.save(house, draft.token, ALICE, "Wished").id
    assert "keywords “秋江月”" in client.get(f"/work/{wished}").text


def test_a_poem_is_told_word_for_word_when_that_is_asked_for(client: TestClient, poem: int, work: int) -> None:
    told = client.get(f"/work/{poem}/gloss").text
    assert told.count("<rt") == 28
    assert told.count('class="meaning" lang="en"') >= 14
    assert "CC BY-SA 4.0" in told
    assert client.get(f"/work/{work}/gloss").text.strip() == ""
    assert client.get("/work/999999/gloss").status_code == 404


def test_the_page_of_a_poem_shows_which_characters_its_maker_fixed(client: TestClient, house: House) -> None:
    draft = create.generate(house, create.WriteRequest("五绝", heads="山高水长", keywords="月"), ALICE)[0]
    page = client.get(f"/work/{create.save(house, draft.token, ALICE, 'Heads').id}").text
    assert page.count('<em class="v">') == 4
    assert "4 characters fixed by the maker" in page


def test_a_work_shows_its_parents_and_its_children(
    client: TestClient, house: House, painted: Callable[..., Draft]
) -> None:
    parent = create.save(house, painted(21).token, ALICE, "Mother <b>")
    child = create.save(house, descend.go_on(house, parent.id, BOB).token, BOB, "Child & co")
    page = client.get(f"/work/{child.id}").text
    assert f'href="/work/{parent.id}"' in page
    assert "Mother &lt;b&gt;" in page
    assert "Child &amp; co" in client.get(f"/work/{parent.id}").text


def test_only_paintings_of_the_network_at_work_can_be_gone_on_from(client: TestClient, work: int, poem: int) -> None:
    assert f"paint?from={work}" in client.get(f"/work/{work}").text
    assert "paint?from=" not in client.get(f"/work/{poem}").text


@pytest.fixture(scope="module")
def hung(site: tuple[House, ASGIApp]) -> WorkRecord:
    """A scroll of Bob's on the wall, of a painting and a poem of Alice's."""
    house = site[0]
    wishes: list[create.Request] = [create.PaintRequest("shanshui", 5), create.WriteRequest("五绝", 6)]
    drafts = [create.generate(house, wish, ALICE)[0] for wish in wishes]
    painting, poem = (create.save(house, draft.token, ALICE, f"Part {n}") for n, draft in enumerate(drafts))
    choices = {name: values[0] for name, values in CHOICES.items()}
    return inscribe.hang(house, inscribe.Wish(str(painting.id), str(poem.id), choices, "阿<b>"), "题 <i>", BOB)


def test_the_page_of_a_scroll_shows_it_whole_with_both_parents(client: TestClient, hung: WorkRecord) -> None:
    client.get("/en/")
    page = client.get(f"/work/{hung.id}").text
    assert f'<img src="/media/{hung.picture}" width="{hung.width}" height="{hung.height}"' in page
    assert "Part 0" in page
    assert "Part 1" in page
    assert "Hanging scroll · Buff · Running · White on red" in page
    assert "题 &lt;i&gt;" in page
    assert "<i>" not in page


def test_a_scroll_is_rated_listed_and_made_again_like_any_work(client: TestClient, hung: WorkRecord) -> None:
    client.get("/en/")
    assert client.post(f"/work/{hung.id}/stars", data={"stars": "4"}).status_code == 303
    cards = client.get("/wall/en?kind=scroll").text
    assert f'href="/work/{hung.id}"' in cards
    assert "you gave 4" in cards
    assert client.post(f"/work/{hung.id}/again").json()["verdict"] == "identical"


def test_a_scroll_is_downloaded_as_picture_and_as_a_page(client: TestClient, hung: WorkRecord, work: int) -> None:
    picture = client.get(f"/work/{hung.id}/file")
    assert read_recipe(picture.content) == hung.recipe
    page = client.get(f"/work/{hung.id}/pdf")
    assert page.headers["content-type"] == "application/pdf"
    assert page.headers["content-disposition"].endswith(".pdf")
    assert page.content.startswith(b"%PDF-")
    assert client.get(f"/work/{work}/pdf").status_code == 404


def test_works_lead_to_the_scroll_page_with_all_they_have_for_it(
    client: TestClient, work: int, poem: int, hung: WorkRecord
) -> None:
    assert f"scroll?painting={work}" in client.get(f"/work/{work}").text
    assert f"scroll?poem={poem}" in client.get(f"/work/{poem}").text
    assert re.search(r"scroll\?painting=\d+&amp;poem=\d+", client.get(f"/work/{hung.id}").text)
