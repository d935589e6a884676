"""Content-addressed store: the name of a file is the SHA-256 of its bytes, so that a file once there never changes.

`put` returns only when the bytes are on the disk: temporary file, fsync, rename, fsync of the folder. A process killed
half-way leaves at most an orphan, which `sweep` takes away: it removes only files that the caller does not know and
that are older than GRACE_S, since a file is always written some time before its row. It does not know what a file is.
Layout: files/ab/cd/abcd...; files/tmp for what is being written; files/trash for what is being swept; files/broken for
what was found damaged.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

GRACE_S = 15 * 60
_SHA = re.compile(r"[0-9a-f]{64}")
Known = Callable[[list[str]], set[str]]


@dataclass(frozen=True)
class Sweep:
    """What a sweep found, or took away: names of orphans, left temporary files, and the bytes they hold together."""

    orphans: tuple[str, ...]
    leftovers: tuple[str, ...]
    size: int


def name_of(content: bytes) -> str:
    """The name that these bytes have in the store.

    >>> name_of(b"")[:16]
    'e3b0c44298fc1c14'
    """
    return hashlib.sha256(content).hexdigest()


class Files:
    """The store in one folder; safe for many threads and processes."""

    def __init__(self, root: Path) -> None:
        self.root = root
        for folder in (root, root / "tmp", root / "trash"):
            folder.mkdir(parents=True, exist_ok=True)

    def path(self, sha: str) -> Path:
        """Where the file of that name stands or would stand; raises ValueError unless it is 64 hexadecimal digits."""
        if not _SHA.fullmatch(sha):
            raise ValueError(f"{sha!r} is not a SHA-256")
        return self.root / sha[:2] / sha[2:4] / sha

    def put(self, content: bytes) -> str:
        """Keeps the bytes and returns their SHA-256; on return they are on the disk. Raises OSError."""
        sha = name_of(content)
        if not self._freshen(sha):
            self._write(self.path(sha), content)
        return sha

    def read(self, sha: str) -> bytes:
        """The bytes of that name; raises FileNotFoundError."""
        return self.path(sha).read_bytes()

    def set_aside(self, sha: str) -> None:
        """Moves a file that is not what its name promises to `broken`, so that its place is free; none is no matter."""
        aside = self.root / "broken"
        aside.mkdir(exist_ok=True)
        try:
            self.path(sha).replace(aside / sha)
        except FileNotFoundError:
            return
        sync_folder(aside)

    def verify(self, sha: str) -> bool:
        """Whether the file is there and its bytes are those its name promises."""
        try:
            return name_of(self.read(sha)) == sha
        except FileNotFoundError:
            return False

    def names(self) -> Iterator[str]:
        """Every file of the store, in no order."""
        for path in self.root.glob("??/??/*"):
            if _SHA.fullmatch(path.name):
                yield path.name

    def sweep(self, known: Known, *, remove: bool = False, grace_s: float = GRACE_S) -> Sweep:
        """Finds files that `known` does not name, and takes them away only if `remove` says so.

        known(names) returns those of the names that a row uses; it is asked again after an orphan has been set aside,
        so that a work saved at this very moment gets its file back.
        """
        before = time.time() - grace_s
        leftovers = [path for path in (self.root / "tmp").iterdir() if _older(path, before)]
        orphans = [name for name in self._unknown(known) if _older(self.path(name), before)]
        size = sum(path.stat().st_size for path in [*leftovers, *map(self.path, orphans)])
        if remove:
            for path in leftovers:
                path.unlink(missing_ok=True)
            orphans = self._remove(orphans, known, before)
        return Sweep(tuple(orphans), tuple(path.name for path in leftovers), size)

    def _freshen(self, sha: str) -> bool:
        """Whether the file is there already; its new time keeps a sweep away from it."""
        try:
            os.utime(self.path(sha))
        except FileNotFoundError:
            return False
        return True

    def _write(self, path: Path, content: bytes) -> None:
        self._make_folders(path.parent)
        temporary = self.root / "tmp" / secrets.token_hex(16)
        try:
            with temporary.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
        sync_folder(path.parent)

    def _make_folders(self, folder: Path) -> None:
        if folder.is_dir():
            return
        folder.mkdir(parents=True, exist_ok=True)
        sync_folder(folder.parent)
        sync_folder(self.root)

    def _unknown(self, known: Known, batch: int = 500) -> Iterator[str]:
        names = sorted(self.names())
        for start in range(0, len(names), batch):
            some = names[start : start + batch]
            used = known(some)
            yield from (name for name in some if name not in used)

    def _remove(self, orphans: list[str], known: Known, before: float) -> list[str]:
        trash = {name: self.root / "trash" / name for name in orphans}
        for name, path in trash.items():
            self.path(name).replace(path)
        used = known(orphans)
        removed = [name for name in orphans if name not in used and _older(trash[name], before)]
        for name in orphans:
            if name in removed:
                trash[name].unlink()
            else:
                trash[name].replace(self.path(name))
        return removed


def _older(path: Path, before: float) -> bool:
    try:
        return path.stat().st_mtime < before
    except FileNotFoundError:
        return False


def sync_folder(folder: Path) -> None:
    """Writes the folder's own list of names to the disk, without which a renamed file may be gone after a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
