"""Revise, on the Write page: the chosen poem as a manuscript with locks, rewriting, candidates of a line, undo, redo.

Which characters are locked lives in the browser until something is asked; the history lives in Gradio's state as tokens
of drafts. Every answer is a draft, so what is seen is what is saved. What changes and what stays is the journey's.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import gradio as gr

from gallery import errors
from gallery.journeys import Draft, create, revise
from gallery.journeys.compose import COUPLET
from gallery.journeys.create import Finished, Glimpse
from gallery.journeys.revise import Change, Place, poem_of
from gallery.pages.frame import Frame, html
from gallery.pages.making import AT_ONCE, QUIET, SEEN, Bench, Seen, Studio, kept_rules
from gallery.visitors import Visitor
from models.poem_rnn.forms import breaks
from models.poem_rnn.modern import book_of
from models.poem_rnn.prosody import RhymeBook
from models.poem_rnn.wishes import authors
from models.recipe import Poem

CANDIDATES = 6
MOST_STATES = 60
IN_SIGHT = "() => setTimeout(bringDrafts, 100)"  # the manuscript may push them away (static/shihua.js)
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
  const drafts = [...document.querySelectorAll('#grid input[name=draft]')].filter((draft) => draft.value);
  const seen = JSON.stringify(drafts.map((draft) => [draft.value, draft.checked]));
  trigger('select', {act: act.dataset.act, token: act.dataset.token ?? '', locked: locked.join(' '), line, own, seen});
});
element.addEventListener('keydown', (event) => {
  if (event.key !== 'Enter' || event.isComposing || !event.target.matches('input[name=own]')) return;
  event.preventDefault();
  element.querySelector('[data-act=own]').click();
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
    """What the manuscript sends: what to do, for which line (from 0), which places are locked, what the grid shows."""

    act: str = ""
    line: int = 0
    locked: frozenset[Place] = frozenset()
    own: str = ""
    token: str = ""
    seen: Seen = field(default_factory=Seen)


def read_asked(event: gr.EventData | Any) -> Asked:
    """The same from the browser's words; what is not of the form is left out.

    >>> from types import SimpleNamespace as Event
    >>> sorted(read_asked(Event(act="rest", line="2", locked="0-1 1-0 x", own="", token="", seen="[]")).locked)
    [(0, 1), (1, 0)]
    """
    places = [re.fullmatch(r"(\d\d?)-(\d\d?)", word) for word in str(event.locked).split()]
    return Asked(
        act=str(event.act),
        line=int(event.line) if re.fullmatch("[0-9]|1[0-8]", str(event.line)) else 0,
        locked=frozenset((int(place[1]), int(place[2])) for place in places if place),
        own=str(event.own)[:60],
        token=str(event.token),
        seen=Seen.read(str(event.seen)),
    )


@dataclass(frozen=True)
class Cell:
    """A character of the manuscript. place: line-column, from 0; whose: v the visitor's, r the network's, c of old."""

    place: str
    character: str
    tone: str
    whose: str
    locked: bool


@dataclass(frozen=True)
class Offer:
    """A way to put a line. score: log-probability a character of the whole poem with it; note: what else there is to
    say, how a couplet pairs or where a line of a cento is from."""

    token: str
    line: str
    tones: str
    score: str
    note: str = ""


View = tuple[Any, Any, History]  # the manuscript and the grid as HTML, the history


@dataclass(frozen=True)
class Desk:
    """The manuscript of one page. What it comes to takes the place of the chosen draft in the grid, and is saved."""

    studio: Studio

    @property
    def frame(self) -> Frame:
        """The house and the language of the page."""
        return self.studio.frame

    def lay_out(self, bench: Bench) -> None:
        """The manuscript, and its wires."""
        history = gr.State(History())
        manuscript = html("", elem_id="manuscript", script=ACT)

        def arrive(seen: str, request: gr.Request) -> tuple[str, History]:
            return self.open(Seen.read(seen).chosen, self.frame.visitor(request))

        def choose(event: gr.EventData, request: gr.Request) -> tuple[str, History]:
            return self.open(str(event.token), self.frame.visitor(request))

        def act(past: History, event: gr.EventData, request: gr.Request) -> Iterator[View]:
            yield from self.answer(read_asked(event), past, self.frame.visitor(request))

        made, _ = [
            event.then(arrive, bench.seen, [manuscript, history], js=SEEN, **AT_ONCE)
            for event in (bench.made, bench.back)
        ]
        made.then(None, js=IN_SIGHT, **QUIET)
        bench.grid.select(choose, None, [manuscript, history], **AT_ONCE)
        manuscript.select(act, history, [manuscript, bench.grid, history], concurrency_limit=64, **QUIET)

    def open(self, token: str, visitor: Visitor) -> tuple[str, History]:
        """The manuscript of a draft that has just been chosen, and its history, which begins here."""
        now = History((token,)) if token else History()
        return self.draw(now, visitor), now

    def grid(self, asked: Asked, now: History, visitor: Visitor) -> str:
        """The drafts that the visitor sees, with this state in the place of the chosen one."""
        tokens = [now.token if token == asked.seen.chosen else token for token in asked.seen.tokens]
        drafts = [create.open_draft(self.frame.house, token, visitor) for token in tokens]
        return self.studio.grid([self.studio.slot(i, draft) for i, draft in enumerate(drafts)], chosen=now.token)

    def answer(self, asked: Asked, past: History, visitor: Visitor) -> Iterator[View]:
        """The manuscript again and again until the answer is there."""
        try:
            asked = self._seated(asked, past, visitor)
            if asked.act in ("undo", "redo"):
                now = past.step(-1 if asked.act == "undo" else 1)
                yield self.draw(now, visitor, asked), self.grid(asked, now, visitor), now
            elif asked.act == "pick":
                now = past.then(asked.token)
                grid = self.grid(asked, now, visitor)
                yield self.draw(now, visitor, asked, self.frame.say("revise.chosen")), grid, now
            else:
                yield from (self._offer if asked.act == "choices" else self._rewrite)(asked, past, visitor)
        except errors.GalleryError as error:
            yield self.draw(past, visitor, asked, self.frame.error(error), bad=True), gr.skip(), past

    def _seated(self, asked: Asked, past: History, visitor: Visitor) -> Asked:
        """Of a couplet it is the answer that is rewritten, whichever line is chosen."""
        draft = create.open_draft(self.frame.house, past.token, visitor)
        if poem_of(draft).form != COUPLET or asked.act == "own":
            return asked
        return replace(asked, line=revise.answer_of(draft))

    def _rewrite(self, asked: Asked, past: History, visitor: Visitor) -> Iterator[View]:
        wish = revise.wish(self.frame.house, past.token, visitor, _change(asked))
        for item in create.watch(self.frame.house, wish, visitor):
            if isinstance(item, Finished):
                now = past.then(item.draft.token)
                grid = self.grid(asked, now, visitor)
                yield self.draw(now, visitor, asked, self.frame.say("revise.done")), grid, now
            elif isinstance(item, Glimpse):
                lines = getattr(item.stage.so_far, "lines", ())
                said = self.frame.say("revise.working", done=round(100 * item.stage.done), total=100)
                yield self.draw(past, visitor, asked, said, glimpse=lines), gr.skip(), past

    def _offer(self, asked: Asked, past: History, visitor: Visitor) -> Iterator[View]:
        house, say = self.frame.house, self.frame.say
        wish = revise.wish(house, past.token, visitor, replace(_change(asked), count=CANDIDATES))
        found: list[Draft] = []
        for item in create.watch(house, wish, visitor):
            if isinstance(item, Finished):
                found.append(item.draft)
                said = say("revise.working", done=len(found), total=CANDIDATES)
                yield self.draw(past, visitor, asked, said), gr.skip(), past
        offers = self._offers(found, asked.line, create.open_draft(house, past.token, visitor))
        said = say("revise.found", count=len(offers)) if offers else say("revise.same")
        yield self.draw(past, visitor, asked, said, bad=not offers, offers=offers), gr.skip(), past

    def _offers(self, found: Collection[Draft], line: int, now: Draft) -> list[Offer]:
        """The different new lines, the smoothest poem first."""
        book = _book(now)
        best: dict[str, Offer] = {}
        for poem, token in sorted(((poem_of(draft), draft.token) for draft in found), key=lambda one: -one[0].logprob):
            text = poem.lines[line]
            if text != poem_of(now).lines[line] and text not in best:
                tones = "".join(book.within(poem.lines).tone(character) for character in text)
                best[text] = Offer(token, text, tones, f"{poem.logprob:.2f}", self._note(poem, line))
        return list(best.values())

    def _note(self, poem: Poem, line: int) -> str:
        if poem.sources:
            return self.frame.say("cento.source", poet=poem.sources[line][0], title=poem.sources[line][1])
        return kept_rules(self.frame, poem) if poem.form == COUPLET else ""

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
        asked = asked or self._seated(Asked(), now, visitor)
        return self.frame.draw(
            "manuscript.html",
            rows=_rows(draft, locked, glimpse),
            sources=poem_of(draft).sources,
            lines=poem_of(draft).lines,
            breaks=breaks(tuple(map(len, poem_of(draft).lines))),
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


def _book(draft: Draft) -> RhymeBook:
    """The book of rhymes and tones that a draft keeps."""
    return book_of(draft.recipe.inputs.get("rhymes"))


def _rows(draft: Draft, locked: Collection[Place], glimpse: tuple[str, ...]) -> list[list[Cell]]:
    """The manuscript's cells, a list a line; a glimpse of what is being written stands in for its lines."""
    whose, lines = authors(draft.recipe.inputs), poem_of(draft).lines
    book = _book(draft).within((*glimpse, *lines[len(glimpse) :]))
    return [
        [
            Cell(f"{n}-{i}", character, book.tone(character), whose[n][i], (n, i) in locked)
            for i, character in enumerate(line)
        ]
        for n, line in enumerate((*glimpse, *lines[len(glimpse) :]))
    ]
