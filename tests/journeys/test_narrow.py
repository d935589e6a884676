"""Narrow: whatever is asked together, the wall is what a plain reading of all works leaves, and every count is that
wall's length; what is hidden or not open yet is in none of it."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from sqlalchemy import text

import db
from db import Card
from gallery import errors
from gallery.journeys import House, create, curate, find, narrow, tag, trash
from gallery.journeys.accounts import Curator, add
from gallery.journeys.find import Wish
from gallery.journeys.plans import Plan, Room, day_of
from gallery.visitors import Visitor
from tests.conftest import ALICE, BOB
from tests.db.test_works import PAINTING, POEM, SCROLL

WEN = Curator("wen", "curator")
WORKS = 180
MONTH_MS = 31 * 24 * 3600 * 1000
MONTHS = ("1970-01", "1970-02", "1970-03")
SPELLINGS = {"阿宁": ("阿宁", "阿寧"), "li bo": ("Li Bo", "LI  BO."), "—": ("—",), "": ("",)}
TITLES = ("松风", "空山", "Wind")
SHOWS = {"spring": range(1, WORKS, 4), "autumn": range(3, WORKS, 6), "coming": (1, 2), "gone": (1, 2)}
VALUES: dict[str, tuple[Any, ...]] = {
    "kind": ("painting", "poem", "scroll"),
    "subject": ("shanshui",),
    "form": ("五绝",),
    "mood": ("joy", "calm"),
    "month": MONTHS,
    "since": MONTHS[1:],
    "until": MONTHS[:2],
    "tag": ("snow", "quiet"),
    "signature": ("阿寧", "LI BO", "—", "nobody"),
    "show": ("spring", "autumn"),
    "q": ("风", "wind", "空山"),
    "inscribed": (True,),
    "descended": (True,),
    "mine": (True,),
    "rated": (True, False),
}


@dataclass(frozen=True)
class Plain:
    """All that a wish may ask of a work, read off its rows."""

    id: int
    facts: dict[str, Any]
    words: str


@pytest.fixture
def wall(house: House) -> House:
    """Works of three months by two makers under four names, tagged, rated, inscribed, hung in exhibitions, and some of
    them hidden or taken down."""
    chance = random.Random(11)
    add(house.settings, "wen", "correct horse battery", "curator", 1)
    with house.db.writing() as tx:
        for number in range(1, WORKS + 1):
            _hang_one(tx, number, chance)
        tx.execute(text("UPDATE works SET hidden = 1 WHERE id % 11 = 0"))
    for name in ("snow", "quiet"):
        tag.give(house, name, [n for n in range(1, WORKS) if n % 11 and chance.random() < 0.25], WEN)
    tag.also_call(house, tag.everything(house)[0].tag.id, "also", WEN)
    for slug, works in SHOWS.items():
        show(house, slug, works, opens="2999-01-01" if slug == "coming" else "", removed=slug == "gone")
    return house


def _hang_one(tx: db.Tx, number: int, chance: random.Random) -> None:
    work = chance.choice((POEM, PAINTING, PAINTING, SCROLL))
    mood = chance.choice(("joy", "calm", None)) if work.kind == "painting" else None
    name = chance.choice(tuple(SPELLINGS))
    work = replace(work, title=chance.choice(TITLES), signature=chance.choice(SPELLINGS[name]), draft=f"n{number}")
    recipe = json.dumps({"inputs": {"mood": mood} if mood else {}})
    work = replace(work, maker=chance.choice((ALICE, BOB)).id, created_ms=(number - 1) // 60 * MONTH_MS, recipe=recipe)
    db.works.add(tx, work, score=3.0)
    if number > 20 and chance.random() < 0.4:
        how: db.How = "inscribed" if work.kind == "scroll" else "revised"
        db.lineage.record(tx, child=number, parents=[(chance.randrange(1, number), how)])
    if chance.random() < 0.3:
        db.ratings.cast(tx, work=number, visitor=ALICE.id, stars=4, now_ms=9, prior=db.Prior(3.0, 5.0))


def show(house: House, slug: str, works: Any, *, title: str = "", opens: str = "", removed: bool = False) -> int:
    body = Plan(title_zh=title or slug, opens=opens, rooms=(Room(works=tuple(works)),)).to_json()
    with house.db.writing() as tx:
        known = db.shows.by_slug(tx, slug)
        number = known.id if known else db.shows.add(tx, slug=slug, owner=None, created_ms=1, body=body)
        assert number is not None
        version = db.shows.publish(tx, number, body=body, works=set(works), curator=None, at_ms=1)
        values = {"published": version, "removed": int(removed), "number": number}
        tx.execute(text("UPDATE shows SET published = :published, removed = :removed WHERE id = :number"), values)
    return number


def read_all(house: House) -> list[Plain]:
    """Every work that can be seen, read from the tables and from nothing that the wall keeps for itself."""
    with house.db.reading() as tx:
        rows = tx.execute(
            text("SELECT *, json_extract(recipe, '$.inputs.mood') AS mood FROM works WHERE hidden = 0")
        ).all()
        pairs = tx.execute(text("SELECT child, parent, how FROM lineage")).all()
        rated = set(tx.scalars(text("SELECT work FROM ratings WHERE visitor = :me"), {"me": ALICE.id}))
        given = tx.execute(text("SELECT zh || en, work FROM tagged JOIN tags ON tags.id = tag")).all()
    scrolls = {row.id for row in rows if row.kind == "scroll"}
    under = {parent for child, parent, how in pairs if how == "inscribed" and child in scrolls}
    return [_plain(row, {child for child, _, _ in pairs}, under, rated, set(map(tuple, given))) for row in rows]


def _plain(row: Any, children: set[int], under: set[int], rated: set[int], given: set[tuple[str, int]]) -> Plain:
    facts = {
        **{name: getattr(row, name) for name in ("kind", "subject", "form", "mood")},
        "month": MONTHS[row.created_ms // MONTH_MS],
        "signature": next(name for name, spelt in SPELLINGS.items() if row.signature in spelt),
        "show": {slug for slug in ("spring", "autumn") if row.id in SHOWS[slug]},
        "tag": {name for name, work in given if work == row.id},
        "inscribed": row.kind == "scroll" or (row.kind == "painting" and row.id in under),
        "descended": row.id in children,
        "mine": row.maker == ALICE.id,
        "rated": row.id in rated,
    }
    return Plain(row.id, facts, f"{row.title.lower()}\n{row.verse}\n{row.signature.lower()}")


def fits(work: Plain, asked: dict[str, Any]) -> bool:
    facts = work.facts
    named = {"阿寧": "阿宁", "LI BO": "li bo"}
    exact = [name for name in asked if name in facts and name not in ("show", "tag", "signature")]
    return (
        all(facts[name] == asked[name] for name in exact)
        and all(asked[name] in facts[name] for name in ("show", "tag") if name in asked)
        and ("signature" not in asked or facts["signature"] == named.get(asked["signature"], asked["signature"]))
        and asked.get("since", "") <= facts["month"] <= asked.get("until", "9999")
        and asked.get("q", "") in work.words
    )


def wishes(seed: int, count: int) -> Iterator[dict[str, Any]]:
    chance = random.Random(seed)
    for _ in range(count):
        names = chance.sample(tuple(VALUES), chance.randrange(1, 5))
        yield {name: chance.choice(VALUES[name]) for name in names}


def cards(house: House, wish: Wish, visitor: Visitor = ALICE) -> list[Card]:
    found: list[Card] = []
    for _ in range(WORKS):  # a cursor that leads nowhere must fail and not turn for ever
        page = find.page(house, wish, visitor, limit=17)
        found += page.cards
        if page.next_cursor is None:
            break
        wish = replace(wish, cursor=page.next_cursor)
    return found


def ids(house: House, wish: Wish) -> list[int]:
    return [card.id for card in cards(house, wish)]


@pytest.mark.parametrize("limits", [(10_000, 100_000), (0, 100_000), (0, 0)], ids=["listed", "gathered", "walked"])
def test_for_any_wish_the_wall_is_a_scan_of_all_works(
    wall: House, limits: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db.shelf, "FEW", limits[0])
    monkeypatch.setattr(db.shelf, "MANY", limits[1])
    works, met = read_all(wall), 0
    for number, asked in enumerate(wishes(limits[0], 150)):
        wanted = [work.id for work in works if fits(work, asked)]
        sort = ("newest", "best", "voted", "random")[number % 4]
        assert sorted(ids(wall, Wish(**asked, sort=sort))) == wanted, asked  # type: ignore[arg-type]
        met += bool(wanted)
    assert met > 50


def test_every_count_beside_the_wall_is_what_the_choice_leaves(wall: House) -> None:
    works = read_all(wall)

    def left(asked: dict[str, Any], **changes: Any) -> int:
        changed = {name: value for name, value in (asked | changes).items() if value is not None}
        return sum(fits(work, changed) for work in works)

    for asked in wishes(3, 60):
        told = narrow.facets(wall, Wish(**asked), ALICE)
        assert told.total == left(asked), asked
        assert told.inscribed == left(asked, inscribed=True), asked
        assert told.descended == left(asked, descended=True), asked
        for name, some in told.named.items():
            assert all(count == left(asked, **{name: value}) for value, count in some), (asked, name)
        if "mine" in asked or "rated" in asked:
            assert (told.tags, told.signatures, told.halls) == ((), (), ())
            continue
        assert {one.en: count for one, count in told.tags} == counts(asked, "tag", left), asked
        spelt = {folded(name): count for name, count in told.signatures}
        assert spelt == counts(asked, "signature", left), asked
        assert {hall.slug: hall.works for hall in told.halls} == counts(asked, "show", left), asked
        assert (told.more, told.more_tagged, told.more_signed) == (False, False, False)


def folded(spelt: str) -> str:
    return next(name for name, some in SPELLINGS.items() if spelt in some)


def counts(asked: dict[str, Any], name: str, left: Any) -> dict[str, int]:
    known = {"tag": ("snow", "quiet"), "signature": ("阿宁", "li bo", "—"), "show": ("spring", "autumn")}[name]
    return {value: count for value in known if (count := left(asked, **{name: value}))}


def test_counts_among_very_many_are_of_the_newest_and_say_so(wall: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(db.counting, "COUNTED", 10)
    for wish in (Wish(kind="painting"), Wish(inscribed=True), Wish(since="1970-01")):
        told = narrow.facets(wall, wish, ALICE)
        assert told.more_signed
        assert told.more_tagged
        assert 0 < sum(count for _, count in told.signatures) <= 10
    assert not narrow.facets(wall, Wish(), ALICE).more_signed
    assert not narrow.facets(wall, Wish(show="spring"), ALICE).more_signed


def test_a_name_of_the_first_month_is_counted_though_thousands_came_after(
    wall: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db.counting, "COUNTED", 20)
    for wish in (Wish(until="1970-01"), Wish(until="1970-01", kind="painting")):
        told = narrow.facets(wall, wish, ALICE)
        assert sum(count for _, count in told.signatures) > 5, wish


def test_a_painting_has_a_poem_as_long_as_a_scroll_of_it_can_be_seen(wall: House) -> None:
    works = {work.id: work for work in read_all(wall)}
    with wall.db.reading() as tx:
        pairs = tx.execute(text("SELECT parent, child FROM lineage WHERE how = 'inscribed'")).all()
    painting, scroll = next(
        pair
        for pair in map(tuple, pairs)
        if pair[0] in works and works[pair[0]].facts["kind"] == "painting" and pair[1] in works
        if sum(one.parent == pair[0] for one in pairs) == 1
    )
    asked, before = Wish(inscribed=True, kind="painting"), narrow.facets(wall, Wish(), ALICE).inscribed
    assert painting in ids(wall, asked)
    curate.hide(wall, scroll, "spam", WEN)
    assert painting not in ids(wall, asked)
    assert narrow.facets(wall, Wish(), ALICE).inscribed == before - 2
    curate.restore(wall, scroll, WEN)
    assert painting in ids(wall, asked)
    assert narrow.facets(wall, Wish(), ALICE).inscribed == before


def test_two_who_sign_alike_are_one_name_and_nothing_tells_them_apart(house: House) -> None:
    for seed, maker, name in ((1, ALICE, "陳宇"), (2, BOB, "陈宇"), (3, BOB, "别号")):
        draft = create.generate(house, create.WriteRequest("七绝", seed=seed), maker)[0]
        create.save(house, draft.token, maker, "poem", name)
    assert ids(house, Wish(signature="陈宇")) == ids(house, Wish(signature="陳宇")) == [2, 1]
    assert ids(house, Wish(signature=BOB.id)) == []
    told = narrow.facets(house, Wish(signature="陳宇"), ALICE)
    assert told.signatures == (("陈宇", 2), ("别号", 1))
    assert told.signature == "陈宇"
    assert BOB.id not in repr(told)


def test_a_name_under_which_nothing_can_be_seen_is_not_told(house: House) -> None:
    draft = create.generate(house, create.WriteRequest("七绝", seed=1), ALICE)[0]
    work = create.save(house, draft.token, ALICE, "poem", "知名不具").id
    assert narrow.facets(house, Wish(), BOB).signatures == (("知名不具", 1),)
    trash.take_down(house, work, ALICE)
    assert narrow.facets(house, Wish(), BOB).signatures == ()
    assert ids(house, Wish(signature="知名不具")) == []
    with house.db.writing() as tx:
        db.trash.erase(tx, work, at_ms=house.now_ms() + 1)
    with house.db.reading() as tx:
        assert tx.execute(text("SELECT count(*) FROM signatures")).scalar() == 0
        assert db.search.examine(tx).well


@pytest.mark.parametrize("slug", ["coming", "gone", "nowhere", "spring@1", "' OR 1=1", "x" * 40])
def test_what_does_not_hang_for_everybody_is_refused_in_a_sentence(wall: House, slug: str) -> None:
    with pytest.raises(errors.NotOnView):
        find.page(wall, Wish(show=slug))
    assert "coming" not in {hall.slug for hall in narrow.facets(wall, Wish(), ALICE).halls}


def test_the_wall_of_an_exhibition_follows_its_versions_and_its_day(wall: House) -> None:
    show(wall, "spring", (5, 6, 11))
    assert ids(wall, Wish(show="spring")) == [6, 5]
    assert {hall.slug: hall.works for hall in narrow.facets(wall, Wish(), ALICE).halls} == {"autumn": 27, "spring": 2}
    show(wall, "coming", (1, 2), opens=day_of(wall.clock()))
    assert ids(wall, Wish(show="coming")) == [2, 1]
