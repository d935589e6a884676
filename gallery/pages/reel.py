"""On the Paint page: the strip of paintings that a film passes, the film as it comes to be, and saving it.

Layout and wiring only (journeys/shoot.py). The strip is a list of drafts' tokens in the session; the film is looked at
where the server gives it to its maker alone, so that no megabytes go through Gradio. A film that is stopped says so
itself, as the last that it says: of Gradio's own way, which tells a page by one line that an event is cancelled and by
another how far it had come, now and then the frame came last.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from threading import Event
from typing import Any

import gradio as gr

from gallery import errors, film
from gallery.journeys import Draft, shoot
from gallery.journeys.create import Waiting, open_draft
from gallery.journeys.shoot import STATIONS, Painted, Shot
from gallery.pages.frame import html
from gallery.pages.making import AT_ONCE, QUIET, SEEN, SHOW_EVERY_S, Bench, Seen, Slot, Studio, slot_of

TAKE_OUT = """
element.addEventListener('click', (event) => {
  const out = event.target.closest('button[data-place]');
  if (out) trigger('select', {place: Number(out.dataset.place)});
});
"""
USUAL_S = 6
Strip = tuple[str, ...]
OVER = gr.Button(interactive=False)  # what becomes of Stop


class Takes:
    """The films that are being made, by the page that looks on, and which of them are to be broken off."""

    def __init__(self) -> None:
        self._cut: dict[str, Event] = {}

    @contextmanager
    def rolling(self, page: str) -> Iterator[Event]:
        """While that page's film is being made: set when it is to be broken off."""
        cut = self._cut[page] = Event()
        try:
            yield cut
        finally:
            self._cut.pop(page, None)

    def stop(self, page: str) -> None:
        """Breaks off that page's film, if one is being made."""
        if cut := self._cut.get(page):
            cut.set()


def build(studio: Studio, bench: Bench) -> None:
    """Lay the strip out and wire it to the drafts that the bench shows."""
    say = studio.frame.say
    low, high = film.SECONDS
    tokens, made, takes = gr.State(()), gr.State(""), Takes()
    with gr.Accordion(say("reel.heading"), open=False, elem_id="reel"):
        html(studio.frame.draw("hint.html", text=say("reel.intro", least=STATIONS[0], most=STATIONS[1])))
        strip = html(_strip(studio, []), elem_id="strip", script=TAKE_OUT)
        with gr.Row(elem_id="reel-acts"):
            add = gr.Button(say("reel.add"), elem_id="reel-add", size="sm")
            seconds = gr.Slider(low, high, value=USUAL_S, step=1, label=say("reel.seconds"), elem_id="reel-seconds")
            go = gr.Button(say("reel.go"), elem_id="reel-go", size="sm")
            stop = gr.Button(say("reel.stop"), elem_id="reel-stop", size="sm", interactive=False)
        status = html(studio.frame.status(), elem_id="reel-status")
        screen = html(_screen(studio), elem_id="screen")
        with gr.Row(elem_id="reel-keep"):
            title = gr.Textbox(label=say("save.title"), placeholder=say("save.title_hint"), max_lines=1)
            signature = gr.Textbox(label=say("save.signature"), placeholder=say("save.signature_hint"))
            keep = gr.Button(say("reel.save"), elem_id="reel-save")
        kept = html(studio.frame.status(), elem_id="reel-kept")
    add.click(
        _add(studio), [bench.seen, tokens], [tokens, strip, status], js=SEEN, trigger_mode="always_last", **AT_ONCE
    )
    strip.select(_take_out(studio), tokens, [tokens, strip, status], **AT_ONCE)
    outputs = [screen, status, made, kept, stop]
    go.click(_shoot(studio, takes), [tokens, seconds], outputs, concurrency_limit=8, **QUIET)
    stop.click(_stop(takes), None, None, **AT_ONCE)
    for act in (keep.click, title.submit, signature.submit):
        act(_save(studio), [made, title, signature], kept, **AT_ONCE)


def _strip(studio: Studio, drafts: list[Draft]) -> str:
    slots: list[Slot] = [
        slot_of(draft.result, name=studio.frame.say("reel.station", number=number), note="")
        for number, draft in enumerate(drafts, 1)
    ]
    return studio.frame.draw("strip.html", slots=slots)


def _screen(studio: Studio, slot: Slot | None = None, done: int = 0, total: int = 0, token: str = "") -> str:
    return studio.frame.draw("screen.html", slot=slot, done=done, total=total, token=token)


def _kept(studio: Studio, tokens: Strip, request: gr.Request) -> tuple[Strip, list[Draft]]:
    """Those of the strip that are still kept."""
    found: list[Draft] = []
    for token in tokens:
        try:
            found.append(open_draft(studio.frame.house, token, studio.frame.visitor(request)))
        except errors.GalleryError:  # too old by now; it leaves the strip, where everybody sees that it has
            continue
    return tuple(draft.token for draft in found), found


def _add(studio: Studio) -> Callable[..., tuple[Any, ...]]:
    def add(text: str, strip: Strip, request: gr.Request) -> tuple[Any, ...]:
        chosen, (least, most) = Seen.read(text).chosen, STATIONS
        try:
            if not chosen:
                raise errors.NothingChosen()
            if len(strip) >= most:
                raise errors.BadFilm(len(strip) + 1, least, most)
            tokens, drafts = _kept(studio, (*strip, chosen), request)
        except errors.GalleryError as error:
            return gr.skip(), gr.skip(), studio.frame.status(studio.frame.error(error), bad=True)
        return tokens, _strip(studio, drafts), studio.frame.status()

    return add


def _take_out(studio: Studio) -> Callable[..., tuple[Any, ...]]:
    def take_out(strip: Strip, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        place = int(event.place)
        tokens, drafts = _kept(studio, strip[:place] + strip[place + 1 :], request)
        return tokens, _strip(studio, drafts), studio.frame.status()

    return take_out


def _shoot(studio: Studio, takes: Takes) -> Callable[..., Iterator[tuple[Any, ...]]]:
    frame = studio.frame

    def act(strip: Strip, seconds: float, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        try:
            news = shoot.shoot(frame.house, strip, int(seconds), frame.visitor(request))
            with closing(news), takes.rolling(str(request.session_hash)) as cut:
                yield gr.skip(), frame.status(frame.say("reel.begun")), "", frame.status(), gr.Button(interactive=True)
                yield from _follow(studio, news, cut)
        except errors.GalleryError as error:
            yield gr.skip(), frame.status(frame.error(error), bad=True), gr.skip(), gr.skip(), OVER

    return act


def _stop(takes: Takes) -> Callable[[gr.Request], None]:
    def stop(request: gr.Request) -> None:
        takes.stop(str(request.session_hash))

    return stop


def _follow(studio: Studio, news: Iterator[Painted | Waiting | Shot], cut: Event) -> Iterator[tuple[Any, ...]]:
    """What is seen of a film that is being made; of one that is broken off, nothing is left on the screen."""
    shown = 0.0
    for item in news:
        if cut.is_set():
            stopped = studio.frame.status(studio.frame.say("reel.stopped"))
            yield _screen(studio), stopped, gr.skip(), gr.skip(), OVER
            return
        if isinstance(item, Painted) and time.monotonic() - shown < SHOW_EVERY_S and item.done < item.total:
            continue
        shown = time.monotonic()
        yield _seen(studio, item)


def _seen(studio: Studio, item: Painted | Waiting | Shot) -> tuple[Any, ...]:
    say, status = studio.frame.say, studio.frame.status
    match item:
        case Waiting(ahead=ahead):
            return gr.skip(), studio.waiting(item) if ahead else gr.skip(), gr.skip(), gr.skip(), gr.skip()
        case Painted(done=done, total=total):
            name = say("reel.painted" if done < total else "reel.cutting", done=done, total=total)
            slot = slot_of(item.frame, name=name, note="")
            return _screen(studio, slot, done, total), gr.skip(), gr.skip(), gr.skip(), gr.skip()
        case Shot(draft=draft):
            return _screen(studio, token=draft.token), status(say("reel.done")), draft.token, gr.skip(), OVER


def _save(studio: Studio) -> Callable[..., str]:
    frame = studio.frame

    def save(token: str, title: str, signature: str, request: gr.Request) -> str:
        if not token:
            return frame.status(frame.say("reel.none"), bad=True)
        try:
            work = shoot.save(frame.house, token, frame.visitor(request), title or "", signature or "")
        except errors.GalleryError as error:
            return frame.status(frame.error(error), bad=True)
        text = frame.say("save.saved", title=work.title, id=work.id)
        return frame.status(text, link=f"/work/{work.id}", label=frame.say("save.open"))

    return save
