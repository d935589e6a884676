"""A desk of the engine: one worker process, the thread that feeds it, and what is done when it dies, hangs or errs."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING

from models import recipe as recipes
from models.failures import JobFailed, Late, WorkerDied
from models.recipe import RecipeError, Stage
from models.turns import Job
from models.wire import Header, pack, pack_order, read_found, read_result, unpack

if TYPE_CHECKING:
    from models.engine import Engine

LISTEN_S = 0.02  # how long a desk listens to its worker before it looks for what may join
STUBBORN_S = 10.0  # a worker that goes on this long after its batch's last deadline is killed
MALLOC = {  # 1.6 times the pictures a second: keeps freed memory, instead of giving it back after every picture
    "MALLOC_MMAP_THRESHOLD_": "33554432",
    "MALLOC_TRIM_THRESHOLD_": "8589934592",
    "MALLOC_TOP_PAD_": "268435456",
}


class Desk:
    """One worker process and the thread that feeds it."""

    def __init__(self, engine: Engine, device: str) -> None:
        self.engine, self.wanted, self.processor = engine, device, ""
        self.thread = threading.Thread(target=self._work, name=f"desk-{device}", daemon=True)
        self.process: subprocess.Popen[bytes] | None = None
        self.pipe: Connection | None = None
        self.up = False
        self.running = 0
        self.restarts = -1

    def stop(self) -> None:
        """End the worker at once."""
        if self.process is not None:
            self.process.kill()

    def _start(self) -> Connection:
        self.restarts += 1
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-m", "models.worker", "--pipe", str(theirs.fileno()), "--device", self.wanted]
            command += ["--cards", str(self.engine.cards), "--weights", str(self.engine.weights)]
            root = Path(__file__).parent.parent
            environment = MALLOC | dict(os.environ)
            self.process = subprocess.Popen(command, pass_fds=[theirs.fileno()], cwd=root, env=environment)  # noqa: S603
        self.pipe = Connection(ours.detach())
        return self.pipe

    def _hear_hello(self, pipe: Connection) -> None:
        header, _ = unpack(pipe.recv_bytes())
        self.processor, self.up = header["hello"], True

    def _work(self) -> None:
        pause = 0.0
        while not self.engine.closed:
            time.sleep(pause)
            pipe = self._start()
            try:
                self._hear_hello(pipe)
                pause = 0.0
                self._feed(pipe)
            except (EOFError, OSError):
                pause = min(10.0, pause * 2 + 0.5)
            finally:
                self.up = False
                pipe.close()
                self.stop()
                if self.process is not None:
                    self.process.wait()
                if pause and not self.engine.closed:
                    self._refuse_if_it_never_starts(pause)

    def _refuse_if_it_never_starts(self, pause: float) -> None:
        """A worker that cannot even say hello (no memory, no torch) must not let visitors wait for their deadline."""
        if pause >= 3.0:
            for job in self.engine.take_all():
                job.fail(WorkerDied("the painting and writing process does not start; see the server's log"))

    def _feed(self, pipe: Connection) -> None:
        while (batch := self.engine.take()) is not None:
            jobs: dict[int, Job] = {}
            began = time.monotonic()
            try:
                self._ask(pipe, batch, jobs)
                joined = self._listen(pipe, jobs)
            except (EOFError, OSError):
                self.engine.again(list(jobs.values()), WorkerDied("the worker died twice while it made this"))
                raise
            finally:
                self.running = 0
            self.engine.took(time.monotonic() - began, len(batch) + joined)

    def _ask(self, pipe: Connection, batch: list[Job], jobs: dict[int, Job]) -> None:
        """Send these jobs to the worker, which makes them of those that it has to answer for."""
        jobs |= {job.number: job for job in batch}
        self.running = len(jobs)
        for job in batch:
            job.tries += 1
        watched = [job.number for job in batch if job.on_stage is not None]
        orders = [(job.number, *pack_order(job.order)) for job in batch]
        asked = [(number, header, len(payload)) for number, header, payload in orders]
        payload = b"".join(payload for *_, payload in orders)
        pipe.send_bytes(pack({"batch": asked, "watched": watched}, payload))

    def _listen(self, pipe: Connection, jobs: dict[int, Job]) -> int:
        """Pass on what the worker says until every job is answered for; how many more have joined them."""
        told, joined = set[int](), 0
        while jobs:
            if more := self.engine.joiners(jobs.values()):
                self._ask(pipe, more, jobs)
                joined += len(more)
            if pipe.poll(LISTEN_S):
                header, payload = unpack(pipe.recv_bytes())
                self._pass_on(header, payload, jobs)
                self.running = len(jobs)
                continue
            now = time.monotonic()
            for job in jobs.values():
                if job.due < now:
                    job.fail(Late("it was not done by its deadline"))
                if job.future.done() and job.number not in told:
                    told.add(job.number)
                    pipe.send_bytes(pack({"cancel": job.number}))
            if all(job.due + STUBBORN_S < now for job in jobs.values()):
                raise EOFError  # it hangs: end it, as if it had died
        return joined

    @staticmethod
    def _pass_on(header: Header, payload: bytes, jobs: dict[int, Job]) -> None:
        job = jobs[header["job"]]
        if "stage" in header:
            if job.on_stage is not None and not job.future.done():
                try:
                    job.on_stage(Stage(header["stage"], read_result(header, payload)))
                except Exception as error:  # whoever watches must not stop the desk for all others
                    job.fail(error)
            return
        del jobs[job.number]
        if "failed" in header:
            job.fail(_error(header["failed"], header["message"]))
        elif "cancelled" in header:
            job.fail(Late("it was not done by its deadline"))
        else:
            job.finish(read_found(header, payload) if "found" in header else read_result(header, payload))


def _error(name: str, message: str) -> Exception:
    """The recipe error of that name, or JobFailed."""
    kind = getattr(recipes, name, None)
    if isinstance(kind, type) and issubclass(kind, RecipeError):
        return kind(message)
    return JobFailed(f"{name}: {message}")
