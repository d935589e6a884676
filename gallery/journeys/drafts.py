"""Drafts: works that nobody has saved yet, for as long as a visitor may come back to them.

What is known of a draft is in memory; the pixels of its picture, three quarters of a megabyte each, lie in a file of
the home that has no name, so that two thousand drafts cost the process next to nothing and a crash leaves nothing.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from db import How
from gallery.visitors import Visitor
from models.recipe import Kind, Picture, Recipe, Result

Parents = tuple[tuple[int, How], ...]


@dataclass(frozen=True)
class Draft:
    """A work that nobody has saved yet; `token` is the maker's right to save it, `id` its name in the records.

    parents: the hanging works it comes from, and how; through drafts that were never saved it inherits theirs.
    """

    id: str
    token: str
    kind: Kind | Literal["film"]
    recipe: Recipe
    result: Result
    created_s: float
    parents: Parents = ()


def kind_of(result: Result) -> Kind:
    """What a result is."""
    return "painting" if isinstance(result, Picture) else "poem"


@dataclass(frozen=True)
class _Place:
    """Where in the file a picture's pixels lie."""

    start: int
    size: int


class _Pixels:
    """Bytes in a nameless file, each at a place of its own, which is used again once it is free. Not thread-safe.

    Where the file cannot be written, or would leave less than `floor` bytes of the disk, they stay in memory, since a
    full disk takes nobody's draft.
    """

    def __init__(self, folder: Path, floor: int) -> None:
        self._folder, self._floor, self._end = folder, floor, 0
        self._file = tempfile.TemporaryFile(dir=folder, buffering=0)  # noqa: SIM115 -- as long as the house is open
        self._free: dict[int, list[_Place]] = defaultdict(list)

    def close(self) -> None:
        """The file is gone, and with it all pictures."""
        self._file.close()

    def put(self, data: bytes) -> _Place | bytes:
        """Writes them; where they lie."""
        free = self._free[len(data)]
        place = free[-1] if free else _Place(self._end, len(data))
        if not self._write(data, place.start):
            return data
        if free:
            free.pop()
        else:
            self._end += len(data)
        return place

    def _write(self, data: bytes, start: int) -> bool:
        grows = start == self._end
        try:
            if grows and shutil.disk_usage(self._folder).free < self._floor + len(data):
                return False
            return os.pwrite(self._file.fileno(), data, start) == len(data)
        except (OSError, ValueError):  # no room, or the house is closed
            return False

    def get(self, place: _Place | bytes) -> bytes:
        """Reads them back."""
        return place if isinstance(place, bytes) else os.pread(self._file.fileno(), place.size, place.start)

    def free(self, place: _Place | bytes) -> None:
        """Their place may be used again."""
        if isinstance(place, _Place):
            self._free[place.size].append(place)


@dataclass(frozen=True)
class _Kept:
    """A draft as it is kept: of a picture without the pixels."""

    draft: Draft
    pixels: _Place | bytes = b""


class Drafts:
    """The last drafts of all visitors: at most `most` of them, none older than `age_s`. Thread-safe.

    Their pixels lie in `folder`, whose disk keeps `floor` bytes free.
    """

    def __init__(self, *, most: int, age_s: float, clock: Callable[[], float], folder: Path, floor: int = 0) -> None:
        self._most, self._age_s, self._clock = most, age_s, clock
        self._drafts: OrderedDict[str, _Kept] = OrderedDict()
        self._pixels = _Pixels(folder, floor)
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._drafts)

    def close(self) -> None:
        """All drafts are gone."""
        with self._lock:
            self._drafts.clear()
            self._pixels.close()

    def keep(self, draft: Draft) -> None:
        """Keeps a draft; the one that was longest untouched goes when there is no more room."""
        with self._lock:
            self._drop(draft.id)
            if isinstance(draft.result, Picture):
                bare = replace(draft, result=replace(draft.result, pixels=b""))
                self._drafts[draft.id] = _Kept(bare, self._pixels.put(draft.result.pixels))
            else:
                self._drafts[draft.id] = _Kept(draft)
            while len(self._drafts) > self._most:
                self._drop(next(iter(self._drafts)))

    def newest(self, maker: Visitor, kind: Kind, most: int) -> list[Draft]:
        """The last drafts of one visitor and kind, newest first."""
        with self._lock:
            mine = [kept for kept in self._drafts.values() if _is_of(kept.draft, maker, kind)]
            mine.sort(key=lambda kept: kept.draft.created_s)
            return [self._whole(kept) for kept in mine[: -most - 1 : -1]]

    def forget(self, name: str) -> None:
        """Lets a draft go that another has taken the place of."""
        with self._lock:
            self._drop(name)

    def find(self, name: str) -> Draft | None:
        """The draft of that name, or None when it is unknown or too old."""
        with self._lock:
            kept = self._drafts.get(name)
            if kept is None:
                return None
            if self._clock() - kept.draft.created_s > self._age_s:
                self._drop(name)
                return None
            self._drafts.move_to_end(name)
            return self._whole(kept)

    def _whole(self, kept: _Kept) -> Draft:
        result = kept.draft.result
        if not isinstance(result, Picture):
            return kept.draft
        return replace(kept.draft, result=replace(result, pixels=self._pixels.get(kept.pixels)))

    def _drop(self, name: str) -> None:
        kept = self._drafts.pop(name, None)
        if kept is not None:
            self._pixels.free(kept.pixels)


def _is_of(draft: Draft, maker: Visitor, kind: Kind) -> bool:
    return draft.kind == kind and draft.token.startswith(f"{maker.id}.")
