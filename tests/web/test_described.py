"""The description for programs is true: every answer is of the shape it tells, and it tells of every question."""

from __future__ import annotations

import pytest
from fastapi.openapi.models import OpenAPI
from starlette.testclient import TestClient

from gallery.journeys import House, accounts, create, descend, inscribe, rate, tag
from gallery.journeys.accounts import Curator
from gallery.journeys.create import PaintRequest, WriteRequest
from gallery.journeys.find import Wish
from gallery.pages import wall
from gallery.visitors import COOKIE
from gallery.web import build_app, described
from gallery.web.described import Alive, Embedded, Ready, Refused, Works
from tests.conftest import ALICE, BOB
from tests.journeys.test_inscribe import PLAIN


@pytest.fixture
def hung(house: House) -> House:
    """1 a painting, 2 a poem with a title that is HTML, 3 a child of the painting, 4 a scroll of both."""
    painting = create.generate(house, PaintRequest("shanshui", seed=1), ALICE)[0]
    create.save(house, painting.token, ALICE, "Mist", "阿宁")
    poem = create.generate(house, WriteRequest("七绝", seed=2), ALICE)[0]
    create.save(house, poem.token, ALICE, "<b>月</b>", "<i>")
    draft = descend.go_on(house, 1, BOB)
    create.save(house, descend.steer(house, draft.token, {"light": 1.0}, BOB).token, BOB, "Brighter")
    inscribe.hang(house, inscribe.Wish("1", "2", PLAIN), "Scroll", ALICE)
    accounts.add(house.settings, "wen", "correct horse battery", "curator", 1)
    tag.give(house, "雪景", [1, 3], Curator("wen", "curator"))
    rate.cast_vote(house, 1, 4, ALICE)
    return house


@pytest.fixture
def client(hung: House) -> TestClient:
    """Alice's browser, which speaks English."""
    cookies = {COOKIE: hung.signer.cookie(ALICE)}
    return TestClient(
        build_app(hung), base_url="http://gallery.test", cookies=cookies, headers={"accept-language": "en"}
    )


def test_every_answer_is_of_the_shape_that_is_described(client: TestClient) -> None:
    works = Works.model_validate_json(client.get("/api/v1/works").content)
    assert [work.kind for work in works.works] == ["scroll", "painting", "poem", "painting"]
    assert [work.my_stars for work in works.works] == [None, None, None, 4]
    Refused.model_validate_json(client.get("/api/v1/works?tag=none").content)
    Alive.model_validate_json(client.get("/healthz").content)
    Ready.model_validate_json(client.get("/readyz").content)


def test_the_description_is_open_api_and_every_reference_in_it_leads_somewhere(client: TestClient) -> None:
    told = client.get("/api/v1/openapi.json").json()
    OpenAPI.model_validate(told)
    assert told["servers"] == [{"url": "http://gallery.test"}]
    assert {client.get(address).status_code for address in told["paths"]} == {200, 404}
    references = [part.partition('"')[0] for part in str(told).replace("'", '"').split("#/components/schemas/")[1:]]
    assert set(references) <= set(told["components"]["schemas"])


def test_every_question_to_the_wall_is_described_and_no_other() -> None:
    whole = Wish(
        q="月",
        kind="poem",
        subject="s",
        form="f",
        mood="m",
        tag="t",
        month="2026-11",
        since="2026-01",
        until="2026-12",
        descended=True,
        mine=True,
        rated=False,
        sort="random",
        seed=7,
        cursor="random-1-1",
        signature="阿宁",
        show="spring",
        inscribed=True,
    )
    described_as = {name for name, _, _ in described.QUERY}
    assert described_as == set(wall.parts(whole)) | {"limit"}
    assert wall.read(wall.parts(whole)) == whole


def embed(client: TestClient, work: int, **query: int) -> Embedded:
    params: dict[str, str | int] = {"url": f"http://gallery.test/work/{work}", **query}
    answer = client.get("/oembed", params=params)
    assert answer.status_code == 200
    return Embedded.model_validate_json(answer.content)


def test_a_painting_is_embedded_as_a_photo_that_fits(client: TestClient) -> None:
    photo = embed(client, 1)
    assert (photo.type, photo.title, photo.author_name, photo.width) == ("photo", "Mist", "阿宁", 384)
    assert client.get(str(photo.url)).headers["content-type"] == "image/webp"
    small = embed(client, 1, maxwidth=100, maxheight=80)
    assert (small.width, small.height) == (80, 80)
    scroll = embed(client, 4, maxwidth=200)
    assert scroll.width <= 200
    assert client.get(str(scroll.url)).status_code == 200


def test_a_poem_is_embedded_as_verse_and_nothing_that_was_typed_is_html(client: TestClient) -> None:
    poem = embed(client, 2)
    assert poem.type == "rich"
    assert "&lt;b&gt;月&lt;/b&gt;" in str(poem.html)
    assert "<b>" not in str(poem.html)
    assert 'href="http://gallery.test/work/2"' in str(poem.html)


def test_the_page_of_a_work_says_where_it_is_embedded_from(client: TestClient) -> None:
    page = client.get("/work/1").text
    assert 'href="http://gallery.test/oembed?url=http%3A//gallery.test/work/1"' in page


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("url=http://elsewhere.test/work/1", 404),
        ("url=http://gallery.test/desk", 404),
        ("url=javascript:alert(1)", 404),
        ("url=http://gallery.test/work/99", 404),
        ("", 404),
        ("url=http://gallery.test/work/1&format=xml", 501),
    ],
)
def test_what_cannot_be_embedded_is_said_to_be_so(client: TestClient, query: str, status: int) -> None:
    answer = client.get(f"/oembed?{query}")
    assert answer.status_code == status
    Refused.model_validate_json(answer.content)
