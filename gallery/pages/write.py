"""The Write page: form, rhyme group, further wishes folded; poems to choose from, the chosen one to revise; save.

`?answer=N` in the address begins an answer to the poem that is work N.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import gradio as gr

from gallery import errors
from gallery.journeys import answer
from gallery.journeys.create import MOST_AT_ONCE, WriteRequest
from gallery.pages import check, revise
from gallery.pages.frame import Frame, html
from gallery.pages.making import AT_ONCE, Studio, read_seed
from models.poem_rnn.prosody import FORMS, rhyme_book

WISHES = ("keywords", "first", "heads", "tails")


def build(frame: Frame, blocks: gr.Blocks) -> None:
    """Lay the page out on a Gradio page."""
    studio, say = Studio(frame, "write"), frame.say
    forms, rhymes = list(FORMS), rhyme_book().level
    frame.header("write")
    with gr.Row(elem_id="content", elem_classes="studio"):
        with gr.Column(scale=1, min_width=240, elem_id="asks"):
            html(frame.draw("intro.html", heading=say("write.heading"), intro=say("write.intro")))
            call = _call(frame)
            form = gr.Radio([(frame.named(name), name) for name in forms], value=forms[0], label=say("write.form"))
            rhyme = gr.Dropdown(
                [(say("write.rhyme_any"), ""), *((name, name) for name in rhymes)], value="", label=say("write.rhyme")
            )
            manner = _manner(frame)
            wishes = _wishes(frame)
            seed = studio.seed_box()
            count = gr.Slider(1, MOST_AT_ONCE, value=4, step=1, label=say("write.count"))
            go = gr.Button(say("write.go"), variant="primary", elem_id="go")

        def ask(
            called: str, way: str, name: str, group: str, after: str, typed: str, number: float, *more: Any
        ) -> WriteRequest:
            as_written, *words = more
            keywords, first, heads, tails = (text or "" for text in words)
            wish = WriteRequest(
                name,
                read_seed(typed),
                int(number),
                group or None,
                first=first,
                heads=heads,
                tails=tails,
                keywords=keywords,
                manner=after or None,
                as_written=bool(as_written),
            )
            return answer.answering(frame.house, wish, called, answer.read_way(way)) if called else wish

        with gr.Column(scale=3, elem_id="bench"):
            bench = studio.bench([*call[1:], form, rhyme, manner, seed, count, *wishes], ask, go)
            revise.Desk(studio).lay_out(bench)
            studio.keeping(bench)
    blocks.load(_begin(frame), None, [*call, form, bench.status], **AT_ONCE)
    check.panel(frame)
    frame.footer()


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
        return frame.draw("calling.html", work=work), str(work.id), gr.Radio(visible=True), work.form, gr.skip()

    return begin
