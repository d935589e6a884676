"""On the Paint page: from a picture of the visitor's own, drawn or chosen, to the painting that is most like it.

The picture is reduced in the browser; what comes here is a small copy inside the request that asks, so that no upload
is taken and Gradio has nothing to keep. What it leads to is a draft in the grid like any other.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import gradio as gr

from gallery import errors
from gallery.images import Pixels, encode_sketch
from gallery.journeys import resemble
from gallery.journeys.create import Finished, Waiting
from gallery.journeys.resemble import Closer
from gallery.pages.frame import data_url, html
from gallery.pages.making import QUIET, Bench, Studio
from models.recipe import Picture

SCRIPT = (Path(__file__).parent.parent / "static" / "sketch.js").read_text(encoding="utf-8")
MOST_TEXT = 512 * 2**10  # characters; a sheet of 256 x 256 as JPEG has about 30,000
# The sheet, as the first input of the act.
SHEET = "(sheet, subject) => [document.querySelector('#own-sheet').toDataURL('image/jpeg', 0.92), subject]"


def build(studio: Studio, bench: Bench, subject: gr.Radio) -> tuple[gr.Button, Any]:
    """Lay the sheet out; the button that asks, and what happens when a painting has been found.

    `subject` says whose painting it is to be.
    """
    say = studio.frame.say
    with gr.Accordion(say("sketch.heading"), open=False, elem_id="sketch"):
        html(studio.frame.draw("hint.html", text=say("sketch.intro")))
        with gr.Row(elem_id="sketching"):
            html(studio.frame.draw("sketch.html"), script=SCRIPT)
            found = html(_found(studio, None, 0), elem_id="found")
        go = gr.Button(say("sketch.go"), elem_id="sketch-go", size="sm")
        status = html(studio.frame.status(), elem_id="sketch-status")
    own = gr.Textbox(visible=False)
    made = go.click(_look(studio), [own, subject], [found, bench.grid, status], js=SHEET, concurrency_limit=16, **QUIET)
    return go, made


def read_sheet(text: str | None) -> bytes:
    """The bytes of a picture that a page sent as a data URL; raises NotAPicture.

    >>> read_sheet("data:image/png;base64,AAEC")
    b'\\x00\\x01\\x02'
    """
    head, _, body = (text or "").partition(";base64,")
    if not head.startswith("data:image/") or len(body) > MOST_TEXT:
        raise errors.NotAPicture()
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise errors.NotAPicture() from None


def _found(studio: Studio, picture: Picture | None, percent: int) -> str:
    shown = None
    if picture is not None:
        shown = data_url(encode_sketch(Pixels(picture.pixels, picture.width, picture.height)))
    return studio.frame.draw("found.html", picture=shown, percent=percent)


def _look(studio: Studio) -> Callable[..., Iterator[tuple[Any, ...]]]:
    frame = studio.frame

    def look(text: str, subject: str, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        try:
            news = resemble.resemble(frame.house, read_sheet(text), subject, frame.visitor(request))
            yield gr.skip(), gr.skip(), frame.status(frame.say("sketch.working", percent=0))
            for item in news:
                yield from _show(studio, item)
        except errors.GalleryError as error:
            yield gr.skip(), gr.skip(), frame.status(frame.error(error), bad=True)

    return look


def _show(studio: Studio, item: Any) -> Iterator[tuple[Any, ...]]:
    say, status = studio.frame.say, studio.frame.status
    match item:
        case Closer(done=done, so_far=picture):
            percent = min(99, round(100 * done))
            yield _found(studio, picture, percent), gr.skip(), status(say("sketch.working", percent=percent))
        case Waiting():
            yield gr.skip(), gr.skip(), studio.waiting(item)
        case Finished(draft=draft) if isinstance(draft.result, Picture):
            slot = replace(studio.slot(0, draft), note=say("sketch.ours"))
            grid = studio.grid([slot], chosen=draft.token)
            yield _found(studio, draft.result, 100), grid, status(say("sketch.done"))
