"""Told to stop, the gallery finishes what is being made, refuses what is new, and says so."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import uvicorn

from gallery import web
from gallery.journeys import House, create
from gallery.texts import load_texts
from gallery.visitors import COOKIE, Visitor
from gallery.web.serving import SOCKETS, Server
from tests.conftest import ALICE, BOB
from tests.fakes import FakeEngine, paint


@pytest.fixture
def work(house: House) -> int:
    """A painting that hangs."""
    (draft,) = create.generate(house, create.PaintRequest("shanshui", seed=3), ALICE)
    return create.save(house, draft.token, ALICE, "Mist").id


@pytest.fixture
def running(house: House, engine: FakeEngine) -> Iterator[tuple[Server, threading.Thread, str]]:
    """The whole site as it is served, its thread and its address."""
    config = uvicorn.Config(web.build_app(house), port=0, log_level="error", lifespan="off", **SOCKETS)
    server = Server(config, engine, 20.0)  # type: ignore[arg-type]
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield server, thread, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = server.force_exit = True
    thread.join()


def _again(house: House, url: str, work: int, visitor: Visitor) -> httpx.Response:
    cookies = {COOKIE: house.signer.cookie(visitor), "shihua_language": "en"}
    return httpx.post(f"{url}/work/{work}/again", cookies=cookies, timeout=30)


def _until(what: object, holds: bool = True) -> None:
    assert callable(what)
    until = time.monotonic() + 20
    while bool(what()) is not holds:
        assert time.monotonic() < until
        time.sleep(0.02)


def test_what_is_being_made_is_finished_and_what_is_new_is_refused(
    house: House, engine: FakeEngine, work: int, running: tuple[Server, threading.Thread, str]
) -> None:
    server, thread, url = running
    engine.held = True
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(_again, house, url, work, ALICE)
        _until(lambda: engine.open)
        server.should_exit = True
        _until(lambda: engine.closing)
        assert httpx.get(f"{url}/readyz").status_code == 503
        assert httpx.get(f"{url}/healthz").status_code == 200
        refused = _again(house, url, work, BOB)
        assert refused.status_code == 503
        assert load_texts().say("errors.closing", "en") in refused.json()["text"]
        engine.open[0].set_result(paint(engine.cooked[-1]))
        assert first.result().json()["verdict"] == "identical"
    thread.join(timeout=20)
    assert not thread.is_alive()


def test_nobody_waits_longer_than_the_settings_allow(
    house: House, engine: FakeEngine, work: int, running: tuple[Server, threading.Thread, str]
) -> None:
    server, thread, url = running
    server.patience_s = 0.3
    server.config.timeout_graceful_shutdown = 1
    engine.held = True
    with ThreadPoolExecutor(1) as pool:
        never = pool.submit(_again, house, url, work, ALICE)
        _until(lambda: engine.open)
        server.should_exit = True
        thread.join(timeout=20)
        assert not thread.is_alive()
        assert never.exception(timeout=20) is not None or never.result().status_code >= 500
