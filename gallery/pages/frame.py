"""What all pages share: the frame around them, and words in the visitor's language put safely into HTML.

HTML is drawn by Jinja templates with autoescaping always on; whatever a visitor typed reaches a page through them or
through Gradio's escaping components only. No logic of the product is here: pages ask the journeys.
Source: https://jinja.palletsprojects.com/en/stable/api/#autoescaping
"""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import gradio as gr
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from latex2mathml.converter import convert
from markupsafe import Markup, escape

from gallery import errors
from gallery.journeys import House, say, visitor_of
from gallery.scroll.seals import seal_text
from gallery.texts import load_texts
from gallery.visitors import COOKIE, Visitor
from models.poem_rnn.forms import longest, on_sheet

TEMPLATES = Path(__file__).parent / "templates"
STATIC = Path(__file__).parent.parent / "static"
PAGES = ("wall", "paint", "write", "scroll", "rooms", "duel", "shows", "about")


@cache
def environment() -> Environment:
    """The templates, escaping everything, and refusing blanks that nobody fills."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["day"] = day
    made.filters["dates"] = dates
    made.filters["seal"] = seal
    made.filters["math"] = formula
    made.filters["on_sheet"] = on_sheet
    made.filters["longest"] = longest
    return made


def day(ms: int) -> str:
    """The date (UTC) of a time in milliseconds.

    >>> day(0)
    '1970-01-01'
    """
    return datetime.fromtimestamp(ms / 1000, UTC).strftime("%Y-%m-%d")


def dates(text: str) -> Markup:
    """The text, escaped, with its dates in a mark of their own that never breaks at the end of a line.

    >>> str(dates("七绝 & 词 · 2026-11-27"))
    '七绝 &amp; 词 · <span class="date">2026-11-27</span>'
    """
    return Markup(re.sub(r"\d{4}-\d{2}-\d{2}", r'<span class="date">\g<0></span>', str(escape(text))))  # noqa: S704


@cache
def formula(latex: str) -> Markup:
    """A formula of ours, as MathML, which every browser sets by itself. Never for what a visitor typed."""
    return Markup(convert(latex, display="block"))  # noqa: S704 (the templates' own words)


def seal(signature: str) -> str:
    """What the seal of a signature says, as on a scroll, in its columns from the right.

    >>> seal("阿宁"), seal("阿宁居士"), seal("Li Wei")
    ('阿宁', '阿宁\\n居士', 'LI\\nWE')
    """
    text = seal_text(signature)
    return text if len(text) <= 2 else f"{text[:2]}\n{text[2:]}"


@cache
def static(name: str) -> str:
    """The address of a file of ours, which changes when the file does, so that browsers may keep it for ever."""
    return f"/static/{name}?{hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]}"


def html(value: str, *, elem_id: str | None = None, script: str = "", render: bool = True) -> gr.HTML:
    """HTML that a template of ours has drawn, without Gradio's own styles and click handler."""
    return gr.HTML(value, elem_id=elem_id, js_on_load=script, apply_default_css=False, render=render)


@dataclass(frozen=True)
class Frame:
    """A house seen in one language: pages draw and speak through it."""

    house: House
    language: str

    def say(self, key: str, **values: object) -> str:
        """A sentence of the house in this language."""
        return load_texts().say(key, self.language, **values)

    def error(self, error: errors.GalleryError) -> str:
        """What went wrong, in this language."""
        return say(error, self.language)

    def draw(self, template: str, **values: Any) -> str:
        """A template filled in; `t` says sentences, `language` and `other` name languages."""
        other = "en" if self.language == "zh" else "zh"
        known = {"t": self.say, "language": self.language, "other": other, "pages": PAGES, "static": static}
        return environment().get_template(template).render(known | values)

    def either(self, zh: str, en: str) -> str:
        """What curators wrote in this language, or in the other where they did not; nothing where in neither."""
        both = (zh, en) if self.language == "zh" else (en, zh)
        return next(filter(None, both), "")

    def named(self, name: str) -> str:
        """A subject or form by its name in this language, or as it is if it has none."""
        return self.say(f"kind.{name}") if load_texts().has(f"kind.{name}") else name

    def short(self, name: str) -> str:
        """The same in a word or two, where a caption has no room for more."""
        return self.say(f"short.{name}") if load_texts().has(f"short.{name}") else self.named(name)

    def viewer(self, request: gr.Request) -> Visitor:
        """Who looks, by the signed cookie; a new visitor for every request of a browser that keeps none."""
        return visitor_of(self.house, request.cookies.get(COOKIE))[0]

    def visitor(self, request: gr.Request) -> Visitor:
        """Who makes or keeps something, by the signed cookie; raises NoCookie, since it could not be theirs later."""
        visitor, known = visitor_of(self.house, request.cookies.get(COOKIE))
        if not known:
            raise errors.NoCookie()
        return replace(visitor, near=self.house.limits.near(request.client.host if request.client else ""))

    def header(self, page: str) -> None:
        """The mast of a Gradio page; Gradio's own navigation is put away."""
        gr.Navbar(visible=False)
        html(self.draw("header.html", page=page, here=None), elem_id="mast")

    def footer(self) -> None:
        """The last line of a Gradio page."""
        html(self.draw("footer.html"), elem_id="colophon")

    def status(self, text: str = "", *, bad: bool = False, link: str = "", label: str = "") -> str:
        """One line that says how it stands, read aloud by screen readers when it changes."""
        return self.draw("status.html", text=text, bad=bad, link=link, label=label)


def data_url(picture: bytes, mime: str = "image/webp") -> str:
    """A small picture inside the page itself: drafts have no address of their own."""
    return f"data:{mime};base64," + base64.b64encode(picture).decode()
