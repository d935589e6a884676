"""Browse: one work from near, its files, and the proof that it can be made again; find.py has the wall.

What others think of a work is shown only to visitors who have rated it.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import db
from db import Relatives, WorkKind, WorkRecord
from gallery import errors
from gallery.files import name_of
from gallery.images import Pixels, decode, encode_png, enlarge, largest_difference, media_type
from gallery.journeys import House, alike, await_outcome, cook, mount, store_errors
from gallery.ranking import Opinion, opinion
from gallery.scroll.leaf import leaf
from gallery.visitors import Visitor
from models.painting_gan import wishes as painting_wishes
from models.poem_rnn.forms import set_out
from models.recipe import Picture, Poem, Recipe, Result

RELATIVES = 12
SIMILAR = 6
_LAST_ID = 2**63 - 1
LARGE_SIDE = 512
AT_ONCE = 8  # parts of one work that are cooked together when it is made again
ALIKE = 2  # steps of 255 that nobody sees; processors of different kinds differ by less
Verdict = Literal["identical", "alike", "different", "different_weights"]


@dataclass(frozen=True)
class WorkView:
    """One work from near. `opinion` is None until this visitor has rated the work; `current` says that what made it,
    network or mounter, is still at work here, so that it can be made again; `parents` and `children` are the first of
    its lineage on either side."""

    work: WorkRecord
    recipe: Recipe
    my_stars: int | None
    opinion: Opinion | None
    current: bool
    parents: Relatives
    children: Relatives


@dataclass(frozen=True)
class Media:
    """A file of the store, as it is sent."""

    path: Path
    mime: str


@dataclass(frozen=True)
class Replay:
    """What making a work again gave; `result` is None when other weights are at work here now.

    `difference` is the largest between two pictures, in steps of 255; `processors` are those that may have computed it
    now, for whoever asks why.
    """

    verdict: Verdict
    result: Result | None
    difference: int = 0
    processors: tuple[str, ...] = ()


def counts(house: House) -> Mapping[WorkKind, int]:
    """How many works of each kind hang on the wall; raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        return db.works.counts(tx)


def look(house: House, work_id: object, visitor: Visitor | None = None) -> WorkView:
    """One work from near; raises NoSuchWork, StoreTrouble."""
    number = check_id(work_id)
    with store_errors(house.settings.home), house.db.reading() as tx:
        work = db.works.find(tx, number)
        if work is None:
            raise errors.NoSuchWork(work_id)
        stars = None if visitor is None else db.ratings.stars_of(tx, work=number, visitor=visitor.id)
        spread = None if stars is None else db.ratings.spread(tx, number)
        parents = db.lineage.parents_of(tx, number, limit=RELATIVES)
        children = db.lineage.children_of(tx, number, limit=RELATIVES)
    recipe = Recipe.from_json(work.recipe)
    current = mount.is_current(house, recipe)
    said = opinion(spread) if spread is not None and any(spread) else None  # none, where all are set aside
    return WorkView(work, recipe, stars, said, current, parents, children)


def similar(house: House, work: WorkRecord) -> tuple[WorkRecord, ...]:
    """Works whose verse shares most with this one's, rare pairs of characters weighing more; for a painting or a film,
    those that look most like it. Raises StoreTrouble."""
    if not work.verse:
        return alike.like(house, work)
    with store_errors(house.settings.home), house.db.reading() as tx:
        found = [db.works.find(tx, number) for number in db.search.similar(tx, work.id, limit=SIMILAR)]
    return tuple(one for one in found if one is not None)


def media(house: House, sha: str, *, even_hidden: bool = False) -> Media:
    """The file of that name, unless all works it belongs to are hidden; raises PictureLost, StoreTrouble."""
    try:
        path = house.files.path(sha)
        with path.open("rb") as file:
            found = Media(path, media_type(file.read(16)))
    except (OSError, ValueError):
        raise errors.PictureLost(sha) from None
    if not even_hidden:
        with store_errors(house.settings.home), house.db.reading() as tx:
            if db.works.is_put_away(tx, sha):
                raise errors.PictureLost(sha)
    return found


def enlarged(house: House, work_id: object) -> bytes:
    """The picture as a PNG of LARGE_SIDE pixels or a little more, with its recipe; raises NoSuchWork, PictureLost."""
    work = look(house, work_id).work
    if work.picture is None:
        raise errors.NoSuchWork(work_id)
    kept = stored(house, work.picture)
    times = max(1, -(-LARGE_SIDE // max(kept.width, kept.height)))
    return encode_png(enlarge(kept, times=times), recipe=work.recipe)


def on_a_leaf(house: House, work_id: object) -> bytes:
    """A poem written on a sheet, as a PNG, for links that are shown with a picture; raises NoSuchWork, StoreTrouble."""
    work = look(house, work_id).work
    if not work.verse:
        raise errors.NoSuchWork(work_id)
    with house.bench:
        sheet = leaf(set_out(work.verse))
    return encode_png(Pixels(sheet.tobytes(), sheet.width, sheet.height))


async def before_enlarging(house: House, work_id: object) -> bytes:
    """The painting as the generator alone paints it, made again now, as a PNG of the stored one's size (smoothly).

    Holds no thread meanwhile. Raises NoSuchWork, NotEnlarged, OtherWeights, PictureLost, EngineTrouble, StoreTrouble.
    """
    view = await asyncio.to_thread(look, house, work_id)
    small = side_before(house, view)
    if small is None:
        raise errors.NotEnlarged(view.work.id)
    if not view.current:
        raise errors.OtherWeights(view.work.id)
    recipe = replace(view.recipe, inputs={**view.recipe.inputs, "side": small})
    result = await await_outcome(house, await asyncio.to_thread(cook, house, recipe))
    assert isinstance(result, Picture)  # noqa: S101 (a painting's recipe makes a picture)
    pixels, times = Pixels(result.pixels, result.width, result.height), (view.work.width or 1) // result.width
    return await asyncio.to_thread(lambda: encode_png(enlarge(pixels, times=times), recipe=recipe.to_json()))


def side_before(house: House, view: WorkView) -> int | None:
    """The side in pixels at which this painting was painted, before a network enlarged it; None if none did."""
    return _side_painted(house, view, smoothly=False)


def side_smooth(house: House, view: WorkView) -> int | None:
    """The side in pixels at which a painting was painted that was only smoothly enlarged since; None for any other."""
    return _side_painted(house, view, smoothly=True)


def _side_painted(house: House, view: WorkView, *, smoothly: bool) -> int | None:
    if view.work.kind != "painting" or not view.current:
        return None
    card = house.painter_of(view.recipe)
    small = painting_wishes.sides(card)[0]
    larger = (view.work.width or 0) > small
    return small if larger and painting_wishes.smoothly_enlarged(card) is smoothly else None


async def remake(house: House, work_id: object) -> Replay:
    """Makes a work again from its recipe and compares: a picture pixel by pixel, a poem character by character.

    A scroll's painting and poem are made again first, and then mounted again; so are a film's frames, and then the
    files of the film are compared too.

    It takes seconds in a queue and holds no thread meanwhile. Raises NoSuchWork, PictureLost, EngineTrouble or
    StoreTrouble.
    """
    view = await asyncio.to_thread(look, house, work_id)
    if not view.current:
        return Replay("different_weights", None)
    parts, results = await asyncio.to_thread(mount.parts_of, view.recipe), list[Result]()
    for start in range(0, len(parts), AT_ONCE):
        cooking = [await asyncio.to_thread(cook, house, part) for part in parts[start : start + AT_ONCE]]
        results += [await await_outcome(house, future) for future in cooking]
    return await asyncio.to_thread(_compare, house, view.work, mount.finished(house, view.recipe, results))


def check_id(work_id: object) -> int:
    """A number that a work may have, from an int or from the digits of an address; raises NoSuchWork."""
    text = str(work_id)
    if isinstance(work_id, bool) or not re.fullmatch(r"[1-9][0-9]{0,18}", text) or int(text) > _LAST_ID:
        raise errors.NoSuchWork(text[:20])
    return int(text)


def _compare(house: House, work: WorkRecord, result: Result) -> Replay:
    processors = house.engine.processors()
    if isinstance(result, Poem):
        return Replay("identical" if result.lines == work.verse else "different", result, 0, processors)
    kept, made = stored(house, work.picture or ""), Pixels(result.pixels, result.width, result.height)
    if kept == made:
        played = not isinstance(result, mount.Film) or name_of(result.cut.mp4) == work.film
        return Replay("identical" if played else "alike", result, 0, processors)
    same_size = (kept.width, kept.height) == (made.width, made.height)
    difference = largest_difference(kept, made) if same_size else 255
    return Replay("alike" if difference <= ALIKE else "different", result, difference, processors)


def stored(house: House, picture: str) -> Pixels:
    """The pixels of a picture in the store; raises PictureLost."""
    try:
        return decode(house.files.read(picture))
    except (OSError, ValueError):
        raise errors.PictureLost(picture) from None
