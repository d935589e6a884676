"""The Write page: form, rhyme group, further wishes folded; poems to choose from, the chosen one to revise; save."""

from __future__ import annotations

from typing import Any

import gradio as gr

from gallery.journeys.create import MOST_AT_ONCE, WriteRequest
from gallery.pages import check, revise
from gallery.pages.frame import Frame, html
from gallery.pages.making import Studio, read_seed
from models.poem_rnn.prosody import FORMS, rhyme_book

WISHES = ("keywords", "first", "heads", "tails")


def build(frame: Frame) -> None:
    """Lay the page out on a Gradio page."""
    studio, say = Studio(frame, "write"), frame.say
    forms, rhymes = list(FORMS), rhyme_book().level
    frame.header("write")
    with gr.Row(elem_id="content", elem_classes="studio"):
        with gr.Column(scale=1, min_width=240, elem_id="asks"):
            html(frame.draw("intro.html", heading=say("write.heading"), intro=say("write.intro")))
            form = gr.Radio([(frame.named(name), name) for name in forms], value=forms[0], label=say("write.form"))
            rhyme = gr.Dropdown(
                [(say("write.rhyme_any"), ""), *((name, name) for name in rhymes)], value="", label=say("write.rhyme")
            )
            wishes = _wishes(frame)
            seed = studio.seed_box()
            count = gr.Slider(1, MOST_AT_ONCE, value=4, step=1, label=say("write.count"))
            go = gr.Button(say("write.go"), variant="primary", elem_id="go")

        def ask(name: str, group: str, typed: str, number: float, as_written: bool, *words: str) -> WriteRequest:
            keywords, first, heads, tails = (text or "" for text in words)
            return WriteRequest(
                name,
                read_seed(typed),
                int(number),
                group or None,
                first=first,
                heads=heads,
                tails=tails,
                keywords=keywords,
                as_written=bool(as_written),
            )

        with gr.Column(scale=3, elem_id="bench"):
            bench = studio.bench([form, rhyme, seed, count, *wishes], ask, go)
            revise.Desk(studio).lay_out(bench)
            studio.keeping(bench)
    check.panel(frame)
    frame.footer()


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
