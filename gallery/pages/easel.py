"""The easel on the Paint page: steer the chosen painting, breed it, mix it, see it in moods, and go back and on again.

Layout and wiring only; what each act means is journeys/descend.py. An act names drafts by the signed tokens that the
grid shows, so the session holds nothing but the trail and the partner's token.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import gradio as gr
from gradio.events import Dependency

from gallery import errors
from gallery.journeys import Draft, descend
from gallery.journeys.create import News, find_draft, own_draft
from gallery.journeys.descend import CHILDREN
from gallery.pages import sketch
from gallery.pages.frame import html
from gallery.pages.making import AT_ONCE, QUIET, SEEN, Bench, Seen, Studio
from gallery.pages.trail import Step, Trail
from gallery.visitors import Visitor
from models.painting_gan.moods import MOODS
from models.painting_gan.wishes import STEERING, directions, offered

WALK = """
element.addEventListener('click', (event) => {
  const step = event.target.closest('button[data-step]');
  if (step) trigger('select', {step: Number(step.dataset.step)});
});
"""


@dataclass(frozen=True)
class Easel:
    """The tools of one Paint page; `sliders` are the names of the generator's directions."""

    studio: Studio
    sliders: tuple[str, ...]

    def picture(self, draft: Draft | None) -> str:
        """The chosen painting, large."""
        slot = self.studio.slot(0, draft) if draft else None
        mood = draft.recipe.inputs.get("mood", "") if draft else ""
        return self.studio.frame.draw("easel.html", slot=slot, mood=mood)

    def path(self, trail: Trail) -> str:
        """The trail as a row of buttons."""
        return self.studio.frame.draw("trail.html", steps=trail.steps, at=trail.at)

    def partner(self, draft: Draft | None) -> str:
        """The painting kept aside, small."""
        return self.studio.frame.draw("partner.html", slot=self.studio.slot(0, draft) if draft else None)

    def find(self, token: str, visitor: Visitor) -> Draft:
        """The visitor's draft of that token; raises DraftGone or NotYourDraft."""
        return find_draft(self.studio.frame.house, own_draft(self.studio.frame.house, token, visitor))

    def places(self, draft: Draft | None, there: tuple[float, ...] = ()) -> list[Any]:
        """Where the sliders stand for this draft; those that its painter does not keep to are put out of sight.

        A slider that stands `there` already is not moved: a hand may have begun to move it meanwhile.
        """
        known = descend.sliders_of(draft.recipe) if draft else {}
        kept = offered(self.studio.frame.house.painter_of(draft.recipe)) if draft else self.sliders
        updates = []
        for number, name in enumerate(self.sliders):
            place = known.get(name, 0.0)
            moved = {} if there[number : number + 1] == (place,) else {"value": place}
            updates.append(gr.update(visible=True if name in kept else "hidden", **moved))
        return updates

    def show(self, trail: Trail, visitor: Visitor, text: str = "") -> tuple[Any, ...]:
        """(grid, status, trail, path, picture, *sliders) of the step that the trail is at; raises as `find` does."""
        here = trail.here
        drafts = [self.find(token, visitor) for token in here.tokens] if here else []
        chosen = next((draft for draft in drafts if here and draft.token == here.chosen), None)
        slots = [self.studio.slot(index, draft) for index, draft in enumerate(drafts)]
        grid = self.studio.grid(list(slots), chosen=chosen.token if chosen else "")
        status = self.studio.frame.status(text)
        return grid, status, trail, self.path(trail), self.picture(chosen), *self.places(chosen)

    def sorry(self, error: errors.GalleryError) -> tuple[Any, ...]:
        """The same outputs, unchanged but for a sentence."""
        status = self.studio.frame.status(self.studio.frame.error(error), bad=True)
        return gr.skip(), status, *[gr.skip()] * (3 + len(self.sliders))

    def swap(self, seen: Seen, trail: Trail, draft: Draft, how: str) -> Trail:
        """The trail with this draft in the place of the chosen one; a slider still being moved is one step."""
        tokens = tuple(draft.token if token == seen.chosen else token for token in seen.tokens)
        step = Step(how, tokens, draft.token)
        here = trail.here
        again = here is not None and here.how == how == "steered" and here.chosen == seen.chosen
        return trail.amend(step) if again else trail.add(step)


def build(studio: Studio, bench: Bench, subject: gr.Radio, blocks: gr.Blocks) -> None:
    """Lay the tools out under the drafts and wire them; `?from=N` in the address begins with work N."""
    say = studio.frame.say
    easel = Easel(studio, directions(studio.frame.house.card("painting")))
    trail, partner = gr.State(Trail()), gr.State("")
    ask, found = sketch.build(studio, bench, subject)
    ask.click(studio.frame.status, None, bench.kept, **AT_ONCE)
    path = html(easel.path(Trail()), elem_id="trail", script=WALK)
    with gr.Accordion(say("easel.heading"), open=False, elem_id="easel") as fold:
        with gr.Row(elem_id="steer"):
            picture = html(easel.picture(None), elem_id="picture")
            with gr.Column(elem_id="sliders"):
                sliders = [_slider(studio, name) for name in easel.sliders]
        with gr.Row(elem_id="breeding"):
            stray = gr.Slider(
                0.0, 1.0, value=0.35, step=0.05, label=say("easel.mutation"), info=say("easel.mutation_hint")
            )
            mate = html(easel.partner(None), elem_id="mate")
        with gr.Row(elem_id="acts"):
            names = ("breed", "moods", "keep_aside", "bridge", "mix")
            buttons = {name: gr.Button(say(f"easel.{name}"), elem_id=f"act-{name}", size="sm") for name in names}
        html(studio.frame.draw("moods.html", moods=list(MOODS)))
    view = [bench.grid, bench.status, trail, path, picture, *sliders]
    _wire_choice(easel, bench, trail, view)
    _wire_arrival(easel, bench, found, "found", trail, view)
    _wire_steering(easel, bench, trail, sliders, view)
    _wire_broods(easel, bench, trail, partner, stray, buttons, view)
    _wire_partner(easel, bench, trail, partner, buttons, mate, view)
    path.select(_walk(easel), trail, view, **AT_ONCE)
    announced = blocks.load(_announce(easel), None, [fold, bench.status], **AT_ONCE)
    announced.then(_begin(easel), None, view, **AT_ONCE)


def _slider(studio: Studio, name: str) -> gr.Slider:
    say = studio.frame.say
    return gr.Slider(
        -STEERING,
        STEERING,
        value=0.0,
        step=0.1,
        label=say(f"easel.{name}"),
        info=say(f"easel.{name}_hint"),
        elem_id=f"slider-{name}",
        buttons=["reset"],
    )


def _told(easel: Easel, act: Callable[[], tuple[Any, ...]]) -> tuple[Any, ...]:
    try:
        return act()
    except errors.GalleryError as error:
        return easel.sorry(error)


def _wire_choice(easel: Easel, bench: Bench, trail: gr.State, view: list[Any]) -> None:
    """New drafts begin another step; choosing among them moves picture and sliders."""

    def choose(way: Trail, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        def act() -> tuple[Any, ...]:
            draft = easel.find(str(event.token), easel.studio.frame.visitor(request))
            here = way.here
            moved = way.amend(replace(here, chosen=draft.token)) if here and draft.token in here.tokens else way
            return gr.skip(), gr.skip(), moved, gr.skip(), easel.picture(draft), *easel.places(draft)

        return _told(easel, act)

    for event in (bench.made, bench.back):
        _wire_arrival(easel, bench, event, "painted", trail, view)
    bench.grid.select(choose, trail, view, **AT_ONCE)


def _wire_arrival(easel: Easel, bench: Bench, made: Dependency, how: str, trail: gr.State, view: list[Any]) -> None:
    """Drafts that have come are a step of the trail, and what is seen large is the one chosen among them."""

    def arrive(request: gr.Request, text: str, way: Trail, *places: float) -> tuple[Any, ...]:
        return _told(easel, lambda: _arrived(easel, Seen.read(text), way, how, request, places))

    made.then(arrive, [bench.seen, trail, *view[5:]], view, js=SEEN, **AT_ONCE)


def _arrived(
    easel: Easel, seen: Seen, way: Trail, how: str, request: gr.Request, places: tuple[float, ...]
) -> tuple[Any, ...]:
    """The view after drafts have come; the same as before when none did."""
    if not seen.tokens or (way.here and way.here.tokens == seen.tokens):
        return (gr.skip(),) * (5 + len(easel.sliders))
    on = way.add(Step(how, seen.tokens, seen.chosen))
    draft = easel.find(seen.chosen, easel.studio.frame.visitor(request)) if seen.chosen else None
    return gr.skip(), gr.skip(), on, easel.path(on), easel.picture(draft), *easel.places(draft, places)


def _wire_steering(easel: Easel, bench: Bench, trail: gr.State, sliders: list[gr.Slider], view: list[Any]) -> None:
    """A slider that moves paints the chosen draft anew; only its last place counts when it moves fast."""

    def steer(request: gr.Request, text: str, way: Trail, *places: float) -> tuple[Any, ...]:
        def act() -> tuple[Any, ...]:
            seen, visitor = Seen.read(text), easel.studio.frame.visitor(request)
            if not seen.chosen:
                raise errors.NothingChosen()
            wanted = dict(zip(easel.sliders, map(float, places), strict=True))
            draft = descend.steer(easel.studio.frame.house, seen.chosen, wanted, visitor)
            shown = easel.show(
                easel.swap(seen, way, draft, "steered"), visitor, easel.studio.frame.say("easel.steered")
            )
            return *shown[:5], *[gr.skip()] * len(sliders)  # the hand is still on the slider

        return _told(easel, act)

    for slider in sliders:
        inputs = [bench.seen, trail, *sliders]
        slider.input(steer, inputs, view, js=SEEN, trigger_mode="always_last", **AT_ONCE)


def _wire_broods(
    easel: Easel,
    bench: Bench,
    trail: gr.State,
    partner: gr.State,
    stray: gr.Slider,
    buttons: dict[str, gr.Button],
    view: list[Any],
) -> None:
    """The acts that give a new generation of eight."""
    house = easel.studio.frame.house
    broods: dict[str, Callable[[Seen, str, float, Visitor], Iterator[News]]] = {
        "breed": lambda seen, other, far, who: descend.breed(
            house, seen.chosen, other or None, descend.Brood(mutation=far), who
        ),
        "moods": lambda seen, other, far, who: descend.in_moods(house, seen.chosen, who),
        "bridge": lambda seen, other, far, who: descend.bridge(house, seen.chosen, other, who),
    }
    for name, begin in broods.items():
        made = buttons[name].click(
            _brood(easel, name, begin),
            [bench.seen, partner, stray],
            [bench.grid, bench.status],
            js=SEEN,
            concurrency_limit=16,
            **QUIET,
        )
        _wire_arrival(easel, bench, made, name, trail, view)


def _brood(
    easel: Easel, name: str, begin: Callable[[Seen, str, float, Visitor], Iterator[News]]
) -> Callable[..., Iterator[tuple[Any, Any]]]:
    studio = easel.studio

    def act(text: str, other: str, far: float, request: gr.Request) -> Iterator[tuple[Any, Any]]:
        seen = Seen.read(text)
        try:
            if not seen.chosen:
                raise errors.NothingChosen()
            mate = "" if other == seen.chosen else other
            if name == "bridge" and not mate:
                raise errors.NoPartner()
            news = begin(seen, mate, float(far), studio.frame.visitor(request))
            yield from studio.watch(CHILDREN, news, done_key=f"{name}_done")
        except errors.GalleryError as error:
            yield gr.skip(), studio.frame.status(studio.frame.error(error), bad=True)

    return act


def _wire_partner(
    easel: Easel,
    bench: Bench,
    trail: gr.State,
    partner: gr.State,
    buttons: dict[str, gr.Button],
    mate: gr.HTML,
    view: list[Any],
) -> None:
    """Keeping one aside, and painting another in its ink."""

    def keep_aside(text: str, other: str, request: gr.Request) -> tuple[Any, Any, str]:
        chosen = Seen.read(text).chosen
        try:
            if not chosen:
                raise errors.NothingChosen()
            draft = None if chosen == other else easel.find(chosen, easel.studio.frame.visitor(request))
        except errors.GalleryError as error:
            return gr.skip(), gr.skip(), easel.studio.frame.status(easel.studio.frame.error(error), bad=True)
        return draft.token if draft else "", easel.partner(draft), easel.studio.frame.status()

    def mix(text: str, other: str, way: Trail, request: gr.Request) -> tuple[Any, ...]:
        def act() -> tuple[Any, ...]:
            seen, visitor = Seen.read(text), easel.studio.frame.visitor(request)
            if not seen.chosen:
                raise errors.NothingChosen()
            if other in ("", seen.chosen):
                raise errors.NoPartner()
            draft = descend.mix(easel.studio.frame.house, seen.chosen, other, visitor)
            text_ = easel.studio.frame.say("easel.mixed")
            return easel.show(easel.swap(seen, way, draft, "mix"), visitor, text_)

        return _told(easel, act)

    buttons["keep_aside"].click(keep_aside, [bench.seen, partner], [partner, mate, bench.status], js=SEEN, **AT_ONCE)
    buttons["mix"].click(mix, [bench.seen, partner, trail], view, js=SEEN, **AT_ONCE)


def _announce(easel: Easel) -> Callable[..., tuple[Any, Any]]:
    def announce(request: gr.Request) -> tuple[Any, Any]:
        if "from" not in request.query_params:
            return gr.skip(), gr.skip()
        return gr.Accordion(open=True), easel.studio.frame.status(easel.studio.frame.say("easel.fetching"))

    return announce


def _begin(easel: Easel) -> Callable[..., tuple[Any, ...]]:
    def begin(request: gr.Request) -> tuple[Any, ...]:
        number = dict(request.query_params).get("from")
        if number is None:
            return (gr.skip(),) * (5 + len(easel.sliders))

        def act() -> tuple[Any, ...]:
            visitor = easel.studio.frame.visitor(request)
            draft = descend.go_on(easel.studio.frame.house, number, visitor)
            trail = Trail().add(Step("begun", (draft.token,), draft.token))
            return easel.show(trail, visitor, easel.studio.frame.say("easel.begun", work=number))

        return _told(easel, act)

    return begin


def _walk(easel: Easel) -> Callable[..., tuple[Any, ...]]:
    def walk(way: Trail, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        return _told(easel, lambda: easel.show(way.go(int(event.step)), easel.studio.frame.visitor(request)))

    return walk
