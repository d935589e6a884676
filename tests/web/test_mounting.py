"""Gradio mounted: one application a language, whatever it makes on the way otherwise."""

from __future__ import annotations

from typing import Any

import gradio.blocks
import pytest
from fastapi import FastAPI
from gradio.routes import App

from gallery.journeys import House
from gallery.texts import LANGUAGES
from gallery.web import build_app, mounting


def test_one_application_is_made_for_each_language(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail with Gradio's own way: seven."""
    made, make = list[App](), App.create_app

    def count(*given: Any, **rest: Any) -> App:
        made.append(make(*given, **rest))
        return made[-1]

    monkeypatch.setattr(App, "create_app", count)
    build_app(house)
    assert len(made) == len(LANGUAGES)


def test_pages_know_the_application_that_is_mounted(house: House) -> None:
    site = FastAPI()
    mounting.mount(site, house, "en")
    found = mounting.mounted(site)
    assert found.get_blocks().app is found


def test_gradio_makes_applications_again_when_pages_cannot_be_laid_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mounting, "build", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        mounting.mount(FastAPI(), house, "en")
    assert gradio.blocks.App is App


def test_a_site_without_gradio_is_refused() -> None:
    app = FastAPI()
    app.mount("/x", FastAPI())
    with pytest.raises(TypeError, match="not Gradio's"):
        mounting.mounted(app)
