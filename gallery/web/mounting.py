"""Gradio mounted in one language, without what it would add of its own.

Whenever a page is laid out, and again when its queue is set up, Gradio makes an application of a hundred addresses
around it, six for a language, and keeps them all; what is mounted is a seventh. The six took a sixth of the time from
start to first page. Here they are not made. Seen in Gradio 6.31: `Blocks.__exit__` and `queue` of `gradio/blocks.py`.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import gradio as gr
import gradio.blocks
from fastapi import FastAPI
from gradio.routes import App
from starlette.routing import Mount

from gallery.journeys import House
from gallery.pages import build
from gallery.pages.theme import head, theme
from gallery.web.letters import forget_events
from gallery.web.sessions import keep_small


def mount(app: FastAPI, house: House, language: str) -> None:
    """Lays the pages of that language out and hangs them into the site."""
    with _only_laid_out():
        pages = build(house, language)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "SSR mode is not supported", UserWarning)  # it was not asked for
        gr.mount_gradio_app(
            app,
            pages,
            path=f"/{language}",
            theme=theme(),
            head=head(),
            footer_links=[],
            run_history=False,
            enable_monitoring=False,
            ssr_mode=False,
            show_error=False,
        )
    pages.app = mounted(app)
    keep_small(pages.app, pages)
    forget_events(pages)


def mounted(app: FastAPI) -> App:
    """What of Gradio's was mounted last; raises TypeError where that is not Gradio's."""
    found = next(route.app for route in reversed(app.routes) if isinstance(route, Mount))
    if not isinstance(found, App):
        raise TypeError("the last that was mounted is not Gradio's")
    return found


class _NoApp:
    @staticmethod
    def create_app(*_: object, **__: object) -> None:
        """Makes none."""


@contextmanager
def _only_laid_out() -> Iterator[None]:
    gradio.blocks.App = _NoApp
    try:
        yield
    finally:
        gradio.blocks.App = App
