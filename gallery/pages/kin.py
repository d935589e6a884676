"""The Kin page 谱系: the family of a work as a picture to walk through, and as an outline.

Places are worked out here and drawn on the server: an SVG of the ties, and over it the works as links, which unlike
pictures inside an SVG are fetched only when they come into view. A generation that is too wide for one row takes
several; a tie that has to pass such rows goes round between the columns.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from db import Kin
from gallery.journeys import kin
from gallery.journeys.kin import DEPTH, MOST, Family, Tie
from gallery.pages.frame import Frame

ROW = 8  # works in a row
WIDE, HIGH = 104, 112  # of a work, in px
GAP = 24  # between columns
ABOVE = 44  # over a row: room for ties and for how they came about
BETWEEN = 34  # more between generations
PORT = 54  # between two ways of having been made that end at one work


@dataclass(frozen=True)
class Spot:
    """Where a work stands: its left and top edge. head, foot: where its generation begins and ends. passes: rows of its
    own generation stand over it, or under it."""

    kin: Kin
    generation: int
    left: int
    top: int
    head: int
    foot: int
    passes: tuple[bool, bool]

    @property
    def middle(self) -> int:
        """Its middle from the left."""
        return self.left + WIDE // 2


@dataclass(frozen=True)
class Line:
    """A drawn tie: the two works and the way from one to the other, as SVG writes it."""

    parent: int
    child: int
    path: str


@dataclass(frozen=True)
class Picture:
    """The whole picture. ways: how works came about, each over the work, with its place."""

    width: int
    height: int
    spots: tuple[Spot, ...]
    lines: tuple[Line, ...]
    ways: tuple[tuple[str, int, int], ...]


def draw(frame: Frame, work_id: object) -> str:
    """The page as HTML. Raises GalleryError."""
    family = kin.look(frame.house, work_id)
    number = family.work.id
    return frame.draw(
        "kin.html",
        family=family,
        parents=_parents(family),
        picture=lay_out(family),
        most=MOST,
        depth=DEPTH,
        title=frame.say("kin.heading", title=family.work.title),
        page="work",
        here=f"/language/{'en' if frame.language == 'zh' else 'zh'}?next=/work/{number}/kin",
    )


def _parents(family: Family) -> dict[int, list[int]]:
    """Of which works of the family each was made."""
    made = defaultdict[int, list[int]](list)
    for tie in family.ties:
        made[tie.child].append(tie.parent)
    return made


def lay_out(family: Family) -> Picture:
    """Where everything stands."""
    columns = min(ROW, max(map(len, family.generations)))
    spots: dict[int, Spot] = {}
    top = 0
    for number, generation in enumerate(family.generations):
        rows = [generation[start : start + ROW] for start in range(0, len(generation), ROW)]
        foot = top + len(rows) * (ABOVE + HIGH)
        for place, row in enumerate(rows):
            wide = columns if len(rows) > 1 else len(row)
            passes = (place > 0, place + 1 < len(rows))
            for column, one in enumerate(row):
                left = (columns - wide) * (WIDE + GAP) // 2 + column * (WIDE + GAP) + GAP // 2
                down = top + place * (ABOVE + HIGH) + ABOVE
                spots[one.id] = Spot(one, number, left, down, top, foot, passes)
        top = foot + BETWEEN
    lines, ways = _ties(family, spots)
    return Picture(columns * (WIDE + GAP), top - BETWEEN + 4, tuple(spots.values()), lines, ways)


def _ties(family: Family, spots: Mapping[int, Spot]) -> tuple[tuple[Line, ...], tuple[tuple[str, int, int], ...]]:
    """Every tie ends at the word that says how the child was made; ties of one word end together."""
    tied = defaultdict[int, list[Tie]](list)
    for tie in family.ties:
        tied[tie.child].append(tie)
    lines, ways = [], []
    for child, its in tied.items():
        spot, hows = spots[child], dict.fromkeys(tie.how for tie in its)
        ends = {how: spot.middle + round((n - (len(hows) - 1) / 2) * PORT) for n, how in enumerate(hows)}
        ways += [(how, end, spot.top - 8) for how, end in ends.items()]
        lines += [Line(tie.parent, child, _way(spots[tie.parent], spot, ends[tie.how])) for tie in its]
    return tuple(lines), tuple(ways)


def _way(parent: Spot, child: Spot, end: int) -> str:
    """From under the parent to over the child."""
    start, end_y = parent.top + HIGH, child.top - 22
    if not parent.passes[1] and not child.passes[0]:
        bend = (start + end_y) // 2
        return f"M{parent.middle} {start}C{parent.middle} {bend} {end} {bend} {end} {end_y}"
    way = f"M{parent.middle} {start}"
    if parent.passes[1]:
        way += f"v8H{parent.left + WIDE + GAP // 2}V{parent.foot + 8}"
    if child.passes[0]:
        way += f"V{max(child.head, parent.foot + 8)}H{child.left - GAP // 2}V{end_y - 8}"
    else:
        way += f"V{child.head + 4}"
    return f"{way}H{end}V{end_y}"
