"""Exposure (机会均等), on the desk: how evenly works are judged, in small plots, each with the table it comes from."""

from __future__ import annotations

from collections.abc import Sequence

from gallery.journeys import exposure
from gallery.journeys.accounts import Curator
from gallery.journeys.exposure import EVEN, WAITS, Band, Report
from gallery.pages.desk import draw_desk
from gallery.pages.frame import Frame
from gallery.ranking import ENOUGH, NEWCOMERS

WIDTH, HEIGHT, FOOT = 420, 170, 26  # of a plot, with its labels under the bars


def draw(frame: Frame, curator: Curator, kind: str) -> str:
    """The report on a kind. Raises UnknownKind, StoreTrouble."""
    found = exposure.report(frame.house, kind)
    waits = [("{}+" if high is None else "{}–{}").format(low, high) for low, high in WAITS]
    return draw_desk(
        frame,
        "desk-exposure.html",
        curator,
        here="desk/exposure",
        title=frame.say("exposure.heading"),
        report=found,
        plots=[_bands(frame, "by_age", found.ages), _bands(frame, "by_place", found.places)],
        sides=_sides(frame, found),
        waits=list(zip(waits, found.waits.spread, strict=True)),
        wait_bars=bars([[count] for count in found.waits.spread], waits),
        promise={"enough": ENOUGH, "share": NEWCOMERS, "most": ENOUGH * NEWCOMERS},
        even=round(100 * EVEN),
        size=(WIDTH, HEIGHT),
    )


def _bands(frame: Frame, name: str, bands: Sequence[Band]) -> dict[str, object]:
    """A plot of duels and stars a work, and its table."""
    named = [frame.say(f"exposure.{band.name}") if name == "by_age" else band.name for band in bands]
    rows = [
        (label, str(band.works), f"{band.duels:.1f}", f"{band.stars:.1f}", _percent(frame, band.chosen))
        for label, band in zip(named, bands, strict=True)
    ]
    return {"name": name, "rows": rows, "bars": bars([[band.duels, band.stars] for band in bands], named)}


def _percent(frame: Frame, share: float | None) -> str:
    return frame.say("exposure.unknown") if share is None else frame.say("exposure.percent", value=round(100 * share))


def _sides(frame: Frame, found: Report) -> dict[str, object] | None:
    """Where the share of the left lies between 40 and 60 %, as parts of the way, and in words."""
    if found.sides is None:
        return None
    share, low, high = (100 * part for part in (found.sides.share, found.sides.low, found.sides.high))
    at = {name: round(min(100.0, max(0.0, 5 * (part - 40))), 1) for name, part in (("low", low), ("high", high))}
    numbers = {"left": found.sides.left, "right": found.sides.right}
    words = frame.say("exposure.sides_said", share=f"{share:.1f}", low=f"{low:.1f}", high=f"{high:.1f}", **numbers)
    dot = round(min(100.0, max(0.0, 5 * (share - 40))), 1)
    return {**at, "mid": dot, "width": round(at["high"] - at["low"], 1), "words": words, "even": found.sides.even}


def bars(groups: Sequence[Sequence[float]], labels: Sequence[str]) -> list[dict[str, object]]:
    """Bars of an SVG, group by group, each group under its label.

    >>> bars([[2.0, 1.0]], ["today"])[0]["label"], [bar["height"] for bar in bars([[2.0, 1.0]], ["today"])]
    ('today', [126.0, 63.0])
    """
    most, step = max((max(group) for group in groups), default=0) or 1, WIDTH / max(1, len(groups))
    drawn: list[dict[str, object]] = []
    for number, group in enumerate(groups):
        wide = min(34.0, (step - 14) / len(group))
        start = number * step + (step - wide * len(group)) / 2
        for place, value in enumerate(group):
            high = round((HEIGHT - FOOT - 18) * value / most, 1)
            drawn.append({
                "x": round(start + wide * place, 1), "y": round(HEIGHT - FOOT - high, 1), "width": round(wide - 3, 1),
                "height": high, "series": place, "value": f"{value:.1f}" if isinstance(value, float) else str(value),
                "label": labels[number] if place == 0 else "", "at": round(number * step + step / 2, 1),
            })  # fmt: skip
    return drawn
