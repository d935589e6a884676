"""Print out: works as a catalogue on paper, with what is written on the walls if they hang in an exhibition."""

from __future__ import annotations

import hashlib
import io
import secrets
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO

from PIL import Image

from db import WorkRecord
from gallery import errors
from gallery.images import Pixels, enlarge
from gallery.journeys import House, browse, mount, store_errors, visit
from gallery.journeys.first_wall import numeral
from gallery.journeys.plans import Plan, Room
from gallery.journeys.take_out import OnProgress, Source, quietly
from gallery.journeys.wellbeing import check_room
from gallery.prose import paragraphs
from gallery.scroll import day_of
from gallery.scroll.catalogue import Book, Chapter, Plate, bind
from models.poem_rnn.forms import set_out
from models.recipe import Recipe

MOST = 240  # plates: a catalogue is bound in memory
KEPT = 40  # catalogues for visitors
SMALL = 640  # pixels across below which a picture is enlarged, smoothly, so that no printer does it in squares


@dataclass(frozen=True)
class _Front:
    """What stands before the plates."""

    title: str
    text: tuple[str, ...]
    notes: tuple[str, ...]
    cover: WorkRecord | None


def catalogue_of_works(
    house: House, source: Source, language: str, file: IO[bytes], on_progress: OnProgress = quietly
) -> int:
    """Prints those works in their order; returns how many. Raises NothingToTakeOut, TooManyWorks, PictureLost."""
    found = [view.work for number in source.works if (view := _seen(house, number)) is not None]
    front = _Front(source.title, (), (_day(house),), None)
    return _print(house, [(Chapter("", "", (), ()), found)], front, language, file, on_progress)


def _seen(house: House, number: int) -> browse.WorkView | None:
    try:
        return browse.look(house, number)
    except errors.NoSuchWork:
        return None


def catalogue_of_show(
    house: House, address: str, language: str, file: IO[bytes], on_progress: OnProgress = quietly
) -> int:
    """Prints a version of an exhibition; raises NoSuchShow, NothingToTakeOut, TooManyWorks, PictureLost."""
    show = visit.visit(house, address)
    rooms = []
    for hung in show.rooms:
        number = numeral(hung.number) if language == "zh" else hung.number
        over = house.texts.say("shows.room", language, number=number)
        chapter = Chapter(over, _said(hung.room, "title", language), _walls(hung.room, language), ())
        rooms.append((chapter, list(hung.works)))
    by = show.curator or house.texts.say("hanging.house", language)
    note = house.texts.say("catalogue.version", language, version=show.version, slug=show.slug, curator=by)
    front = _Front(_said(show.plan, "title", language), _walls(show.plan, language), (note, _day(house)), show.cover)
    return _print(house, rooms, front, language, file, on_progress)


def kept_catalogue(house: House, address: str, language: str) -> Path:
    """The catalogue of a version for visitors, printed when it is first asked for and kept; anew if what can be seen of
    it changes. Raises NoSuchShow, NothingToTakeOut, QueueFull, DiskFull, PictureLost."""
    show = visit.visit(house, address)
    shown = f"{show.slug}@{show.version} {language} {[work.id for work in show.works]}"
    folder = house.settings.home / "exports"
    target = folder / f"show-{hashlib.sha256(shown.encode()).hexdigest()[:32]}.pdf"
    if not target.exists():
        check_room(house)
        with mount.room_on(house), store_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            unfinished = folder / f"{secrets.token_hex(8)}.unfinished"
            try:
                with unfinished.open("xb") as file:
                    catalogue_of_show(house, f"{show.slug}@{show.version}", language, file)
                unfinished.rename(target)
            finally:
                unfinished.unlink(missing_ok=True)
            for old in sorted(folder.glob("show-*.pdf"), key=lambda path: -path.stat().st_mtime)[KEPT:]:
                old.unlink()
    return target


def _said(words: Plan | Room, part: str, language: str) -> str:
    """A title or a wall text in that language, or in the other one."""
    both = [getattr(words, f"{part}_{one}") for one in ("zh", "en")]
    return next((text for text in (both if language == "zh" else both[::-1]) if text), "")


def _walls(words: Plan | Room, language: str) -> tuple[str, ...]:
    return tuple(paragraphs(_said(words, "text", language)))


def _day(house: House) -> str:
    return day_of(house.clock()).isoformat()


def _print(
    house: House,
    rooms: list[tuple[Chapter, list[WorkRecord]]],
    front: _Front,
    language: str,
    file: IO[bytes],
    on_progress: OnProgress,
) -> int:
    count = sum(len(works) for _, works in rooms)
    if not count:
        raise errors.NothingToTakeOut()
    if count > MOST:
        raise errors.TooManyWorks(MOST)
    chapters = tuple(
        replace(chapter, plates=tuple(_plate(house, work, language) for work in works)) for chapter, works in rooms
    )
    plates = [plate for chapter in chapters for plate in chapter.plates]
    book = Book(
        title=front.title,
        subtitle=house.texts.say("catalogue.subtitle", language, count=count),
        paragraphs=front.text,
        cover=_plate(house, front.cover, language) if front.cover else _first(plates),
        imprint=(house.texts.say("catalogue.house", language), *front.notes),
        index_title=house.texts.say("catalogue.index", language),
        chapters=chapters,
        language=language,
        made_s=house.clock(),
    )
    bind(book, file, on_progress)
    return count


def _first(plates: list[Plate]) -> Plate:
    """The first with a picture, or else the first."""
    return next((plate for plate in plates if plate.picture), plates[0])


def _plate(house: House, work: WorkRecord, language: str) -> Plate:
    picture, size = _picture(house, work)
    recipe = Recipe.from_json(work.recipe)
    sort = f"kind.{work.subject or work.form or work.kind}"
    named = house.texts.say(sort, language) if house.texts.has(sort) else work.kind
    maker = work.signature or house.texts.say("wall.untold", language)
    verse = ("，".join(work.verse),) if work.verse and picture else ()
    caption = (
        house.texts.say("work.by", language, maker=maker),
        f"{named} · {house.texts.say('work.number', language, id=work.id)}",
        f"{recipe.model} · {house.texts.say('work.seed', language)} {recipe.seed} · sha256 {recipe.weights[:12]}",
        *verse,
    )
    from pypinyin import lazy_pinyin  # reads its dictionaries when it is first needed

    spelt = "".join(lazy_pinyin(work.title)).lower()
    shows = "，".join((work.title, *work.verse))
    return Plate(work.title, picture, size, set_out(work.verse), caption, spelt, shows)


def _picture(house: House, work: WorkRecord) -> tuple[bytes | None, tuple[int, int]]:
    """The picture as a JPEG, which a PDF takes as it is, and its size; None for a poem."""
    if work.picture is None:
        return None, (0, 0)
    kept = browse.stored(house, work.picture)
    times = max(1, -(-SMALL // max(kept.width, kept.height)))
    shown: Pixels = enlarge(kept, times=times) if times > 1 else kept
    file = io.BytesIO()
    Image.frombytes("RGB", (shown.width, shown.height), shown.data).save(file, "JPEG", quality=90)
    return file.getvalue(), (shown.width, shown.height)
