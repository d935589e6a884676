"""The checker, folded at the foot of the Write page: paste verse, see its tones, rhymes and faults. It only draws."""

from __future__ import annotations

from dataclasses import dataclass

import gradio as gr

from gallery import errors
from gallery.journeys import check
from gallery.pages.frame import Frame, html
from models.poem_rnn.judging import Finding
from models.poem_rnn.modern import BOOKS
from models.poem_rnn.reading import Reading


@dataclass(frozen=True)
class Told:
    """A finding in words. place: which line, which characters; says: what of it."""

    place: str
    says: str


def panel(frame: Frame) -> None:
    """Lay the folded section out."""
    say = frame.say
    with gr.Accordion(say("check.heading"), open=False, elem_id="check"):
        html(frame.draw("aside.html", text=say("check.intro")))
        text = gr.Textbox(
            label=say("check.paste"), placeholder=say("check.paste_hint"), lines=4, max_lines=12, elem_id="paste"
        )
        rhymes = books(frame, elem_id="check-book")
        go = gr.Button(say("check.go"), elem_id="look")
        found = html("", elem_id="reading")
    go.click(
        lambda pasted, book: draw(frame, pasted, book),
        [text, rhymes],
        found,
        show_progress="hidden",
        api_visibility="private",
    )


def books(frame: Frame, elem_id: str) -> gr.Radio:
    """Which book of rhymes and tones."""
    choices = [(frame.named(name), name) for name in BOOKS]
    return gr.Radio(choices, value=BOOKS[0], label=frame.say("check.book"), elem_id=elem_id)


def draw(frame: Frame, text: str | None, rhymes: str | None = None) -> str:
    """The reading as HTML, or why there is none."""
    try:
        reading = check.read(text or "", rhymes)
    except errors.GalleryError as error:
        return frame.status(frame.error(error), bad=True)
    return frame.draw(
        "reading.html",
        reading=reading,
        title=_title(frame, reading),
        faults=[tell(frame, finding) for finding in reading.faults],
        freedoms=[tell(frame, finding) for finding in reading.freedoms],
        wrong={(finding.line, column) for finding in reading.faults for column in finding.columns},
    )


def _title(frame: Frame, reading: Reading) -> str:
    form = frame.named(reading.form) if reading.form else frame.say("check.no_form")
    if reading.rhyme:
        return frame.say("check.form", form=form, rhyme=reading.rhyme)
    return frame.say("check.form_only", form=form)


def tell(frame: Frame, finding: Finding) -> Told:
    """A finding of the checker in words."""
    says = frame.say(f"check.rule_{finding.rule.replace(' ', '_')}")
    return Told(frame.say("check.place", line=finding.line, what=finding.what), says)
