"""Accounts: made on the command line, a door that shuts after five attempts, sessions that end when they should."""

from __future__ import annotations

import io
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from argon2 import PasswordHasher

import db
from gallery import errors
from gallery.__main__ import main
from gallery.journeys import House, accounts
from gallery.visitors import Visitor
from tests.conftest import ALICE, BOB
from tests.fakes import FakeClock

GOOD, BAD = "correct horse battery", "wrong horse battery"


@pytest.fixture
def desk(house: House) -> House:
    """A house with an account for Wen."""
    accounts.add(house.settings, "wen", GOOD, "curator", 1)
    return house


def fail(house: House, times: int, name: str = "wen", visitor: Visitor = ALICE) -> None:
    for _ in range(times):
        with pytest.raises(errors.WrongPassword):
            accounts.sign_in(house, name, BAD, visitor)


def command(house: House, monkeypatch: pytest.MonkeyPatch, *words: str, password: str = "") -> int:
    monkeypatch.setattr(sys, "stdin", io.StringIO(password + "\n"))
    return main(["curator", *words, "--home", str(house.settings.home), "--language", "en"])


def test_who_knows_the_password_is_in_for_eight_hours(desk: House, clock: FakeClock) -> None:
    session = accounts.sign_in(desk, " Wen ", GOOD, ALICE)
    assert accounts.who(desk, session) == accounts.Curator("wen", "curator")
    clock.now += accounts.SESSION_S - 1
    assert accounts.who(desk, session).name == "wen"
    clock.now += 1
    with pytest.raises(errors.NotSignedIn):
        accounts.who(desk, session)


@pytest.mark.parametrize(
    "forged", [None, "", "wen", "wen.1800000000", "wen.1800000000.AAAA", "li.1.x", "\u0000", "w" * 999]
)
def test_nothing_else_is_a_session(desk: House, forged: str | None) -> None:
    with pytest.raises(errors.NotSignedIn):
        accounts.who(desk, forged)


def test_a_visitors_cookie_is_no_session(desk: House) -> None:
    for token in (desk.signer.cookie(Visitor("wen")), desk.signer.draft_token(Visitor("wen"), "1")):
        with pytest.raises(errors.NotSignedIn):
            accounts.who(desk, token)


def test_a_new_password_ends_the_session_and_so_does_disabling(desk: House) -> None:
    session = accounts.sign_in(desk, "wen", GOOD, ALICE)
    accounts.change_password(desk.settings, "wen", GOOD)  # even the same one
    with pytest.raises(errors.NotSignedIn):
        accounts.who(desk, session)
    session = accounts.sign_in(desk, "wen", GOOD, ALICE)
    accounts.disable(desk.settings, "wen")
    with pytest.raises(errors.NotSignedIn):
        accounts.who(desk, session)
    with pytest.raises(errors.WrongPassword):
        accounts.sign_in(desk, "wen", GOOD, ALICE)


def test_an_unknown_name_is_told_as_a_wrong_password_and_costs_as_much(desk: House) -> None:
    fail(desk, 1, "wen")
    fail(desk, 1, "nobody")
    with desk.db.reading() as tx:
        account = db.curators.find(tx, "wen")
    assert account is not None
    assert [one.split("$")[1:4] for one in (accounts.NOBODY, account.password)] == [
        account.password.split("$")[1:4]
    ] * 2
    assert not PasswordHasher().check_needs_rehash(accounts.NOBODY)


def test_five_failures_shut_the_door_for_that_name_and_say_how_long(desk: House, clock: FakeClock) -> None:
    fail(desk, 5)
    clock.now += 60
    with pytest.raises(errors.LockedOut) as locked:
        accounts.sign_in(desk, "wen", GOOD, BOB)
    assert locked.value.minutes == 14
    clock.now += 14 * 60
    assert accounts.sign_in(desk, "wen", GOOD, BOB)


def test_five_failures_shut_the_door_for_that_visitor(desk: House) -> None:
    for name in ("a", "b", "c", "d", "e"):
        fail(desk, 1, name)
    with pytest.raises(errors.LockedOut):
        accounts.sign_in(desk, "wen", GOOD, ALICE)
    assert accounts.sign_in(desk, "wen", GOOD, BOB)


def test_the_right_password_forgives_ones_own_slips(desk: House) -> None:
    for _ in range(3):
        fail(desk, 4)
        accounts.sign_in(desk, "wen", GOOD, ALICE)


def test_many_attempts_at_once_are_no_way_round(desk: House) -> None:
    def attempt(n: int) -> type[Exception]:
        with pytest.raises(errors.NotAllowed) as told:
            accounts.sign_in(desk, "wen", BAD, Visitor(f"v{n}"))
        return told.type

    with ThreadPoolExecutor(12) as crowd:
        told = list(crowd.map(attempt, range(12)))
    assert told.count(errors.LockedOut) == 7


@pytest.mark.parametrize(
    ("name", "password", "error"),
    [
        ("", GOOD, errors.BadName),
        ("a b", GOOD, errors.BadName),
        ("文", GOOD, errors.BadName),
        ("w" * 33, GOOD, errors.BadName),
        ("wen", GOOD, errors.NameTaken),
        ("li", "short", errors.ShortPassword),
        ("li", "x" * 257, errors.LongPassword),
        ("li", "1qaz2wsx3edc", errors.CommonPassword),
        ("li", "1QAZ2wsx3EDC", errors.CommonPassword),
        ("li", "ababababababab", errors.CommonPassword),
    ],
)
def test_an_account_that_cannot_be_is_refused(
    desk: House, name: str, password: str, error: type[errors.GalleryError]
) -> None:
    with pytest.raises(error):
        accounts.add(desk.settings, name, password, "curator", 1)
    assert [one.name for one in accounts.everyone(desk.settings)] == ["wen"]


def test_only_keepers_see_the_accounts(desk: House) -> None:
    with pytest.raises(errors.KeepersOnly):
        accounts.seen_by(desk, accounts.Curator("wen", "curator"))
    assert [one.name for one in accounts.seen_by(desk, accounts.Curator("li", "keeper"))] == ["wen"]


def test_the_commands_add_change_shut_and_list(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert command(house, monkeypatch, "list") == 0
    assert command(house, monkeypatch, "add", "li", "--role", "keeper", password=GOOD) == 0
    assert command(house, monkeypatch, "passwd", "li", password=BAD) == 0
    assert accounts.who(house, accounts.sign_in(house, "li", BAD, ALICE)).is_keeper
    assert command(house, monkeypatch, "disable", "li") == 0
    assert command(house, monkeypatch, "list") == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("There are no accounts yet")
    assert said[-1] == "li keeper shut"
    assert not any(BAD in line or GOOD in line for line in said)


@pytest.mark.parametrize("words", [("add", ""), ("add", "Li!"), ("passwd", "nobody"), ("disable", "nobody")])
def test_a_command_that_cannot_be_done_is_one_sentence(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], words: tuple[str, ...]
) -> None:
    assert command(house, monkeypatch, *words, password=GOOD) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_on_a_terminal_the_password_is_asked_twice(
    house: House, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    typed = iter([GOOD, BAD, GOOD, GOOD])
    monkeypatch.setattr("gallery.__main__.getpass", lambda prompt: next(typed))
    terminal = io.StringIO()
    monkeypatch.setattr(terminal, "isatty", lambda: True, raising=False)
    monkeypatch.setattr(sys, "stdin", terminal)
    arguments = ["curator", "add", "li", "--home", str(house.settings.home), "--language", "en"]
    assert main(arguments) == 2
    assert "differ" in capsys.readouterr().err
    assert main(arguments) == 0
