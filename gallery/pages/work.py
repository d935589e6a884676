"""The page of one work: large, with its maker, rating, recipe and the proof that it can be made again.

Drawn on the server as plain HTML with a little script, since a shared link must say what it shows before anything runs
(Open Graph), and since rating then works without any script at all.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from gallery import errors
from gallery.journeys import browse, credit, curate, mount, onward, tag, trash
from gallery.journeys.browse import Replay, WorkView
from gallery.journeys.compose import COUPLET
from gallery.pages import shows
from gallery.pages.frame import Frame, day
from gallery.pages.wall import called as called_tag
from gallery.scroll import CHOICES, Gaps, gaps
from gallery.texts import load_texts
from gallery.visitors import Visitor
from models.poem_rnn.forms import breaks
from models.poem_rnn.given import BLANK
from models.poem_rnn.gloss import glossed
from models.poem_rnn.sounds import sounded
from models.poem_rnn.wishes import authors
from models.recipe import Poem, Recipe


@dataclass(frozen=True)
class Mounting:
    """A scroll's layout in words, what is written beside the verse, what its hand lacked, and the recipes inside."""

    choices: str
    words: str
    gaps: Gaps
    parts: tuple[Recipe, ...]


def describe(frame: Frame, view: WorkView) -> str:
    """One sentence that stands for the work: alternative text, and the preview of a shared link."""
    work, maker = view.work, view.work.signature or frame.say("wall.untold")
    if work.kind == "painting":
        subject = frame.named(work.subject or "")
        return frame.say("wall.alt_painting", subject=subject, title=work.title, maker=maker)
    if work.kind == "film":
        return frame.say("wall.alt_film", subject=frame.named(work.subject or ""), title=work.title, maker=maker)
    named = {"form": frame.named(work.form or ""), "title": work.title, "maker": maker, "verse": "，".join(work.verse)}
    if work.kind == "scroll":
        return frame.say("wall.alt_scroll", subject=frame.named(work.subject or ""), **named)
    return frame.say("wall.alt_poem", **named)


def called(frame: Frame, name: str) -> str:
    """The name of a value of a recipe in this language, as it stands inside a sentence, or as the recipe calls it."""
    if station := re.fullmatch(r"seed_(\d+)", name):
        return frame.say("compare.seed_of", number=station[1])
    rooms = ("compare", "work", "easel", "scroll", "write")
    found = next(filter(None, (load_texts().word(f"{room}.{name}", frame.language) for room in rooms)), name)
    return found[0].lower() + found[1:]


def value_of(value: object) -> str:
    """A value of a recipe as it is printed: with a minus, where it has one.

    >>> value_of(-0.5), value_of("a-b")
    ('−0.5', 'a-b')
    """
    return re.sub(r"^-(?=\d)", "−", str(value))


def sampled(frame: Frame, recipe: Recipe) -> list[str]:
    """How it was sampled, value by value, or how long a film is."""
    told = {name: f"{called(frame, name)} {value_of(value)}" for name, value in recipe.parameters.items()}
    if "bits" in told:
        told["bits"] = frame.say("work.bits", count=recipe.parameters["bits"])
    if "seconds" in told:
        told["seconds"] = frame.say("rooms.seconds", seconds=recipe.parameters["seconds"])
    return list(told.values())


def _made(frame: Frame, view: WorkView) -> str:
    work, date = view.work, day(view.work.created_ms)
    if work.kind == "painting":
        subject = frame.named(work.subject or "")
        return frame.say("work.made_painting", subject=subject, width=work.width, height=work.height, date=date)
    if work.kind == "scroll":
        mounted = frame.say(f"scroll.mount_{mount.layout_of(view.recipe).mount}")
        return frame.say("work.made_scroll", mount=mounted, form=frame.named(work.form or ""), date=date)
    if work.kind == "film":
        seconds, subject = view.recipe.parameters["seconds"], frame.named(work.subject or "")
        return frame.say("work.made_film", subject=subject, seconds=seconds, width=work.width, date=date)
    if work.form == COUPLET:
        return frame.say("work.made_couplet", form=frame.named(COUPLET), date=date)
    return frame.say("work.made_poem", form=frame.named(work.form or ""), rhyme=work.rhyme, date=date)


def _asked(frame: Frame, view: WorkView) -> list[str]:
    """What the recipe asks for, in words; latents and given characters are told as what they are."""
    inputs = view.recipe.inputs
    if view.work.kind == "film":
        seeds = [str(station.seed) for station in mount.stations_of(view.recipe)]
        return [frame.say("work.stations", count=len(seeds), seeds=" → ".join(seeds))]
    plain, quoted = ("label", "form", "rhymes", "rhyme"), ("keywords", "title")
    words = [frame.named(str(value)) for name, value in inputs.items() if name in plain and value]
    words += [
        frame.say("work.wished", name=called(frame, name), value=inputs[name]) for name in quoted if inputs.get(name)
    ]
    if "cento" in inputs:
        words.append(frame.say("cento.asked"))
    if "manner" in inputs:
        words.append(frame.say("work.manner", poet=inputs["manner"]))
    if "mood" in inputs:
        words.append(frame.say(f"easel.mood_{inputs['mood']}"))
    if "found" in inputs:  # its latents are what was found, and no other painting's
        return [*words, frame.say("work.found")]
    if "parents" in inputs:
        bred = len(inputs["parents"])
        words.append(frame.say("work.bred_of_one" if bred == 1 else "work.bred_of", count=bred))
    return [*words, *([frame.say("work.inked")] if "ink" in inputs else []), *_fixed(frame, inputs)]


def _fixed(frame: Frame, inputs: Mapping[str, Any]) -> list[str]:
    """What a poem's recipe fixes: the opening, and how many characters from whom."""
    told = [frame.say(f"check.kind_{inputs['opening'][0]}")] if "opening" in inputs else []
    for name in ("given", "kept"):
        if fixed := sum(character != BLANK for line in inputs.get(name, ()) for character in line):
            told.append(frame.say(f"work.{name}", count=fixed))
    return [*told, *([frame.say("work.as_written")] if inputs.get("as_written") else [])]


def _mounting(frame: Frame, view: WorkView) -> Mounting | None:
    """How a scroll is mounted, in words; None for any other work."""
    if view.work.kind != "scroll":
        return None
    layout, parts = mount.layout_of(view.recipe), mount.parts_of(view.recipe)
    chosen = [frame.say(f"scroll.{name}_{value}") for name, value in layout.choices().items() if name in CHOICES]
    return Mounting(" · ".join(chosen), layout.words, gaps(view.work.verse, layout), parts)


def _whose(view: WorkView) -> tuple[str, ...]:
    """Who wrote which character of a poem, if visitor and network both wrote some."""
    if view.work.kind != "poem":
        return ()
    whose = authors(view.recipe.inputs)
    return whose if "v" in "".join(whose) else ()


def draw(frame: Frame, work_id: object, visitor: Visitor, origin: str, *, to_desk: bool = False) -> str:
    """The page as HTML; `origin` is scheme and host for links that leave the house; `to_desk` shows the way to what
    curators have to do with it. Raises GalleryError."""
    view = browse.look(frame.house, work_id, visitor)
    given = credit.look(frame.house, work_id)
    return frame.draw(
        "work.html",
        work=view.work,
        title=view.work.title,
        recipe=view.recipe,
        foreign=view.recipe.model.partition("foreign:")[2],
        current=view.current,
        whose=_whose(view),
        hands=given.lines,
        quoted=given.quoted,
        credits=credit.sentences(frame.house, given, frame.language, lines=False),
        stars=view.my_stars,
        opinion=view.opinion,
        hangs_in=shows.hangs_in(frame, view.work.id),
        tags=[called_tag(frame, one) for one in tag.of_work(frame.house, view.work.id)],
        similar=browse.similar(frame.house, view.work),
        lineage=[(side, found) for side, found in (("parents", view.parents), ("children", view.children))],
        onward=onward.ways(frame.house, view),
        asked=_asked(frame, view),
        sampling=sampled(frame, view.recipe),
        painters=sorted({one.model for one in mount.stations_of(view.recipe)}) if view.work.kind == "film" else (),
        mounting=_mounting(frame, view),
        maker=view.work.signature or frame.say("wall.untold"),
        description=describe(frame, view),
        made=_made(frame, view),
        before=browse.side_before(frame.house, view),
        painted=browse.side_smooth(frame.house, view),
        reported=curate.report_of(frame.house, view.work.id, visitor),
        reasons=curate.REPORT_REASONS,
        own=view.work.maker == visitor.id,
        days=trash.DAYS,
        named=frame.named,
        origin=origin,
        to_desk=to_desk,
        page="work",
        here=f"/language/{'en' if frame.language == 'zh' else 'zh'}?next=/work/{view.work.id}",
    )


def draw_sounds(frame: Frame, work_id: object) -> str:
    """A poem with pinyin above its characters, as a part of a page; nothing for a painting. Raises GalleryError."""
    verse = browse.look(frame.house, work_id).work.verse
    return frame.draw("sounded.html", lines=sounded(verse), breaks=breaks(tuple(map(len, verse))))


def draw_meanings(frame: Frame, work_id: object) -> str:
    """A poem word for word in English, as a part of a page; nothing for a painting. Raises GalleryError."""
    verse = browse.look(frame.house, work_id).work.verse
    return frame.draw("glossed.html", lines=glossed(verse), breaks=breaks(tuple(map(len, verse))))


def draw_error(frame: Frame, error: errors.GalleryError) -> str:
    """A page that says one sentence in place of a work: that it is not there, or why something could not be done."""
    heading = "gone_heading" if isinstance(error, errors.NotThere) else "failed_heading"
    return draw_sorry(frame, frame.error(error), frame.say(f"work.{heading}"))


def draw_sorry(frame: Frame, text: str, title: str) -> str:
    """A page that says one sentence and leads back to the wall."""
    other = "en" if frame.language == "zh" else "zh"
    return frame.draw("missing.html", text=text, title=title, page="work", here=f"/language/{other}?next=/{other}/")


def verdict(frame: Frame, replay: Replay) -> str:
    """What "make again" found, in words."""
    kind = "_poem" if isinstance(replay.result, Poem) else ""
    processors = ", ".join(replay.processors) or "—"
    return frame.say(f"work.{replay.verdict}{kind}", difference=replay.difference, processors=processors)
