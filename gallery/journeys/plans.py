"""Plans of exhibitions, as they are prepared and as versions keep them, and when they are open by their days."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Literal

When = Literal["open", "coming", "past"]


@dataclass(frozen=True)
class Room:
    """A room: its name, its wall text in Markdown, and the works on its walls in order."""

    title_zh: str = ""
    title_en: str = ""
    text_zh: str = ""
    text_en: str = ""
    works: tuple[int, ...] = ()


@dataclass(frozen=True)
class Plan:
    """An exhibition: what it is called and says, its cover, its days (ISO 8601, or open at either end), its rooms."""

    title_zh: str = ""
    title_en: str = ""
    text_zh: str = ""
    text_en: str = ""
    cover: int | None = None
    opens: str = ""
    closes: str = ""
    rooms: tuple[Room, ...] = field(default=())

    @property
    def works(self) -> tuple[int, ...]:
        """All works, in the order one meets them."""
        return tuple(work for room in self.rooms for work in room.works)

    def to_json(self) -> str:
        """As it is kept."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @staticmethod
    def from_json(text: str) -> Plan:
        """As `to_json` wrote it."""
        kept = json.loads(text)
        rooms = tuple(Room(**{**room, "works": tuple(room["works"])}) for room in kept["rooms"])
        return Plan(**{**kept, "rooms": rooms})


def when(plan: Plan, now_s: float) -> When:
    """Whether an exhibition is open at that time (seconds since 1970), by its days.

    >>> [when(Plan(opens="1970-01-02", closes="1970-01-02"), 86400.0 * day) for day in range(3)]
    ['coming', 'open', 'past']
    """
    today = day_of(now_s)
    if plan.opens and today < plan.opens:
        return "coming"
    return "past" if plan.closes and today > plan.closes else "open"


def day_of(now_s: float) -> str:
    """The day, in UTC, by which exhibitions open and close."""
    return datetime.fromtimestamp(now_s, UTC).date().isoformat()
