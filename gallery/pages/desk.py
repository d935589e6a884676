"""The curators' desk: sign in, judge what waits by one key each, read what was decided, and, for keepers, the accounts.

Plain HTML with forms, so that it works without a script; with one, only the work in hand is exchanged.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote

from db import Decision, Place, WorkRecord
from db.collections import Collection
from gallery import errors
from gallery.journeys import accounts, arrange, curate, tag
from gallery.journeys.accounts import Curator
from gallery.pages.frame import Frame
from gallery.pages.wall import called


@dataclass(frozen=True)
class Told:
    """What came of the curator's last act; `entry` of the log of changes takes it back, and leads `back` then."""

    text: str = ""
    bad: bool = False
    entry: int = 0
    back: str = ""


def draw_door(frame: Frame, *, told: Told | None = None, name: str = "", address: str = "", kept: str = "") -> str:
    """The page where curators sign in; `address` and `kept`: where they come from, and what they had sent there."""
    values = {"told": told or Told(), "name": name, "address": address, "kept": kept}
    return _draw(frame, "door.html", here="desk", title=frame.say("desk.door_heading"), **values)


def draw_errand(frame: Frame, address: str, sent: Sequence[tuple[str, str]]) -> str:
    """The page on which somebody who is in again may send what was not taken before."""
    title = frame.say("desk.door_heading")
    return _draw(frame, "errand.html", here="desk", title=title, address=address, sent=sent)


def draw(
    frame: Frame, curator: Curator, *, told: Told | None = None, after: Place | None = None, work: int | None = None
) -> str:
    """The whole page of what waits. Raises StoreTrouble."""
    values = _hand(frame, curator, told, after, work) | {"names": tag_names(frame)}
    return _draw(frame, "desk.html", here="desk", title=frame.say("desk.heading"), curator=curator, **values)


def tag_names(frame: Frame) -> list[str]:
    """The names that are offered where a tag is typed, those of most works first. Raises StoreTrouble."""
    return [called(frame, one.tag) for one in tag.everything(frame.house)[: tag.SUGGESTED]]


def draw_hand(
    frame: Frame, curator: Curator, *, told: Told | None = None, after: Place | None = None, work: int | None = None
) -> str:
    """The part of that page which a decision exchanges. Raises StoreTrouble."""
    return frame.draw("hand.html", **_hand(frame, curator, told, after, work))


def _hand(
    frame: Frame, curator: Curator, told: Told | None, after: Place | None, work: int | None
) -> dict[str, object]:
    queue = curate.look(frame.house, after=after, work=work)
    item = queue.item
    likely = next(iter(item.reported), curate.REASONS[0]) if item else curate.REASONS[0]
    return {
        "told": told or Told(),
        "queue": queue,
        "item": item,
        "facts": facts_of(frame, item.work) if item else "",
        "what": what_of(frame, item.work) if item else "",
        "reasons": curate.REASONS,
        "likely": likely,
        "waiting": _waiting(frame, queue.waiting),
        "left": _left(frame, queue.waiting),
        "tags": [called(frame, one) for one in tag.of_work(frame.house, item.work.id)] if item else [],
        **choosing(frame, curator),
    }


def _sort(frame: Frame, work: WorkRecord) -> str:
    """Of what sort a work is, as on the wall."""
    if work.kind in ("scroll", "film"):
        return frame.say(f"wall.{work.kind}")
    return frame.named(work.subject or work.form or work.kind)


def facts_of(frame: Frame, work: WorkRecord, *, when: Callable[[int], str] | None = None) -> str:
    """Sort, time and number of a work; visitors are told the day alone."""
    sort = _sort(frame, work)
    return " · ".join([sort, (when or moment)(work.created_ms), frame.say("work.number", id=work.id)])


def what_of(frame: Frame, work: WorkRecord) -> str:
    """What the work shows, for those who do not see it."""
    sort = _sort(frame, work)
    return "，".join([f"{sort}：{work.title}", *work.verse])


def _waiting(frame: Frame, count: int) -> str:
    if count >= curate.COUNTED:
        return frame.say("desk.waiting_many", count=curate.COUNTED - 1)
    return frame.say("desk.waiting_one" if count == 1 else "desk.waiting", count=count)


def _left(frame: Frame, count: int) -> str:
    """How many works still wait, beside what came of the last act; nothing where none do."""
    if count >= curate.COUNTED:
        return frame.say("desk.left_many", count=curate.COUNTED - 1)
    return frame.say("desk.left_one" if count == 1 else "desk.left", count=count) if count else ""


def draw_log(
    frame: Frame,
    curator: Curator,
    *,
    before: int | None = None,
    told: Told | None = None,
    work: int | None = None,
    hiding: bool = False,
) -> str:
    """The page of what was decided: of all works or of one, or only what hides works now. Raises StoreTrouble."""
    log = curate.log(frame.house, before, work=work, hiding=hiding)
    title, words = frame.say("desk.log_heading"), {one.seq: _deed(frame, one) for one in log.decisions}
    standing = _restorable(log.decisions)
    values = {"log": log, "words": words, "moment": moment, "restorable": standing, "told": told or Told()}
    values |= {"work": work, "hiding": hiding}
    return _draw(frame, "desk-log.html", here="desk/log", title=title, curator=curator, **values)


def _deed(frame: Frame, one: Decision) -> str:
    if one.act == "hide":
        return frame.say("desk.did_hide", reason=frame.say(f"desk.reason_{one.reason}"))
    if one.act == "quarantine":
        why = frame.say(f"votes.rule_{one.reason}")
        return frame.say("desk.did_quarantine", reason=why, first=one.first, last=one.last)
    if one.act == "release":
        return frame.say("desk.did_release", seq=one.undoes, first=one.first, last=one.last)
    if one.act == "undo":
        return frame.say("desk.did_undo", seq=one.undoes)
    return frame.say(f"desk.did_{one.act}")


def _restorable(decisions: tuple[Decision, ...]) -> set[int]:
    """The entries beside which a hidden work can be brought back: for each, the newest that hid it and still stands."""
    found: dict[int, int] = {}
    for one in decisions:
        if one.act == "hide" and one.hidden and not one.undone:
            found.setdefault(one.work, one.seq)
    return set(found.values())


def draw_accounts(frame: Frame, curator: Curator) -> str:
    """The page of all accounts. Raises KeepersOnly, StoreTrouble."""
    known = accounts.seen_by(frame.house, curator)
    title = frame.say("desk.accounts_heading")
    return _draw(
        frame, "desk-accounts.html", here="desk/accounts", title=title, curator=curator, accounts=known, moment=moment
    )


def sorry(frame: Frame, error: errors.GalleryError) -> Told:
    """An error, to be told above what waits."""
    return Told(frame.error(error), bad=True)


def moment(ms: int) -> str:
    """A time in milliseconds to the minute (UTC).

    >>> moment(0)
    '1970-01-01 00:00'
    """
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d %H:%M")


def name_of(frame: Frame) -> Callable[[Collection], str]:
    """What a collection is called in the language of the page, or in the other one if it has no title there."""

    def name(collection: Collection) -> str:
        both = (collection.title_zh, collection.title_en)
        return next(title for title in (both if frame.language == "zh" else both[::-1]) if title)

    return name


def choosing(frame: Frame, curator: Curator) -> dict[str, object]:
    """What a choice of collections needs: all there are, the one used last, and what they are called."""
    tree, last = arrange.tree(frame.house, curator, bare=True), arrange.last_used(frame.house, curator)
    return {"tree": tree, "chosen": last, "name": name_of(frame)}


def draw_desk(frame: Frame, template: str, curator: Curator, *, here: str, **values: object) -> str:
    """A page of the desk, for a curator who has signed in."""
    return _draw(frame, template, here=here, curator=curator, **values)


def _draw(frame: Frame, template: str, *, here: str, **values: object) -> str:
    other = "en" if frame.language == "zh" else "zh"
    at = here.partition("?")[0]
    values |= {"at": at, "section": _section(at)}
    return frame.draw(template, page="desk", here=f"/language/{other}?next=/{quote(here, safe='/')}", **values)


_WITHIN = {"collection": "collections", "work": "find", "show": "shows", "exposure": "votes", "taste": "votes"}


def _section(here: str) -> str:
    """The page of the mast that a page of the desk belongs to.

    >>> _section("desk/show/3"), _section("desk/log")
    ('desk/shows', 'desk/log')
    """
    first = here.split("/")[1] if "/" in here else ""
    return f"desk/{_WITHIN[first]}" if first in _WITHIN else here
