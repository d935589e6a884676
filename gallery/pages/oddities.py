"""Odd votes (可疑投票), on the desk: what the rules have found, with a small picture of it, and what is set aside.

Plain HTML with forms, as all of the desk.
"""

from __future__ import annotations

from gallery import anomalies
from gallery.anomalies import Anomaly
from gallery.journeys import integrity
from gallery.journeys.accounts import Curator
from gallery.pages.desk import Told, draw_desk, moment
from gallery.pages.frame import Frame

WIDTH, HEIGHT = 180, 44
THRESHOLDS = {
    "burst": anomalies.BURST,
    "share": round(100 * anomalies.BURST_SHARE),
    "one_work": anomalies.ONE_WORK,
    "one_maker": anomalies.ONE_MAKER,
    "one_side": anomalies.ONE_SIDE,
    "side": round(100 * anomalies.SIDE_SHARE),
}


def draw(frame: Frame, curator: Curator, *, told: Told | None = None) -> str:
    """The page of odd votes. Raises StoreTrouble."""
    return draw_desk(
        frame,
        "desk-votes.html",
        curator,
        here="desk/votes",
        title=frame.say("votes.heading"),
        look=integrity.look(frame.house),
        rules=[
            frame.say(f"votes.says_{rule}", **THRESHOLDS) for rule in ("burst", "one_work", "one_maker", "one_side")
        ],
        found=lambda one: _found(frame, one),
        bars=bars,
        size=(WIDTH, HEIGHT),
        moment=moment,
        told=told or Told(),
    )


def _found(frame: Frame, one: Anomaly) -> dict[str, str]:
    """What a rule has found, in words: the finding, and what its picture shows."""
    first, second = one.seen[:2]
    if one.rule == "burst":
        key = "votes.found_against" if one.against else "votes.found_burst"
        what = frame.say(key, votes=sum(one.seen), voters=len(one.voters))
        return {"what": what, "seen": frame.say("votes.seen_burst", counts=" · ".join(map(str, one.seen)))}
    key = "left" if one.rule == "one_side" else "own"
    what = frame.say(f"votes.found_{one.rule}", voter=one.voters[0], first=first, second=second)
    return {"what": what, "seen": frame.say(f"votes.seen_{key}", first=first, second=second)}


def bars(one: Anomaly) -> list[dict[str, float]]:
    """The evidence as bars of an SVG: side by side over the hour, or one under the other for two counts.

    >>> bars(Anomaly("one_side", 7, (3,), 0, (20, 0)))[0]
    {'x': 0, 'y': 4.0, 'width': 180.0, 'height': 14}
    """
    most = max(one.seen)
    if one.rule != "burst":
        return [
            {"x": 0, "y": 4.0 + 22 * row, "width": max(1.5, WIDTH * count / most), "height": 14}
            for row, count in enumerate(one.seen)
        ]
    step = WIDTH / len(one.seen)
    tall = [HEIGHT * count / most for count in one.seen]
    return [
        {"x": round(number * step + 1, 1), "y": round(HEIGHT - high, 1), "width": step - 2, "height": round(high, 1)}
        for number, high in enumerate(tall)
        if high
    ]
