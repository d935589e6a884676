"""Start to first page: `app.py` on a home that has its wall, over a bare Gradio application (`_bare.py`).

Timed from the moment the process is asked for until GET /zh/ has answered with 200 and its whole page, and for ours the
wall's fragment besides, since that is what a visitor came for. Both run the same Python, in turn, the first of each
round changing. The ratio is of medians; the best of each stand beside it. Budget: ours / bare <= 1.5.
"""

from __future__ import annotations

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
ROUNDS = 5
PATIENCE_S = 300.0
OUTSIDE = {name: value for name, value in os.environ.items() if not name.startswith("SHIHUA_")}
BARE = ["-m", "tests.bench._bare"]


def main() -> dict[str, Any]:
    """Seeds a home, then starts both in turn and compares."""
    with tempfile.TemporaryDirectory() as folder:
        ours = ["app.py", "--home", folder, "--port"]
        _start(ours, "/zh/", "/wall/zh")  # paints the first wall, and leaves compiled Python behind
        _start(BARE, "/zh/")
        starts: dict[str, Callable[[], float]] = {
            "ours": partial(_start, ours, "/zh/", "/wall/zh"),
            "bare": partial(_start, BARE, "/zh/"),
        }
        times: dict[str, list[float]] = {name: [] for name in starts}
        for turn in range(ROUNDS):
            for name in sorted(starts, reverse=bool(turn % 2)):
                times[name].append(starts[name]())
    middle = {name: statistics.median(values) for name, values in times.items()}
    best = {name: min(values) for name, values in times.items()}
    return {
        "bench": "start",
        "rounds": ROUNDS,
        **{f"{name}_s": [round(value, 2) for value in values] for name, values in times.items()},
        "ratio": round(middle["ours"] / middle["bare"], 2),
        "ratio_best": round(best["ours"] / best["bare"], 2),
        "bar": 1.5,
    }


def _start(command: list[str], *pages: str) -> float:
    """Seconds from asking for the process until the last of the pages is there; the process is gone on return."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    began = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, *command, str(port)], cwd=ROOT, env=OUTSIDE | {"GRADIO_ANALYTICS_ENABLED": "False"}
    ) as process:
        try:
            for page in pages:
                _wait_for(f"http://127.0.0.1:{port}{page}", process)
            return time.perf_counter() - began
        finally:
            process.terminate()


def _wait_for(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if process.poll() is not None:
            raise SystemExit(f"{process.args!r} ended with {process.returncode}")
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:  # noqa: S310 (our own address)
                assert len(answer.read()) > 1000
            return
        except OSError:
            time.sleep(0.005)
    raise SystemExit(f"{url} did not open")
