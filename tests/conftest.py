"""What most tests start from: a house of its own on real SQLite and a real folder, with an engine that is quick."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import db
from gallery.journeys import Draft, House, create, open_house
from gallery.settings import Settings
from gallery.visitors import SECRET_BYTES, Visitor
from tests.fakes import OTHER_PAINTER, PAINTER, POET, FakeClock, FakeEngine

ALICE = Visitor("a11ce" + "0" * 27)
BOB = Visitor("b0b" + "0" * 29)
SECRET = b"every lot falls alike in each run"[:SECRET_BYTES]  # pairs, sides and decoys are drawn by it


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not depend on how this machine's gallery is set up."""
    for name in list(os.environ):
        if name.startswith("SHIHUA_"):
            monkeypatch.delenv(name)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database without works, migrated once, because that takes longer than most tests."""
    path = tmp_path_factory.mktemp("empty") / "gallery.sqlite"
    db.open_db(f"sqlite:///{path}").close()
    return path


@pytest.fixture
def settings(tmp_path: Path, empty_database: Path) -> Settings:
    home = tmp_path / "home"
    home.mkdir()
    shutil.copy(empty_database, home)
    (home / "secret").write_bytes(SECRET)
    (home / "secret").chmod(0o600)
    return Settings.make({"home": home, "language": "en"})


@pytest.fixture
def house(settings: Settings, engine: FakeEngine, clock: FakeClock) -> Iterator[House]:
    house = open_house(settings, engine, cards=(PAINTER, POET, OTHER_PAINTER), clock=clock)
    yield house
    house.close()


@pytest.fixture
def database(tmp_path: Path, empty_database: Path) -> Iterator[db.Db]:
    shutil.copy(empty_database, tmp_path / "test.sqlite")
    database = db.open_db(f"sqlite:///{tmp_path / 'test.sqlite'}")
    yield database
    database.close()


@pytest.fixture
def painted(house: House) -> Callable[..., Draft]:
    """A painting by Alice that waits to be saved; each call paints another."""

    def paint(seed: int = 1) -> Draft:
        return create.generate(house, create.PaintRequest("shanshui", seed=seed), ALICE)[0]

    return paint


@pytest.fixture
def written(house: House) -> Callable[..., Draft]:
    """A poem by Alice that waits to be saved."""

    def write(seed: int = 1, form: str = "七绝") -> Draft:
        return create.generate(house, create.WriteRequest(form, seed=seed), ALICE)[0]

    return write
