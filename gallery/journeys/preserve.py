"""Preserve: the whole house in one file, made while the gallery is open, and the way back.

A backup is a tar: the database (SQLite's online copy), the secret that signs cookies, every file of the store, and at
the end a manifest with the SHA-256 of the first two; a file of the store bears its own as its name. The database is
copied before the files: a file is always written before its row and never changed, so whatever the copy speaks of is
there. The file appears under its name when it is whole and on the disk, readable by its owner alone, and nothing is
ever written over.

Going back needs an empty home. Everything is unpacked and proved beside it, and moved to its place in one step.
"""

from __future__ import annotations

import hashlib
import io
import json
import logging
import os
import re
import secrets
import shutil
import tarfile
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import db
from gallery import errors
from gallery.files import Files, sync_folder
from gallery.journeys import open_store, store_errors
from gallery.settings import Settings
from gallery.visitors import open_secret

FORMAT = 1
DATABASE, SECRET, MANIFEST = "gallery.sqlite", "secret", "manifest.json"
_STORED = re.compile(r"files/([0-9a-f]{64})")
_SMALL = 1 << 20  # bytes that a secret or a manifest may have
_log = logging.getLogger(__name__)
OnProgress = Callable[[int, int], None]


@dataclass(frozen=True)
class Backup:
    """A backup that was written or restored: its files of the store, its works, and its bytes."""

    files: int
    works: int
    size: int


def back_up(settings: Settings, target: Path, on_progress: OnProgress = lambda done, total: None) -> Backup:
    """Writes the whole home into the file `target`, which may not be there yet; may run beside an open gallery.

    on_progress(files done, files in all). Raises BackupExists, StoreTrouble.
    """
    if target.exists():
        raise errors.BackupExists(str(target))
    files, database = open_store(settings)
    try:
        with store_errors(target.parent):
            target.parent.mkdir(parents=True, exist_ok=True)
            with appearing(target) as file, tarfile.open(fileobj=file, mode="w") as tar:
                count, works = _pack(settings, files, database, tar, on_progress)
            return Backup(count, works, target.stat().st_size)
    finally:
        database.close()


def restore(settings: Settings, source: Path, on_progress: OnProgress = lambda done, total: None) -> Backup:
    """Puts a backup into the home, which must be empty; on any failure the home stays empty.

    on_progress(bytes read, bytes in all). Raises HomeNotEmpty, NotABackup, BackupDamaged, StoreTrouble.
    """
    home = settings.home
    with store_errors(home):
        if home.exists() and (not home.is_dir() or any(home.iterdir())):
            raise errors.HomeNotEmpty(str(home))
        home.parent.mkdir(parents=True, exist_ok=True)
        staging = Path(tempfile.mkdtemp(prefix=f".{home.name}.restoring-", dir=home.parent))
        try:
            found = _unpack(source, staging, on_progress)
            works = _prove(source, staging)
            if home.exists():
                home.rmdir()
            staging.rename(home)
            sync_folder(home.parent)
        finally:
            shutil.rmtree(staging, ignore_errors=True)
    return Backup(found, works, source.stat().st_size)


def back_up_now_and_then(settings: Settings, stop: threading.Event) -> None:
    """Until `stop`: a backup into home/backups whenever the last one is older than the setting says; old ones go."""
    if not settings.backup_every_h:
        return
    folder = settings.home / "backups"
    while not stop.wait(max(1.0, _due_in(folder, settings.backup_every_h * 3600))):
        target = folder / time.strftime("shihua-%Y%m%d-%H%M%S.tar", time.gmtime())
        try:
            made = back_up(settings, target)
            _log.info("backup %s: %d works, %d bytes", target, made.works, made.size)
            rotate(folder, keep=settings.backup_keep)
        except errors.GalleryError as error:
            _log.warning("no backup could be made: %s", error)
            stop.wait(600)


def rotate(folder: Path, *, keep: int) -> list[Path]:
    """Takes away all but the newest `keep` backups of the schedule; what a person named otherwise stays."""
    old = sorted(folder.glob("shihua-????????-??????.tar"))[:-keep]
    for path in old:
        path.unlink()
    return old


def _due_in(folder: Path, every_s: float) -> float:
    made = [path.stat().st_mtime for path in folder.glob("shihua-????????-??????.tar")]
    return max(made) + every_s - time.time() if made else 0.0


def _pack(
    settings: Settings, files: Files, database: db.Db, tar: tarfile.TarFile, on_progress: OnProgress
) -> tuple[int, int]:
    """Writes all members; returns how many files of the store there were and how many works the copied database has."""
    with _copied(files, database) as copy:
        sums = {DATABASE: _stream(tar, copy), SECRET: _add(tar, SECRET, open_secret(settings.home))}
        works = _count_works(copy)
    names = sorted(files.names())
    for done, name in enumerate(names):
        on_progress(done, len(names))
        _add(tar, f"files/{name}", files.read(name))
    on_progress(len(names), len(names))
    facts = {"format": FORMAT, "made": int(time.time()), "files": len(names), "sums": sums}
    _add(tar, MANIFEST, json.dumps(facts).encode())
    return len(names), works


@contextmanager
def _copied(files: Files, database: db.Db) -> Iterator[Path]:
    """A copy of the database among the store's unfinished files, where a sweep finds it if this process dies."""
    copy = files.root / "tmp" / f"copy-{secrets.token_hex(8)}"
    try:
        db.backup.copy_database(database.engine, copy)
        yield copy
    finally:
        for path in copy.parent.glob(f"{copy.name}*"):
            path.unlink(missing_ok=True)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> str:
    tar.addfile(_member(name, len(content)), io.BytesIO(content))
    return hashlib.sha256(content).hexdigest()


def _stream(tar: tarfile.TarFile, path: Path) -> str:
    with path.open("rb") as file:
        tar.addfile(_member(DATABASE, path.stat().st_size), file)
        file.seek(0)
        return hashlib.file_digest(file, "sha256").hexdigest()


def _member(name: str, size: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.size, member.mode, member.mtime = size, 0o600, int(time.time())
    return member


@contextmanager
def appearing(target: Path) -> Iterator[IO[bytes]]:
    """A file that has its name only when it is whole and on the disk; of a failure nothing is left."""
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.link(unfinished, target)  # fails where a file of that name has come up meanwhile
        sync_folder(target.parent)
    except FileExistsError:
        raise errors.BackupExists(str(target)) from None
    finally:
        unfinished.unlink(missing_ok=True)


def _unpack(source: Path, staging: Path, on_progress: OnProgress) -> int:
    """Writes every member to its place, proving its sum; returns how many files of the store there were."""
    sums: dict[str, str] = {}
    files, count, facts = Files(staging / "files"), 0, None
    try:
        with source.open("rb") as file, tarfile.open(fileobj=file, mode="r|") as tar:
            for member in tar:
                on_progress(file.tell(), source.stat().st_size)
                content = tar.extractfile(member) if member.isreg() else None
                if content is None or facts is not None:
                    raise errors.NotABackup(str(source))
                if match := _STORED.fullmatch(member.name):
                    count += 1
                    if files.put(content.read()) != match[1]:
                        raise errors.BackupDamaged(str(source), member.name)
                elif member.name in (DATABASE, SECRET):
                    sums[member.name] = _write(staging / member.name, content)
                elif member.name == MANIFEST and member.size < _SMALL:
                    facts = json.load(content)
                else:
                    raise errors.NotABackup(str(source))
    except FileNotFoundError:
        raise errors.NotABackup(str(source)) from None
    except (tarfile.TarError, ValueError, EOFError):
        raise errors.BackupDamaged(str(source), MANIFEST) if count else errors.NotABackup(str(source)) from None
    _compare(source, facts, sums, count)
    return count


def _compare(source: Path, facts: object, sums: dict[str, str], count: int) -> None:
    """Raises unless the manifest is there and speaks of exactly what was unpacked."""
    if not isinstance(facts, dict) or facts.get("format") != FORMAT or not isinstance(facts.get("sums"), dict):
        raise errors.BackupDamaged(str(source), MANIFEST)
    for name in (DATABASE, SECRET):
        if name not in sums or facts["sums"].get(name) != sums[name]:
            raise errors.BackupDamaged(str(source), name)
    if count != facts.get("files"):
        raise errors.BackupDamaged(str(source), "files")


def _prove(source: Path, staging: Path) -> int:
    """How many works the unpacked database has; raises BackupDamaged unless SQLite finds it sound."""
    database = db.open_db(f"sqlite:///{staging / DATABASE}")
    try:
        with database.reading() as tx:
            if db.backup.problems(tx):
                raise errors.BackupDamaged(str(source), DATABASE)
            return sum(db.works.counts(tx).values())
    finally:
        database.close()


def _count_works(copy: Path) -> int:
    database = db.open_db(f"sqlite:///{copy}")
    try:
        with database.reading() as tx:
            return sum(db.works.counts(tx).values())
    finally:
        database.close()


def _write(path: Path, content: IO[bytes]) -> str:
    """Writes the bytes for their owner alone and returns their SHA-256."""
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while block := content.read(_SMALL):
            digest.update(block)
            file.write(block)
        file.flush()
        os.fsync(file.fileno())
    return digest.hexdigest()
