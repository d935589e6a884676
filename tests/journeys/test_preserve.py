"""Preserve: a backup is whole, secret and never written over; going back is all or nothing and into an empty home."""

from __future__ import annotations

import io
import stat
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import db
from gallery import errors
from gallery.__main__ import main
from gallery.files import Files
from gallery.journeys import Draft, House, create, keep, preserve, rate
from gallery.settings import Settings
from tests.conftest import ALICE, BOB


@pytest.fixture
def full(house: House, painted: Callable[..., Draft], written: Callable[..., Draft]) -> House:
    """A house with two paintings, a poem and a vote."""
    for draft in (painted(1), painted(2), written(3)):
        create.save(house, draft.token, ALICE, "kept")
    rate.cast_vote(house, 1, 5, BOB)
    return house


@pytest.fixture
def backup(full: House, tmp_path: Path) -> Path:
    preserve.back_up(full.settings, tmp_path / "house.tar")
    return tmp_path / "house.tar"


def settings_of(home: Path) -> Settings:
    return Settings.make({"home": home, "language": "en"})


def works_in(home: Path) -> list[db.FileNeeds]:
    database = db.open_db(settings_of(home).database_url)
    with database.reading() as tx:
        found = list(db.health.file_needs(tx))
    database.close()
    return found


def test_what_is_restored_is_what_was_backed_up(full: House, backup: Path, tmp_path: Path) -> None:
    home = tmp_path / "elsewhere"
    assert preserve.restore(settings_of(home), backup).works == 3
    assert works_in(home) == works_in(full.settings.home)
    assert set(Files(home / "files").names()) == set(full.files.names())
    assert (home / "secret").read_bytes() == (full.settings.home / "secret").read_bytes()
    assert [stat.S_IMODE(path.stat().st_mode) for path in (backup, home / "secret")] == [0o600, 0o600]


def test_a_backup_never_writes_over_anything(full: House, backup: Path) -> None:
    before = backup.read_bytes()
    with pytest.raises(errors.BackupExists):
        preserve.back_up(full.settings, backup)
    assert backup.read_bytes() == before


def test_of_a_backup_that_fails_nothing_is_left(full: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Files, "read", fail)
    with pytest.raises(errors.DiskFull):
        preserve.back_up(full.settings, tmp_path / "away" / "house.tar")
    assert list((tmp_path / "away").iterdir()) == []
    assert list((full.settings.home / "files" / "tmp").iterdir()) == []


def test_a_home_with_anything_in_it_is_left_alone(full: House, backup: Path) -> None:
    with pytest.raises(errors.HomeNotEmpty):
        preserve.restore(full.settings, backup)
    assert len(works_in(full.settings.home)) == 3


@pytest.mark.parametrize("place", [0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_damaged_backup_is_named_and_nothing_is_restored(backup: Path, tmp_path: Path, place: float) -> None:
    content = bytearray(backup.read_bytes())
    start = int(place * content.rindex(b"manifest.json"))
    while content[start] == 0:  # padding may be damaged without harm
        start += 1
    content[start] ^= 4
    backup.write_bytes(content)
    with pytest.raises((errors.BackupDamaged, errors.NotABackup)):
        preserve.restore(settings_of(tmp_path / "elsewhere"), backup)
    assert [path.name for path in tmp_path.iterdir() if "elsewhere" in path.name] == []


def test_a_backup_that_was_cut_short_is_refused(backup: Path, tmp_path: Path) -> None:
    backup.write_bytes(backup.read_bytes()[: backup.read_bytes().rindex(b"manifest.json") - 1024])
    with pytest.raises(errors.BackupDamaged):
        preserve.restore(settings_of(tmp_path / "elsewhere"), backup)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("manifest", [b"{}", b"[]", b'{"format": 1}', b'{"format": 1, "sums": {}, "files": 0}', b"{"])
def test_a_backup_whose_manifest_says_too_little_is_refused(tmp_path: Path, manifest: bytes) -> None:
    with tarfile.open(tmp_path / "house.tar", "w") as tar:
        member = tarfile.TarInfo("manifest.json")
        member.size = len(manifest)
        tar.addfile(member, io.BytesIO(manifest))
    with pytest.raises((errors.BackupDamaged, errors.NotABackup)):
        preserve.restore(settings_of(tmp_path / "elsewhere"), tmp_path / "house.tar")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("name", ["../evil", "/tmp/evil", "files/../../evil", "files/" + "A" * 64, "secret/x"])
def test_a_member_that_no_backup_has_is_refused(backup: Path, tmp_path: Path, name: str) -> None:
    with tarfile.open(backup, "a") as tar:
        member = tarfile.TarInfo(name)
        member.size = 4
        tar.addfile(member, io.BytesIO(b"evil"))
    with pytest.raises(errors.NotABackup):
        preserve.restore(settings_of(tmp_path / "elsewhere"), backup)
    assert list(tmp_path.rglob("*evil*")) == []


@pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04" + bytes(2000)])
def test_what_is_no_backup_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.tar").write_bytes(content)
    with pytest.raises(errors.NotABackup):
        preserve.restore(settings_of(tmp_path / "elsewhere"), tmp_path / "x.tar")


def test_the_commands_say_what_they_did(full: House, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home, target = str(full.settings.home), str(tmp_path / "house.tar")
    assert main(["backup", target, "--home", home, "--language", "en"]) == 0
    assert "3 works, 4 files" in capsys.readouterr().out
    assert main(["restore", target, "--home", str(tmp_path / "new"), "--language", "zh"]) == 0
    assert "作品 3 件" in capsys.readouterr().out
    assert main(["restore", target, "--home", home, "--language", "en"]) == 2
    assert "is not empty" in capsys.readouterr().err
    assert main(["restore", str(tmp_path / "none.tar"), "--home", str(tmp_path / "b"), "--language", "en"]) == 2
    assert "is no backup of a gallery" in capsys.readouterr().err


def test_the_schedule_makes_a_backup_and_keeps_the_newest(full: House, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = full.settings.home / "backups"
    folder.mkdir()
    old = [folder / f"shihua-2026010{day}-000000.tar" for day in (1, 2, 3)]
    for path in (*old, folder / "before-the-move.tar"):
        path.write_bytes(b"")
    monkeypatch.setattr(preserve, "_due_in", lambda *_: 0.0)
    stop, answers = threading.Event(), iter([False, True])
    monkeypatch.setattr(stop, "wait", lambda _s: next(answers))
    settings = Settings.make({"home": full.settings.home, "backup_every_h": 24, "backup_keep": 2})
    preserve.back_up_now_and_then(settings, stop)
    left = sorted(path.name for path in folder.iterdir())
    assert left[:2] == ["before-the-move.tar", "shihua-20260103-000000.tar"]
    assert len(left) == 3


def test_no_schedule_makes_none(full: House) -> None:
    preserve.back_up_now_and_then(full.settings, threading.Event())
    assert not (full.settings.home / "backups").exists()


def test_a_second_gallery_in_one_home_is_refused(house: House, capsys: pytest.CaptureFixture[str]) -> None:
    with keep.alone(house.settings):
        with pytest.raises(errors.HomeInUse), keep.alone(house.settings):
            pass
        arguments = ["doctor", "--repair", "--home", str(house.settings.home), "--language", "en"]
        assert main(arguments) == 2
        assert "Another gallery or a repair is at work" in capsys.readouterr().err
    with keep.alone(house.settings):
        pass
