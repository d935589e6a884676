"""A house served for real, from the process of the test."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from gallery import web
from gallery.journeys import House


@contextmanager
def served(house: House) -> Iterator[str]:
    """A house of the test's own, perhaps with a clock that it moves, served from this process; its address."""
    server = uvicorn.Server(uvicorn.Config(web.build_app(house), port=0, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()
