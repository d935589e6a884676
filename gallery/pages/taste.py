"""Taste (访客所好), on the desk: what visitors prefer in a kind, how well that foretells their choices, and, with
paintings, how it goes with moods."""

from __future__ import annotations

from gallery import errors
from gallery.journeys import feelings, taste
from gallery.journeys.accounts import Curator
from gallery.journeys.feelings import Feeling
from gallery.journeys.taste import ENOUGH, HELD_ONE_IN, KINDS, HouseTaste, Trial
from gallery.pages.desk import draw_desk, moment
from gallery.pages.frame import Frame
from gallery.pages.wall import call

REACH = 1.5  # of a leaning, either way, as it is drawn


def draw(frame: Frame, curator: Curator, kind: str) -> str:
    """The report on a kind, by default on paintings. Raises UnknownKind, StoreTrouble."""
    asked = kind or KINDS[0]
    if asked not in KINDS:
        raise errors.UnknownKind(kind[:20])
    found, at_ms = taste.known(frame.house, asked)
    return draw_desk(
        frame,
        "desk-taste.html",
        curator,
        here="desk/taste",
        title=frame.say("taste.heading"),
        kinds=KINDS,
        kind=asked,
        found=found,
        when=None if at_ms is None else moment(at_ms),
        enough=ENOUGH,
        one_in=HELD_ONE_IN,
        rows=[] if found is None or found.trial is None else _shares(frame, found.trial),
        features=[] if found is None else _features(frame, found),
        feelings=[_feeling(frame, one) for one in feelings.look(frame.house, asked)],
    )


def _shares(frame: Frame, trial: Trial) -> list[tuple[str, str]]:
    """How often each way of foretelling is right."""
    shares = {"taste": trial.right, "older": trial.older, "chance": 0.5}
    return [(frame.say(f"taste.by_{name}"), _percent(frame, share)) for name, share in shares.items()]


def _percent(frame: Frame, share: float) -> str:
    return frame.say("taste.percent", value=round(100 * share))


def _features(frame: Frame, found: HouseTaste) -> list[dict[str, object]]:
    """The leanings, the strongest first, each with its words, numbers and bar."""
    known = zip(found.names, found.weights, found.doubts, strict=False)  # none of either where nothing was learnt
    return [_feature(frame, *one) for one in sorted(known, key=lambda one: -abs(one[1]))]


def _feature(frame: Frame, name: str, weight: float, doubt: float) -> dict[str, object]:
    """One leaning between its two ends, less and more; the number stands at the end that it leans to."""
    reach, more = 1.6449 * doubt, weight > 0
    told = {
        key: _signed(value) for key, value in (("weight", weight), ("low", weight - reach), ("high", weight + reach))
    }
    ends = [frame.say(f"taste.{end}_{name}") for end in ("less", "more")]
    words = frame.say("taste.bar", name=f"{ends[0]} – {ends[1]}", **told)
    ends[more] = f"{ends[more]} {told['weight']}"
    low, high = _place(weight - reach), _place(weight + reach)
    return {
        "low": low,
        "mid": _place(weight),
        "width": round(high - low, 1),
        "ends": ends,
        "more": more,
        "words": words,
    }


def _signed(value: float) -> str:
    """A number with its sign.

    >>> _signed(0.5), _signed(-0.25)
    ('+0.50', '−0.25')
    """
    return f"{value:+.2f}".replace("-", "−")


def _place(value: float) -> float:
    """Where a leaning is drawn, in percent of the way.

    >>> _place(0.0), _place(0.75), _place(9.0)
    (50.0, 75.0, 100.0)
    """
    return round(50 + 50 * min(1.0, max(-1.0, value / REACH)), 1)


def _feeling(frame: Frame, one: Feeling) -> tuple[str, ...]:
    """A row of the table of moods."""
    name = frame.say("taste.mood", name=call(frame, "mood", one.name)) if one.mood else frame.say(f"taste.{one.name}")
    low, high = _percent(frame, one.low), _percent(frame, one.high)
    between = frame.say("taste.between", low=low, high=high)
    return (name, str(one.works), f"{one.duels:.0f}", _percent(frame, one.share), between)
