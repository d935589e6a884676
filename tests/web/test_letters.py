"""What Gradio's queue remembers of events that are over: nothing, and what is under way is kept until it is told."""

from __future__ import annotations

import json
from asyncio import Queue as AsyncQueue
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from gallery.web import letters
from gallery.web.letters import UNREAD_S, Letterboxes, forget_events
from tests.fakes import FakeClock


@pytest.fixture
def site() -> Iterator[tuple[TestClient, gr.Blocks]]:
    """One page that shows two long texts, one after the other."""

    def show() -> Iterator[str]:
        yield from ("a" * 1000, "b" * 1000)

    with gr.Blocks() as blocks:
        shown, button = gr.HTML(), gr.Button()
        button.click(show, None, shown)
    app = FastAPI()
    gr.mount_gradio_app(app, blocks, path="/en", ssr_mode=False)
    forget_events(blocks)
    with TestClient(app) as client:
        yield client, blocks


def press(client: TestClient, session: str) -> None:
    answer = client.post("/en/gradio_api/queue/join", json={"fn_index": 0, "data": [], "session_hash": session})
    assert answer.status_code == 200


def read(client: TestClient, session: str) -> list[str]:
    """What a page is told, to the end."""
    answer = client.get("/en/gradio_api/queue/data", params={"session_hash": session})
    return [json.loads(line[5:])["msg"] for line in answer.iter_lines() if line.startswith("data:")]


def test_a_page_is_told_all_that_it_asked_for_again_and_again(site: tuple[TestClient, gr.Blocks]) -> None:
    client, _ = site
    for _ in range(2):
        press(client, "a")
        told = read(client, "a")
        assert told.count("process_generating") == 2
        assert told[-2:] == ["process_completed", "close_stream"]


def test_nothing_is_kept_of_events_that_are_over(site: tuple[TestClient, gr.Blocks]) -> None:
    """Seen to fail without: Gradio keeps five of each, and of the rows of statistics makes tables."""
    client, blocks = site
    for number in range(5):
        press(client, f"page {number}")
        read(client, f"page {number}")
    press(client, "last")
    queue = blocks._queue
    assert set(queue.pending_messages_per_session) == set(queue.pending_event_ids_session) == {"last"}
    assert queue.event_analytics == {}
    assert queue.cached_event_analytics_summary == {"functions": {}}
    read(client, "last")
    assert queue.event_ids_to_events == {}


@pytest.fixture
def boxes() -> tuple[Letterboxes, Any, FakeClock]:
    """The letterboxes of a queue, that queue, and the time that they go by."""
    queue, clock = SimpleNamespace(pending_event_ids_session={}, event_ids_to_events={}), FakeClock()
    return Letterboxes(queue, clock), queue, clock


def ask(boxes: Letterboxes, queue: Any, session: str) -> None:
    """A page presses a button, as Gradio notes it."""
    boxes[session] = AsyncQueue()
    queue.pending_event_ids_session[session] = {session}
    queue.event_ids_to_events[session] = object()


def test_what_nobody_comes_for_is_kept_for_a_while_and_then_is_not(boxes: tuple[Letterboxes, Any, FakeClock]) -> None:
    mail, queue, clock = boxes
    ask(mail, queue, "never listens")
    mail["never listens"].put_nowait("a glimpse")
    del queue.event_ids_to_events["never listens"]
    clock.now += UNREAD_S - 1
    ask(mail, queue, "another")
    assert "never listens" in mail
    clock.now += 2
    ask(mail, queue, "a third")
    assert set(mail) == set(queue.pending_event_ids_session) == {"another", "a third"}


def test_what_is_under_way_is_kept_however_long_it_takes(boxes: tuple[Letterboxes, Any, FakeClock]) -> None:
    mail, queue, clock = boxes
    ask(mail, queue, "waits")
    clock.now += 10 * UNREAD_S
    ask(mail, queue, "another")
    assert "waits" in mail
    del queue.event_ids_to_events["waits"]
    mail["waits"].put_nowait("done")
    ask(mail, queue, "a third")
    assert mail["waits"].get_nowait() == "done"


def test_of_a_page_that_was_closed_nothing_is_kept(boxes: tuple[Letterboxes, Any, FakeClock]) -> None:
    mail, queue, _ = boxes
    ask(mail, queue, "closed")
    del mail["closed"]  # as Gradio does when the stream breaks off
    assert not queue.pending_event_ids_session


def test_no_more_pages_than_the_bound_are_kept(
    boxes: tuple[Letterboxes, Any, FakeClock], monkeypatch: pytest.MonkeyPatch
) -> None:
    mail, queue, _ = boxes
    monkeypatch.setattr(letters, "MOST", 2)
    for session in "abc":
        ask(mail, queue, session)
    assert set(mail) == set(queue.pending_event_ids_session) == {"b", "c"}
