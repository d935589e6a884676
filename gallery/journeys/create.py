"""Create: from a wish to drafts, from a draft to a work on the wall.

`watch` and `generate` store nothing: a draft lives in memory under a signed token. `save` stores the file first and the
row second, and returns only after the commit, so whoever is told "saved" has it on the disk; a process that dies
between the two leaves a file without a row, which a sweep takes away, and never a row without its file. The same token
twice is the same work, also after the draft has been forgotten.
"""

from __future__ import annotations

import secrets
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue

import db
from db import Hand, NewWork, WorkRecord
from gallery import errors
from gallery.images import Pixels, encode_png, thumbnail
from gallery.journeys import GRACE_S, Draft, House, Parents, alike, cook, kind_of, outcome, store_errors
from gallery.journeys.compose import VerseRequest, refusal, verse_recipe
from gallery.journeys.compose import WriteRequest as WriteRequest
from gallery.journeys.wellbeing import check_hanging
from gallery.ranking import bayesian_mean
from gallery.visitors import Visitor
from models import Card
from models.engine import Place
from models.painting_gan import wishes as painting_wishes
from models.poem_rnn.wishes import pinned
from models.recipe import SEED_LIMIT, Poem, Recipe, RecipeError, Result, Stage, UnknownInput

TELL_EVERY_S = 1.0  # that works wait is told so often
MOST_AT_ONCE = 8
TITLE_LENGTH = 60
SIGNATURE_LENGTH = 24


@dataclass(frozen=True)
class PaintRequest:
    """A wish for paintings: seed None is a random one; several take seed, seed + 1 and so on."""

    subject: str
    seed: int | None = None
    count: int = 1
    variety: float = 1.0


Request = PaintRequest | VerseRequest


@dataclass(frozen=True)
class Plan:
    """A recipe to be cooked, and the hanging works that its draft will come from."""

    recipe: Recipe
    parents: Parents = ()


@dataclass(frozen=True)
class Glimpse:
    """Unfinished work number `index` (from 0) of a request, as far as it is."""

    index: int
    stage: Stage


@dataclass(frozen=True)
class Finished:
    """Work number `index` (from 0) of a request, as a draft that can be saved."""

    index: int
    draft: Draft


@dataclass(frozen=True)
class Waiting:
    """Nothing new: so many works of others are made first, in about `wait_s` seconds; or 0, it is being made."""

    ahead: int
    wait_s: float


News = Glimpse | Finished | Waiting


def generate(
    house: House, request: Request, visitor: Visitor, on_stage: Callable[[int, Stage], None] | None = None
) -> list[Draft]:
    """All works of a request, in the order of their seeds; on_stage(index, stage) shows progress meanwhile.

    Raises BadWish or EngineTrouble; works that were ready by then are not returned.
    """
    drafts: list[Draft] = []
    for news in watch(house, request, visitor):
        if isinstance(news, Finished):
            drafts.append(news.draft)
        elif isinstance(news, Glimpse) and on_stage is not None:
            on_stage(news.index, news.stage)
    return sorted(drafts, key=lambda draft: draft.recipe.seed)


def watch(house: House, request: Request, visitor: Visitor) -> Iterator[News]:
    """The same as it happens: glimpses of each work, and each draft as soon as it is ready, in any order.

    What cannot be made is refused here and now, before the first item is asked for. Closing the iterator cancels what
    is still waiting. Raises BadWish or EngineTrouble.
    """
    parents = () if isinstance(request, PaintRequest) else request.parents
    return watch_plans(house, [Plan(recipe, parents) for recipe in recipes_of(house, request)], visitor)


def watch_plans(house: House, plans: Sequence[Plan], visitor: Visitor) -> Iterator[News]:
    """`watch` for recipes that are made already, whose drafts come from other works or not; raises EngineTrouble."""
    news: SimpleQueue[Glimpse | tuple[int, Future[Result]]] = SimpleQueue()
    futures: list[Future[Result]] = []
    try:
        for index, plan in enumerate(plans):
            futures.append(_submit(house, plan.recipe, index, news, visitor))
    except BaseException:
        _cancel(futures)
        raise
    return _follow(house, plans, futures, news, visitor)


def save(house: House, token: str, visitor: Visitor, title: str, signature: str = "") -> WorkRecord:
    """Hangs a draft on the wall; on return it is on the disk. The same token again returns the same work unchanged.

    Raises EmptyTitle, LongTitle, LongSignature, OddCharacters, DraftGone, NotYourDraft, TooManyHung, TooManyHungNearby,
    and StoreTrouble, after which nothing has been kept and saving may be tried again.
    """
    name = own_draft(house, token, visitor)
    title, signature = check_title(title), check_signature(signature)
    with store_errors(house.settings.home):
        with house.db.reading() as tx:
            hung = db.works.find_by_draft(tx, name)
        if hung is not None:
            return hung
        check_hanging(house, visitor)
        return hang_draft(house, find_draft(house, name), visitor, title, signature)


def own_draft(house: House, token: str, visitor: Visitor) -> str:
    """The name of the draft that this visitor's token is for; raises DraftGone or NotYourDraft."""
    read = house.signer.read_draft(token)
    if read is None:
        raise errors.DraftGone()
    maker, name = read
    if maker != visitor:
        raise errors.NotYourDraft()
    return name


def open_draft(house: House, token: str, visitor: Visitor) -> Draft:
    """The draft of that token, for its maker; raises DraftGone or NotYourDraft."""
    return find_draft(house, own_draft(house, token, visitor))


def check_title(title: str) -> str:
    """The title without blanks at its ends, 1 to 60 characters; raises EmptyTitle, LongTitle or OddCharacters."""
    title = plain_text(title)
    if not title:
        raise errors.EmptyTitle()
    if len(title) > TITLE_LENGTH:
        raise errors.LongTitle(len(title), TITLE_LENGTH)
    return title


def check_signature(signature: str) -> str:
    """The signature without blanks at its ends, 0 to 24 characters; raises LongSignature or OddCharacters."""
    signature = plain_text(signature)
    if len(signature) > SIGNATURE_LENGTH:
        raise errors.LongSignature(len(signature), SIGNATURE_LENGTH)
    return signature


def plain_text(text: str) -> str:
    """Refuses what cannot be seen: control characters, marks that turn the direction, halves of characters."""
    text = text.strip()
    for character in text:
        if unicodedata.category(character) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}:
            raise errors.OddCharacters(f"U+{ord(character):04X}")
    return text


def recipes_of(house: House, request: Request) -> list[Recipe]:
    """The recipes of a request; raises BadWish (UnknownSubject is one) or ModelUnavailable."""
    if not _whole(request.count) or not 1 <= request.count <= MOST_AT_ONCE:
        raise errors.BadCount(request.count, MOST_AT_ONCE)
    last = SEED_LIMIT - request.count
    seed = secrets.randbelow(last + 1) if request.seed is None else request.seed
    if not _whole(seed) or not 0 <= seed <= last:
        raise errors.BadSeed(seed)
    card = house.painter(request.subject) if isinstance(request, PaintRequest) else house.card("poem")
    try:
        return [_recipe(card, request, seed + index) for index in range(request.count)]
    except UnknownInput as error:
        raise _refusal(house, request, error) from error
    except RecipeError as error:
        raise errors.ModelUnavailable(str(error)) from error


def _whole(number: object) -> bool:
    return isinstance(number, int) and not isinstance(number, bool)


def _recipe(card: Card, request: Request, seed: int) -> Recipe:
    match request:
        case PaintRequest(subject=subject, variety=variety):
            return painting_wishes.recipe(card=card, label=subject, seed=seed, truncation=variety)
        case _:
            return verse_recipe(card, request, seed)


def _refusal(house: House, request: Request, error: UnknownInput) -> errors.BadWish:
    """Which part of a request the network does not know, and what it does know."""
    match request:
        case PaintRequest(variety=variety):
            return errors.BadVariety(variety)
        case _:
            return refusal(house.card("poem"), request, error)


def _submit(
    house: House, recipe: Recipe, index: int, news: SimpleQueue[Glimpse | tuple[int, Future[Result]]], visitor: Visitor
) -> Future[Result]:
    future = cook(house, recipe, on_stage=lambda stage: news.put(Glimpse(index, stage)), visitor=visitor)
    future.add_done_callback(lambda done: news.put((index, done)))
    return future


def _cancel(futures: list[Future[Result]]) -> None:
    for future in futures:
        future.cancel()


def _follow(
    house: House,
    plans: Sequence[Plan],
    futures: list[Future[Result]],
    news: SimpleQueue[Glimpse | tuple[int, Future[Result]]],
    visitor: Visitor,
) -> Iterator[News]:
    left, patience = len(futures), Patience(house)
    try:
        while left:
            try:
                item = news.get(timeout=TELL_EVERY_S)
            except Empty:
                if place := patience.place(visitor):
                    yield Waiting(place.ahead, place.wait_s)
                continue
            if isinstance(item, Glimpse):
                yield item
            else:
                index, future = item
                left -= 1
                yield Finished(index, keep(house, plans[index], outcome(house, future), visitor))
            patience.renew()
    finally:
        _cancel(futures)


class Patience:
    """Waits no longer than the deadline for the next news, and asks meanwhile where a visitor's work stands."""

    def __init__(self, house: House) -> None:
        self._house = house
        self.renew()

    def renew(self) -> None:
        """Something has come."""
        self._until = time.monotonic() + self._house.settings.deadline_s + GRACE_S

    def place(self, visitor: Visitor) -> Place | None:
        """Where the visitor's next work stands while others are before it; raises TooSlow."""
        if time.monotonic() > self._until:
            raise errors.TooSlow(round(self._house.settings.deadline_s))
        place = self._house.engine.place(visitor.id)
        return place if place and place.ahead else None


def keep(house: House, plan: Plan, result: Result, visitor: Visitor) -> Draft:
    """What has been made of a plan, as a draft of this visitor's; a cento's recipe then names its lines."""
    name = secrets.token_hex(16)
    recipe = pinned(plan.recipe, result) if isinstance(result, Poem) else plan.recipe
    token = house.signer.draft_token(visitor, name)
    draft = Draft(name, token, kind_of(result), recipe, result, house.clock(), plan.parents)
    house.drafts.keep(draft)
    return draft


def find_draft(house: House, name: str) -> Draft:
    """The draft of that name; raises DraftGone when it is no longer kept."""
    draft = house.drafts.find(name)
    if draft is None:
        raise errors.DraftGone()
    return draft


def hang_draft(
    house: House, draft: Draft, maker: Visitor, title: str, signature: str, hands: Sequence[Hand] = ()
) -> WorkRecord:
    """Hangs a draft whose title and signature have been checked; `hands` wrote it line by line, if several did."""
    return hang_work(house, _new_work(house, draft, maker, title, signature), draft.parents, hands)


def hang_work(house: House, work: NewWork, parents: Parents, hands: Sequence[Hand] = ()) -> WorkRecord:
    """Writes the row of a work whose files are on the disk, its parents and hands, and what it looks like; see the head
    of this file."""
    seen = alike.look(house.files, work.thumb)
    with house.db.writing() as tx:
        hung = db.works.add(tx, work, score=bayesian_mean(votes=0, stars_sum=0))
        alike.keep(tx, hung.id, hung.kind, seen)
        db.lineage.record(tx, child=hung.id, parents=parents)
        db.rooms.record_hands(tx, hung.id, hands)
        return hung


def _new_work(house: House, draft: Draft, maker: Visitor, title: str, signature: str) -> NewWork:
    """The row of a draft; the files of a painting are on the disk when it returns."""
    work = NewWork(
        draft.kind, title, signature, maker.id, created_ms=house.now_ms(), recipe=draft.recipe.to_json(), draft=draft.id
    )
    if isinstance(draft.result, Poem):
        poem = draft.result
        return replace(work, form=poem.form, rhyme=poem.rhyme, verse=poem.lines)
    pixels = Pixels(draft.result.pixels, draft.result.width, draft.result.height)
    return replace(
        work,
        subject=str(draft.recipe.inputs["label"]),
        picture=house.files.put(encode_png(pixels, recipe=work.recipe)),
        thumb=house.files.put(thumbnail(pixels)),
        width=pixels.width,
        height=pixels.height,
    )
