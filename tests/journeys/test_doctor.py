"""Doctor: it names what is ill, changes nothing by itself, mends what it can prove, and keeps what was before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import db
from gallery import errors
from gallery.__main__ import main
from gallery.journeys import Draft, House, create, doctor, rate
from tests.conftest import ALICE, BOB
from tests.fakes import FakeClock
from tests.journeys.test_duel import choose


@pytest.fixture
def full(house: House, painted: Callable[..., Draft], written: Callable[..., Draft]) -> House:
    """A house with three paintings, a poem and a vote."""
    for draft in (painted(1), painted(2), painted(3), written(4)):
        create.save(house, draft.token, ALICE, "kept")
    rate.cast_vote(house, 1, 5, BOB)
    return house


def spoil(house: House, statement: str) -> None:
    with house.db.writing() as tx:
        tx.exec_driver_sql(statement)


def damage(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def needs(house: House, number: int) -> db.FileNeeds:
    with house.db.reading() as tx:
        found = db.health.needs_of(tx, number)
    assert found is not None
    return found


def ill(house: House) -> list[tuple[str, int]]:
    return sorted((finding.what, finding.work) for finding in doctor.examine(house).findings)


def test_a_sound_house_is_said_to_be_well(full: House, capsys: pytest.CaptureFixture[str]) -> None:
    assert ill(full) == []
    assert main(["doctor", "--home", str(full.settings.home), "--language", "en"]) == 0
    assert "All well: 4 works with all their files, 1 entries" in capsys.readouterr().out


def test_a_lost_or_damaged_picture_is_made_again_from_its_recipe(full: House) -> None:
    lost, broken = full.files.path(needs(full, 1).picture or ""), full.files.path(needs(full, 2).picture or "")
    before = lost.read_bytes(), broken.read_bytes()
    lost.unlink()
    damage(broken)
    assert ill(full) == [("picture", 1), ("picture", 2)]
    done = doctor.repair(full, doctor.examine(full))
    assert (len(done.mended), done.left) == (2, ())
    assert (lost.read_bytes(), broken.read_bytes()) == before
    assert (full.files.root / "broken" / broken.name).exists()
    assert ill(full) == []


def test_a_picture_that_comes_out_different_is_not_put_in_its_place(
    full: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = full.files.path(needs(full, 1).picture or "")
    path.unlink()
    monkeypatch.setattr("gallery.journeys.doctor.encode_png", lambda *_, **__: b"another picture")
    done = doctor.repair(full, doctor.examine(full))
    assert [finding.work for finding in done.left] == [1]
    assert not path.exists()
    assert len(list(full.files.names())) == 5


def test_a_thumbnail_is_drawn_again_from_its_picture(full: House) -> None:
    full.files.path(needs(full, 3).thumb or "").unlink()
    assert ill(full) == [("thumb", 3)]
    doctor.repair(full, doctor.examine(full))
    assert ill(full) == []


def test_counts_and_scores_are_worked_out_again(full: House, clock: FakeClock) -> None:
    choose(full, clock, visitor=BOB)
    spoil(full, "UPDATE counts SET visible = 9 WHERE kind = 'painting'")
    spoil(full, "UPDATE works SET votes = 2, stars_sum = 10 WHERE id = 1")
    spoil(full, "UPDATE standings SET mu = mu + 1")
    found = doctor.examine(full)
    assert {finding.what for finding in found.findings} == {"counts", "stars", "duels"}
    assert doctor.repair(full, found).left == ()
    assert ill(full) == []


def test_the_index_of_the_wall_is_made_anew(full: House) -> None:
    spoil(full, "DELETE FROM words WHERE work = 4")
    assert ill(full) == [("wall", 0)]
    assert doctor.repair(full, doctor.examine(full)).left == ()
    assert ill(full) == []


def test_a_damaged_picture_that_cannot_be_made_again_stays_where_it_is(full: House) -> None:
    path = full.files.path(needs(full, 1).picture or "")
    damage(path)
    spoil(full, "UPDATE works SET recipe = json_set(recipe, '$.weights', 'another') WHERE id = 1")
    done = doctor.repair(full, doctor.examine(full))
    assert [(finding.what, finding.work) for finding in done.left] == [("picture", 1)]
    assert path.exists()


def test_a_standing_that_is_missing_comes_back(full: House, clock: FakeClock) -> None:
    choose(full, clock, visitor=BOB)
    spoil(full, "DELETE FROM standings")
    doctor.repair(full, doctor.examine(full))
    assert ill(full) == []


def test_ratings_that_the_log_does_not_have_are_never_mended_away(full: House) -> None:
    spoil(full, "INSERT INTO ratings VALUES ('mallory', 2, 5, 1, 1)")
    spoil(full, "UPDATE works SET votes = 1, stars_sum = 5 WHERE id = 2")
    done = doctor.repair(full, doctor.examine(full))
    assert [(finding.what, finding.work) for finding in done.left] == [("stars", 2)]
    with full.db.reading() as tx:
        assert db.ratings.stars_of(tx, work=2, visitor="mallory") == 5


def test_the_database_before_the_repair_is_kept(full: House) -> None:
    spoil(full, "UPDATE counts SET visible = 9 WHERE kind = 'poem'")
    kept = doctor.repair(full, doctor.examine(full)).kept
    assert kept is not None
    before = db.open_db(f"sqlite:///{kept}")
    with before.reading() as tx:
        assert db.works.counts(tx)["poem"] == 9
    before.close()


def test_too_much_is_not_mended_piece_by_piece(full: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "ALWAYS", 1)
    for number in (1, 2):
        full.files.path(needs(full, number).picture or "").unlink()
    with pytest.raises(errors.TooIll):
        doctor.repair(full, doctor.examine(full))
    assert len(ill(full)) == 2
    assert list(full.settings.home.glob("*before-repair*")) == []


def test_a_recipe_that_cannot_be_read_is_named(full: House) -> None:
    spoil(full, """UPDATE works SET recipe = '{"model": 1}' WHERE id = 4""")
    assert ill(full) == [("recipe", 4)]
    assert doctor.repair(full, doctor.examine(full)).kept is None


def test_the_command_changes_nothing_until_told(full: House, capsys: pytest.CaptureFixture[str]) -> None:
    home = ["--home", str(full.settings.home), "--language", "en"]
    path = full.files.path(needs(full, 3).thumb or "")
    path.unlink()
    assert main(["doctor", *home]) == 1
    said = capsys.readouterr().out
    assert f"Work 3: its file {path.name} is missing. (can be mended)" in said
    assert "1 findings in 4 works, 1 of which --repair would try to mend. Nothing was changed." in said
    assert main(["doctor", "--repair", *home]) == 0
    assert "1 mended, 0 left." in capsys.readouterr().out
    assert main(["doctor", *home]) == 0


def test_duels_go_on_after_a_repair(full: House, clock: FakeClock) -> None:
    choose(full, clock, visitor=BOB)
    spoil(full, "UPDATE standings SET sigma = 1")
    doctor.repair(full, doctor.examine(full))
    choose(full, clock, visitor=ALICE)
    assert ill(full) == []
