"""Opening the gallery: what cannot be is one sentence in the keeper's language, with what to do, and exit code 2."""

from __future__ import annotations

import gc
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

import db
from db.engine import sqlite_module
from gallery.__main__ import main
from gallery.settings import Settings
from gallery.texts import load_texts
from gallery.web import heap
from gallery.web.serving import server_of

ROOT = Path(__file__).parent.parent.parent
Refusal = Callable[..., str]


@pytest.fixture(params=["zh", "en"])
def language(request: pytest.FixtureRequest) -> str:
    """The language of the house, by its setting."""
    return str(request.param)


@pytest.fixture
def refusal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Refusal:
    """Asks to serve with these flags, by default on a home of its own, and returns the one sentence of the refusal."""

    def ask(**flags: object) -> str:
        given = {"home": tmp_path / "home", "port": _free_port()} | flags
        assert main(["serve", *(f"--{name}={value}" for name, value in given.items())]) == 2
        told = capsys.readouterr()
        assert told.out == ""
        assert len(told.err.splitlines()) == 1
        return told.err.strip()

    return ask


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


def _says(sentence: str, key: str, language: str, **values: object) -> bool:
    return sentence == load_texts().say(key, language, **values)


def test_the_gallery_opens_with_a_heap_that_keeps_small(refusal: Refusal, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    monkeypatch.setattr(heap, "leave_no_holes", lambda: asked.append("none"))
    refusal(host="a..b")
    assert asked == ["none"]


def test_garbage_is_looked_for_again_once_all_is_loaded_and_not_among_that(refusal: Refusal) -> None:
    gc.disable()  # as app.py does
    try:
        refusal(host="a..b")
        assert gc.isenabled()
        assert gc.get_freeze_count() > 10_000
    finally:
        gc.enable()
        gc.unfreeze()


def test_a_port_in_use_is_named_with_how_to_choose_another(refusal: Refusal, language: str, tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        sentence = refusal(port=port, language=language)
    values = {"host": "127.0.0.1", "port": port, "reason": "Address already in use"}
    assert _says(sentence, "cli.no_door", language, **values)
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("host", ["192.0.2.1", "no.such.host.invalid", "a..b", "2001:db8::1"])
def test_a_host_that_is_not_ours_is_named_with_what_to_give(refusal: Refusal, language: str, host: str) -> None:
    sentence = refusal(host=host, language=language)
    before, after = load_texts().say("cli.no_host", language, host=host, reason="|").split("|")
    assert sentence.startswith(before)
    assert sentence.endswith(after)
    assert "--host" in after


@pytest.mark.parametrize("port", ["0", "65536", "eighty", ""])
def test_a_port_that_is_none_is_refused_with_what_is_allowed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], port: str
) -> None:
    monkeypatch.setenv("SHIHUA_PORT", port)
    assert main(["serve"]) == 2
    sentence = f"SHIHUA_PORT is {port!r}, which is not allowed: give a whole number from 1 to 65535\n"
    assert capsys.readouterr() == ("", sentence)


def test_a_variable_that_is_no_setting_is_refused_with_those_there_are(
    refusal: Refusal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHIHUA_THREADS", "4")
    sentence = refusal()
    assert sentence.startswith("SHIHUA_THREADS is no setting of this gallery; there are: SHIHUA_")
    assert "SHIHUA_PORT" in sentence


@pytest.mark.parametrize("inside", ["", "deeper/still"])
def test_a_home_that_cannot_be_made_is_named_with_how_to_choose_another(
    refusal: Refusal, language: str, tmp_path: Path, inside: str
) -> None:
    (tmp_path / "file").write_text("in the way")
    home = tmp_path / "file" / inside
    reason = "Not a directory" if inside else "File exists"
    assert _says(refusal(home=home, language=language), "cli.no_home", language, folder=home, reason=reason)


def test_a_database_of_a_newer_gallery_is_left_alone(refusal: Refusal, language: str, tmp_path: Path) -> None:
    path = tmp_path / "gallery.sqlite"
    db.open_db(f"sqlite:///{path}").close()
    with sqlite_module().connect(str(path)) as other:
        other.execute("UPDATE alembic_version SET version_num = '9999'")
    other.close()
    before = path.read_bytes()
    assert _says(refusal(home=tmp_path, language=language), "errors.database_too_new", language, found="9999")
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_is_left_alone(refusal: Refusal, language: str, tmp_path: Path) -> None:
    path = tmp_path / "gallery.sqlite"
    path.write_bytes(b"not a database at all" * 99)
    reason = "file is not a database"
    assert _says(refusal(home=tmp_path, language=language), "errors.database_broken", language, reason=reason)
    assert path.read_bytes() == b"not a database at all" * 99


@pytest.fixture
def weightless(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address and process of a gallery whose repository has lost its weights, started for the first time."""
    house, port = tmp_path / "house", _free_port()
    shutil.copytree(ROOT / "models", house / "models", ignore=shutil.ignore_patterns("weights", "__pycache__"))
    for room in ("gallery", "db"):
        (house / room).symlink_to(ROOT / room)
    command = [sys.executable, "-m", "gallery", "serve", "--home", str(tmp_path / "home"), "--port", str(port)]
    environment = os.environ | {"GRADIO_ANALYTICS_ENABLED": "False", "SHIHUA_LANGUAGE": "en"}
    with subprocess.Popen(command, cwd=house, env=environment, text=True, stderr=subprocess.PIPE) as process:
        yield f"http://127.0.0.1:{port}", process
        process.terminate()


def test_without_weights_the_wall_opens_one_sentence_says_what_is_missing_and_it_ends_in_order(
    weightless: tuple[str, subprocess.Popen[str]], tmp_path: Path
) -> None:
    url, process = weightless
    for page in ("/en/", "/wall/en"):
        assert _first_answer(url + page, process) == 200
    process.terminate()
    assert process.wait(60) == 0
    assert process.stderr is not None
    assert process.stderr.read().strip() == load_texts().say("errors.model_unavailable", "en")
    assert not (tmp_path / "home" / "gallery.sqlite-wal").exists()


def _first_answer(url: str, process: subprocess.Popen[str]) -> int:
    until = time.monotonic() + 240
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=60) as answer:  # noqa: S310 (our own address)
                return int(answer.status)
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"no answer; exit code {process.poll()}")


@pytest.mark.parametrize(
    ("trusted", "proxy", "seen"),
    [
        ("127.0.0.1", "127.0.0.1", "8.8.4.1"),
        ("127.0.0.1", "10.1.2.3", "10.1.2.3"),
        ("10.1.0.0/16", "10.1.2.3", "8.8.4.1"),
        ("", "127.0.0.1", "127.0.0.1"),
    ],
)
def test_only_a_proxy_that_the_settings_name_is_believed_where_a_visitor_comes_from(
    tmp_path: Path, trusted: str, proxy: str, seen: str
) -> None:
    async def say_who(scope: Scope, receive: Receive, send: Send) -> None:
        await PlainTextResponse(scope["client"][0])(scope, receive, send)

    config = server_of(Settings.make({"home": tmp_path, "trusted_proxies": trusted}), say_who)
    config.load()
    browser = TestClient(config.loaded_app, client=(proxy, 1))
    assert browser.get("/", headers={"x-forwarded-for": "1.1.1.1, 8.8.4.1"}).text == seen
