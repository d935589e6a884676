"""The house: it opens where it can, and says in a sentence why it cannot."""

from __future__ import annotations

from pathlib import Path

import pytest

from gallery import errors
from gallery.journeys import House, open_house, visitor_of
from gallery.settings import Settings
from gallery.visitors import new_visitor
from tests.fakes import PAINTER, POET, FakeEngine


def open_at(home: Path) -> House:
    return open_house(Settings.make({"home": home}), FakeEngine(), cards=(PAINTER, POET))


def test_a_house_is_built_where_there_is_none(tmp_path: Path) -> None:
    open_at(tmp_path / "a" / "b").close()
    assert {path.name for path in (tmp_path / "a" / "b").iterdir()} == {"files", "gallery.sqlite", "secret"}


def test_a_home_that_cannot_be_a_folder_is_told_by_name(tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    with pytest.raises(errors.CannotWrite) as caught:
        open_at(tmp_path / "home")
    assert caught.value.folder == str(tmp_path / "home")


def test_a_home_without_the_right_to_write_is_told_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object, **_options: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.mkdir", refuse)
    with pytest.raises(errors.CannotWrite, match="Permission denied"):
        open_at(tmp_path / "home")


def test_a_broken_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "gallery.sqlite").write_bytes(b"no database at all" * 99)
    with pytest.raises(errors.DatabaseBroken):
        open_at(tmp_path)


def test_a_newer_database_is_told_with_its_version(tmp_path: Path) -> None:
    house = open_at(tmp_path)
    with house.db.writing() as tx:
        tx.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    house.close()
    with pytest.raises(errors.DatabaseTooNew, match="9999"):
        open_at(tmp_path)


def test_a_damaged_secret_is_told(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"short")
    with pytest.raises(errors.SecretBroken):
        open_at(tmp_path)


def test_visitors_keep_their_name_when_the_house_is_opened_again(tmp_path: Path) -> None:
    visitor = new_visitor()
    first = open_at(tmp_path)
    cookie = first.signer.cookie(visitor)
    first.close()
    again = open_at(tmp_path)
    assert visitor_of(again, cookie) == (visitor, True)
    again.close()


@pytest.mark.parametrize("cookie", [None, "", "forged", "a.b.c", "\x00"])
def test_a_forged_cookie_is_a_new_visitor(house: House, cookie: str | None) -> None:
    first, known = visitor_of(house, cookie)
    second, _ = visitor_of(house, cookie)
    assert not known
    assert first != second


def test_an_old_sqlite_is_warned_of_when_the_house_opens(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("db.old_sqlite", lambda: "3.40.1")
    open_at(tmp_path).close()
    assert "3.40.1" in caplog.text
    assert "DELETE" in caplog.text
