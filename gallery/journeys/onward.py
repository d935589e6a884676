"""Onward: the ways in which a work can be continued, by what it is and by what is still at work here.

Each is a name and the part of an address that takes the work up; the server looks up there what it was (descend.py,
answer.py, inscribe.py) and writes it down as the parent of what is made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gallery.journeys import House, mount
from gallery.journeys.browse import WorkView
from gallery.journeys.compose import COUPLET

Name = Literal["easel", "together", "inscribe", "answer", "paint_for", "remount"]


@dataclass(frozen=True)
class Way:
    """A way to go on. address: the page and its question, without the language."""

    name: Name
    address: str


def ways(house: House, view: WorkView) -> tuple[Way, ...]:
    """How this work can be continued; what needs a painter that is no longer here is left out."""
    work, found = view.work, list[Way]()
    if work.kind != "poem" and mount.is_current(house, mount.parts_of(view.recipe)[0]):
        found += [Way("easel", f"paint?from={work.id}"), Way("together", f"rooms?from={work.id}")]
    if work.kind == "painting":
        found.append(Way("inscribe", f"scroll?painting={work.id}"))
    if work.kind in ("poem", "scroll") and work.form != COUPLET:  # which has no rhyme to answer on
        found.append(Way("answer", f"write?answer={work.id}"))
    if work.kind == "poem":
        found.append(Way("paint_for", f"scroll?poem={work.id}"))
    if work.kind == "scroll":
        found += _remounting(view)
    return tuple(found)


def _remounting(view: WorkView) -> list[Way]:
    """The same painting and poem under another mount, as long as both can be seen."""
    parts = {one.kind: one.id for one in view.parents.shown if one.how == "inscribed"}
    if not {"painting", "poem"} <= parts.keys():
        return []
    return [Way("remount", f"scroll?painting={parts['painting']}&poem={parts['poem']}")]
