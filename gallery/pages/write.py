"""The Write page: form, rhyme group, seed, how many; poems to choose from; save."""

from __future__ import annotations

import gradio as gr

from gallery.journeys.create import MOST_AT_ONCE, WriteRequest
from gallery.pages import check
from gallery.pages.frame import Frame, html
from gallery.pages.making import Studio, read_seed
from models.poem_rnn.prosody import FORMS, rhyme_book


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
            seed = studio.seed_box()
            count = gr.Slider(1, MOST_AT_ONCE, value=4, step=1, label=say("write.count"))
            go = gr.Button(say("write.go"), variant="primary", elem_id="go")

        def ask(name: str, group: str, typed: str, number: float) -> WriteRequest:
            return WriteRequest(name, read_seed(typed), int(number), group or None)

        studio.bench([form, rhyme, seed, count], ask, go)
    check.panel(frame)
    frame.footer()
