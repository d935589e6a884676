"""Making works on a page, whatever their kind: ask, watch them come to be, choose one, name it, save it.

Paint and Write differ in what they ask for and how a draft is drawn; the rest is here, once. Nothing is stored until
the visitor saves; the chosen draft is named by its signed token, which only its maker can use.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal

import gradio as gr

from gallery import errors
from gallery.images import Pixels, encode_png
from gallery.journeys import Draft, create
from gallery.journeys.create import Finished, Glimpse, Request
from gallery.pages.frame import Frame, data_url, html
from models.recipe import Picture, Result

Kind = Literal["paint", "write"]
SHOW_EVERY_S = 0.12  # more often than this the browser only flickers
CHOOSE = """
element.addEventListener('change', (event) => {
  if (event.target.name === 'draft') trigger('select', {token: event.target.value});
});
"""


@dataclass(frozen=True)
class Slot:
    """A place in the grid of drafts: a glimpse, or a draft once it has a token."""

    name: str
    note: str
    picture: str | None = None
    lines: tuple[str, ...] = ()
    token: str | None = None


def slot_of(result: Result, *, name: str, note: str) -> Slot:
    """How a picture or poem, finished or not, is shown."""
    if isinstance(result, Picture):
        png = encode_png(Pixels(result.pixels, result.width, result.height))
        return Slot(name, note, picture=data_url(png))
    return Slot(name, note, lines=result.lines)


def read_seed(text: str | None) -> int | None:
    """The seed a visitor typed: None for nothing; raises BadSeed for what is no whole number.

    >>> read_seed(" 42 "), read_seed("")
    (42, None)
    """
    text = (text or "").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 10):
        raise errors.BadSeed(text[:40])
    return int(text)


@dataclass(frozen=True)
class Studio:
    """A page on which works are made."""

    frame: Frame
    kind: Kind

    def grid(self, slots: list[Slot | None], chosen: str = "") -> str:
        """The drafts as HTML."""
        return self.frame.draw("drafts.html", kind=self.kind, slots=slots, chosen=chosen)

    def make(self, ask: Callable[[], Request], request: gr.Request) -> Iterator[tuple[str, str, str]]:
        """(grid, status, chosen token) again and again while the drafts come to be; in the end the first is chosen."""
        try:
            wish = ask()
            yield from self._watch(wish.count, create.watch(self.frame.house, wish, self.frame.visitor(request)))
        except errors.GalleryError as error:
            yield self.grid([]), self.frame.status(self.frame.error(error), bad=True), ""

    def _watch(self, count: int, news: Iterator[Glimpse | Finished]) -> Iterator[tuple[str, str, str]]:
        slots: list[Slot | None] = [None] * count
        done: dict[int, Draft] = {}
        shown = time.monotonic()
        yield self.grid(slots), self._working(0, count), ""
        for item in news:
            if isinstance(item, Finished):
                done[item.index] = item.draft
                slots[item.index] = self._finished(item.index, item.draft)
            elif item.index not in done:
                slots[item.index] = slot_of(item.stage.so_far, name="", note="…")
            if time.monotonic() - shown > SHOW_EVERY_S and len(done) < count:
                yield self.grid(slots), self._working(len(done), count), ""
                shown = time.monotonic()
        first = done[0]
        text = self.frame.say(f"{self.kind}.done", count=count, first=first.recipe.seed)
        yield self.grid(slots, chosen=first.token), self.frame.status(text), first.token

    def _working(self, done: int, total: int) -> str:
        return self.frame.status(self.frame.say(f"{self.kind}.working", done=done, total=total))

    def _finished(self, index: int, draft: Draft) -> Slot:
        values = {"number": index + 1, "seed": draft.recipe.seed, "rhyme": getattr(draft.result, "rhyme", "")}
        name = self.frame.say(f"{self.kind}.alt", **values)
        if not isinstance(draft.result, Picture):
            name += "：" + "，".join(draft.result.lines)
        return replace(slot_of(draft.result, name=name, note=self._note(draft)), token=draft.token)

    def _note(self, draft: Draft) -> str:
        if isinstance(draft.result, Picture):
            return str(draft.recipe.seed)
        return f"{draft.recipe.seed} · {self.frame.say('write.rhymes', rhyme=draft.result.rhyme)}"

    def save(self, token: str, title: str, signature: str, request: gr.Request) -> str:
        """Saves the chosen draft and says so, with a link to the work; or says why not."""
        if not token:
            return self.frame.status(self.frame.say(f"{self.kind}.none_chosen"), bad=True)
        try:
            work = create.save(self.frame.house, token, self.frame.visitor(request), title or "", signature or "")
        except errors.GalleryError as error:
            return self.frame.status(self.frame.error(error), bad=True)
        text = self.frame.say("save.saved", title=work.title, id=work.id)
        return self.frame.status(text, link=f"/work/{work.id}", label=self.frame.say("save.open"))

    def seed_box(self) -> gr.Textbox:
        """Where a seed may be typed."""
        say = self.frame.say
        return gr.Textbox(
            label=say(f"{self.kind}.seed"), placeholder=say(f"{self.kind}.seed_hint"), max_lines=1, elem_id="seed"
        )

    def bench(
        self,
        inputs: list[Any],
        ask: Callable[..., Request],
        go: gr.Button,
        between: Callable[[gr.State], None] = lambda _: None,
    ) -> None:
        """The right side of the page: drafts, and the form that saves the chosen one; wires the button to it all.

        between: lays out what stands between the two, and is told which draft is chosen.
        """
        say = self.frame.say
        with gr.Column(scale=3, elem_id="bench"):
            status = html(self.frame.status(), elem_id="status")
            grid = html(self.grid([]), elem_id="grid", script=CHOOSE)
            chosen = gr.State("")
            between(chosen)
            with gr.Row(elem_id="keep"):
                title = gr.Textbox(
                    label=say("save.title"), placeholder=say("save.title_hint"), max_lines=1, elem_id="title"
                )
                signature = gr.Textbox(
                    label=say("save.signature"), placeholder=say("save.signature_hint"), elem_id="sign"
                )
                keep = gr.Button(say("save.go"), elem_id="save")
            kept = html(self.frame.status(), elem_id="kept")

        def make(request: gr.Request, *values: Any) -> Iterator[tuple[str, str, str]]:
            yield from self.make(lambda: ask(*values), request)

        def choose(event: gr.EventData) -> str:
            return str(event.token)

        def save(token: str, name: str, sign: str, request: gr.Request) -> str:
            return self.save(token, name, sign, request)

        quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        go.click(make, inputs, [grid, status, chosen], concurrency_limit=64, **quiet)
        grid.select(choose, outputs=chosen, queue=False, **quiet)
        for trigger in (keep.click, title.submit, signature.submit):
            trigger(save, [chosen, title, signature], kept, concurrency_limit=16, concurrency_id="save", **quiet)
