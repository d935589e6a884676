"""A real Chromium on the real app: shipped weights, own process, own home. Nothing is faked but where a test
serves a house of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, expect, sync_playwright

from gallery.journeys import accounts
from gallery.settings import Settings

WORDS = "correct horse battery"
ROOT = Path(__file__).parent.parent.parent
expect.set_options(timeout=60_000)  # a busy machine is slow, and slowness is what the benchmarks are for
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _free_port() -> int:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])


@pytest.fixture(scope="session")
def first_wall(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of an app that was started for the first time, hung its first wall and was stopped."""
    folder = tmp_path_factory.mktemp("first")
    with opened(folder):
        pass
    return folder / "data"


@pytest.fixture(scope="module")
def home(first_wall: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a file's own app, so that no file sees what another has hung: its log, and its home in `data`."""
    folder = tmp_path_factory.mktemp("browser")
    shutil.copytree(first_wall, folder / "data")
    return folder


@pytest.fixture(scope="module")
def site(home: Path) -> Iterator[str]:
    """The address of an app with its first wall, which nobody has visited."""
    with opened(home) as address:
        yield address


@contextmanager
def opened(home: Path, **settings: str) -> Iterator[str]:
    """An app with its log, its home in `data` and its temporary folder under `home`; its address."""
    port = _free_port()
    (home / "tmp").mkdir()
    environment = {k: v for k, v in os.environ.items() if not k.startswith("SHIHUA_")} | settings
    command = [sys.executable, "app.py", "--home", str(home / "data"), "--port", str(port)]
    with (
        (home / "log").open("w") as log,
        subprocess.Popen(
            command, cwd=ROOT, env=environment | {"TMPDIR": str(home / "tmp")}, stdout=log, stderr=log
        ) as process,
    ):
        try:
            _wait_until_open(f"http://127.0.0.1:{port}", process, home / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()


def _wait_until_open(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + 240
    while time.monotonic() < until:
        assert process.poll() is None, log.read_text(encoding="utf-8")
        try:
            urllib.request.urlopen(f"{url}/healthz", timeout=2).close()  # noqa: S310 (our own address)
            return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"the app did not open: {log.read_text(encoding='utf-8')}")


def choose(button: Locator) -> None:
    """Press one of Gradio's radio buttons until it is taken and stays so: one that is just being drawn may miss the
    first press, or forget it."""
    for _ in range(20):
        with suppress(Error):
            button.check(force=True, timeout=5_000)
        button.page.wait_for_timeout(150)
        if button.is_checked():
            return
    expect(button).to_be_checked()


@pytest.fixture(scope="module")
def desk(site: str, home: Path) -> str:
    """The address of a desk at which Wen may sit, made as the command line does while the gallery is open."""
    accounts.add(Settings.make({"home": home / "data"}), "wen", WORDS, "keeper", 1)
    return f"{site}/desk"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium. Without it these tests are skipped, but in CI they fail."""
    chromium = shutil.which("chromium")
    if chromium is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("chromium is not installed: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor who has never been here, on a wide screen, in English."""
    context = browser.new_context(viewport={"width": 1360, "height": 940}, locale="en-GB")
    context.set_default_timeout(60_000)
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A tab of that visitor's; a script error or a refusal by the security policy fails the test at its end."""
    page, wrong = context.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if "Content Security" in message.text else None)
    yield page
    assert wrong == []
