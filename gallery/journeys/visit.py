"""Visit: an exhibition as the public sees it, by its address: the version that is shown, or the one that is cited.

Before its opening day only its words are shown; after its closing it stays where it is, and says so. What is hidden
hangs nowhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import db
from db import Tx, WorkRecord
from db.shows import Show, Version
from gallery import errors
from gallery.journeys import House, store_errors
from gallery.journeys.accounts import Curator
from gallery.journeys.exhibit import look
from gallery.journeys.plans import Plan, Room, When, when

_ADDRESS = re.compile(r"([a-z0-9-]{1,40})(?:@([1-9][0-9]{0,5}))?")


@dataclass(frozen=True)
class Hung:
    """A room with those of its works that can be seen; `number` from 1."""

    number: int
    room: Room
    works: tuple[WorkRecord, ...]


@dataclass(frozen=True)
class Exhibition:
    """A version of an exhibition. `address` is that of the page, with its version where one is cited; `newest` the
    version that is shown now, 0 when it was taken down; `draft`: nobody has opened it yet."""

    slug: str
    address: str
    version: int
    newest: int
    opened_ms: int
    curator: str | None
    plan: Plan
    cover: WorkRecord | None
    rooms: tuple[Hung, ...]
    when: When
    versions: tuple[Version, ...] = ()
    draft: bool = False

    @property
    def works(self) -> tuple[WorkRecord, ...]:
        """All that hang, in the order one meets them."""
        return tuple(work for room in self.rooms for work in room.works)


@dataclass(frozen=True)
class Station:
    """Where one stands on the walk: at the wall text of a room, or before a work. `name` is its part of the address;
    `place` of `places`."""

    exhibition: Exhibition
    name: str
    room: Hung
    work: WorkRecord | None
    before: str | None
    after: str | None
    place: int
    places: int


def visit(house: House, address: str) -> Exhibition:
    """The exhibition at that address; raises NoSuchShow, StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        show, version = _find(tx, address)
        return _exhibition(tx, house, show, version, address)


def _find(tx: Tx, address: str) -> tuple[Show, Version]:
    """What `<slug>` or `<slug>@<version>` names."""
    match = _ADDRESS.fullmatch(address)
    show = db.shows.by_slug(tx, match[1]) if match else None
    if match is None or show is None:
        raise errors.NoSuchShow(address[:50])
    version = db.shows.version(tx, show.id, int(match[2]) if match[2] else show.published)
    if version is None:
        raise errors.NoSuchShow(address[:50])
    return show, version


def _exhibition(tx: Tx, house: House, show: Show, version: Version, address: str) -> Exhibition:
    plan = Plan.from_json(version.body)
    now = when(plan, house.clock())
    rooms = () if now == "coming" else _hung(tx, plan)
    return Exhibition(
        slug=show.slug,
        address=address,
        version=version.version,
        newest=0 if show.removed else show.published,
        opened_ms=version.at_ms,
        curator=version.curator,
        plan=plan,
        cover=_cover(tx, plan),
        rooms=rooms,
        when=now,
        versions=tuple(db.shows.versions_of(tx, show.id)),
    )


def _hung(tx: Tx, plan: Plan) -> tuple[Hung, ...]:
    found = [tuple(one for work in room.works if (one := db.works.find(tx, work))) for room in plan.rooms]
    rooms = [
        (room, works) for room, works in zip(plan.rooms, found, strict=True) if works or room.text_zh or room.text_en
    ]
    return tuple(Hung(number, room, works) for number, (room, works) in enumerate(rooms, 1))


def _cover(tx: Tx, plan: Plan) -> WorkRecord | None:
    """The chosen cover, or else the first work with a picture, or else the first."""
    chosen = db.works.find(tx, plan.cover) if plan.cover else None
    if chosen is not None:
        return chosen
    seen = [one for work in plan.works if (one := db.works.find(tx, work))]
    return next((one for one in seen if one.thumb), next(iter(seen), None))


def preview(house: House, number: object, curator: Curator) -> Exhibition:
    """An exhibition as it is prepared, for curators; raises NoSuchShow, StoreTrouble."""
    prepared = look(house, number, curator)
    show, plan = prepared.show, prepared.plan
    with store_errors(house.settings.home), house.db.reading() as tx:
        hung, cover = _hung(tx, plan), _cover(tx, plan)
    return Exhibition(
        slug=show.slug,
        address=show.slug,
        version=prepared.newest + 1,
        newest=show.published,
        opened_ms=house.now_ms(),
        curator=show.owner,
        plan=plan,
        cover=cover,
        rooms=hung,
        when="open",
        draft=True,
    )


def walk(house: House, address: str, station: str) -> Station:
    """A station of the walk through an exhibition; raises NoSuchShow, StoreTrouble."""
    found = visit(house, address)
    stops: list[tuple[str, Hung, WorkRecord | None]] = []
    for hung in found.rooms:
        stops.append((f"room{hung.number}", hung, None))
        stops += [(str(work.id), hung, work) for work in hung.works]
    names = [name for name, _, _ in stops]
    if station not in names:
        raise errors.NoSuchShow(f"{address}/{station}"[:50])
    at = names.index(station)
    before, after = names[at - 1] if at else None, names[at + 1] if at + 1 < len(names) else None
    return Station(found, *stops[at], before, after, place=at + 1, places=len(names))


def listed(house: House) -> tuple[Exhibition, ...]:
    """All exhibitions that are shown: the open ones, those to come, those that are past; newest first."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        found = []
        for version in db.shows.shown(tx):
            show = db.shows.find(tx, version.show)
            assert show is not None  # noqa: S101 (it is shown)
            found.append(_exhibition(tx, house, show, version, show.slug))
    order: Mapping[When, int] = {"open": 0, "coming": 1, "past": 2}
    return tuple(sorted(found, key=lambda one: order[one.when]))


def addresses(house: House) -> list[str]:
    """Where exhibitions are, for those who list pages; raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        return [version.slug for version in db.shows.shown(tx)]


def hangs_in(house: House, work: int) -> list[tuple[str, Plan]]:
    """The exhibitions in which a work hangs now, by address; raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        found = [(version.slug, Plan.from_json(version.body)) for version in db.shows.hanging(tx, work)]
    return [(slug, plan) for slug, plan in found if when(plan, house.clock()) != "coming"]
