"""Watch (值守), on the desk, for keepers: how the house stands now, and how the last hour went, drawn."""

from __future__ import annotations

from gallery import errors
from gallery.journeys import wellbeing
from gallery.journeys.accounts import Curator
from gallery.journeys.chronicle import Minute, quantile
from gallery.pages.desk import draw_desk
from gallery.pages.frame import Frame

WIDTH, HEIGHT, FOOT, HEAD = 420, 120, 20, 14  # of a plot; room for the hours below and the highest value above


def draw(frame: Frame, curator: Curator) -> str:
    """The page. Raises KeepersOnly."""
    if not curator.is_keeper:
        raise errors.KeepersOnly()
    now, hour = wellbeing.readiness(frame.house), frame.house.chronicle.last_hour()
    return draw_desk(
        frame,
        "desk-watch.html",
        curator,
        here="desk/watch",
        title=frame.say("watch.heading"),
        now=now,
        free_mb=now.free // 2**20,
        floor_mb=frame.house.settings.disk_floor_mb,
        room=frame.house.settings.queue_size,
        paces=frame.house.chronicle.paces(),
        plots=[(name, plot(values)) for name, values in _series(hour).items()],
        size=(WIDTH, HEIGHT),
    )


def _series(hour: list[Minute]) -> dict[str, list[float]]:
    """What is drawn, minute by minute."""
    return {
        "answers": [float(sum(minute.answers.values())) for minute in hour],
        "slow": [1000 * quantile([t for times in minute.seconds.values() for t in times], 0.95) for minute in hour],
        "waiting": [float(minute.waiting) for minute in hour],
        "refused": [float(sum(minute.refused.values())) for minute in hour],
        "failed": [float(sum(minute.failed.values())) for minute in hour],
    }


def plot(values: list[float]) -> dict[str, object]:
    """Bars of an SVG, a minute each, and the highest value, which the plot is named by.

    >>> plot([0.0, 2.0, 4.0])["bars"][1]
    {'x': 141.0, 'y': 57.0, 'width': 138.0, 'height': 43.0}
    """
    most, step = max(values, default=0.0), WIDTH / max(1, len(values))
    bars = []
    for number, value in enumerate(values):
        high = round((HEIGHT - FOOT - HEAD) * value / (most or 1), 1)
        bars.append({
            "x": round(number * step + 1, 1), "y": round(HEIGHT - FOOT - high, 1), "width": round(step - 2, 1),
            "height": high,
        })  # fmt: skip
    return {"bars": bars, "most": round(most), "total": round(sum(values)), "last": round(values[-1]) if values else 0}
