"""What most tests start from: a house of its own on real SQLite and a real folder, with an engine that is quick."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import db
from gallery.journeys import Draft, House, create, open_house
from gallery.settings import Settings
from gallery.visitors import Visitor
from tests.fakes import PAINTER, POET, FakeClock, FakeEngine

ALICE = Visitor("a11ce" + "0" * 27)
BOB = Visitor("b0b" + "0" * 29)


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests do not depend on how this machine's gallery is set up."""
    import os

    for name in list(os.environ):
        if name.startswith("SHIHUA_"):
            monkeypatch.delenv(name)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def engine() -> FakeEngine:
    return FakeEngine()


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings.make({"home": tmp_path / "home", "language": "en"})


@pytest.fixture
def house(settings: Settings, engine: FakeEngine, clock: FakeClock) -> Iterator[House]:
    house = open_house(settings, engine, cards=(PAINTER, POET), clock=clock)
    yield house
    house.close()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[db.Db]:
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
