"""What the site remembers of each open page: its own states, in little memory, and not what its components showed."""

from __future__ import annotations

import gc
import tracemalloc

import gradio as gr
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from gallery.web import sessions
from gallery.web.mounting import mounted
from gallery.web.sessions import keep_small


@pytest.fixture
def site() -> tuple[TestClient, gr.Blocks]:
    """One page that counts what a session pressed, and shows a long text."""
    with gr.Blocks() as blocks:
        count, shown, button = gr.State(0), gr.HTML(), gr.Button()
        button.click(lambda n: (n + 1, f"{n + 1} {'x' * 100_000}"), count, [count, shown], queue=False)
    app = FastAPI()
    gr.mount_gradio_app(app, blocks, path="/en", ssr_mode=False)
    keep_small(mounted(app), blocks)
    return TestClient(app), blocks


def press(client: TestClient, session: str) -> str:
    answer = client.post("/en/gradio_api/run/predict", json={"fn_index": 0, "data": [None], "session_hash": session})
    assert answer.status_code == 200
    return str(answer.json()["data"][1]).split()[0]


def test_every_session_has_states_of_its_own(site: tuple[TestClient, gr.Blocks]) -> None:
    client, _ = site
    assert [press(client, name) for name in ("a", "a", "b", "a", "b")] == ["1", "2", "1", "3", "2"]


def test_the_oldest_sessions_go_when_there_are_too_many(
    site: tuple[TestClient, gr.Blocks], monkeypatch: pytest.MonkeyPatch
) -> None:
    client, blocks = site
    blocks.state_holder.capacity = 2
    assert [press(client, name) for name in ("a", "b", "c", "a")] == ["1", "1", "1", "1"]
    assert sessions.MOST <= 10_000


def test_a_session_keeps_nothing_of_what_was_shown(site: tuple[TestClient, gr.Blocks]) -> None:
    """Seen to fail with Gradio's own sessions: 110 KB each."""
    client, blocks = site
    press(client, "warm")
    gc.collect()
    tracemalloc.start()
    for number in range(20):
        press(client, f"visitor {number}")
    gc.collect()
    grown = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(blocks.state_holder.session_data) == 21
    assert grown / 20 < 12_000  # bytes, what one request leaves included


def test_a_component_is_kept_for_a_page_only_if_it_differs_there() -> None:
    """Seen to fail with every component kept: also those that `gr.skip` leaves as they are."""
    with gr.Blocks() as blocks:
        shown, choices, button = gr.HTML("a"), gr.Radio(["x"]), gr.Button()
        button.click(lambda: (gr.skip(), gr.Radio(choices=["y"])), None, [shown, choices], queue=False)
        button.click(lambda: (gr.skip(), gr.skip()), None, [shown, choices], queue=False)
    app = FastAPI()
    gr.mount_gradio_app(app, blocks, path="/en", ssr_mode=False)
    keep_small(mounted(app), blocks)
    client = TestClient(app)
    for act in (0, 1):
        call: dict[str, object] = {"fn_index": act, "data": [], "session_hash": "a"}
        assert client.post("/en/gradio_api/run/predict", json=call).status_code == 200
    kept = blocks.state_holder["a"].blocks_config.blocks.maps[0]
    assert {key: part.choices for key, part in kept.items()} == {choices._id: [("y", "y")]}
