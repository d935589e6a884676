"""Making works on a page, whatever their kind: ask, watch them come to be, choose one, name it, save it.

Paint and Write differ in what they ask for and how a draft is drawn; the rest is here, once. Nothing is stored until
the visitor saves; the chosen draft is named by its signed token, which only its maker can use. Which one is chosen is
read from the page itself in the request that acts on it, so that no act can overtake the choice.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any, Literal

import gradio as gr

from gallery import errors
from gallery.images import Pixels, encode_sketch
from gallery.journeys import Draft, create
from gallery.journeys.compose import COUPLET, CoupletRequest, paired
from gallery.journeys.create import Finished, News, Request, Waiting
from gallery.pages.frame import Frame, data_url, html
from models.poem_rnn.forms import is_wide
from models.recipe import Picture, Poem, Result

Kind = Literal["paint", "write"]
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# An act with one answer goes straight there and back: in the queue its answer can be lost when it joins the stream of
# events in the moment that another's end closes it.
AT_ONCE: dict[str, Any] = {"queue": False, **QUIET}
SHOW_EVERY_S = 0.12  # more often than this the browser only flickers
# The choice outlives every redrawing of the grid while more drafts come; what the grid shows, the leaving of the page.
CHOOSE = """
let chosen = '';
const remember = () => {
  const drafts = [...element.querySelectorAll('input[name=draft]')];
  if (!drafts.length || drafts.some((draft) => !draft.value)) return;
  const shown = JSON.stringify(drafts.map((draft) => [draft.value, draft.checked]));
  try { sessionStorage.setItem(`drafts ${location.pathname.split('/')[2]}`, shown); } catch { /* then it does not */ }
};
element.addEventListener('change', (event) => {
  if (event.target.name !== 'draft') return;
  chosen = event.target.value;
  remember();
  trigger('select', {token: chosen});
});
new MutationObserver(() => {
  if (!chosen) return;
  const drafts = [...element.querySelectorAll('input[name=draft]')];
  const kept = drafts.find((draft) => draft.value === chosen);
  if (kept) kept.checked = true;
  else if (drafts.length) chosen = '';
}).observe(element, {childList: true, subtree: true});
const told = {childList: true, subtree: true, attributeFilter: ['value', 'checked']};
new MutationObserver(remember).observe(element, told);
"""
# What the grid shows, as the first input of an act: [[token, whether it is chosen], ...].
SEEN = """(_, ...rest) => [JSON.stringify([...document.querySelectorAll('#grid input[name=draft]')]
  .filter((draft) => draft.value).map((draft) => [draft.value, draft.checked])), ...rest]"""

# What it showed when this page was left, in either language; nothing where the address says what to begin with.
LEFT = """() => {
  try { return [location.search ? '' : sessionStorage.getItem(`drafts ${location.pathname.split('/')[2]}`) ?? '']; }
  catch { return ['']; }
}"""


@dataclass(frozen=True)
class Slot:
    """A place in the grid of drafts: a glimpse, or a draft once it has a token."""

    name: str
    note: str
    picture: str | None = None
    lines: tuple[str, ...] = ()
    token: str | None = None
    wide: bool = False


def slot_of(result: Result, *, name: str, note: str) -> Slot:
    """How a picture or poem, finished or not, is shown."""
    if isinstance(result, Picture):
        sketch = encode_sketch(Pixels(result.pixels, result.width, result.height))
        return Slot(name, note, picture=data_url(sketch))
    return Slot(name, note, lines=result.lines, wide=is_wide(result.form))


def kept_rules(frame: Frame, poem: Poem) -> str:
    """What a poem keeps, in few words: its rhyme, or how many places of a couplet pair."""
    if poem.form == COUPLET:
        return frame.say("couplet.paired", count=paired(poem), most=len(poem.lines[0]))
    return frame.say("write.rhymes", rhyme=poem.rhyme)


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
class Seen:
    """The drafts that a visitor's grid shows, by their tokens, and the chosen one ("" for none)."""

    tokens: tuple[str, ...] = ()
    chosen: str = ""

    @classmethod
    def read(cls, text: str | None) -> Seen:
        """What the page sent (SEEN); tokens prove themselves later, when they are used.

        >>> Seen.read('[["a",false],["b",true]]'), Seen.read("nonsense")
        (Seen(tokens=('a', 'b'), chosen='b'), Seen(tokens=(), chosen=''))
        """
        try:
            pairs = [(str(token), bool(chosen)) for token, chosen in json.loads(text or "[]")]
        except (ValueError, TypeError):
            return cls()
        return cls(tuple(token for token, _ in pairs), next((token for token, chosen in pairs if chosen), ""))


@dataclass(frozen=True)
class Bench:
    """The right side of a page: what its tools read and draw on. `made` happens when new drafts have come, `back` when
    those are there again that were there when the page was left."""

    seen: gr.Textbox
    status: gr.HTML
    grid: gr.HTML
    kept: gr.HTML
    made: Any
    back: Any


@dataclass(frozen=True)
class Studio:
    """A page on which works are made."""

    frame: Frame
    kind: Kind

    def grid(self, slots: list[Slot | None], chosen: str = "") -> str:
        """The drafts as HTML."""
        return self.frame.draw("drafts.html", kind=self.kind, slots=slots, chosen=chosen)

    def make(self, ask: Callable[[], Request], request: gr.Request) -> Iterator[tuple[str, str]]:
        """(grid, status) again and again while the drafts come to be."""
        try:
            wish = ask()
            key = "done_couplet" if isinstance(wish, CoupletRequest) else "done"
            news = create.watch(self.frame.house, wish, self.frame.visitor(request))
            yield from self.watch(wish.count, news, done_key=key)
        except errors.GalleryError as error:
            yield self.grid([]), self.frame.status(self.frame.error(error), bad=True)

    def watch(self, count: int, news: Iterator[News], *, done_key: str = "done") -> Iterator[tuple[str, str]]:
        """(grid, status) while `count` drafts come to be; unless the visitor has chosen, the first is chosen then."""
        slots: list[Slot | None] = [None] * count
        done: dict[int, Draft] = {}
        shown = time.monotonic()
        yield self.grid(slots), self._working(0, count)
        for item in news:
            if isinstance(item, Waiting):
                yield gr.skip(), self.waiting(item)
                continue
            if isinstance(item, Finished):
                done[item.index] = item.draft
                slots[item.index] = self.slot(item.index, item.draft)
            elif item.index not in done:
                slots[item.index] = slot_of(item.stage.so_far, name="", note="…")
            if time.monotonic() - shown > SHOW_EVERY_S and len(done) < count:
                yield self.grid(slots), self._working(len(done), count)
                shown = time.monotonic()
        first, slots = done[0], [slot for slot in slots if slot]  # of moods, a painter may keep to fewer
        text = self.frame.say(f"{self.kind}.{done_key}", count=count, first=first.recipe.seed)
        yield self.grid(slots, chosen=first.token), self.frame.status(text)

    def waiting(self, news: Waiting) -> str:
        """How many are ahead, and for how long about."""
        text = self.frame.say("making.waiting", ahead=news.ahead, seconds=max(1, round(news.wait_s)))
        return self.frame.status(text)

    def _working(self, done: int, total: int) -> str:
        return self.frame.status(self.frame.say(f"{self.kind}.working", done=done, total=total))

    def slot(self, index: int, draft: Draft) -> Slot:
        """A finished draft in its place (from 0)."""
        values = {"number": index + 1, "seed": draft.recipe.seed, "rhyme": getattr(draft.result, "rhyme", "")}
        couplet = isinstance(draft.result, Poem) and draft.result.form == COUPLET
        name = self.frame.say("couplet.alt" if couplet else f"{self.kind}.alt", **values)
        if not isinstance(draft.result, Picture):
            name += "：" + "，".join(draft.result.lines)
        return replace(slot_of(draft.result, name=name, note=self._note(draft)), token=draft.token)

    def _note(self, draft: Draft) -> str:
        if isinstance(draft.result, Picture):
            mood = draft.recipe.inputs.get("mood")
            return self.frame.say(f"easel.mood_{mood}") if mood else str(draft.recipe.seed)
        return f"{draft.recipe.seed} · {kept_rules(self.frame, draft.result)}"

    def save(self, token: str, title: str, signature: str, request: gr.Request) -> str:
        """Saves the chosen draft and says so, with a link to the work; or says why not."""
        if not token:
            return self.frame.status(self.frame.say(f"{self.kind}.none_chosen"), bad=True)
        try:
            work = create.save(self.frame.house, token, self.frame.visitor(request), title or "", signature or "")
        except errors.GalleryError as error:
            return self.frame.status(self.frame.error(error), bad=True)
        as_asked = (work.title, work.signature) == ((title or "").strip(), (signature or "").strip())
        text = self.frame.say("save.saved" if as_asked else "save.again", title=work.title, id=work.id)
        return self.frame.status(text, link=f"/work/{work.id}", label=self.frame.say("save.open"))

    def seed_box(self) -> gr.Textbox:
        """Where a seed may be typed."""
        say = self.frame.say
        return gr.Textbox(
            label=say(f"{self.kind}.seed"), placeholder=say(f"{self.kind}.seed_hint"), max_lines=1, elem_id="seed"
        )

    def bring_back(self, text: str, request: gr.Request) -> tuple[Any, Any]:
        """(grid, status) with those drafts that the page showed when it was left, as far as they are still kept."""
        seen, visitor = Seen.read(text), self.frame.visitor(request)
        drafts = list[Draft]()
        for token in seen.tokens[: create.MOST_AT_ONCE]:
            with suppress(errors.GalleryError):
                drafts.append(create.open_draft(self.frame.house, token, visitor))
        if not drafts:
            return gr.skip(), gr.skip()
        slots = [self.slot(index, draft) for index, draft in enumerate(drafts)]
        chosen = next((draft.token for draft in drafts if draft.token == seen.chosen), drafts[0].token)
        return self.grid(list(slots), chosen=chosen), self.frame.status(self.frame.say("making.back"))

    def bench(self, inputs: list[Any], ask: Callable[..., Request], go: gr.Button, blocks: gr.Blocks) -> Bench:
        """The right side of the page: drafts, and room for tools; wires the button to them."""
        status = html(self.frame.status(), elem_id="status")
        grid = html(self.grid([]), elem_id="grid", script=CHOOSE)
        seen = gr.Textbox(visible=False)
        kept = html(self.frame.status(), elem_id="kept", render=False)

        def make(request: gr.Request, *values: Any) -> Iterator[tuple[str, str]]:
            yield from self.make(lambda: ask(*values), request)

        made = go.click(make, inputs, [grid, status], concurrency_limit=64, **QUIET)
        for event in (go.click, grid.select):
            event(self.frame.status, None, kept, **AT_ONCE)
        back = blocks.load(self.bring_back, seen, [grid, status], js=LEFT, **AT_ONCE)
        return Bench(seen, status, grid, kept, made, back)

    def keeping(self, bench: Bench) -> None:
        """The form that saves the chosen draft."""
        say = self.frame.say
        with gr.Row(elem_id="keep"):
            title = gr.Textbox(
                label=say("save.title"), placeholder=say("save.title_hint"), max_lines=1, elem_id="title"
            )
            signature = gr.Textbox(label=say("save.signature"), placeholder=say("save.signature_hint"), elem_id="sign")
            keep = gr.Button(say(f"{self.kind}.keep"), elem_id="save")
        bench.kept.render()

        def save(seen: str, name: str, sign: str, request: gr.Request) -> str:
            return self.save(Seen.read(seen).chosen, name, sign, request)

        inputs = [bench.seen, title, signature]
        for trigger in (keep.click, title.submit, signature.submit):
            trigger(save, inputs, bench.kept, js=SEEN, **AT_ONCE)
