"""Couplets, on the Write page: a line to be answered, of 4 to 11 characters, and keywords. It only asks."""

from __future__ import annotations

from typing import Any

import gradio as gr

from gallery.journeys.compose import CoupletRequest
from gallery.pages.frame import Frame


def lay_out(frame: Frame) -> list[Any]:
    """What is asked of a couplet: the given line, keywords."""
    say = frame.say
    line = gr.Textbox(label=say("couplet.line"), placeholder=say("couplet.line_hint"), max_lines=1, elem_id="upper")
    words = gr.Textbox(
        label=say("write.keywords"), placeholder=say("write.keywords_hint"), max_lines=1, elem_id="couplet-keywords"
    )
    return [line, words]


def read(seed: int | None, count: int, line: str | None, words: str | None) -> CoupletRequest:
    """The wish that these values are."""
    return CoupletRequest(line or "", seed, count, words or "")
