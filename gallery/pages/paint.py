"""The Paint page: subject, seed, how many, variety; paintings to choose from; the easel; save."""

from __future__ import annotations

import gradio as gr

from gallery.journeys.create import MOST_AT_ONCE, PaintRequest
from gallery.pages import easel, reel
from gallery.pages.frame import Frame, html
from gallery.pages.making import Studio, read_seed


def build(frame: Frame, blocks: gr.Blocks) -> None:
    """Lay the page out on a Gradio page."""
    studio, say = Studio(frame, "paint"), frame.say
    labels = frame.house.subjects()
    frame.header("paint")
    with gr.Row(elem_id="content", elem_classes="studio"):
        with gr.Column(scale=1, min_width=240, elem_id="asks"):
            html(frame.draw("intro.html", heading=say("paint.heading"), intro=say("paint.intro")))
            subject = gr.Radio(
                [(frame.named(label), label) for label in labels], value=labels[0], label=say("paint.subject")
            )
            seed = studio.seed_box()
            count = gr.Slider(1, MOST_AT_ONCE, value=MOST_AT_ONCE, step=1, label=say("paint.count"))
            variety = gr.Slider(
                0.0, 1.5, value=1.0, step=0.05, label=say("paint.variety"), info=say("paint.variety_hint")
            )
            go = gr.Button(say("paint.go"), variant="primary", elem_id="go")

        def ask(label: str, typed: str, number: float, psi: float) -> PaintRequest:
            return PaintRequest(label, read_seed(typed), int(number), float(psi))

        with gr.Column(scale=3, elem_id="bench"):
            bench = studio.bench([subject, seed, count, variety], ask, go, blocks)
            easel.build(studio, bench, subject, blocks)
            reel.build(studio, bench)
            studio.keeping(bench)
    frame.footer()
