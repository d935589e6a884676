"""The Write page: what to write, form, rhyme group, further wishes folded; works to choose from, to revise; save.

What is asked for depends on what is to be written, so that each of SORTS has a column of its own, of which one shows:
a poem here, a couplet in couplet.py, a cento in cento.py. `?answer=N` in the address begins an answer to the poem that
is work N.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import gradio as gr

from gallery import errors
from gallery.journeys import answer
from gallery.journeys.compose import VerseRequest
from gallery.journeys.create import MOST_AT_ONCE, WriteRequest
from gallery.pages import cento, check, couplet, revise
from gallery.pages.frame import Frame, html
from gallery.pages.making import AT_ONCE, Studio, read_seed
from models.poem_rnn.cipai import TUNES
from models.poem_rnn.modern import BOOKS, MODERN, book_of
from models.poem_rnn.tuning import open_parts
from models.poem_rnn.wishes import forms_of

SORTS = ("verse", "couplet", "cento")
WISHES = ("keywords", "first", "heads", "tails")


@dataclass(frozen=True)
class Asks:
    """One way of asking. column: what shows; inputs: what is typed or chosen; read: the wish, from seed, count and
    those values."""

    column: gr.Column
    inputs: list[Any]
    read: Callable[..., VerseRequest]


def build(frame: Frame, blocks: gr.Blocks) -> None:
    """Lay the page out on a Gradio page."""
    studio, say = Studio(frame, "write"), frame.say
    frame.header("write")
    with gr.Row(elem_id="content", elem_classes="studio"):
        with gr.Column(scale=1, min_width=240, elem_id="asks"):
            intro = html(_intro(frame, SORTS[0]))
            sorts = [(say(f"write.sort_{name}"), name) for name in SORTS]
            sort = gr.Radio(sorts, value=SORTS[0], label=say("write.sort"), elem_id="sort")
            asks, call, form = _all_asks(frame)
            seed = studio.seed_box()
            count = gr.Slider(1, MOST_AT_ONCE, value=4, step=1, label=say(f"write.count_{SORTS[0]}"))
            go = gr.Button(say(f"write.go_{SORTS[0]}"), variant="primary", elem_id="go")
        with gr.Column(scale=3, elem_id="bench"):
            inputs = [sort, seed, count, *(one for name in SORTS for one in asks[name].inputs)]
            bench = studio.bench(inputs, _reader(asks), go, blocks)
            revise.Desk(studio).lay_out(bench)
            studio.keeping(bench)
    columns = [asks[name].column for name in SORTS]
    sort.change(lambda chosen: _fitted(frame, chosen), sort, [intro, count, go, *columns], **AT_ONCE)
    blocks.load(_begin(frame), None, [*call, form, bench.status], **AT_ONCE)
    check.panel(frame)
    frame.footer()


def _intro(frame: Frame, sort: str) -> str:
    """What the page says at its head of a way of asking."""
    intro = frame.say("write.intro" if sort == SORTS[0] else f"{sort}.intro")
    return frame.draw("intro.html", heading=frame.say("write.heading"), intro=intro)


def _fitted(frame: Frame, sort: str) -> list[Any]:
    """Head, count, button and columns, as they suit what is to be written."""
    chosen = sort if sort in SORTS else SORTS[0]
    count = gr.Slider(label=frame.say(f"write.count_{chosen}"))
    columns = [gr.Column(visible=name == chosen) for name in SORTS]
    return [_intro(frame, chosen), count, gr.Button(frame.say(f"write.go_{chosen}")), *columns]


def _all_asks(frame: Frame) -> tuple[dict[str, Asks], list[Any], gr.Radio]:
    """(the ways of asking by their names, what an answer shows, the form of a poem)."""
    with gr.Column(elem_classes="asks") as column:
        inputs, call = _verse(frame)
    found = {"verse": Asks(column, inputs, _read_verse(frame))}
    for name, room in (("couplet", couplet), ("cento", cento)):
        with gr.Column(visible=False, elem_classes="asks", elem_id=name) as column:
            found[name] = Asks(column, room.lay_out(frame), room.read)
    return found, call, inputs[2]


def _reader(asks: dict[str, Asks]) -> Callable[..., VerseRequest]:
    """The wish of the way of asking that is chosen, from its own values among all."""

    def read(sort: str, seed: str, count: float, *values: Any) -> VerseRequest:
        chosen, before = sort if sort in SORTS else SORTS[0], 0
        for name in SORTS[: SORTS.index(chosen)]:
            before += len(asks[name].inputs)
        own = values[before : before + len(asks[chosen].inputs)]
        return asks[chosen].read(read_seed(seed), int(count), *own)

    return read


def _verse(frame: Frame) -> tuple[list[Any], list[Any]]:
    """(what is asked of a poem, what an answer shows)."""
    say, forms = frame.say, forms_of(frame.house.card("poem"))
    call = _call(frame)
    choices = [(frame.named(name), name) for name in forms]
    form = gr.Radio(choices, value=forms[0], label=say("write.form"), elem_id="form")
    book = check.books(frame, elem_id="book")
    rhyme = gr.Dropdown(_groups(frame, forms[0], BOOKS[0]), value="", label=say("write.rhyme"), elem_id="rhyme")

    def regroup(chosen: str, name: str) -> tuple[gr.Radio, gr.Dropdown]:
        groups = _groups(frame, chosen, name)
        return gr.Radio(visible=chosen not in TUNES), gr.Dropdown(choices=groups, value="")

    for one in (form, book):
        one.change(regroup, [form, book], [book, rhyme], **AT_ONCE)
    return [*call[1:], form, book, rhyme, _manner(frame), *_wishes(frame)], call


def _groups(frame: Frame, form: str, book: str) -> list[tuple[str, str]]:
    """The rhyme groups of a book, of a 词 the parts of 词林正韵 that can be its first rhyme; or the poet's choice."""
    names = open_parts(form) if form in TUNES else book_of(book).level
    return [(frame.say("write.rhyme_any"), ""), *((name, name) for name in names)]


def _read_verse(frame: Frame) -> Callable[..., VerseRequest]:
    def read(
        seed: int | None, count: int, called: str, way: str, form: str, book: str, group: str, *more: Any
    ) -> VerseRequest:
        after, as_written, *words = more
        keywords, first, heads, tails = (text or "" for text in words)
        wish = WriteRequest(
            form,
            seed,
            count,
            group or None,
            first=first,
            heads=heads,
            tails=tails,
            keywords=keywords,
            manner=after or None,
            as_written=bool(as_written),
            rhymes=book if book == MODERN and form not in TUNES else None,  # 词 have a book of their own
        )
        return answer.answering(frame.house, wish, called, answer.read_way(way)) if called else wish

    return read


def _manner(frame: Frame) -> gr.Dropdown:
    """In whose manner: a poet whom the network knows by name, or nobody's."""
    say, poets = frame.say, frame.house.card("poem").facts.get("manners", {})
    names = [(name if frame.language == "zh" else f"{poet['en']} {name}", name) for name, poet in poets.items()]
    return gr.Dropdown(
        [(say("write.manner_none"), ""), *names], value="", label=say("write.manner"), elem_id="wish-manner"
    )


def _wishes(frame: Frame) -> list[Any]:
    """What one may ask for besides, folded: the box to keep the characters as they are, and the texts of WISHES."""
    say = frame.say
    with gr.Accordion(say("write.more"), open=False, elem_id="more"):
        texts = [
            gr.Textbox(
                label=say(f"write.{name}"), placeholder=say(f"write.{name}_hint"), max_lines=1, elem_id=f"wish-{name}"
            )
            for name in WISHES
        ]
        as_written = gr.Checkbox(label=say("write.as_written"), elem_id="as-written")
        html(frame.draw("aside.html", text=say("write.simple")))
    return [as_written, *texts]


def _call(frame: Frame) -> list[Any]:
    """Where the poem that is answered is shown, its number, and the ways to answer; all empty until there is one."""
    say = frame.say
    shown, called = html("", elem_id="calling"), gr.Textbox(visible=False)
    ways = [(say(f"write.way_{name}"), name) for name in answer.WAYS]
    return [shown, called, gr.Radio(ways, value=answer.WAYS[0], label=say("write.way"), visible=False, elem_id="way")]


def _begin(frame: Frame) -> Callable[..., tuple[Any, ...]]:
    def begin(request: gr.Request) -> tuple[Any, ...]:
        number = dict(request.query_params).get("answer")
        if number is None:
            return (gr.skip(),) * 5
        try:
            work = answer.find_call(frame.house, number)
        except errors.GalleryError as error:
            return (*(gr.skip(),) * 4, frame.status(frame.error(error), bad=True))
        form = work.form if work.form in forms_of(frame.house.card("poem")) else gr.skip()
        return frame.draw("calling.html", work=work), str(work.id), gr.Radio(visible=True), form, gr.skip()

    return begin
