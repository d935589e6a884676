"""Visitors as `tests.bench load` sends them: each with a cookie, an address and a browser's requests of its own.

They speak what the pages' scripts speak: pages and pictures by GET, stars and duels as forms, making and saving through
Gradio's queue, with the inputs as the page itself starts them. Each answer is timed by its kind and judged: well, an
honest refusal (a status and a sentence that say what to do), or an error, which is anything else.
"""

from __future__ import annotations

import json
import random
import re
import secrets
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx

REFUSALS = (400, 403, 404, 409, 429, 503)
CONFIG = re.compile(r"window\.gradio_config\s*=\s*(\{.*?\});\s*</script>", re.DOTALL)
DRAFT = re.compile(r'name="draft" value="([^"]+)"')
SENTENCE = re.compile(r'class="status bad"[^>]*>(.*?)</p>', re.DOTALL)


@dataclass
class Tally:
    """What came of all requests. seconds: by kind; refused: by kind and sentence; errors: what should not be.

    served, contended: works made, by visitor, in all and once all have come; saved, starred: what was acknowledged,
    works' numbers and (visitor, work).
    """

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    refused: Counter[str] = field(default_factory=Counter)
    errors: list[str] = field(default_factory=list)
    served: Counter[str] = field(default_factory=Counter)
    contended: Counter[str] = field(default_factory=Counter)
    saved: list[int] = field(default_factory=list)
    starred: dict[tuple[str, int], int] = field(default_factory=dict)
    duels: int = 0


class Refused(Exception):
    """The house said no, and why."""


@dataclass
class Bench:
    """A studio page as it came: what its buttons send."""

    inputs: list[Any]
    count: int  # which of the inputs says how many
    make: dict[str, Any]
    save: dict[str, Any]

    @classmethod
    def read(cls, page: str) -> Bench:
        """From the HTML of a page; raises ValueError where it holds no studio."""
        found = CONFIG.search(page)
        if found is None:
            raise ValueError("no studio on that page")
        config = json.loads(found[1])
        props = {part["id"]: part["props"] for part in config["components"]}
        acts = {str(act["api_name"]).rstrip("_0123456789"): act for act in reversed(config["dependencies"])}
        names = [props[number].get("label") for number in acts["make"]["inputs"]]
        inputs = [props[number].get("value") for number in acts["make"]["inputs"]]
        return cls(inputs, names.index("How many"), acts["make"], _save(config))

    def wish(self, count: int) -> list[Any]:
        """The inputs for that many works."""
        return [*self.inputs[: self.count], count, *self.inputs[self.count + 1 :]]


def _save(config: dict[str, Any]) -> dict[str, Any]:
    """The act that hangs a chosen draft: the one that first reads the page for it."""
    acts = (act for act in config["dependencies"] if "save" in str(act["api_name"]) and "draft" in str(act["js"] or ""))
    found: dict[str, Any] = next(acts)
    return found


class Visit:
    """One visitor's browser. until: to this moment works count as served; settled: from this one all have come."""

    def __init__(self, site: str, number: int, tally: Tally, until: float, settled: float = 0.0) -> None:
        self.name, self.tally, self.until, self.settled = f"visitor {number}", tally, until, settled
        address = f"10.{number // 250}.{number % 250}.7"
        headers = {"origin": site, "x-forwarded-for": address}
        limits = httpx.Limits(max_connections=32)
        self.http = httpx.AsyncClient(base_url=site, headers=headers, timeout=180, limits=limits)
        self.chance = random.Random(number)
        self.benches: dict[str, Bench] = {}

    @property
    def over(self) -> bool:
        """Whether time is up."""
        return time.monotonic() > self.until

    async def _ask(self, kind: str, method: str, path: str, **rest: Any) -> httpx.Response:
        """One request; raises Refused, or notes an error and raises it."""
        began = time.perf_counter()
        answer = await self.http.request(method, path, **rest)
        self.tally.seconds[kind].append(time.perf_counter() - began)
        if answer.status_code in REFUSALS and answer.text:
            raise self._refused(kind, str(answer.status_code))
        if answer.status_code not in (200, 303):
            raise RuntimeError(f"{kind} {path}: {answer.status_code}")
        return answer

    def _refused(self, kind: str, why: str) -> Refused:
        self.tally.refused[f"{kind}: {re.sub('[0-9]+', 'N', why)}"] += 1
        return Refused(why)

    async def look(self) -> list[int]:
        """Opens a page of the wall, a few of its pictures and one work; returns the works that hang there."""
        order = self.chance.choice(("", "?sort=best", "?kind=poem", "?sort=random"))
        wall = (await self._ask("wall", "GET", f"/en/{order}")).text
        for picture in re.findall(r'src="(/media/[^"]+)"', wall)[:6]:
            await self._ask("picture", "GET", picture)
        works = sorted({int(number) for number in re.findall(r'href="/work/(\d+)', wall)})
        if works:
            await self._ask("work", "GET", f"/work/{self.chance.choice(works)}")
        return works

    async def rate(self, works: list[int]) -> None:
        """Gives stars to one of them."""
        work, stars = self.chance.choice(works), self.chance.randint(1, 5)
        await self._ask("stars", "POST", f"/work/{work}/stars", data={"stars": stars})
        self.tally.starred[self.name, work] = stars

    async def duel(self, wait: Callable[[float], Any]) -> None:
        """Looks at a pair for longer than a moment, and chooses."""
        page = (await self._ask("duel", "GET", "/en/duel?kind=painting")).text
        token = re.search(r'action="/en/duel".*?name="token" value="([^"]+)"', page, re.DOTALL)
        if token is None:
            return
        await wait(1.2)
        sent = {"kind": "painting", "token": token[1], "choice": self.chance.choice(("left", "right"))}
        await self._ask("choice", "POST", "/en/duel", data=sent)
        self.tally.duels += 1

    async def make(self, page: str, count: int) -> list[str]:
        """Asks for works on a studio's page and waits for them; returns their tokens."""
        if page not in self.benches:
            self.benches[page] = Bench.read((await self._ask("page", "GET", f"/en/{page}")).text)
        bench, session, began = self.benches[page], secrets.token_hex(5), time.perf_counter()
        call = _call(bench.make, bench.wish(count), session)
        await self._ask("join", "POST", "/en/gradio_api/queue/join", json=call)
        grid, status = await self._watch(session)
        self.tally.seconds[page].append(time.perf_counter() - began)
        said, tokens = SENTENCE.search(status), DRAFT.findall(grid)
        if not self.over:
            self.tally.served[self.name] += len(tokens)
            self.tally.contended[self.name] += len(tokens) if time.monotonic() > self.settled else 0
        if not tokens:
            raise self._refused(page, said[1] if said else "nothing came")
        return tokens

    async def _watch(self, session: str) -> tuple[str, str]:
        """(grid, status) as they stand in the end."""
        async with self.http.stream("GET", "/en/gradio_api/queue/data", params={"session_hash": session}) as stream:
            async for line in stream.aiter_lines():
                if not line.startswith("data:"):
                    continue
                told = json.loads(line[5:])
                if told["msg"] == "process_completed":
                    if not told["success"]:
                        raise RuntimeError(f"make: {told['output']}")
                    grid, status = told["output"]["data"]
                    return str(grid), str(status)
        raise RuntimeError("make: the stream ended before the work was ready")

    async def save(self, page: str, token: str) -> None:
        """Hangs a draft, named."""
        act, seen = self.benches[page].save, json.dumps([[token, True]])
        call = _call(act, [seen, f"Load {secrets.token_hex(3)}", self.name], secrets.token_hex(5))
        (status,) = (await self._ask("save", "POST", "/en/gradio_api/run/predict", json=call)).json()["data"]
        hung = re.search(r'href="/work/(\d+)"', status)
        if hung is None:
            said = SENTENCE.search(status)
            raise self._refused("save", said[1] if said else status)
        self.tally.saved.append(int(hung[1]))


def _call(act: dict[str, Any], data: list[Any], session: str) -> dict[str, Any]:
    """A press of a button, as Gradio's pages send it."""
    rest = {"session_hash": session, "trigger_id": act["targets"][0][0], "event_data": None}
    return {"fn_index": act["id"], "data": data, **rest}
