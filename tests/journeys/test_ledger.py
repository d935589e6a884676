"""The ledger: every score comes out of the public log again, for us and for a stranger; what was forged is named."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import text

from gallery.__main__ import main
from gallery.journeys import House, duel, first_wall, ledger, rate
from gallery.visitors import Visitor
from tests.fakes import FakeClock

SCRIPT = Path(__file__).parent.parent.parent / "gallery" / "static" / "recount.py"


@pytest.fixture
def busy(house: House, clock: FakeClock) -> House:
    """A gallery after some days of stars, duels, skipped pairs and changes of mind, by new visitors and old ones."""
    first_wall.seed_wall(house, 5, 4)
    dice = Random(1)
    for number in range(16):
        visitor = Visitor(f"visitor {number}", since_s=clock.now if number % 2 else 0)
        for _ in range(8):
            pair = duel.next_pair(house, dice.choice(("painting", "poem")), visitor)
            clock.now += 5
            vote = (
                duel.vote(house, pair.token, dice.choice(("left", "left", "right", "skip")), visitor) if pair else None
            )
            if vote and vote.undo and dice.random() < 0.2:
                duel.undo(house, vote.undo, visitor)
        for work in dice.sample(range(1, 10), 3):
            rate.cast_vote(house, work, dice.randint(1, 5), visitor)
        rate.withdraw_vote(house, 1, visitor)
        clock.now += 5 * 3600
    return house


def tamper(house: House, *statements: str) -> None:
    with house.db.writing() as tx:
        for statement in statements:
            tx.execute(text(statement))


def faults(house: House) -> list[tuple[str, object]]:
    found = ledger.prove(house.settings).faults
    return [(fault.key, *fault.values.values()) for fault in found]  # type: ignore[misc]


def test_all_scores_come_out_of_the_log_again(busy: House) -> None:
    proof = ledger.prove(busy.settings)
    assert proof.faults == ()
    assert proof.entries > 150
    assert proof.works == 9


def test_a_stranger_works_the_scores_out_with_the_script_alone(busy: House, tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_text("".join(ledger.scores(busy)), encoding="utf-8")
    rate.cast_vote(busy, 3, 5, Visitor("between the two downloads"))
    (tmp_path / "votes.csv").write_text("".join(ledger.votes(busy)), encoding="utf-8")
    command = [sys.executable, "-I", str(SCRIPT), "votes.csv", "scores.csv"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (told.returncode, told.stderr) == (0, "")
    assert "9 works, 0 scores that differ" in told.stdout


def test_the_stranger_sees_a_log_that_was_changed(busy: House, tmp_path: Path) -> None:
    (tmp_path / "scores.csv").write_text("".join(ledger.scores(busy)), encoding="utf-8")
    lines = "".join(ledger.votes(busy)).splitlines(keepends=True)
    lines[7] = lines[7].replace(",left,", ",right,") if ",left," in lines[7] else lines[7].replace("T", "T0", 1)
    (tmp_path / "votes.csv").write_text("".join(lines), encoding="utf-8")
    command = [sys.executable, "-I", str(SCRIPT), "votes.csv", "scores.csv"]
    told = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert told.returncode == 1
    assert "entry 7 is not chained" in told.stderr


def test_the_log_says_nothing_of_who_and_when_but_a_number_and_a_minute(busy: House) -> None:
    log = "".join(ledger.votes(busy))
    assert "visitor" not in log
    assert all(len(line.split(",")[1]) == len("2027-01-15T08:00Z") for line in log.splitlines()[1:])


def test_a_score_that_was_tampered_with_is_named(busy: House) -> None:
    tamper(busy, "UPDATE standings SET mu = mu + 1 WHERE work = 2", "UPDATE works SET score = 4.9 WHERE id = 3")
    assert faults(busy) == [("cli.doctor_stars", 3), ("cli.doctor_duels", 2)]


def test_stars_that_were_never_given_are_named(busy: House) -> None:
    forged = "INSERT INTO ratings VALUES ('nobody', 4, 5, 1, 1)"
    tamper(busy, forged, "UPDATE works SET votes = votes + 1, stars_sum = stars_sum + 5 WHERE id = 4")
    assert ("cli.doctor_stars", 4) in faults(busy)


def test_a_log_that_was_rewritten_is_found_at_the_entry(busy: House) -> None:
    tamper(busy, "DROP TRIGGER ballots_stay", "UPDATE ballots SET minute = minute + 1 WHERE seq = 6")
    assert ("cli.doctor_chain", 6) in faults(busy)


def test_the_doctor_says_it_in_one_sentence(busy: House, capsys: pytest.CaptureFixture[str]) -> None:
    home = str(busy.settings.home)
    assert main(["doctor", "--ratings", "--home", home, "--language", "en"]) == 0
    assert capsys.readouterr().out.startswith("All well: ")
    tamper(busy, "UPDATE standings SET sigma = 1 WHERE work = 2")
    assert main(["doctor", "--ratings", "--home", home, "--language", "en"]) == 1
    assert "Work 2: its place on the ladder" in capsys.readouterr().out


def test_an_empty_gallery_is_well(house: House) -> None:
    assert ledger.prove(house.settings) == ledger.Proof(0, 0, ())
