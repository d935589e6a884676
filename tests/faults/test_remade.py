"""Q1: works made by the shipped networks, saved, and made again from their recipes alone by another process."""

from __future__ import annotations

from pathlib import Path

import pytest

from gallery.journeys import House, browse, create, open_house
from gallery.settings import Settings
from models.engine import Engine
from tests.conftest import ALICE
from tests.fakes import finish
from tests.faults import size

HALF = size(short=3, full=25)


def open_with_networks(home: Path) -> tuple[House, Engine]:
    engine = Engine(devices=("cpu",))
    return open_house(Settings.make({"home": home, "language": "en"}), engine), engine


@pytest.fixture
def saved(tmp_path: Path) -> tuple[Path, list[int]]:
    """A home with as many paintings as poems, of several forms and varieties; nothing holds it open."""
    house, engine = open_with_networks(tmp_path / "home")
    forms = ("五绝", "七绝", "五律", "七律")
    wishes: list[create.Request] = [
        create.PaintRequest("shanshui", seed=40 + n, variety=0.8 + 0.1 * (n % 4)) for n in range(HALF)
    ]
    wishes += [create.WriteRequest(forms[n % 4], seed=40 + n) for n in range(HALF)]
    numbers = []
    for wish in wishes:
        draft = create.generate(house, wish, ALICE)[0]
        numbers.append(create.save(house, draft.token, ALICE, "kept").id)
    house.close()
    engine.close()
    return tmp_path / "home", numbers


def test_q1_saved_works_are_made_again_identical_by_another_process(saved: tuple[Path, list[int]]) -> None:
    """Seen to fail with latents drawn by `hash`, which every process salts anew."""
    home, numbers = saved
    house, engine = open_with_networks(home)
    try:
        verdicts = {number: finish(browse.remake(house, number)).verdict for number in numbers}
    finally:
        house.close()
        engine.close()
    assert {number: verdict for number, verdict in verdicts.items() if verdict != "identical"} == {}
