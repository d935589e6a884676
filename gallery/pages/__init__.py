"""The pages: layout and wiring only. `build(house, language)` makes the Gradio application of one language."""

from __future__ import annotations

import gradio as gr

from gallery.journeys import House
from gallery.pages import about, paint, scroll, write
from gallery.pages.frame import Frame


def build(house: House, language: str) -> gr.Blocks:
    """Paint, Write, Scroll and About in one language, ready to be mounted; the wall, at its root, is plain HTML."""
    frame = Frame(house, language)
    blocks = gr.Blocks(title="诗画 Shihua", analytics_enabled=False, fill_width=True)
    with blocks.route(frame.say("nav.paint_word"), "/paint"):
        paint.build(frame, blocks)
    with blocks.route(frame.say("nav.write_word"), "/write"):
        write.build(frame, blocks)
    with blocks.route(frame.say("nav.scroll_word"), "/scroll"):
        scroll.build(frame, blocks)
    with blocks.route(frame.say("nav.about_word"), "/about"):
        about.build(frame)
    blocks.max_threads = 200
    return blocks.queue(status_update_rate=5, default_concurrency_limit=16)
