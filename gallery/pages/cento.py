"""Centos, on the Write page: the form, the rhyme group, keywords; the lines are those of poets of old. It only asks."""

from __future__ import annotations

from typing import Any

import gradio as gr

from gallery.journeys.compose import CENTO_FORMS, CentoRequest
from gallery.pages.frame import Frame
from models.poem_rnn.prosody import rhyme_book


def lay_out(frame: Frame) -> list[Any]:
    """What is asked of a cento: form, rhyme group, keywords."""
    say = frame.say
    form = gr.Radio([(frame.named(name), name) for name in CENTO_FORMS], value=CENTO_FORMS[1], label=say("write.form"))
    groups = [(say("write.rhyme_any"), ""), *((name, name) for name in rhyme_book().level)]
    rhyme = gr.Dropdown(groups, value="", label=say("write.rhyme"))
    words = gr.Textbox(
        label=say("write.keywords"), placeholder=say("write.keywords_hint"), max_lines=1, elem_id="cento-keywords"
    )
    return [form, rhyme, words]


def read(seed: int | None, count: int, form: str, rhyme: str | None, words: str | None) -> CentoRequest:
    """The wish that these values are."""
    return CentoRequest(form, seed, count, rhyme or None, words or "")
