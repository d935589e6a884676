"""The first scrolls: what the house itself hangs beside its first paintings and poems, so that a stranger sees some.

Each of the first poems takes the painting on the first wall that its words come nearest to (kindred.py), among
those of the first subject, since a mount of silk suits no other. As on the first wall (create.py), the names of the
drafts are fixed, so none is hung twice.
"""

from __future__ import annotations

import db
from db import Tx, WorkRecord
from gallery import scroll
from gallery.images import Pixels
from gallery.journeys import House, first_wall, kindred, store_errors
from gallery.journeys.inscribe import Label, Part, find_painting, find_poem, hang_as
from gallery.visitors import HOUSE
from models.recipe import Picture

PAINTINGS = 24
LAYOUTS = (
    {"mount": "hanging", "silk": "celadon", "hand": "xingkai", "cut": "bai"},
    {"mount": "hanging", "silk": "plum", "hand": "xingkai", "cut": "zhu"},
    {"mount": "fan", "silk": "buff", "hand": "kai", "cut": "bai"},
    {"mount": "handscroll", "silk": "indigo", "hand": "xingkai", "cut": "bai"},
)


def seed_scrolls(house: House) -> int:
    """Hangs the first scrolls and returns how many it made; none once a visitor has hung anything.

    Raises QueueFull, PictureLost or StoreTrouble.
    """
    with store_errors(house.settings.home):
        with house.db.reading() as tx:
            if db.works.anyone_but(tx, HOUSE.id):
                return 0
            poems = _first(tx, "poem", len(LAYOUTS))
            drawn = [work for work in _first(tx, "painting", PAINTINGS) if work.subject == house.subjects()[0]]
            before = db.works.counts(tx)["scroll"]
        paintings = [find_painting(house, str(work.id), HOUSE) for work in drawn]
        looks = {part.ref: kindred.looks_of(_pixels(part)) for part in paintings}
        for number, poem in enumerate(poems[: len(paintings)]):
            chosen = max(looks, key=lambda ref: kindred.nearness(looks[ref], poem.verse))
            del looks[chosen]
            _hang_first(house, number, next(part for part in paintings if part.ref == chosen), poem)
        with house.db.reading() as tx:
            return db.works.counts(tx)["scroll"] - before


def _first(tx: Tx, kind: str, most: int) -> list[WorkRecord]:
    """The works of the first wall of that kind, as many as hang."""
    found = [db.works.find_by_draft(tx, f"first-wall-{kind}-{number}") for number in range(1, most + 1)]
    return [work for work in found if work is not None]


def _pixels(part: Part[Picture]) -> Pixels:
    return Pixels(part.made.pixels, part.made.width, part.made.height)


def _hang_first(house: House, number: int, painting: Part[Picture], poem: WorkRecord) -> None:
    language = house.settings.language
    signature = house.texts.say("seeding.signature", language)
    title = house.texts.say("seeding.title_scroll", language, words=first_wall.first_words(poem.verse[0]))
    layout = scroll.Layout(scroll.day_of(house.clock()).isoformat(), signature=signature, **LAYOUTS[number])
    label = Label(f"first-wall-scroll-{number + 1}", title, HOUSE)
    hang_as(house, painting, find_poem(house, str(poem.id), HOUSE), layout, label)
