"""Revise, on the Write page: the chosen poem as a manuscript with locks, rewriting, candidates of a line, undo, redo.

Which characters are locked lives in the browser until something is asked; the history lives in Gradio's state as tokens
of drafts. Every answer is a draft, so what is seen is what is saved. What changes and what stays is the journey's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr

from gallery import errors
from gallery.journeys import Draft, create, revise
from gallery.journeys.create import Finished
from gallery.journeys.revise import Change, Place, poem_of
from gallery.pages.frame import Frame, html
from gallery.visitors import Visitor
from models.poem_rnn.prosody import rhyme_book
from models.poem_rnn.wishes import authors

CANDIDATES = 6
MOST_STATES = 60
ACT = """
const lock = (cell, on) => cell.setAttribute('aria-pressed', on);
element.addEventListener('click', (event) => {
  const cell = event.target.closest('.cell');
  if (cell) return lock(cell, cell.getAttribute('aria-pressed') !== 'true');
  const whole = event.target.closest('[data-lock]');
  if (whole) {
    const cells = [...element.querySelectorAll(`.cell[data-place^="${whole.dataset.lock}-"]`)];
    const on = !cells.every((one) => one.getAttribute('aria-pressed') === 'true');
    return cells.forEach((one) => lock(one, on));
  }
  const act = event.target.closest('[data-act]');
  if (!act || act.disabled) return;
  const locked = [...element.querySelectorAll('.cell[aria-pressed=true]')].map((one) => one.dataset.place);
  const line = element.querySelector('input[name=line]:checked')?.value ?? '0';
  const own = element.querySelector('input[name=own]')?.value ?? '';
  trigger('select', {act: act.dataset.act, token: act.dataset.token ?? '', locked: locked.join(' '), line, own});
});
"""


@dataclass(frozen=True)
class History:
    """The states of one poem, as tokens, and which of them is shown."""

    tokens: tuple[str, ...] = ()
    at: int = 0

    @property
    def token(self) -> str:
        """The token of the state that is shown, or nothing."""
        return self.tokens[self.at] if self.tokens else ""

    def then(self, token: str) -> History:
        """A new state after this one; what had been undone is gone."""
        tokens = (*self.tokens[: self.at + 1], token)[-MOST_STATES:]
        return History(tokens, len(tokens) - 1)

    def step(self, by: int) -> History:
        """One state back or forth, if there is one."""
        return replace(self, at=min(max(self.at + by, 0), max(len(self.tokens) - 1, 0)))


@dataclass(frozen=True)
class Asked:
    """What the manuscript sends: what to do, for which line (from 0), and which places are locked."""

    act: str = ""
    line: int = 0
    locked: frozenset[Place] = frozenset()
    own: str = ""
    token: str = ""


def read_asked(event: gr.EventData | Any) -> Asked:
    """The same from the browser's words; what is not of the form is left out.

    >>> from types import SimpleNamespace as Event
    >>> sorted(read_asked(Event(act="rest", line="2", locked="0-1 1-0 x", own="", token="")).locked)
    [(0, 1), (1, 0)]
    """
    places = [re.fullmatch(r"(\d)-(\d)", word) for word in str(event.locked).split()]
    return Asked(
        act=str(event.act),
        line=int(event.line) if re.fullmatch("[0-7]", str(event.line)) else 0,
        locked=frozenset((int(place[1]), int(place[2])) for place in places if place),
        own=str(event.own)[:60],
        token=str(event.token),
    )


@dataclass(frozen=True)
class Cell:
    """A character of the manuscript. place: line-column, from 0; whose: v the visitor, r the network."""

    place: str
    character: str
    tone: str
    whose: str
    locked: bool


@dataclass(frozen=True)
class Offer:
    """A way to put a line. score: log-probability a character of the whole poem with it."""

    token: str
    line: str
    tones: str
    score: str


View = tuple[str, str, History]  # the manuscript as HTML, the token that will be saved, the history


@dataclass(frozen=True)
class Desk:
    """The manuscript of one page."""

    frame: Frame

    def lay_out(self, chosen: gr.State) -> None:
        """The manuscript, and its wires; `chosen` is the token that will be saved."""
        history = gr.State(History())
        manuscript = html("", elem_id="manuscript", script=ACT)
        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}

        def show(token: str, past: History, request: gr.Request) -> tuple[Any, Any]:
            if token and token == past.token:
                return gr.skip(), gr.skip()
            fresh = History((token,)) if token else History()
            return self.draw(fresh, self.frame.visitor(request)), fresh

        def act(past: History, event: gr.EventData, request: gr.Request) -> Iterator[View]:
            yield from self.answer(read_asked(event), past, self.frame.visitor(request))

        chosen.change(show, [chosen, history], [manuscript, history], queue=False, **quiet)
        manuscript.select(act, history, [manuscript, chosen, history], concurrency_limit=64, **quiet)

    def answer(self, asked: Asked, past: History, visitor: Visitor) -> Iterator[View]:
        """The manuscript again and again until the answer is there."""
        try:
            if asked.act in ("undo", "redo"):
                now = past.step(-1 if asked.act == "undo" else 1)
                yield self.draw(now, visitor, asked), now.token, now
            elif asked.act == "pick":
                create.open_draft(self.frame.house, asked.token, visitor)
                now = past.then(asked.token)
                yield self.draw(now, visitor, asked, self.frame.say("revise.chosen")), now.token, now
            else:
                yield from (self._offer if asked.act == "choices" else self._rewrite)(asked, past, visitor)
        except errors.GalleryError as error:
            yield self.draw(past, visitor, asked, self.frame.error(error), bad=True), past.token, past

    def _rewrite(self, asked: Asked, past: History, visitor: Visitor) -> Iterator[View]:
        wish = revise.wish(self.frame.house, past.token, visitor, _change(asked))
        for item in create.watch(self.frame.house, wish, visitor):
            if isinstance(item, Finished):
                now = past.then(item.draft.token)
                yield self.draw(now, visitor, asked, self.frame.say("revise.done")), now.token, now
            else:
                lines = getattr(item.stage.so_far, "lines", ())
                said = self.frame.say("revise.working", done=round(100 * item.stage.done), total=100)
                yield self.draw(past, visitor, asked, said, glimpse=lines), past.token, past

    def _offer(self, asked: Asked, past: History, visitor: Visitor) -> Iterator[View]:
        house, say = self.frame.house, self.frame.say
        wish = revise.wish(house, past.token, visitor, replace(_change(asked), count=CANDIDATES))
        found: list[Draft] = []
        for item in create.watch(house, wish, visitor):
            if isinstance(item, Finished):
                found.append(item.draft)
                said = say("revise.working", done=len(found), total=CANDIDATES)
                yield self.draw(past, visitor, asked, said), past.token, past
        offers = _offers(found, asked.line, create.open_draft(house, past.token, visitor))
        said = say("revise.found", count=len(offers)) if offers else say("revise.same")
        yield self.draw(past, visitor, asked, said, bad=not offers, offers=offers), past.token, past

    def draw(
        self,
        now: History,
        visitor: Visitor,
        asked: Asked | None = None,
        said: str = "",
        *,
        bad: bool = False,
        offers: Collection[Offer] = (),
        glimpse: tuple[str, ...] = (),
    ) -> str:
        """The manuscript of the state that is shown; nothing where there is none."""
        if not now.token:
            return ""
        try:
            draft = create.open_draft(self.frame.house, now.token, visitor)
        except errors.GalleryError as error:
            return self.frame.status(self.frame.error(error), bad=True)
        locked = (asked.locked if asked else frozenset()) | _visitors(draft, asked)
        asked = asked or Asked()
        return self.frame.draw(
            "manuscript.html",
            rows=_rows(draft, locked, glimpse),
            line=asked.line,
            said=said,
            bad=bad,
            offers=offers,
            undo=now.at > 0,
            redo=now.at < len(now.tokens) - 1,
        )


def _change(asked: Asked) -> Change:
    match asked.act:
        case "line" | "choices":
            return Change("line", asked.line, asked.locked)
        case "onward":
            return Change("onward", asked.line, asked.locked)
        case "own":
            return Change("line", asked.line, own=asked.own)
        case _:
            return Change("rest", asked.line, asked.locked)


def _visitors(draft: Draft, asked: Asked | None) -> frozenset[Place]:
    """The visitor's own characters, which are locked at first and whenever the visitor has put in some."""
    if asked is not None and asked.act != "own":
        return frozenset()
    whose = authors(draft.recipe.inputs)
    return frozenset((n, i) for n, line in enumerate(whose) for i, who in enumerate(line) if who == "v")


def _rows(draft: Draft, locked: Collection[Place], glimpse: tuple[str, ...]) -> list[list[Cell]]:
    """The manuscript's cells, a list a line; a glimpse of what is being written stands in for its lines."""
    book, whose, lines = rhyme_book(), authors(draft.recipe.inputs), poem_of(draft).lines
    return [
        [
            Cell(f"{n}-{i}", character, book.tone(character), whose[n][i], (n, i) in locked)
            for i, character in enumerate(line)
        ]
        for n, line in enumerate((*glimpse, *lines[len(glimpse) :]))
    ]


def _offers(found: Collection[Draft], line: int, now: Draft) -> list[Offer]:
    """The different new lines, the smoothest poem first."""
    book = rhyme_book()
    best: dict[str, Offer] = {}
    for draft in sorted(found, key=lambda draft: -poem_of(draft).logprob):
        text = poem_of(draft).lines[line]
        if text != poem_of(now).lines[line] and text not in best:
            tones = "".join(book.tone(character) for character in text)
            best[text] = Offer(draft.token, text, tones, f"{poem_of(draft).logprob:.2f}")
    return list(best.values())
