"""Keep: sweep and doctor from the command line, and settings that cannot be used."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from gallery import errors
from gallery.__main__ import main
from gallery.journeys import Draft, House, create, keep
from gallery.visitors import Signer, open_secret
from tests.conftest import ALICE


@pytest.fixture
def orphan(house: House, painted: Callable[..., Draft]) -> str:
    """A house with one saved painting and one old file that no work uses; the name of the file."""
    create.save(house, painted().token, ALICE, "kept")
    sha = house.files.put(b"orphan")
    for name in house.files.names():
        os.utime(house.files.path(name), (1, 1))
    return sha


def test_a_sweep_takes_what_no_work_uses_and_nothing_else(house: House, orphan: str) -> None:
    assert keep.sweep(house.settings, remove=True).orphans == (orphan,)
    assert keep.sweep(house.settings).orphans == ()
    assert len(list(house.files.names())) == 2


def test_the_command_removes_nothing_unless_told(house: House, orphan: str, capsys: pytest.CaptureFixture[str]) -> None:
    home = str(house.settings.home)
    assert main(["sweep", "--home", home, "--language", "en"]) == 0
    assert "Nothing was removed" in capsys.readouterr().out
    assert house.files.verify(orphan)
    assert main(["sweep", "--home", home, "--language", "en", "--remove"]) == 0
    assert "1 orphan files removed, 6 bytes" in capsys.readouterr().out
    assert main(["sweep", "--home", home, "--language", "zh"]) == 0
    assert "没有多余的文件" in capsys.readouterr().out


def test_the_doctor_finds_harm_done_to_the_wall_and_heals_it_when_told(
    house: House, orphan: str, capsys: pytest.CaptureFixture[str]
) -> None:
    here = ["--home", str(house.settings.home), "--language", "en"]
    assert main(["doctor", "--wall", *here]) == 0
    with house.db.writing() as tx:
        tx.exec_driver_sql("DELETE FROM shelf")
    assert main(["doctor", "--wall", *here]) == 1
    assert "of 1 works on the wall 1 are indexed wrongly" in capsys.readouterr().out
    assert main(["doctor", "--rebuild-wall", *here]) == 0
    assert "All well: 1 works on the wall" in capsys.readouterr().out


def test_a_bad_setting_is_one_sentence_and_exit_code_two(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--port", "seventy"]) == 2
    said = capsys.readouterr().err
    assert said == "SHIHUA_PORT is 'seventy', which is not allowed: give a whole number from 1 to 65535\n"


def test_a_home_that_cannot_be_used_is_one_sentence_and_exit_code_two(
    house: House, capsys: pytest.CaptureFixture[str]
) -> None:
    impossible = house.settings.home / "secret" / "home"
    assert main(["sweep", "--home", str(impossible), "--language", "en"]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"Cannot keep anything in {impossible}")
    assert said.count("\n") == 1


def test_the_key_of_the_cookies_is_renewed_when_it_is_ninety_days_old(house: House) -> None:
    path = house.settings.home / "secret"
    before, now = path.read_bytes(), path.stat().st_mtime
    assert not keep.renew_secret(house.settings, now + 89 * 24 * 3600)
    assert path.read_bytes() == before
    assert keep.renew_secret(house.settings, now + 91 * 24 * 3600)
    assert path.read_bytes()[: len(before)] == before
    assert keep.renew_secret(house.settings, now, at_once=True)
    path.write_bytes(b"short")
    with pytest.raises(errors.SecretBroken):
        keep.renew_secret(house.settings, now, at_once=True)


@pytest.mark.parametrize("forget", [False, True])
def test_the_command_renews_the_key_of_a_closed_gallery(tmp_path: Path, forget: bool) -> None:
    cookie = Signer(open_secret(tmp_path)).cookie(ALICE)
    assert main(["secret", "--home", str(tmp_path), *(["--forget"] if forget else [])]) == 0
    assert (Signer(open_secret(tmp_path)).read_cookie(cookie) is None) is forget
