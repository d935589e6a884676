"""Tools for assistants: search, look, paint and write by the Model Context Protocol, within limits; nothing is kept."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest
from PIL import Image
from starlette.testclient import TestClient

from gallery.journeys import House, create, find
from gallery.web import build_app, tools
from models.engine import QueueFull
from models.recipe import Recipe
from tests.conftest import ALICE
from tests.fakes import POET, FakeEngine

HEADERS = {"accept": "application/json, text/event-stream", "accept-language": "en"}


@pytest.fixture
def client(house: House) -> TestClient:
    """A program without a cookie, at a gallery with a painting (1) and a poem (2)."""
    painting = create.generate(house, create.PaintRequest("shanshui", seed=1), ALICE)[0]
    create.save(house, painting.token, ALICE, "Mist", "阿宁")
    poem = create.generate(house, create.WriteRequest("七绝", seed=2), ALICE)[0]
    create.save(house, poem.token, ALICE, "秋江")
    return TestClient(build_app(house), base_url="http://gallery.test", headers=HEADERS)


def ask(client: TestClient, method: str, **params: Any) -> dict[str, Any]:
    answer = client.post("/mcp", json={"jsonrpc": "2.0", "id": 7, "method": method, "params": params})
    told: dict[str, Any] = answer.json()
    assert (told["jsonrpc"], told["id"]) == ("2.0", 7)
    return told


def call(client: TestClient, name: str, **arguments: Any) -> dict[str, Any]:
    result: dict[str, Any] = ask(client, "tools/call", name=name, arguments=arguments)["result"]
    return result


def test_it_greets_as_the_protocol_wants_and_answers_no_notification(client: TestClient) -> None:
    hello = ask(client, "initialize", protocolVersion="2025-03-26", capabilities={}, clientInfo={"name": "x"})
    assert hello["result"]["protocolVersion"] == "2025-03-26"
    assert ask(client, "initialize", protocolVersion="1999-01-01")["result"]["protocolVersion"] == "2025-06-18"
    note = client.post("/mcp", json={"jsonrpc": "2.0", "method": "notifications/initialized"})
    assert (note.status_code, note.content) == (202, b"")
    assert ask(client, "ping")["result"] == {}
    assert client.get("/mcp").status_code == 405


def test_every_tool_says_what_it_takes(client: TestClient) -> None:
    told = ask(client, "tools/list")["result"]["tools"]
    assert [tool["name"] for tool in told] == ["search", "look", "paint", "write"]
    assert all(tool["inputSchema"]["additionalProperties"] is False for tool in told)
    assert [tool["annotations"]["readOnlyHint"] for tool in told] == [True, True, False, False]
    paint, write = (tool["inputSchema"]["properties"] for tool in told[2:])
    assert paint["subject"]["enum"] == ["shanshui", "still_life"]  # those of this house's painters
    assert write["form"]["enum"] == POET.facts["asks"]["forms"]


def test_works_are_searched_and_looked_at(client: TestClient) -> None:
    found = call(client, "search", q="qiujiang")
    (work,) = found["structuredContent"]["works"]
    assert (work["id"], work["mean"]) == (2, None)
    assert json.loads(found["content"][0]["text"]) == found["structuredContent"]
    seen = call(client, "look", work=1)
    assert seen["structuredContent"]["signature"] == "阿宁"
    picture = Image.open(io.BytesIO(base64.b64decode(seen["content"][1]["data"])))
    assert (seen["content"][1]["mimeType"], picture.size) == ("image/webp", (384, 384))


def test_what_is_made_is_shown_with_its_recipe_and_kept_nowhere(client: TestClient, house: House) -> None:
    painted = call(client, "paint", subject="shanshui", seed=5)
    assert painted["content"][1]["type"] == "image"
    again = Recipe.from_json(json.dumps(painted["structuredContent"]["recipe"]))
    assert (again.seed, again.inputs) == (5, {"label": "shanshui"})
    written = call(client, "write", form="五绝", seed=6)
    assert [len(line) for line in written["structuredContent"]["verse"]] == [5, 5, 5, 5]
    tune = call(client, "write", form="忆江南", seed=6)
    assert [len(line) for line in tune["structuredContent"]["verse"]] == [3, 5, 7, 7, 5]
    assert len(find.page(house).cards) == 2
    assert len(house.drafts) == 2  # Alice's own


@pytest.mark.parametrize(
    ("name", "arguments", "sentence"),
    [
        ("search", {"tag": "none"}, "There is no tag"),
        ("search", {"q": "。"}, "“。”"),
        ("look", {"work": 99}, "99"),
        ("paint", {"subject": "cats"}, "cats"),
        ("write", {"form": "五言"}, "五言"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(
    client: TestClient, name: str, arguments: dict[str, Any], sentence: str
) -> None:
    told = call(client, name, **arguments)
    assert told["isError"] is True
    assert sentence in told["content"][0]["text"]


def test_a_full_house_is_told_and_so_is_a_neighbourhood_that_has_had_enough(
    client: TestClient, house: House, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine.refusals.append(QueueFull(9.0))
    assert "9" in call(client, "paint")["content"][0]["text"]
    monkeypatch.setattr(tools, "MADE_PER_HOUR", 2)
    monkeypatch.setattr(house.limits, "near", lambda host: "somewhere")
    assert [call(client, "write")["isError"] for _ in range(3)] == [False, False, True]
    assert call(client, "search")["isError"] is False


def test_callers_of_a_neighbourhood_take_turns_as_one(client: TestClient, house: House, engine: FakeEngine) -> None:
    owners, submit = set[str](), engine.submit
    engine.submit = lambda recipe, **more: owners.add(more["owner"]) or submit(recipe, **more)  # type: ignore[method-assign, func-returns-value]
    for seed in range(3):
        call(client, "paint", seed=seed)
    assert len(owners) == 1


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"{", -32700),
        (b"[" * 50_000, -32700),
        (b"[]", -32600),
        (b'{"jsonrpc": "1.0", "id": 1, "method": "ping"}', -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": 3}', -32600),
        (b" " * 70_000, -32600),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "resources/list"}', -32601),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": [1]}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "save"}}', -32602),
        (b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "look"}}', -32602),
        (
            b'{"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "paint", "arguments": {"x": 1}}}',
            -32602,
        ),
    ],
)
def test_a_message_that_is_none_is_refused_by_its_code(client: TestClient, body: bytes, code: int) -> None:
    assert client.post("/mcp", content=body).json()["error"]["code"] == code


def test_pages_of_other_sites_reach_no_tool_and_other_protocols_are_not_spoken(client: TestClient) -> None:
    hello = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    assert client.post("/mcp", json=hello, headers={"origin": "http://elsewhere.test"}).status_code == 403
    assert client.post("/mcp", json=hello, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert client.post("/mcp", json=hello, headers={"mcp-protocol-version": "1"}).status_code == 400
