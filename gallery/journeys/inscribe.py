"""Inscribe (题画诗): choose a painting and a poem, or ask the one for the other, and hang them as one scroll.

A part is named by the signed token of a draft or by the number of a hanging work; what it is, and which works the
scroll descends from, is looked up here and never taken from a browser. Looking at a scroll stores nothing. `hang` puts
the file first and the row second, as create.py does; the same scroll twice is the same work.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import db
from db import Hand, NewWork, WorkRecord
from gallery import errors, scroll
from gallery.images import Pixels, encode_png, thumbnail
from gallery.journeys import House, Parents, browse, create, credit, kindred, mount, store_errors
from gallery.journeys.create import News, PaintRequest, Plan, WriteRequest
from gallery.journeys.descend import parents_of
from gallery.journeys.wellbeing import check_hanging
from gallery.visitors import Visitor
from models.painting_gan import wishes as painting_wishes
from models.recipe import Kind, Picture, Poem, Recipe

Made = TypeVar("Made", Picture, Poem)
MINE, HANGING = 8, 24  # drafts and works that are offered
THUMB_SIDE = 960  # a scroll is tall, and narrow at the side of a painting's thumbnail
ANSWERS = 3


@dataclass(frozen=True)
class Part(Generic[Made]):
    """A painting or a poem for a scroll: `ref` names it to the page, `made` is what it is."""

    ref: str
    title: str
    recipe: Recipe
    parents: Parents
    made: Made


@dataclass(frozen=True)
class Offer:
    """A part to choose from: a draft with its picture or a work with its thumbnail, or lines."""

    ref: str
    title: str
    picture: Picture | None = None
    thumb: str | None = None
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Wish:
    """A scroll as it is asked for: two parts by name, and the layout without its date."""

    painting: str
    poem: str
    choices: Mapping[str, str]
    signature: str = ""


@dataclass(frozen=True)
class View:
    """A scroll that nobody has hung: how it looks, what its hand could not write, and what the words and seal say."""

    picture: Picture
    layout: scroll.Layout
    gaps: scroll.Gaps
    lines: tuple[str, ...]


def offers(house: House, kind: Kind, chosen: str, visitor: Visitor) -> list[Offer]:
    """What may be chosen: the one that is chosen, the visitor's own drafts, the newest works.

    Raises what `find_painting` and `find_poem` raise.
    """
    with store_errors(house.settings.home), house.db.reading() as tx:
        works = db.shelf.page(tx, db.Selection(kind=kind), order="newest", after=None, limit=HANGING, visitor="").cards
        drafts = [one for one in house.drafts.newest(visitor, kind, MINE) if not db.works.find_by_draft(tx, one.id)]
    found = [_offer(draft.token, "", draft.result) for draft in drafts]
    found += [Offer(str(card.id), card.title, thumb=card.thumb, lines=card.verse) for card in works]
    if chosen and chosen not in {offer.ref for offer in found}:
        part = find_painting(house, chosen, visitor) if kind == "painting" else find_poem(house, chosen, visitor)
        found.insert(0, _offer(part.ref, part.title, part.made))
    return sorted(found, key=lambda offer: offer.ref != chosen)


def _offer(ref: str, title: str, made: Picture | Poem) -> Offer:
    return Offer(ref, title, made) if isinstance(made, Picture) else Offer(ref, title, lines=made.lines)


def find_painting(house: House, ref: str, visitor: Visitor) -> Part[Picture]:
    """The painting of that name; raises NothingToInscribe, NoSuchWork, NotAPainting, PictureLost, DraftGone..."""
    if _is_number(ref):
        work = browse.look(house, ref).work
        if work.kind != "painting":
            raise errors.NotAPainting(work.id)
        kept = browse.stored(house, work.picture or "")
        picture = Picture(kept.data, kept.width, kept.height)
        return Part(ref, work.title, Recipe.from_json(work.recipe), ((work.id, "inscribed"),), picture)
    draft = create.open_draft(house, _given(ref), visitor)
    if not isinstance(draft.result, Picture):
        raise errors.DraftGone()
    return Part(ref, "", draft.recipe, parents_of(house, draft, "inscribed"), draft.result)


def find_poem(house: House, ref: str, visitor: Visitor) -> Part[Poem]:
    """The poem of that name; raises NothingToInscribe, NoSuchWork, NotAPoem, DraftGone, NotYourDraft."""
    if _is_number(ref):
        work = browse.look(house, ref).work
        if work.kind != "poem":
            raise errors.NotAPoem(work.id)
        poem = Poem(work.form or "", work.verse, work.rhyme or "", 0.0)
        return Part(ref, work.title, Recipe.from_json(work.recipe), ((work.id, "inscribed"),), poem)
    draft = create.open_draft(house, _given(ref), visitor)
    if not isinstance(draft.result, Poem):
        raise errors.DraftGone()
    return Part(ref, "", draft.recipe, parents_of(house, draft, "inscribed"), draft.result)


def _is_number(ref: str) -> bool:
    return ref.isascii() and ref.isdigit()


def _given(ref: str) -> str:
    if not ref:
        raise errors.NothingToInscribe()
    return ref


def view(house: House, wish: Wish, visitor: Visitor, *, scale: float = scroll.PREVIEW) -> View:
    """The scroll as it would be hung now; raises what finding its parts does, OddLayout, LongSignature, QueueFull."""
    painting, poem, layout = _asked(house, wish, visitor)
    picture = mount.mounted(house, painting.made, poem.made.lines, layout, scale=scale)
    return View(picture, layout, scroll.gaps(poem.made.lines, layout), poem.made.lines)


def hang(house: House, wish: Wish, title: str, visitor: Visitor) -> WorkRecord:
    """Hangs the scroll; on return it is on the disk. The same scroll again returns the same work unchanged.

    Raises what `view` raises, EmptyTitle, LongTitle, OddCharacters, TooManyHung, TooManyHungNearby, and StoreTrouble,
    after which nothing is kept.
    """
    title = create.check_title(title)
    painting, poem, layout = _asked(house, wish, visitor)
    recipe = mount.recipe_of(painting.recipe, poem.recipe, layout)
    name = hashlib.sha256(f"{visitor.id} {recipe.to_json()}".encode()).hexdigest()[:32]
    with store_errors(house.settings.home):
        return hang_as(house, painting, poem, layout, Label(f"scroll-{name}", title, visitor))


@dataclass(frozen=True)
class Label:
    """What a scroll is hung under: the fixed name of its draft, its title and its maker, and who gave what, if several
    did."""

    draft: str
    title: str
    maker: Visitor
    hands: tuple[Hand, ...] = ()


def hang_as(house: House, painting: Part[Picture], poem: Part[Poem], layout: scroll.Layout, label: Label) -> WorkRecord:
    """Files first, then row, then commit, unless a scroll hangs under that name already; raises as `hang` does."""
    with house.db.reading() as tx:
        hung = db.works.find_by_draft(tx, label.draft)
    if hung is not None:
        return hung
    check_hanging(house, label.maker)
    recipe = mount.recipe_of(painting.recipe, poem.recipe, layout)
    work = _new_work(house, recipe, mount.mounted(house, painting.made, poem.made.lines, layout), poem.made)
    labelled = replace(work, title=label.title, draft=label.draft, maker=label.maker.id, signature=layout.signature)
    return create.hang_work(house, labelled, painting.parents + poem.parents, label.hands)


def _asked(house: House, wish: Wish, visitor: Visitor) -> tuple[Part[Picture], Part[Poem], scroll.Layout]:
    painting, poem = find_painting(house, wish.painting, visitor), find_poem(house, wish.poem, visitor)
    signature = create.check_signature(wish.signature)
    try:
        day, stamp = scroll.day_of(house.clock()).isoformat(), "" if signature else scroll.LEISURE
        layout = scroll.Layout(day, signature=signature, stamp=stamp, **wish.choices)
    except (scroll.OddLayout, TypeError):
        raise errors.OddLayout() from None
    return painting, poem, layout


def _new_work(house: House, recipe: Recipe, made: Picture, poem: Poem) -> NewWork:
    """The row of a scroll, yet without title and maker; its files are on the disk when it returns."""
    pixels, text = Pixels(made.pixels, made.width, made.height), recipe.to_json()
    return NewWork(
        "scroll",
        title="",
        signature="",
        maker="",
        created_ms=house.now_ms(),
        recipe=text,
        draft="",
        subject=str(recipe.inputs["painting"]["inputs"]["label"]),
        picture=house.files.put(encode_png(pixels, recipe=text)),
        thumb=house.files.put(thumbnail(pixels, side=THUMB_SIDE)),
        width=pixels.width,
        height=pixels.height,
        form=poem.form,
        rhyme=poem.rhyme,
        verse=poem.lines,
    )


def printed(house: House, work_id: object, description: str, language: str) -> bytes:
    """A hanging scroll as a PDF page that says who gave what to it; raises NoSuchWork, PictureLost."""
    work = browse.look(house, work_id).work
    if work.kind != "scroll":
        raise errors.NoSuchWork(work_id)
    try:
        png = house.files.read(work.picture or "")
    except (OSError, ValueError):
        raise errors.PictureLost(work.picture or "") from None
    given = credit.look(house, work_id)
    told = {"title": work.title, "author": work.signature, "description": description}
    return scroll.pdf(png, **told, made_s=work.created_ms // 1000, xmp=credit.xmp(house, given, language))


def words_of(house: House, painting: str, visitor: Visitor) -> str:
    """The keywords that a painting asks a poem for; raises what `find_painting` raises."""
    picture = find_painting(house, painting, visitor).made
    return " ".join(kindred.keywords_for(Pixels(picture.pixels, picture.width, picture.height)))


def poems_for(house: House, painting: str, form: str, visitor: Visitor) -> Iterator[News]:
    """ANSWERS poems on the painting's keywords, which name it as their parent.

    Raises what `find_painting` raises, BadWish, EngineTrouble.
    """
    parents = _answering(find_painting(house, painting, visitor))
    request = WriteRequest(form, count=ANSWERS, keywords=words_of(house, painting, visitor))
    plans = [Plan(recipe, parents) for recipe in create.recipes_of(house, request)]
    return create.watch_plans(house, plans, visitor)


def sliders_of(house: House, poem: str, visitor: Visitor) -> tuple[str, dict[str, float]]:
    """The characters of a poem that say how to paint, and where they move the sliders; raises as `find_poem` does."""
    lines = find_poem(house, poem, visitor).made.lines
    return kindred.telling(lines), kindred.sliders_for(lines, painting_wishes.directions(house.card("painting")))


def paintings_for(house: House, poem: str, visitor: Visitor) -> Iterator[News]:
    """ANSWERS paintings in the mood of the poem, which name it as their parent; raises as `find_poem` does."""
    parents = _answering(find_poem(house, poem, visitor))
    request = PaintRequest(house.subjects()[0], count=ANSWERS)
    sliders = sliders_of(house, poem, visitor)[1]
    recipes = [replace(one, parameters={**one.parameters, **sliders}) for one in create.recipes_of(house, request)]
    return create.watch_plans(house, [Plan(recipe, parents) for recipe in recipes], visitor)


def _answering(part: Part[Picture] | Part[Poem]) -> Parents:
    return tuple((work, "answered") for work, _ in part.parents)
