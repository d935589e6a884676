"""The Scroll page (题画诗): choose a painting and a poem, or ask the one for the other; mount, sign, seal, hang.

Layout and wiring only; journeys/inscribe.py does it all. What is chosen is read from the page in the request that acts
on it (CHOSEN), as on the other pages, and the scroll shown is the one that would be hung.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import gradio as gr

from gallery import errors
from gallery.images import Pixels, thumbnail
from gallery.journeys import inscribe
from gallery.journeys.create import Finished, News, Waiting
from gallery.journeys.inscribe import Offer, View, Wish
from gallery.pages.frame import Frame, data_url, html
from gallery.pages.making import AT_ONCE, QUIET
from gallery.scroll import CHOICES
from gallery.visitors import Visitor
from models.poem_rnn.wishes import forms_of
from models.recipe import Kind, Picture

SMALL = 168  # pixels of a draft's picture in the row
# Choosing in either row; the arrow keys walk along it, as in any group of radio buttons.
CHOOSE = """
element.addEventListener('change', (event) => {
  if (event.target.matches('input[type=radio]')) trigger('select', {ref: event.target.value});
});
"""
CHOSEN = """(_, ...rest) => [JSON.stringify(Object.fromEntries(['painting', 'poem'].map((kind) =>
  [kind, document.querySelector(`input[name=${kind}]:checked`)?.value ?? '']))), ...rest]"""


@dataclass(frozen=True)
class Chosen:
    """The painting and the poem that the page shows as chosen, by name; "" for none."""

    painting: str = ""
    poem: str = ""

    @classmethod
    def read(cls, text: str | None) -> Chosen:
        """What the page sent (CHOSEN); names prove themselves later, when they are used.

        >>> Chosen.read('{"painting":"7","poem":""}'), Chosen.read("nonsense")
        (Chosen(painting='7', poem=''), Chosen(painting='', poem=''))
        """
        try:
            found = json.loads(text or "{}")
            return cls(str(found["painting"]), str(found["poem"]))
        except (ValueError, TypeError, KeyError):
            return cls()


@dataclass(frozen=True)
class Table:
    """The page's parts: two rows to choose from, the scroll, what is said of it, and the choices of the mounting."""

    frame: Frame

    def row(self, kind: Kind, offers: list[Offer], chosen: str) -> str:
        """One row of paintings or poems."""
        shown = [(offer, self._picture(offer)) for offer in offers]
        return self.frame.draw("offers.html", kind=kind, shown=shown, chosen=chosen)

    def _picture(self, offer: Offer) -> str:
        if offer.picture is None:
            return f"/media/{offer.thumb}" if offer.thumb else ""
        return data_url(thumbnail(_pixels(offer.picture), side=SMALL), "image/webp")

    def rows(self, chosen: Chosen, visitor: Visitor) -> tuple[str, str]:
        """Both rows; the first of each is chosen unless something else is."""
        house = self.frame.house
        paintings = inscribe.offers(house, "painting", chosen.painting, visitor)
        poems = inscribe.offers(house, "poem", chosen.poem, visitor)
        first = Chosen(
            chosen.painting or (paintings[0].ref if paintings else ""), chosen.poem or (poems[0].ref if poems else "")
        )
        return self.row("painting", paintings, first.painting), self.row("poem", poems, first.poem)

    def scroll(self, view: View | None) -> str:
        """The scroll as it would be hung."""
        if view is None:
            return self.frame.draw("scroll.html", picture="", view=None)
        longest = max(view.picture.width, view.picture.height)
        picture = data_url(thumbnail(_pixels(view.picture), side=longest), "image/webp")
        return self.frame.draw("scroll.html", picture=picture, view=view)

    def show(self, wish: Wish, visitor: Visitor) -> tuple[Any, str]:
        """(scroll, trouble); the scroll stays as it was when it cannot be mounted."""
        try:
            return self.scroll(inscribe.view(self.frame.house, wish, visitor)), self.frame.status()
        except errors.GalleryError as error:
            return gr.skip(), self.frame.status(self.frame.error(error), bad=True)

    def hang(self, wish: Wish, title: str, visitor: Visitor) -> str:
        """Hangs it and says so, with a link to the work; or says why not."""
        frame = self.frame
        try:
            work = inscribe.hang(frame.house, wish, title, visitor)
        except errors.GalleryError as error:
            return frame.status(frame.error(error), bad=True)
        key = "save.saved" if work.title == title.strip() else "save.again"
        link = f"/work/{work.id}"
        return frame.status(frame.say(key, title=work.title, id=work.id), link=link, label=frame.say("save.open"))


def _pixels(picture: Picture) -> Pixels:
    return Pixels(picture.pixels, picture.width, picture.height)


def build(frame: Frame, blocks: gr.Blocks) -> None:
    """Lay the page out on a Gradio page; `?painting=N` and `?poem=N` in the address choose works N."""
    table, say = Table(frame), frame.say
    frame.header("scroll")
    with gr.Row(elem_id="content", elem_classes="studio mounting"):
        with gr.Column(scale=6, elem_id="hall"):
            scroll = html(table.scroll(None), elem_id="scroll")
            trouble = html(frame.status(), elem_id="trouble")
        with gr.Column(scale=5, min_width=280, elem_id="asks"):
            html(frame.draw("intro.html", heading=say("scroll.heading"), intro=say("scroll.intro")))
            paintings = html("", elem_id="paintings", script=CHOOSE)
            ask_painting = gr.Button(say("scroll.ask_painting"), elem_id="ask-painting", size="sm")
            poems = html("", elem_id="poems", script=CHOOSE)
            with gr.Row(elem_id="asking"):
                ask_poem = gr.Button(say("scroll.ask_poem"), elem_id="ask-poem", size="sm")
                form = gr.Dropdown(
                    [(frame.named(name), name) for name in forms_of(frame.house.card("poem"))],
                    value="七绝",
                    label=say("scroll.form"),
                )
            said = html(frame.status(), elem_id="said")
            choices = [_choice(frame, name) for name in CHOICES]
            title, signature, hang = _naming(frame)
            kept = html(frame.status(), elem_id="kept")
    frame.footer()
    seen = gr.Textbox(visible=False)
    wish = [seen, signature, *choices]
    _wire_looking(table, blocks, [paintings, poems, scroll, said, trouble], wish)
    _wire_asking(table, {"painting": ask_painting, "poem": ask_poem}, [paintings, poems, scroll, said], form, wish)
    _wire_hanging(table, hang, title, wish, kept)


def _choice(frame: Frame, name: str) -> gr.Radio:
    options = [(frame.say(f"scroll.{name}_{value}"), value) for value in CHOICES[name]]
    return gr.Radio(options, value=CHOICES[name][0], label=frame.say(f"scroll.{name}"), elem_id=f"choose-{name}")


def _naming(frame: Frame) -> tuple[gr.Textbox, gr.Textbox, gr.Button]:
    say = frame.say
    with gr.Row(elem_id="keep"):
        title = gr.Textbox(
            label=say("scroll.title"), placeholder=say("scroll.title_hint"), max_lines=1, elem_id="title"
        )
        signature = gr.Textbox(
            label=say("scroll.signature"), placeholder=say("scroll.signature_hint"), max_lines=1, elem_id="sign"
        )
        hang = gr.Button(say("scroll.go"), variant="primary", elem_id="save")
    return title, signature, hang


def _wish(chosen: Chosen, signature: str, values: tuple[str, ...]) -> Wish:
    return Wish(chosen.painting, chosen.poem, dict(zip(CHOICES, values, strict=True)), signature or "")


def _wire_looking(table: Table, blocks: gr.Blocks, view: list[Any], wish: list[Any]) -> None:
    """The rows when the page opens, and the scroll anew whenever something is chosen or signed.

    What keeps it from being mounted has a line of its own: a scroll may come after the answer that was asked later.
    """
    paintings, poems, scroll, said, trouble = view
    signature, choices = wish[1], wish[2:]

    def open_page(request: gr.Request) -> tuple[Any, ...]:
        asked = dict(request.query_params)
        visitor = table.frame.viewer(request)
        working = table.frame.status(table.frame.say("scroll.working"))
        try:
            rows = table.rows(Chosen(asked.get("painting", ""), asked.get("poem", "")), visitor)
            return *rows, table.frame.status(), working
        except errors.GalleryError as error:
            rows = table.rows(Chosen(), visitor)
            return *rows, table.frame.status(table.frame.error(error), bad=True), working

    def look(request: gr.Request, text: str, sign: str, *values: str) -> tuple[Any, ...]:
        chosen = Chosen.read(text)
        if not (chosen.painting and chosen.poem):
            return gr.skip(), table.frame.status()
        return table.show(_wish(chosen, sign, values), table.frame.viewer(request))

    asks: dict[str, Any] = {"inputs": wish, "outputs": [scroll, trouble], "js": CHOSEN, **AT_ONCE}
    blocks.load(open_page, None, [paintings, poems, said, trouble], **AT_ONCE).then(look, **asks)
    changes = [paintings.select, poems.select, signature.change, *(choice.change for choice in choices)]
    gr.on(changes, look, trigger_mode="always_last", **asks)  # one for all, or an older scroll could come last


def _wire_asking(
    table: Table, buttons: dict[str, gr.Button], view: list[Any], form: gr.Dropdown, wish: list[Any]
) -> None:
    """A poem for the painting, a painting for the poem; then the scroll with the first of them."""
    paintings, poems, scroll, said = view

    def for_painting(request: gr.Request, text: str, kind: str) -> Iterator[tuple[Any, Any]]:
        yield from _answers(table, "poem", Chosen.read(text), kind, request)

    def for_poem(request: gr.Request, text: str) -> Iterator[tuple[Any, Any]]:
        yield from _answers(table, "painting", Chosen.read(text), "", request)

    def look(request: gr.Request, text: str, sign: str, *values: str) -> Any:
        chosen = Chosen.read(text)
        return (
            table.show(_wish(chosen, sign, values), table.frame.viewer(request))[0] if all(vars(chosen)) else gr.skip()
        )

    asked = buttons["poem"].click(for_painting, [wish[0], form], [poems, said], js=CHOSEN, **QUIET)
    asked.then(look, wish, scroll, js=CHOSEN, **AT_ONCE)
    asked = buttons["painting"].click(for_poem, [wish[0]], [paintings, said], js=CHOSEN, **QUIET)
    asked.then(look, wish, scroll, js=CHOSEN, **AT_ONCE)


def _answers(table: Table, kind: Kind, chosen: Chosen, form: str, request: gr.Request) -> Iterator[tuple[Any, Any]]:
    """(row of `kind`, status) while the other network answers what is chosen."""
    frame, house = table.frame, table.frame.house
    try:
        visitor = frame.visitor(request)
        if kind == "poem":
            words: dict[str, object] = {"words": inscribe.words_of(house, chosen.painting, visitor)}
            news, key = inscribe.poems_for(house, chosen.painting, form, visitor), "poem"
        else:
            words, key = _steering(frame, chosen.poem, visitor)
            news = inscribe.paintings_for(house, chosen.poem, visitor)
        yield from _watch(table, kind, news, visitor, (key, words))
    except errors.GalleryError as error:
        yield gr.skip(), frame.status(frame.error(error), bad=True)


def _steering(frame: Frame, poem: str, visitor: Visitor) -> tuple[dict[str, object], str]:
    """What the painter read in a poem, in words, and the key of the sentence that says it."""
    words, sliders = inscribe.sliders_of(frame.house, poem, visitor)
    moved = "，" if frame.language == "zh" else ", "
    told = moved.join(f"{frame.say(f'easel.{name}')} {value:+.1f}" for name, value in sliders.items())
    return {"words": words, "sliders": told}, "painting" if sliders else "painting_free"


def _watch(
    table: Table, kind: Kind, news: Iterator[News], visitor: Visitor, said: tuple[str, dict[str, object]]
) -> Iterator[tuple[Any, Any]]:
    frame, (key, words) = table.frame, said
    done: list[Finished] = []
    for item in news:
        if isinstance(item, Finished):
            done.append(item)
        text = frame.say(f"scroll.asking_{kind}", done=len(done), total=inscribe.ANSWERS, **words)
        if isinstance(item, Waiting):
            text = frame.say("making.waiting", ahead=item.ahead, seconds=max(1, round(item.wait_s)))
        yield gr.skip(), frame.status(text)
    first = min(done, key=lambda item: item.index).draft.token
    row = table.row(kind, inscribe.offers(frame.house, kind, first, visitor), first)
    yield row, frame.status(frame.say(f"scroll.asked_{key}", count=len(done), **words))


def _wire_hanging(table: Table, hang: gr.Button, title: gr.Textbox, wish: list[Any], kept: gr.HTML) -> None:
    def keep(request: gr.Request, text: str, sign: str, *values: str) -> str:
        *choices, name = values
        try:
            visitor = table.frame.visitor(request)
        except errors.GalleryError as error:
            return table.frame.status(table.frame.error(error), bad=True)
        return table.hang(_wish(Chosen.read(text), sign, tuple(choices)), name or "", visitor)

    hang.click(keep, [*wish, title], kept, js=CHOSEN, **AT_ONCE)
