"""The store: a name is a promise about bytes; sweeping takes only what nobody uses."""

from __future__ import annotations

import errno
import os
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from gallery.files import Files

HOUR_AGO = time.time() - 3600


def nothing(_names: list[str]) -> set[str]:
    return set()


def everything(names: list[str]) -> set[str]:
    return set(names)


def age(files: Files, sha: str) -> None:
    os.utime(files.path(sha), (HOUR_AGO, HOUR_AGO))


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "files")


def test_what_is_put_is_read_back_under_its_sha256(files: Files) -> None:
    sha = files.put(b"ink")
    assert sha == "b728b7e775f708faf513b988271e39176d3efb8efcb6523124e0592d7c7b4165"
    assert files.read(sha) == b"ink"
    assert files.path(sha).parent.parent.name == sha[:2]


def test_putting_the_same_bytes_twice_keeps_one_file(files: Files) -> None:
    assert files.put(b"ink") == files.put(b"ink")
    assert len(list(files.names())) == 1
    assert not list((files.root / "tmp").iterdir())


@pytest.mark.parametrize("name", ["", "../../etc/passwd", "A" * 64, "a" * 63, "a" * 64 + "/..", "a" * 64 + "\n"])
def test_a_name_that_is_no_sha256_never_reaches_the_disk(files: Files, name: str) -> None:
    with pytest.raises(ValueError, match="not a SHA-256"):
        files.read(name)


def test_a_single_flipped_bit_is_found(files: Files) -> None:
    sha = files.put(b"ink")
    assert files.verify(sha)
    files.path(sha).write_bytes(b"inj")
    assert not files.verify(sha)


def test_a_missing_file_does_not_verify(files: Files) -> None:
    assert not files.verify("0" * 64)


def test_sweeping_only_names_orphans_until_told_to_remove(files: Files) -> None:
    sha = files.put(b"ink")
    age(files, sha)
    assert files.sweep(nothing).orphans == (sha,)
    assert files.verify(sha)
    assert files.sweep(nothing, remove=True).orphans == (sha,)
    assert not files.verify(sha)
    assert not list((files.root / "trash").iterdir())


def test_sweeping_leaves_what_is_used_and_what_is_young(files: Files) -> None:
    used, young = files.put(b"used"), files.put(b"young")
    age(files, used)
    found = files.sweep(lambda names: {used} & set(names), remove=True)
    assert found.orphans == ()
    assert files.verify(used)
    assert files.verify(young)


def test_sweeping_takes_temporary_files_of_the_dead(files: Files) -> None:
    left = files.root / "tmp" / "half"
    left.write_bytes(b"hal")
    os.utime(left, (HOUR_AGO, HOUR_AGO))
    assert files.sweep(nothing, remove=True).leftovers == ("half",)
    assert not left.exists()


def test_an_orphan_that_is_saved_during_the_sweep_comes_back(files: Files) -> None:
    sha = files.put(b"ink")
    age(files, sha)
    answers: list[Callable[[list[str]], set[str]]] = [nothing, everything]
    assert files.sweep(lambda names: answers.pop(0)(names), remove=True).orphans == ()
    assert files.verify(sha)


def test_putting_an_orphan_again_makes_it_young(files: Files) -> None:
    sha = files.put(b"ink")
    age(files, sha)
    files.put(b"ink")
    assert files.sweep(nothing, remove=True).orphans == ()


def test_a_write_that_fails_leaves_nothing_behind(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("gallery.files.os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        files.put(b"ink")
    assert not list(files.names())
    assert not list((files.root / "tmp").iterdir())


def test_bytes_and_name_are_synced_to_the_disk_before_put_returns(
    files: Files, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    sync, rename = os.fsync, Path.replace

    def note_sync(descriptor: int) -> None:
        steps.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        sync(descriptor)

    def note_rename(path: Path, target: Path) -> Path:
        steps.append("rename")
        return rename(path, target)

    monkeypatch.setattr("gallery.files.os.fsync", note_sync)
    monkeypatch.setattr(Path, "replace", note_rename)
    files.put(b"ink")
    assert steps[-3:] == ["file", "rename", "folder"]
