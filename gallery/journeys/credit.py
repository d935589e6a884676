"""Credits: who gave what to a work: who made it, which networks, which works it was made of, who wrote which line.

Stated here once, from the records that the server has written, and carried from here to the page, the API, the feed and
into every file that is downloaded: as JSON under a name of ours, and as an XMP packet for everybody else's programs
(images.py). Files in the store are not touched; what they carry is put in on their way out, as it is on that day.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

import db
from db import Hand, Making, Origin
from gallery import errors
from gallery.images import Xmp, annotate
from gallery.journeys import House, browse, store_errors
from models.poem_rnn.forms import stanzas

KEY = "shihua-credits"


@dataclass(frozen=True)
class Network:
    """A network that had a part in a work. part: painting or poem; weights: the SHA-256 of its file."""

    part: str
    name: str
    weights: str


@dataclass(frozen=True)
class Credits:
    """Who gave what to one work; `lines` say who wrote which, where several did, and `hands` who gave anything else;
    `quoted` from which poem, (poet, title), every line is, where the lines are those of poets of old."""

    work: int
    title: str
    maker: str
    networks: tuple[Network, ...]
    sources: tuple[Origin, ...]
    lines: tuple[Hand, ...]
    quoted: tuple[tuple[str, str], ...] = ()
    hands: tuple[Hand, ...] = ()

    def told(self) -> dict[str, object]:
        """The same for programs; of a source that is no longer shown, its number alone."""
        return {
            "work": self.work,
            "title": self.title,
            "maker": self.maker or None,
            "networks": [{"part": one.part, "name": one.name, "weights": one.weights} for one in self.networks],
            "sources": [_told(source) for source in self.sources],
            "lines": [{"by": hand.name, "network": hand.network} for hand in self.lines],
            **({"hands": [_given(hand) for hand in self.hands]} if self.hands else {}),
            **({"quoted": [{"poet": poet, "title": title} for poet, title in self.quoted]} if self.quoted else {}),
        }


def _given(hand: Hand) -> dict[str, object]:
    return {"part": hand.part, "by": hand.name, "network": hand.network}


def _told(source: Origin) -> dict[str, object]:
    known: dict[str, object] = {"work": source.parent, "how": source.how, "shown": not source.hidden}
    return known if source.hidden else {**known, "title": source.title, "maker": source.signature or None}


def of(house: House, numbers: Iterable[int]) -> dict[int, Credits]:
    """Who gave what to each of these works that can be seen; raises StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        works = db.works.makings(tx, numbers)
        found = db.lineage.origins(tx, [work.id for work in works])
        written = {one.parent for one in found if _is_verse(one)}
        hands = db.rooms.all_hands(tx, written | {work.id for work in works})
    sources = defaultdict[int, list[Origin]](list)
    for one in found:
        sources[one.child].append(one)
    return {work.id: _credits(work, sources[work.id], hands) for work in works}


def _is_verse(source: Origin) -> bool:
    """Whether it is a poem that stands on a scroll as it was written."""
    return source.kind == "poem" and source.how == "inscribed" and not source.hidden


def _credits(work: Making, sources: list[Origin], hands: dict[int, tuple[Hand, ...]]) -> Credits:
    verses = [work.id, *(one.parent for one in sources if _is_verse(one))]
    written = next((found for one in verses if (found := _lines(hands.get(one, ())))), ())
    rest = tuple(hand for hand in hands.get(work.id, ()) if hand.part != "line")
    networks = tuple(Network(*network) for network in work.networks)
    return Credits(work.id, work.title, work.signature, networks, tuple(sources), written, work.quoted, rest)


def _lines(hands: tuple[Hand, ...]) -> tuple[Hand, ...]:
    return tuple(hand for hand in hands if hand.part == "line")


def look(house: House, work_id: object) -> Credits:
    """Who gave what to one work; raises NoSuchWork, StoreTrouble."""
    number = browse.check_id(work_id)
    found = of(house, [number]).get(number)
    if found is None:
        raise errors.NoSuchWork(work_id)
    return found


def sentences(house: House, given: Credits, language: str, *, lines: bool = True) -> list[str]:
    """The same in words, a sentence for each; who wrote which line only if it is not told beside them."""

    def say(key: str, **values: object) -> str:
        return house.texts.say(f"credits.{key}", language, **values)

    told = [say("maker", maker=given.maker) if given.maker else say("maker_untold")]
    for network in given.networks:
        elsewhere, weights = network.name.partition("foreign:")[2], network.weights[:12]
        told.append(
            say("foreign", program=elsewhere) if elsewhere else say(network.part, network=network.name, weights=weights)
        )
    for one in given.sources:
        how = house.texts.say(f"work.how_{one.how}", language)
        maker = say("whose", maker=one.signature) if one.signature else ""
        named = {"how": how, "title": one.title, "maker": maker, "id": one.parent}
        told.append(say("gone", how=how, id=one.parent) if one.hidden else say("source", **named))
    for part in dict.fromkeys(hand.part for hand in given.hands):
        names = [hand.name for hand in given.hands if hand.part == part]
        told.append(say(f"hands_{part}", names=say("and").join(names)))
    if lines and given.lines:
        told.append(say("lines", names=say("and").join(hand.name for hand in given.lines)))
    if lines and given.quoted:
        told.append(say("quoted", lines=say("and").join(f"{poet}《{title}》" for poet, title in given.quoted)))
    return told


def xmp(house: House, given: Credits, language: str) -> str:
    """The same as an XMP packet, which names a network as what made it."""
    makers = [given.maker, *(hand.name for hand in given.lines + given.hands if not hand.network)]
    return Xmp(
        title=given.title,
        creators=tuple(dict.fromkeys(name for name in makers if name)),
        contributors=tuple(f"{one.name} sha256 {one.weights}" for one in given.networks),
        sources=tuple(f"{one.how} {one.parent} {one.title}".strip() for one in given.sources),
        description=" ".join(sentences(house, given, language)),
        language=language,
    ).packet()


def into(house: House, png: bytes, work_id: object, language: str) -> bytes:
    """A PNG on its way out, with the credits of its work inside; raises NoSuchWork, StoreTrouble."""
    given = look(house, work_id)
    said = json.dumps(given.told(), ensure_ascii=False)
    return annotate(png, {KEY: said, "XML:com.adobe.xmp": xmp(house, given, language)})


def file(house: House, work_id: object, language: str) -> bytes:
    """What is downloaded of a work: its PNG, or a poem as text; raises NoSuchWork, PictureLost, StoreTrouble."""
    work = browse.look(house, work_id).work
    if work.picture is None:
        told = sentences(house, look(house, work_id), language)
        return "\n".join([work.title, work.signature, "", *stanzas(work.verse), "", *told, work.recipe]).encode()
    try:
        png = house.files.read(work.picture)
    except (OSError, ValueError):
        raise errors.PictureLost(work.picture) from None
    return into(house, png, work_id, language)
