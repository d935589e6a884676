"""Live rooms: from an act to the last of fifty screens, and its cost; many rooms; a crowd; everybody back at once.

The site runs in a process of its own, as it is served, with an engine that cooks at once (`tests.fakes`): what is
measured is the room and not the networks. Screens are real sockets in this process, which shares the machine's cores
with it. Acts are votes in a breeding room, each of which is written to the disk and redraws the stage for all screens,
and talk; and the steps of an exquisite scroll, which are drawn for each seat. Bars: the last of 50 screens within
300 ms for 19 acts of 20; at most a quarter of a core.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Origin

from gallery.visitors import COOKIE, Signer, Visitor, open_secret
from tests.bench._rooms import ROOMS, host

ROOT = Path(__file__).parent.parent.parent
BEAT_S = 0.25  # between two acts in the room of fifty


class Seat:
    """A screen in a room: `heard` holds when each event reached it."""

    def __init__(self, site: str, signer: Signer, code: str, name: str, *, seen: int = 0, visitor: str = "") -> None:
        self.visitor = Visitor(visitor or secrets.token_hex(16))
        self.code, self.name, self.seq = code, name, seen
        self.heard: dict[int, float] = {}
        self.done: dict[str, int] = {}
        self._news = asyncio.Condition()
        address = f"ws://{site}/live/{code}?language=en&seen={seen}"
        headers = {"cookie": f"{COOKIE}={signer.cookie(self.visitor)}"}
        self._connect = connect(address, additional_headers=headers, origin=Origin(f"http://{site}"), compression=None)
        self._socket: ClientConnection | None = None
        self._listening: asyncio.Task[None] | None = None

    async def sit(self, *, join: bool) -> Seat:
        """Opens the screen, and takes a seat if asked to."""
        self._socket = await self._connect
        self._listening = asyncio.create_task(self._listen(self._socket))
        if join:
            await self.wait_done(await self.act("join", name=self.name))
        return self

    async def _listen(self, socket: ClientConnection) -> None:
        async for text in socket:
            said = json.loads(text)
            if said["say"] == "scene":
                self.seq = said["seq"]
                self.heard.setdefault(self.seq, time.perf_counter())
            elif said["say"] == "done":
                self.done[said["id"]] = said["seq"]
            elif said["say"] == "refused":
                raise RuntimeError(said["text"])
            async with self._news:
                self._news.notify_all()

    async def act(self, do: str, **rest: object) -> str:
        """Sends an act; returns its id."""
        assert self._socket is not None
        name = secrets.token_hex(8)
        await self._socket.send(json.dumps({"v": 1, "room": self.code, "id": name, "do": do, **rest}))
        return name

    async def wait_done(self, name: str) -> int:
        """The number of the event that an act has become."""
        async with self._news:
            await self._news.wait_for(lambda: name in self.done or self._failed())
        return self.done[name]

    async def wait_seq(self, seq: int) -> None:
        """Until the screen shows that event."""
        async with self._news:
            await self._news.wait_for(lambda: self.seq >= seq or self._failed())

    def _failed(self) -> bool:
        if self._listening is not None and self._listening.done():
            self._listening.result()
        return False

    async def close(self) -> None:
        """Closes the screen."""
        if self._socket is not None:
            await self._socket.close()


class Cost:
    """Processor time of the site's process, as a share of one core since it was last asked."""

    def __init__(self, pid: int) -> None:
        self._stat = Path(f"/proc/{pid}/stat")
        self._last = self._read()

    def _read(self) -> tuple[float, float]:
        fields = self._stat.read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), time.perf_counter()

    def share(self) -> float:
        """Since the last time."""
        before, self._last = self._last, self._read()
        return round((self._last[0] - before[0]) / (self._last[1] - before[1]), 3)


def main() -> dict[str, Any]:
    """Starts the site, fills its rooms, and measures."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "tests.bench._rooms", home]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
            try:
                assert process.stdout is not None
                told = json.loads(process.stdout.readline())
                return asyncio.run(_measure(told, Signer(open_secret(Path(home))), Cost(process.pid)))
            finally:
                process.terminate()


async def _measure(told: dict[str, Any], signer: Signer, cost: Cost) -> dict[str, Any]:
    site, codes = told["site"], told["codes"]
    figures: dict[str, Any] = {"bench": "live"}
    fifty = await _fill(site, signer, codes[0], 50, members=20)
    figures["fifty"] = await _play(fifty, cost, acts=80, beat_s=BEAT_S)
    figures["storm_of_100"] = await _storm(site, signer, codes[0], fifty, 100)
    await _leave(fifty)
    rooms = [await _fill(site, signer, code, 10, members=10) for code in codes[1:21]]
    cost.share()
    plays = [_play(seats, None, acts=10, beat_s=2.0, after_s=n * 0.1) for n, seats in enumerate(rooms)]
    played = await asyncio.gather(*plays)
    figures["twenty_rooms_of_10"] = _worst(played) | {"acts_per_s": 10.0, "cpu_share": cost.share()}
    for seats in rooms:
        await _leave(seats)
    crowd = await _fill(site, signer, codes[ROOMS - 1], 200, members=10)
    figures["crowd_of_200"] = await _play(crowd, cost, acts=20, beat_s=0.5)
    await _leave(crowd)
    figures["scroll_with_50"] = await _paint_together(site, signer, codes[ROOMS], cost)
    return figures | {"bars": {"p95_ms": 300, "cpu_share": 0.25}}


async def _fill(site: str, signer: Signer, code: str, screens: int, *, members: int) -> list[Seat]:
    seats = [Seat(site, signer, code, f"n{number}") for number in range(screens)]
    for start in range(0, screens, 25):
        some = seats[start : start + 25]
        await asyncio.gather(*(seat.sit(join=seats.index(seat) < members) for seat in some))
    return seats


async def _leave(seats: Sequence[Seat]) -> None:
    await asyncio.gather(*(seat.close() for seat in seats))


async def _play(
    seats: Sequence[Seat], cost: Cost | None, *, acts: int, beat_s: float, after_s: float = 0.0
) -> dict[str, Any]:
    """Members vote in turn, and every fourth act is talk; how long each took until the last screen had it."""
    await asyncio.sleep(1 + after_s)
    if cost is not None:
        cost.share()
    times = []
    for number in range(acts):
        seat = seats[number % 10]
        began = time.perf_counter()
        talk = number % 4 == 3
        act = ("say", {"text": f"{number}"}) if talk else ("vote", {"generation": 0, "child": number % 6})
        times.append(await _until_all_have_it(seat, seats, *act))
        await asyncio.sleep(max(0.0, beat_s - (time.perf_counter() - began)))
    share = {} if cost is None else {"cpu_share": cost.share(), "acts_per_s": 1 / beat_s}
    return {"screens": len(seats), "p50_ms": _part(times, 50), "p95_ms": _part(times, 95), **share}


async def _until_all_have_it(seat: Seat, seats: Sequence[Seat], do: str, rest: dict[str, object]) -> float:
    """Milliseconds from the act to the last screen."""
    began = time.perf_counter()
    seq = await seat.wait_done(await seat.act(do, **rest))
    await asyncio.gather(*(other.wait_seq(seq) for other in seats))
    return 1000 * (max(other.heard.get(seq, 0.0) for other in seats) - began)


async def _paint_together(site: str, signer: Signer, code: str, cost: Cost) -> dict[str, Any]:
    """An exquisite scroll with fifty screens, three of which have a seat and see what no other does: twelve steps, and
    other paintings laid out as often as may be."""
    three = [await Seat(site, signer, code, "host", visitor=host(ROOMS)).sit(join=True)]
    three += [await Seat(site, signer, code, name).sit(join=True) for name in ("poet", "mounter")]
    seats = [*three, *await _fill(site, signer, code, 47, members=0)]
    await three[0].wait_done(await three[0].act("start"))
    await asyncio.sleep(1)
    cost.share()
    times = []
    for step in range(12):
        for do, rest in _steps(step):
            times.append(await _until_all_have_it(three[step % 3], seats, do, {"turn": step, **rest}))
            await asyncio.sleep(max(0.0, BEAT_S - times[-1] / 1000))
    cpu = {"cpu_share": cost.share(), "acts_per_s": 1 / BEAT_S}
    await _leave(seats)
    return {"screens": len(seats), "acts": len(times), "p50_ms": _part(times, 50), "p95_ms": _part(times, 95), **cpu}


def _steps(step: int) -> list[tuple[str, dict[str, object]]]:
    """What is done in that step."""
    number = step // 3
    match step % 3:
        case 0:
            return [*[("deal", dict[str, object]())] * 3, ("pick", {"child": number})]
        case 1:
            return [("write", {"text": "空山新雨月", "as_written": True})]
    return [("choose", {"value": ("plum", "fan", "kai", "zhu")[number]})]


async def _storm(site: str, signer: Signer, code: str, there: Sequence[Seat], screens: int) -> dict[str, Any]:
    """A hundred screens that lost their line, and missed an event, come back at once."""
    missed = there[0].seq
    seq = await there[0].wait_done(await there[0].act("say", text="while you were away"))
    back = [Seat(site, signer, code, "", seen=missed) for _ in range(screens)]
    began = time.perf_counter()
    await asyncio.gather(*(seat.sit(join=False) for seat in back))
    await asyncio.gather(*(seat.wait_seq(seq) for seat in back))
    figures = {"screens": screens, "all_back_ms": round(1000 * (time.perf_counter() - began), 1)}
    await _leave(back)
    return figures


def _part(times: Sequence[float], percent: int) -> float:
    return round(statistics.quantiles(times, n=100)[percent - 1], 1)


def _worst(played: Sequence[dict[str, Any]]) -> dict[str, Any]:
    slowest = {name: max(one[name] for one in played) for name in ("p50_ms", "p95_ms")}
    return {"rooms": len(played), **{f"slowest_{name}": value for name, value in slowest.items()}}
