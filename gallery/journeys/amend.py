"""Amend: a challenge is changed after it was announced, as far as that is fair to those who have come for it.

Before the opening everything can be changed, but no day that has passed. While it is open the words can, and the last
day can be put later: who has entered or judged has done so for this theme, and counts on the days that were said. After
the closing nothing can. Words and rules are two entries of the log (changes.py), so that the words can be taken back
when the days no longer can; whoever takes back is bound by the same rules.
"""

from __future__ import annotations

from collections.abc import Mapping

from db import Tx
from db.challenges import Challenge
from db.changes import Change, Value, Values
from gallery import errors
from gallery.journeys import House, challenge, store_errors
from gallery.journeys.accounts import Curator
from gallery.journeys.changes import change, mark, require_unchanged

WORDS = ("title_zh", "title_en", "text_zh", "text_en")
RULES = ("kind", "narrow", "opens", "closes", "most")


def typed(one: Challenge) -> dict[str, str]:
    """What the form of a challenge holds when nothing has been changed in it."""
    asked = " ".join(part for part in (one.kind, one.narrow) if part)
    plain = {name: str(getattr(one, name)) for name in (*WORDS, "opens", "closes", "most")}
    return {**plain, "wanted": asked}


def look(house: House, number: object, curator: Curator) -> tuple[Challenge, challenge.Phase]:
    """A challenge that this curator may change, and its phase; raises NoSuchChallenge, NotYours, StoreTrouble."""
    with store_errors(house.settings.home), house.db.reading() as tx:
        found = challenge.of_curator(tx, number, curator)
    return found, challenge.phase_of(house, found)


def mark_of(shown: Challenge) -> str:
    """What the form of a challenge has shown (changes.mark)."""
    return mark(*typed(shown).values())


def amend(house: House, number: object, fields: Mapping[str, str], curator: Curator) -> None:
    """Changes what of the form is given and other than it was.

    Raises NoSuchChallenge, NotYours, FixedWhileOpen, FixedOnceClosed, ChangedMeanwhile, StoreTrouble, and what
    `challenge.announce` does.
    """
    with store_errors(house.settings.home), house.db.writing() as tx:
        found = challenge.of_curator(tx, number, curator)
        if challenge.phase_of(house, found) == "past":
            raise errors.FixedOnceClosed(found.closes)
        require_unchanged(fields.get("seen", ""), mark_of(found))
        asked = challenge.read(tx, {**typed(found), **fields}, known=typed(found)["wanted"])
        new = {name: value for name, value in asked.items() if getattr(found, name) != value}
        require_allowed(house, found, new)
        for names in (WORDS, RULES):
            if some := {name: new[name] for name in names if name in new}:
                change(tx, house, curator, "challenge", found.id, some)


def require_allowed(house: House, found: Challenge, new: Mapping[str, Value]) -> None:
    """Raises FixedWhileOpen, FixedOnceClosed, BadDay unless these values may take the place of what is there now."""
    phase = challenge.phase_of(house, found)
    if phase == "past":
        raise errors.FixedOnceClosed(found.closes)
    days = {name: str(new.get(name, getattr(found, name))) for name in ("opens", "closes")}
    if phase == "open" and (not {*WORDS, "closes"}.issuperset(new) or days["closes"] < found.closes):
        raise errors.FixedWhileOpen(found.closes)
    today = challenge.today(house)
    for name, day in days.items():
        if name in new and day < today:
            raise errors.BadDay(day)
    if days["closes"] < days["opens"]:
        raise errors.BadDay(days["closes"])


def require_undo(house: House, tx: Tx, entry: Change, curator: Curator) -> None:
    """Whether a change of a challenge may be taken back; a calling off may at any time.

    Raises NoSuchChallenge, NotYours, FixedWhileOpen, FixedOnceClosed, BadDay.
    """
    calling: Values = {key: value for key, value in entry.was.items() if key == "removed"}
    found = challenge.of_curator(tx, entry.thing, curator, called_off=bool(calling))
    if not calling:
        require_allowed(house, found, entry.was)
