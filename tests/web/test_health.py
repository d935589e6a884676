"""Watching over the house: it says that it lives, whether it can serve, and figures, to this machine alone."""

from __future__ import annotations

import logging
import shutil
from collections import namedtuple
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace

import pytest
from fastapi.testclient import TestClient
from starlette.types import ASGIApp

from gallery import errors
from gallery.journeys import Draft, House, create
from gallery.settings import Settings
from gallery.web import build_app
from models.recipe import Result
from tests.conftest import ALICE
from tests.fakes import FakeEngine

Usage = namedtuple("Usage", "total used free")
MB = 1 << 20


@pytest.fixture
def site(house: House) -> ASGIApp:
    return build_app(house)


def near(site: ASGIApp) -> TestClient:
    return TestClient(site, base_url="http://gallery.test", client=("127.0.0.1", 5000))


def leave_free(monkeypatch: pytest.MonkeyPatch, free: int) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12 - free, free))


def test_a_sound_house_lives_and_is_ready(site: ASGIApp) -> None:
    assert near(site).get("/healthz").json() == {"ok": True}
    assert near(site).get("/readyz").json() == {"ready": True, "database": True, "disk": True, "worker": True}


def test_a_full_disk_is_said_and_nothing_new_is_kept(
    site: ASGIApp, house: House, painted: Callable[..., Draft], monkeypatch: pytest.MonkeyPatch
) -> None:
    draft = painted()
    leave_free(monkeypatch, 255 * MB)
    answer = near(site).get("/readyz")
    assert (answer.status_code, answer.json()["disk"]) == (503, False)
    with pytest.raises(errors.DiskFull):
        create.save(house, draft.token, ALICE, "too late")
    leave_free(monkeypatch, 257 * MB)
    assert create.save(house, draft.token, ALICE, "in time").id == 1
    assert near(site).get("/readyz").status_code == 200


def test_a_full_queue_is_not_ready(site: ASGIApp, house: House, engine: FakeEngine) -> None:
    engine.open = [Future[Result]() for _ in range(house.settings.queue_size)]
    assert near(site).get("/readyz").json()["worker"] is False


def test_a_database_that_cannot_be_read_is_not_ready(site: ASGIApp, house: House) -> None:
    client = near(site)
    (house.settings.home / "gallery.sqlite").rename(house.settings.home / "elsewhere")
    (house.settings.home / "gallery.sqlite").write_bytes(b"no database" * 1000)
    house.db.close()
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["database"]) == (503, False)


def test_metrics_count_works_answers_and_time(site: ASGIApp, house: House, painted: Callable[..., Draft]) -> None:
    work = create.save(house, painted().token, ALICE, "counted").id
    client = near(site)
    for path in (f"/work/{work}", "/work/999", "/readyz"):
        client.get(path)
    told = client.get("/metrics").text
    assert 'shihua_works{kind="painting"} 1.0' in told
    assert 'shihua_answers_total{kind="work",status="200"} 1.0' in told
    assert 'shihua_answers_total{kind="work",status="404"} 1.0' in told
    assert 'shihua_request_seconds_count{kind="watch",method="GET"} 1.0' in told
    assert "process_resident_memory_bytes" in told
    assert ALICE.id not in told


def test_metrics_are_told_to_this_machine_alone(site: ASGIApp, house: House) -> None:
    far = TestClient(site, base_url="http://gallery.test", client=("203.0.113.9", 5000))
    assert far.get("/metrics").status_code == 403
    assert near(site).get("/metrics", headers={"x-forwarded-for": "203.0.113.9"}).status_code == 403
    home = house.settings.home
    open_house = replace(house, settings=Settings.make({"home": home, "open_metrics": True}))
    far = TestClient(build_app(open_house), base_url="http://gallery.test", client=("203.0.113.9", 5000))
    assert far.get("/metrics").status_code == 200


def test_a_failure_bears_the_number_that_the_log_names(
    site: ASGIApp, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("gallery.journeys.browse.look", lambda *_: 1 / 0)
    client = TestClient(site, base_url="http://gallery.test", raise_server_exceptions=False)
    client.get("/en/")
    with caplog.at_level(logging.ERROR, "gallery.web.health"):
        answer = client.get("/work/1")
    number = answer.headers["x-request-id"]
    assert number in answer.text
    assert f"request {number} (GET work) ended 500" in caplog.text
