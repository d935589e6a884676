"""R8 and Q2: homes that older versions wrote, kept as they were, open with all that was in them.

Each file of `old_homes` is a whole home (database, pictures, secret) written by the code of its day at that step of the
migrations: two paintings and two poems of Alice's, four votes by her and Bob, and, since there is lineage, a painting
of Bob's that comes from the first. A new step of the migrations brings a new file with it.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import db
from db.migrations import FOLDER, HEAD
from gallery.journeys import House, browse, doctor, find, open_house, rate
from gallery.journeys.find import Wish
from gallery.settings import Settings
from tests.conftest import ALICE, BOB
from tests.fakes import PAINTER, POET, FakeEngine

HOMES = sorted((Path(__file__).parent / "old_homes").glob("*.tar.xz"))
TALLIES = {1: (1, 5), 2: (2, 6), 3: (0, 0), 4: (1, 3)}  # work: votes, and their sum


@pytest.fixture(params=HOMES, ids=lambda path: path.name[:4])
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[str, House]]:
    """An old home, opened by the code of today."""
    home = tmp_path / "home"
    with tarfile.open(request.param) as archive:
        archive.extractall(home, filter="data")
    house = open_house(Settings.make({"home": home, "language": "en"}), FakeEngine(), cards=(PAINTER, POET))
    yield request.param.name[:4], house
    house.close()


def test_r8_a_home_of_every_version_opens_with_its_works_votes_and_lineage(old: tuple[str, House]) -> None:
    """Seen to fail with step 0004 copying works without their signature, and with 0002 left out."""
    version, house = old
    cards = {card.id: card.title for card in find.page(house, Wish(sort="newest"), ALICE).cards}
    own = {1: "Mist over the river", 2: "秋江", 3: "Snow", 4: "Evening bell"}
    assert cards == own | ({5: "Brighter"} if version > "0001" else {})
    for work, tally in TALLIES.items():
        with house.db.reading() as tx:
            found = db.works.tally(tx, work)
        assert found is not None
        assert (found.votes, found.stars_sum) == tally
    assert all(browse.look(house, work, ALICE).work.signature == "阿宁" for work in own)
    assert rate.recount(house) == []
    if version > "0001":
        with house.db.reading() as tx:
            assert [one.id for one in db.lineage.parents_of(tx, 5, limit=9).shown] == [1]


def test_r8_nothing_is_missing_and_the_doctor_finds_nothing(old: tuple[str, House]) -> None:
    _, house = old
    assert doctor.examine(house).findings == ()
    works = [browse.look(house, work, ALICE).work for work in TALLIES]
    files = [name for work in works for name in (work.picture, work.thumb) if name]
    assert len(files) == 4
    assert all(house.files.verify(name) for name in files)
    assert [len(work.verse) for work in works] == [0, 4, 0, 8]


def test_q2_what_an_old_home_holds_is_found_rated_and_still_its_makers(old: tuple[str, House]) -> None:
    _, house = old
    assert [card.id for card in find.page(house, Wish(q="qiujiang"), ALICE).cards] == [2]
    assert {card.id for card in find.page(house, Wish(mine=True), ALICE).cards} == {1, 2, 3, 4}
    rate.cast_vote(house, 3, 4, BOB)
    with house.db.reading() as tx:
        assert db.works.tally(tx, 3) == db.Tally(1, 4, 19 / 6)
    assert house.signer.read_cookie(house.signer.cookie(ALICE)) == ALICE


def test_every_step_of_the_migrations_but_the_newest_has_its_home() -> None:
    kept, steps = ({path.name[:4] for path in some} for some in (HOMES, (FOLDER / "versions").glob("0*.py")))
    assert steps - {HEAD} <= kept
