"""The page of one work: large, with its maker, rating, recipe and the proof that it can be made again.

Drawn on the server as plain HTML with a little script, since a shared link must say what it shows before anything runs
(Open Graph), and since rating then works without any script at all.
"""

from __future__ import annotations

from gallery import errors
from gallery.journeys import browse
from gallery.journeys.browse import Replay, WorkView
from gallery.pages.frame import Frame, day
from gallery.visitors import Visitor
from models.recipe import Poem


def describe(frame: Frame, view: WorkView) -> str:
    """One sentence that stands for the work: alternative text, and the preview of a shared link."""
    work, maker = view.work, view.work.signature or frame.say("wall.untold")
    if work.kind == "painting":
        subject = frame.named(work.subject or "")
        return frame.say("wall.alt_painting", subject=subject, title=work.title, maker=maker)
    verse = "，".join(work.verse)
    return frame.say("wall.alt_poem", form=frame.named(work.form or ""), title=work.title, maker=maker, verse=verse)


def _made(frame: Frame, view: WorkView) -> str:
    work, date = view.work, day(view.work.created_ms)
    if work.kind == "painting":
        subject = frame.named(work.subject or "")
        return frame.say("work.made_painting", subject=subject, width=work.width, height=work.height, date=date)
    return frame.say("work.made_poem", form=frame.named(work.form or ""), rhyme=work.rhyme, date=date)


def _asked(frame: Frame, view: WorkView) -> list[str]:
    """What the recipe asks for, in words; latents are told as what they are."""
    inputs = view.recipe.inputs
    words = [frame.named(str(value)) for name, value in inputs.items() if name in ("label", "form", "rhyme") and value]
    if "mood" in inputs:
        words.append(frame.say(f"easel.mood_{inputs['mood']}"))
    if "parents" in inputs:
        words.append(frame.say("work.bred_of", count=len(inputs["parents"])))
    return [*words, *([frame.say("work.inked")] if "ink" in inputs else [])]


def draw(frame: Frame, work_id: object, visitor: Visitor, origin: str) -> str:
    """The page as HTML; `origin` is scheme and host for links that leave the house. Raises GalleryError."""
    view = browse.look(frame.house, work_id, visitor)
    return frame.draw(
        "work.html",
        work=view.work,
        title=view.work.title,
        recipe=view.recipe,
        current=view.current,
        stars=view.my_stars,
        opinion=view.opinion,
        lineage=[(side, found) for side, found in (("parents", view.parents), ("children", view.children))],
        asked=_asked(frame, view),
        maker=view.work.signature or frame.say("wall.untold"),
        description=describe(frame, view),
        made=_made(frame, view),
        named=frame.named,
        origin=origin,
        page="work",
        here=f"/language/{'en' if frame.language == 'zh' else 'zh'}?next=/work/{view.work.id}",
    )


def draw_error(frame: Frame, error: errors.GalleryError) -> str:
    """A page that says one sentence in place of a work."""
    return draw_sorry(frame, frame.error(error), frame.say("work.gone_heading"))


def draw_sorry(frame: Frame, text: str, title: str) -> str:
    """A page that says one sentence and leads back to the wall."""
    other = "en" if frame.language == "zh" else "zh"
    return frame.draw("missing.html", text=text, title=title, page="work", here=f"/language/{other}?next=/{other}/")


def verdict(frame: Frame, replay: Replay) -> str:
    """What "make again" found, in words."""
    kind = "_poem" if isinstance(replay.result, Poem) else ""
    processors = ", ".join(replay.processors) or "—"
    return frame.say(f"work.{replay.verdict}{kind}", difference=replay.difference, processors=processors)
