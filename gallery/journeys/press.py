"""The press: what curators asked to be taken out is written in the background, a file at a time for each of them, with
progress, and can then be fetched, also in parts; it is thrown away by hand or when newer ones need its place.

A file has its name only when it is whole; beside it lies what it is, as JSON. What a restart cuts short is swept away.
"""

from __future__ import annotations

import json
import logging
import re
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import IO

from gallery import errors
from gallery.files import sync_folder
from gallery.journeys import House, print_out, replay, store_errors, take_out
from gallery.journeys.accounts import Curator
from gallery.journeys.preserve import appearing
from gallery.journeys.take_out import FORMS, Form, OnProgress, Source
from gallery.journeys.wellbeing import check_room

KEPT = 20
_NAME = re.compile(r"[0-9a-f]{16}\.(zip|csv|pdf)")
_log = logging.getLogger(__name__)
Write = Callable[[IO[bytes], OnProgress], int]


@dataclass(frozen=True)
class Order:
    """What shall be written: `show` is the address of an exhibition whose walls are printed too, or nothing."""

    source: Source
    form: Form
    language: str
    show: str = ""


@dataclass(frozen=True)
class Printed:
    """A file that is ready: what it was made of, by whom, when."""

    name: str
    title: str
    source: str
    form: Form
    curator: str
    made_ms: int
    works: int
    size: int
    verdicts: Mapping[str, int] = field(default_factory=dict)  # of works that were made again


@dataclass
class Running:
    """One that is being written; `refused` says why it came to nothing, until its curator has seen it."""

    title: str
    done: int = 0
    total: int = 0
    refused: errors.GalleryError | None = None
    stopped: bool = False
    thread: threading.Thread | None = field(default=None, repr=False)

    @property
    def writing(self) -> bool:
        """Whether it still goes on."""
        return self.thread is not None and self.thread.is_alive()


class Press:
    """The press of one house; thread-safe."""

    def __init__(self, house: House) -> None:
        self.house, self.folder = house, house.settings.home / "exports"
        self._running: dict[str, Running] = {}
        self._lock = threading.Lock()

    def order(self, order: Order, curator: Curator) -> None:
        """Begins to write; raises StillWriting, NothingToTakeOut, DiskFull, CannotWrite."""
        if not order.source.works:
            raise errors.NothingToTakeOut()
        check_room(self.house)
        with self._lock, store_errors(self.folder):
            now = self._running.get(curator.name)
            if now is not None and now.writing:
                raise errors.StillWriting()
            self.folder.mkdir(parents=True, exist_ok=True)
            self._running[curator.name] = running = Running(order.source.title, total=len(order.source.works))
            running.thread = threading.Thread(target=self._write, args=(order, curator, running), daemon=True)
            running.thread.start()

    def running(self, curator: Curator) -> Running | None:
        """What is being written for this curator, or came to nothing; that is told once."""
        with self._lock:
            found = self._running.get(curator.name)
            if found is not None and not found.writing:
                del self._running[curator.name]
        return found if found is not None and (found.writing or found.refused) else None

    def stop(self, curator: Curator) -> None:
        """What is being written for this curator ends with the work in hand, and is told as ExportStopped."""
        with self._lock:
            running = self._running.get(curator.name)
        if running is not None:
            running.stopped = True

    def wait(self, curator: Curator) -> None:
        """Until nothing is being written for this curator."""
        running = self._running.get(curator.name)
        if running is not None and running.thread is not None:
            running.thread.join()

    def _write(self, order: Order, curator: Curator, running: Running) -> None:
        def show(done: int, total: int) -> None:
            running.done, running.total = done, total
            if running.stopped:
                raise errors.ExportStopped()

        name = f"{secrets.token_hex(8)}.{FORMS[order.form]}"
        unfinished = self.folder / f"{name}.unfinished"
        try:
            with store_errors(self.folder):
                with unfinished.open("xb") as file:
                    works = write(self.house, order, file, show)
                self._keep(name, unfinished, order, curator, works)
        except errors.GalleryError as error:
            running.refused = error
        except Exception:
            _log.exception("an export failed")
            running.refused = errors.CannotWrite(str(self.folder), "see the log")
        finally:
            unfinished.unlink(missing_ok=True)

    def _keep(self, name: str, unfinished: Path, order: Order, curator: Curator, works: int) -> None:
        """Gives the file its name, what it is first, and lets the oldest go."""
        said = (order.source.title, order.source.name, order.form, curator.name, self.house.now_ms(), works)
        verdicts = replay.verdicts(unfinished) if order.form == "replay" else {}
        printed = Printed(name, *said, unfinished.stat().st_size, verdicts)
        (self.folder / f"{name}.json").write_text(json.dumps(asdict(printed), ensure_ascii=False), encoding="utf-8")
        unfinished.rename(self.folder / name)
        sync_folder(self.folder)
        for old in self._all()[KEPT:]:
            self._remove(old.name)

    def _all(self) -> list[Printed]:
        """Everything that is ready, newest first."""
        found = []
        for path in self.folder.glob("*.json"):
            if (self.folder / path.stem).exists():
                found.append(Printed(**json.loads(path.read_text(encoding="utf-8"))))
        return sorted(found, key=lambda one: (-one.made_ms, one.name))

    def ready(self, curator: Curator) -> list[Printed]:
        """What this curator had written, or all for a keeper, newest first; raises CannotWrite."""
        with store_errors(self.folder):
            return [one for one in self._all() if curator.is_keeper or one.curator == curator.name]

    def take(self, name: str, curator: Curator) -> tuple[Path, Printed]:
        """A file that is ready; raises NoSuchExport."""
        found = next((one for one in self.ready(curator) if one.name == name), None) if _NAME.fullmatch(name) else None
        if found is None:
            raise errors.NoSuchExport()
        return self.folder / name, found

    def throw_away(self, name: str, curator: Curator) -> None:
        """Removes a file that is ready; raises NoSuchExport, CannotWrite."""
        path, _ = self.take(name, curator)
        with store_errors(self.folder):
            self._remove(path.name)

    def _remove(self, name: str) -> None:
        for path in (self.folder / name, self.folder / f"{name}.json"):
            path.unlink(missing_ok=True)

    def sweep(self) -> None:
        """Takes away what a restart has cut short."""
        for path in self.folder.glob("*.unfinished"):
            path.unlink(missing_ok=True)


def write_file(house: House, order: Order, target: Path, on_progress: OnProgress) -> tuple[int, int]:
    """Writes what was ordered into a file that is not there yet; returns of how many works, and its bytes.

    Of a failure nothing is left. Raises BackupExists, CannotWrite, and what `write` raises.
    """
    with store_errors(target.parent):
        with appearing(target) as file:
            count = write(house, order, file, on_progress)
        return count, target.stat().st_size


def write(house: House, order: Order, file: IO[bytes], on_progress: OnProgress = take_out.quietly) -> int:
    """Writes what was ordered, now; returns of how many works. Raises what take_out and print_out raise."""
    match order:
        case Order(form="folder"):
            return take_out.write_folder(house, order.source, file, on_progress)
        case Order(form="replay"):
            return replay.write_verdicts(house, order.source, file, on_progress)
        case Order(form="csv"):
            return take_out.write_csv(house, order.source, file, on_progress)
        case Order(show=""):
            return print_out.catalogue_of_works(house, order.source, order.language, file, on_progress)
        case _:
            return print_out.catalogue_of_show(house, order.show, order.language, file, on_progress)
