"""The ladder page: places with their doubt drawn as bars, and each work's way there as a small line. It only draws."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from urllib.parse import urlencode

from gallery.journeys import ladder
from gallery.journeys.ladder import Place, Sure, Wish
from gallery.pages.frame import Frame
from gallery.ranking import ENOUGH
from gallery.visitors import Visitor

WIDTH, HEIGHT = 132, 36


def read(query: Mapping[str, str]) -> Wish:
    """What a query string asks for; a place or month that is none is left out.

    >>> read({"kind": "poem", "from": "40", "month": "2026-11"})
    Wish(kind='poem', sort=None, month='2026-11', start=40, every=False)
    """
    start, month = query.get("from", ""), query.get("month", "")
    return Wish(
        kind=query.get("kind", ""),
        sort=query.get("sort") or None,
        month=month if re.fullmatch(r"[0-9]{4}-[0-9]{2}", month) else None,
        start=int(start) if re.fullmatch(r"[0-9]{1,9}", start) else 0,
        every=query.get("numbers") == "all",
    )


def draw(frame: Frame, wish: Wish, visitor: Visitor) -> str:
    """The page as HTML. Raises UnknownKind, StoreTrouble."""
    found = ladder.read(frame.house, wish, visitor)
    wish = replace(wish, kind=found.kind)
    other = "en" if frame.language == "zh" else "zh"
    return frame.draw(
        "ladder.html",
        ladder=found,
        wish=wish,
        enough=ENOUGH,
        title=frame.say("ladder.heading"),
        page="duel",
        here=_address(other, wish),
        at=lambda **changes: _address(frame.language, replace(wish, **{"start": 0, **changes})),
        named=frame.named,
        bar=lambda place: _bar(frame, place),
        path=lambda place: _path(place.before),
        path_words=lambda place: _path_words(frame, place.before),
        size=(WIDTH, HEIGHT),
    )


def _address(language: str, wish: Wish) -> str:
    asked = {"kind": wish.kind, "sort": wish.sort, "month": wish.month, "from": wish.start or None}
    query = {name: value for name, value in {**asked, "numbers": "all" if wish.every else None}.items() if value}
    return f"/{language}/ladder" + (f"?{urlencode(query)}" if query else "")


def _bar(frame: Frame, place: Place) -> dict[str, object]:
    """Where the bar begins and ends and its dot lies, in hundredths, and the same in words."""
    now = place.now or Sure(0.5, 0.0, 1.0)
    low, mid, high = (round(100 * part, 1) for part in (now.low, now.mid, now.high))
    words = frame.say("ladder.bar", mid=round(mid), low=round(low), high=round(high))
    return {"low": low, "mid": mid, "width": round(high - low, 1), "words": words}


def _path(before: Sequence[Sure]) -> dict[str, str]:
    """The line of a work's history and the band of doubt around it, as points of an SVG."""
    step = WIDTH / max(1, len(before) - 1)

    def points(parts: Sequence[tuple[int, float]]) -> str:
        return " ".join(f"{number * step:.1f},{HEIGHT * (1 - part):.1f}" for number, part in parts)

    lows = list(enumerate(one.low for one in before))
    highs = list(enumerate(one.high for one in before))
    return {"line": points(list(enumerate(one.mid for one in before))), "band": points([*highs, *reversed(lows)])}


def _path_words(frame: Frame, before: Sequence[Sure]) -> str:
    first, last = (round(100 * one.mid) for one in (before[0], before[-1]))
    return frame.say("ladder.path", count=len(before), first=first, last=last)
