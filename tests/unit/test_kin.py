"""The picture of a family: no two works on one place, every tie drawn, nothing outside."""

from __future__ import annotations

import random
import re

from gallery.journeys.kin import Family, family_of
from gallery.pages.kin import GAP, HIGH, ROW, WIDE, lay_out
from tests.journeys.test_kin import CLAN, HEIRS, relative


def clan(size: int) -> Family:
    """A founder, and works bred of one or two of the generation before."""
    dice, generation, found = random.Random(5), [1], [relative(1)]
    for away, share in enumerate((0.04, 0.3, 0.66), start=1):
        born = range(len(found) + 1, len(found) + 1 + round(share * (size - 1)))
        found += [relative(n, 1, away, *dice.sample(generation, min(len(generation), 2))) for n in born]
        generation = list(born)
    return family_of(1, found)


def test_works_of_a_family_of_five_hundred_do_not_overlap() -> None:
    family = clan(500)
    picture = lay_out(family)
    assert len(picture.spots) == family.size == 500
    places = {(spot.left, spot.top) for spot in picture.spots}
    assert len(places) == 500
    for one in picture.spots:
        assert GAP // 2 <= one.left <= picture.width - WIDE
        assert 0 < one.top <= picture.height - HIGH
        near = [s for s in picture.spots if abs(s.left - one.left) < WIDE and abs(s.top - one.top) < HIGH]
        assert near == [one]


def test_no_row_is_wider_than_a_screen() -> None:
    assert lay_out(clan(500)).width == ROW * (WIDE + GAP)
    assert lay_out(family_of(1, [relative(1)])).width == WIDE + GAP


def test_every_tie_is_drawn_from_its_parent_down_to_its_child() -> None:
    for family in (clan(300), family_of(4, CLAN + HEIRS)):
        picture = lay_out(family)
        top = {spot.kin.id: spot.top for spot in picture.spots}
        assert sorted((line.parent, line.child) for line in picture.lines) == sorted(
            (t.parent, t.child) for t in family.ties
        )
        for line in picture.lines:
            start = int(re.findall(r"M\d+ (\d+)", line.path)[0])
            end = int(re.findall(r"[V ](\d+)$", line.path)[0])
            assert (start, end) == (top[line.parent] + HIGH, top[line.child] - 22)


def test_ways_of_having_been_made_stand_side_by_side() -> None:
    mixed = relative(3, 0, 0)._replace(parents=((1, "mixed"), (2, "steered")))
    ways = lay_out(family_of(3, [relative(1, -1, 1), relative(2, -1, 1), mixed])).ways
    assert [way[0] for way in ways] == ["mixed", "steered"]
    assert ways[1][1] - ways[0][1] >= 50
    assert ways[0][2] == ways[1][2]
