"""The site that `tests.bench live` measures: rooms and their guard, an engine that cooks at once."""

from __future__ import annotations

import json
import socket
import sys
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from gallery.journeys import open_house, rooms
from gallery.settings import Settings
from gallery.visitors import Visitor
from gallery.web.gathering import add_room_routes
from gallery.web.guard import Guard
from gallery.web.serving import SOCKETS
from tests.fakes import PAINTER, POET, FakeEngine

ROOMS = 22


def host(number: int) -> str:
    """Who has opened that room, from 0."""
    return f"{number + 1:032x}"


def main() -> None:
    """Open a house at the folder given, with rooms in it, say where on one line of JSON, and serve until ended."""
    house = open_house(Settings.make({"home": Path(sys.argv[1])}), FakeEngine(), cards=(PAINTER, POET))
    wish = rooms.BroodWish("shanshui", timer_s=120)
    wishes: list[rooms.Wish] = [*[wish] * ROOMS, rooms.ScrollWish("五绝", "shanshui", timer_s=120)]
    codes = [rooms.open_room(house, Visitor(host(n)), "host", wish).code for n, wish in enumerate(wishes)]
    app = FastAPI()
    add_room_routes(app, house)
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    door.listen(256)
    print(json.dumps({"site": f"127.0.0.1:{door.getsockname()[1]}", "codes": codes}), flush=True)
    config = uvicorn.Config(Guard(app, house), log_level="error", lifespan="off", **SOCKETS)
    uvicorn.Server(config).run(sockets=[door])


if __name__ == "__main__":
    main()
