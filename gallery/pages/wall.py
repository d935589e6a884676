"""The wall: searched, narrowed and ordered as the address says, and nothing else; a shared link shows the same wall.

Plain HTML with links and one form, so that it can be read before any script runs and without one. A card carries score
and count only for works that this visitor has rated; the others stay blind.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

from db import Card, Order, WorkKind
from db.tags import Tag
from gallery import errors
from gallery.journeys import find, narrow, saved, trash
from gallery.journeys.find import Wish
from gallery.journeys.narrow import Facets, Hall
from gallery.pages.frame import Frame, day
from gallery.texts import load_texts
from gallery.visitors import Visitor

KINDS: tuple[WorkKind, ...] = ("painting", "poem", "scroll", "film")
SORTS: tuple[Order, ...] = ("newest", "best", "voted", "random")
RATED = {"yes": True, "no": False}
LISTED = ("subject", "form", "mood", "month")
OWN = ("signature", "show", "tag")  # of which each work has its own
ENDS = ("since", "until")
PAGE = 40
MONTHS = 8  # beside the other facets; all of them stand below the wall


def read(query: Mapping[str, str]) -> Wish:
    """The wish of a query string; what it says that the wall does not know is left out.

    >>> read({"q": " 月 ", "kind": "fan", "sort": "best", "rated": "no", "month": "2026-1"}) == Wish(
    ...     q="月", rated=False, sort="best"
    ... )
    True
    """
    kind, sort = query.get("kind"), query.get("sort") or query.get("order")
    month, seed = query.get("month", ""), query.get("seed", "")
    named: dict[str, Any] = {name: query[name][:40] for name in (*LISTED[:3], *OWN) if query.get(name)}
    named |= {name: query[name] for name in ENDS if re.fullmatch(r"[0-9]{4}-[0-9]{2}", query.get(name, ""))}
    return Wish(
        q=query.get("q", "").strip(),
        kind=next((known for known in KINDS if known == kind), None),
        month=month if re.fullmatch(r"[0-9]{4}-[0-9]{2}", month) else None,
        descended=query.get("parents") == "1",
        inscribed=query.get("poem") == "1",
        mine=query.get("mine") == "1",
        rated=RATED.get(query.get("rated", "")),
        sort=next((known for known in SORTS if known == sort), "newest"),
        seed=int(seed) % find.SEEDS if re.fullmatch(r"[0-9]{1,10}", seed) else 0,
        cursor=query.get("cursor") or None,
        **named,
    )


def parts(wish: Wish) -> dict[str, str]:
    """The same wish as the parts of a query string; what is as it would be anyway is left out.

    >>> parts(Wish(q="月", rated=False, sort="random", seed=7, cursor="random-5-6"))
    {'q': '月', 'rated': 'no', 'sort': 'random', 'seed': '7', 'cursor': 'random-5-6'}
    """
    said = {
        **{name: getattr(wish, name) for name in ("q", "kind", *OWN, *LISTED, *ENDS)},
        "parents": "1" if wish.descended else None,
        "poem": "1" if wish.inscribed else None,
        "mine": "1" if wish.mine else None,
        "rated": next((word for word, rated in RATED.items() if rated is wish.rated), None),
        "sort": wish.sort if wish.sort != "newest" else None,
        "seed": wish.seed if wish.sort == "random" else None,
        "cursor": wish.cursor,
        **{name: None if (bound := getattr(wish, name)) is None else f"{bound:g}" for name in ("least", "most")},
    }
    return {name: str(value) for name, value in said.items() if value not in (None, "")}


def address(base: str, wish: Wish, **changes: Any) -> str:
    """Where a wish is shown, from its beginning unless a cursor is among the changes."""
    query = urlencode(parts(replace(wish, **{"cursor": None, **changes})))
    return f"{base}?{query}" if query else base


def cards(frame: Frame, wish: Wish, visitor: Visitor) -> str:
    """The cards of one page as HTML, with the link to the next. Raises GalleryError."""
    return frame.draw("cards.html", **_cards(frame, wish, visitor))


def told(frame: Frame, wish: Wish, show: str | None = None) -> list[str]:
    """What a wish is narrowed to, in words; `show`: what the exhibition is called."""
    kind = [frame.say(f"kind.{wish.kind}")] if wish.kind else []
    return [*kind, *(words for words, _ in chosen(frame, wish, show))]


def feed_of(wish: Wish) -> str:
    """Where news of what a wish asks for are, for everybody alike."""
    return address("/feed.xml", replace(saved.impersonal(wish), sort="newest"))


def _cards(frame: Frame, wish: Wish, visitor: Visitor) -> dict[str, Any]:
    page = find.page(frame.house, wish, visitor, PAGE)
    following, base, more = page.next_cursor, f"/{frame.language}/", f"/wall/{frame.language}"
    return {
        "cards": page.cards,
        "first": wish.cursor is None,
        "named": frame.named,
        "short": frame.short,
        "blurs": find.placeholders(frame.house, page.cards),
        "here": address(base, wish, cursor=wish.cursor),
        "more": address(base, wish, cursor=following) if following else None,
        "fragment": address(more, wish, cursor=following) if following else None,
    }


def draw(frame: Frame, wish: Wish, visitor: Visitor, refused: errors.BadWish | None = None) -> str:
    """The whole wall as HTML; what was refused of the wish is told in its place. Raises GalleryError."""
    typed = wish.q
    wish = replace(wish, q="", cursor=None, tag=None, show=None) if refused else wish
    facets, taken = narrow.facets(frame.house, wish, visitor), trash.mine(frame.house, visitor)
    wish = replace(wish, tag=called(frame, facets.tag) if facets.tag else None, signature=facets.signature)
    base, other = f"/{frame.language}/", f"/{'en' if frame.language == 'zh' else 'zh'}/"
    refusal = frame.error(refused) if refused else ""
    shown = _cards(frame, wish, visitor) if not refused else {"cards": (), "first": True, "more": None, "blurs": {}}
    return frame.draw(
        "wall.html",
        **{**shown, "here": address(other, wish, cursor=wish.cursor)},
        page_here=shown.get("here"),
        start=address(f"/wall/{frame.language}", wish, cursor=wish.cursor),
        title=frame.say("wall.heading"),
        page="wall",
        wish=wish,
        typed=typed,
        told=refusal,
        feed=feed_of(wish),
        facets=facets,
        every=_every(facets),
        listed=_listed(frame, facets, wish),
        origins=_origins(facets, wish),
        yours=_yours(facets, wish, taken=bool(taken)),
        taken=[(one, day(trash.last_ms(one))) for one in taken],
        years=_years(facets),
        chosen=chosen(frame, wish, _title(frame, facets.hall) if facets.hall else None),
        kept={name: value for name, value in parts(wish).items() if name not in ("q", "cursor")},
        seed=secrets.randbelow(find.SEEDS),
        hint=_hint(frame, shown["cards"]),
        at=lambda **changes: address(base, wish, **changes),
        kinds=KINDS,
        sorts=SORTS,
    )


def _hint(frame: Frame, cards: Iterable[Card]) -> str:
    """What one may search for: the first words of a verse and of two titles that hang on this page."""
    hung = list(cards)
    words = [card.verse[0][:2] for card in hung if card.verse][:1]
    titles = dict.fromkeys(found[0].lower() for card in hung if (found := re.match(r"[^\W\d]{1,12}\b", card.title)))
    words += [title for title in titles if title not in words][:2]
    return frame.say("wall.seek_hint", words=frame.say("credits.and").join(words)) if words else ""


def _every(facets: Facets) -> dict[str, int]:
    """How many works of each kind there are, and of all."""
    counts = dict.fromkeys(KINDS, 0) | dict(facets.named["kind"])
    return {"all": sum(counts.values()), **counts}


def _listed(frame: Frame, facets: Facets, wish: Wish) -> dict[str, list[tuple[str, str, int | str]]]:
    """Every value of the listed facets with its name and count; one that alone is left would narrow nothing."""
    found: dict[str, list[tuple[str, str, int | str]]] = {
        name: [
            (value, call(frame, name, value), count)
            for place, (value, count) in enumerate(facets.named[name])
            if name != "month" or place < MONTHS or value == wish.month
        ]
        for name in LISTED
    }
    kept = {name: values for name, values in found.items() if len(values) > 1 or getattr(wish, name)}
    return kept | {name: values for name, values in _own(frame, facets).items() if values}


def _own(frame: Frame, facets: Facets) -> dict[str, list[tuple[str, str, int | str]]]:
    """The signatures, exhibitions and tags that stand beside the wall, each with its count, or with what was counted at
    least."""
    signed, tagged = ("+" if more else "" for more in (facets.more_signed, facets.more_tagged))
    return {
        "signature": [(name, name, f"{count:,}{signed}") for name, count in facets.signatures],
        "show": [(hall.slug, _title(frame, hall), f"{hall.works:,}") for hall in facets.halls],
        "tag": [(name := called(frame, one), name, f"{count:,}{tagged}") for one, count in facets.tags],
    }


def _title(frame: Frame, hall: Hall) -> str:
    return frame.either(hall.plan.title_zh, hall.plan.title_en)


def called(frame: Frame, tag: Tag) -> str:
    """The name of a tag in the language of the page, or in the other if it has none there."""
    return frame.either(tag.zh, tag.en)


Choice = tuple[str, int, bool, dict[str, object]]  # a name, its count, whether it is chosen, and what to change


def _origins(facets: Facets, wish: Wish) -> list[Choice]:
    """Made from other works, and with a poem; only what would leave some works and not all."""
    known: list[Choice] = [
        ("inscribed", facets.inscribed, wish.inscribed, {"inscribed": not wish.inscribed}),
        ("descended", facets.descended, wish.descended, {"descended": not wish.descended}),
    ]
    return [one for one in known if one[2] or one[1] not in (0, facets.total)]


def _yours(facets: Facets, wish: Wish, *, taken: bool) -> list[Choice]:
    """What is the visitor's; only what would leave some works and not all, and one's own works if some of them are
    taken down."""
    rated, unrated = wish.rated is True, wish.rated is False
    known: list[Choice] = [
        ("mine", facets.mine, wish.mine, {"mine": not wish.mine}),
        ("rated", facets.rated, rated, {"rated": None if rated else True}),
        ("unrated", facets.unrated, unrated, {"rated": None if unrated else False}),
    ]
    return [one for one in known if one[2] or one[1] not in (0, facets.total) or (taken and one[0] == "mine")]


def _years(facets: Facets) -> list[tuple[str, list[tuple[str, int]]]]:
    """The months that have works, by year, latest first; none as long as there is one only."""
    months = facets.named["month"]
    grouped = groupby(months, key=lambda month: month[0][:4]) if len(months) > 1 else ()
    return [(year, list(some)) for year, some in grouped]


def chosen(frame: Frame, wish: Wish, show: str | None = None) -> list[tuple[str, dict[str, object]]]:
    """What narrows the wall beside its kind, in words, and what to change to be rid of it; `show`: what the exhibition
    is called."""
    of = [(name, getattr(wish, name)) for name in ("tag", *LISTED)]
    named: list[tuple[str, dict[str, object]]] = [
        (call(frame, name, value), {name: None}) for name, value in of if value
    ]
    said: list[tuple[str, dict[str, object]]] = [(frame.say("wall.quoted", what=wish.q), {"q": ""})] if wish.q else []
    if wish.rated is not None:
        said.append((frame.say("wall.rated" if wish.rated else "wall.unrated"), {"rated": None}))
    flags = ("mine", "inscribed", "descended")
    said += [(frame.say(f"wall.{name}"), {name: False}) for name in flags if getattr(wish, name)]
    own = (("signature", wish.signature), ("show", show or wish.show))
    said += [(frame.say(f"wall.told_{name}", name=value), {name: None}) for name, value in own if value]
    ends = [(name, getattr(wish, name)) for name in ENDS]
    said += [(frame.say(f"wall.{name}", month=month), {name: None}) for name, month in ends if month]
    return [*said, *named]


def call(frame: Frame, facet: str, value: str) -> str:
    """A value of a facet by its name in this language, or as it is if it has none."""
    mood = f"easel.mood_{value}"
    return frame.say(mood) if facet == "mood" and load_texts().has(mood) else frame.named(value)
