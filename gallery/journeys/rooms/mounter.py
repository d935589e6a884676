"""The house's part in an exquisite scroll: six paintings to choose from, a step that nobody does, the reveal, the wall.

Whatever the house does, it does as a player would, from its own seat and the last step of the seat before: the painter
takes one of the six by chance, the poet writes on what it sees in the painting (kindred.py), the mounter takes a silk
that goes with the line. Recipes are made here from those of their parents, never from what a browser says.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from typing import Any

from db import Hand, HandPart, WorkRecord
from gallery import errors
from gallery.images import Pixels, thumbnail
from gallery.journeys import House, Parents, cook, inscribe, kindred, mount, outcome
from gallery.journeys.create import SIGNATURE_LENGTH, PaintRequest, check_title, recipes_of
from gallery.journeys.descend import child_of, in_mood, painting_of
from gallery.journeys.inscribe import THUMB_SIDE, Label, Part
from gallery.journeys.rooms import poet
from gallery.journeys.rooms.brood import CHILDREN
from gallery.journeys.rooms.exquisite import CHOSEN, HOUSE, ROUNDS, Exquisite
from gallery.journeys.rooms.painter import MUTATION, as_picture, paint, recipe_of
from gallery.journeys.rooms.state import Room
from gallery.scroll import CHOICES, PREVIEW, Layout, day_of
from gallery.visitors import Visitor
from models.painting_gan import wishes as painting_wishes
from models.recipe import SEED_LIMIT, Picture, Poem, Recipe

MOODS = 3  # of the six that are laid before the painter
_chance = secrets.SystemRandom()


def first(house: House, subject: str, work_id: object | None) -> tuple[str, list[str]]:
    """Subject and first six: by chance, or that work and its children.

    Raises UnknownSubject, NoSuchWork, NotAPainting, OtherWeights, StoreTrouble.
    """
    if work_id is None:
        return subject, _told(recipes_of(house, PaintRequest(subject, count=CHILDREN)))
    recipe = painting_of(house, work_id)[1]
    return str(recipe.inputs["label"]), _told(_around(house, recipe))


def others(house: House, game: Exquisite) -> list[str]:
    """Six others in place of those that lie before the painter."""
    if game.picks:
        return _told(_around(house, recipe_of(game, game.picks[-1].piece)))
    return first(house, game.subject, game.work)[1]


def next_six(house: House, game: Exquisite, child: int) -> list[str]:
    """What is laid before the painter once this child of the six is chosen: nothing after the last round."""
    if len(game.picks) == ROUNDS - 1:
        return []
    return _told(_around(house, recipe_of(game, (len(game.deals) - 1, child))))


def _around(house: House, recipe: Recipe) -> list[Recipe]:
    """A painting as it is, in moods that its painter keeps to, and children of it."""
    moods = list(painting_wishes.moods(house.painter_of(recipe)))
    chosen = _chance.sample(moods, min(MOODS, len(moods)))
    seed = secrets.randbelow(SEED_LIMIT - CHILDREN)
    strays = [child_of(house, [recipe], seed + n, 0.0, MUTATION) for n in range(CHILDREN - 1 - len(chosen))]
    return [recipe, *(in_mood(house, recipe, mood) for mood in chosen), *strays]


def _told(recipes: Iterable[Recipe]) -> list[str]:
    return [recipe.to_json() for recipe in recipes]


def options(game: Exquisite) -> Sequence[str]:
    """What the mounter may choose from in this round."""
    return CHOICES[CHOSEN[len(game.choices)]] if len(game.choices) < ROUNDS else ()


async def do_step(house: House, game: Exquisite) -> tuple[str, dict[str, Any]]:
    """The step at hand as the house does it, as an event; raises EngineTrouble."""
    match game.at_hand:
        case "painter":
            child = secrets.randbelow(CHILDREN)
            return "painted", {"child": child, "by": HOUSE, "recipes": next_six(house, game, child)}
        case "poet":
            seen = await look(house, game)
            words = " ".join(kindred.keywords_for(Pixels(seen.pixels, seen.width, seen.height)))
            return "wrote", await poet.write(house, game.verse, keywords=words)
        case "mounter":
            return "mounted", {"value": _suiting(game), "by": HOUSE}
    raise errors.NotBegun()


def _suiting(game: Exquisite) -> str:
    """A silk that goes with the last line; all else by chance."""
    if CHOSEN[len(game.choices)] == "silk":
        return silk_for(game.lines[-1].text)
    return _chance.choice(options(game))


def silk_for(line: str) -> str:
    """The silk that the words of a line ask for: plum for warm, celadon for cold, indigo for dark, else buff.

    >>> silk_for("红霞映江水"), silk_for("独钓寒江雪"), silk_for("月落乌啼夜"), silk_for("人在何处")
    ('plum', 'celadon', 'indigo', 'buff')
    """
    asked = kindred.sliders_for([line], ("warm", "light"))
    warm, light = asked.get("warm", 0.0), asked.get("light", 0.0)
    if abs(warm) >= abs(light) and warm:
        return "plum" if warm > 0 else "celadon"
    return "indigo" if light < 0 else "buff"


async def reveal(house: House, room: Room, game: Exquisite) -> dict[str, Any]:
    """The verse read through by the network, and the layout with day and signature, as the body of an event; raises
    EngineTrouble."""
    chosen = {name: choice.value for name, choice in zip(CHOSEN, game.choices, strict=True)}
    layout = Layout(day_of(house.clock()).isoformat(), signature=signature(room, game), **chosen)
    return {**await poet.finish(house, game.verse), "layout": layout.choices()}


def signature(room: Room, game: Exquisite) -> str:
    """The names of those who did a step, as many as fit a signature."""
    names = list(dict.fromkeys(room.named(by) for by in game.hands if by != HOUSE))
    while len("、".join(names)) > SIGNATURE_LENGTH:
        names.pop()
    return "、".join(names)


def _givers(game: Exquisite) -> list[tuple[HandPart, int]]:
    """Who gave what, in the order in which hands are written down: lines, painting, mount."""
    lines: list[tuple[HandPart, int]] = [("line", line.by) for line in game.lines]
    rest: list[tuple[HandPart, int]] = [("painting", one.by) for one in game.picks]
    return [*lines, *dict.fromkeys([*rest, *(("mount", one.by) for one in game.choices)])]


def layout_of(game: Exquisite) -> Layout:
    """How the scroll is mounted; raises NotFinished before the reveal."""
    if game.reveal is None:
        raise errors.NotFinished()
    return Layout(**game.reveal["layout"])


def _poem(game: Exquisite) -> Poem:
    assert game.reveal is not None  # noqa: S101 (`layout_of` has looked)
    lines = tuple(line.text for line in game.lines)
    return Poem(game.form, lines, game.reveal["rhyme"], game.reveal["logprob"])


async def look(house: House, game: Exquisite) -> Picture:
    """The painting that was chosen last, which in the end is the scroll's; raises EngineTrouble."""
    return await paint(house, game, game.picks[-1].piece)


def view(house: House, game: Exquisite, painting: Picture) -> bytes:
    """The scroll, half as large as it hangs, as a WebP; raises NotFinished, QueueFull."""
    layout = layout_of(game)
    made = mount.mounted(house, painting, _poem(game).lines, layout, scale=PREVIEW)
    return thumbnail(Pixels(made.pixels, made.width, made.height), side=max(made.width, made.height, THUMB_SIDE))


def hang(house: House, room: Room, game: Exquisite, visitor: Visitor, title: str) -> WorkRecord:
    """Hangs the scroll, once, with who gave what and the work it comes from; raises NotFinished and what
    `inscribe.hang` raises."""
    title, layout = check_title(title), layout_of(game)
    recipe = recipe_of(game, game.picks[-1].piece)
    parents: Parents = () if game.work is None else ((game.work, "bred"),)
    painting = Part("", "", recipe, parents, as_picture(outcome(house, cook(house, recipe))))
    poem = Part("", "", Recipe.from_json((game.reveal or {})["recipe"]), (), _poem(game))
    house_name = house.texts.say("rooms.poet", house.settings.language)
    hands = tuple(Hand(room.named(by) or house_name, by == HOUSE, part) for part, by in _givers(game))
    return inscribe.hang_as(house, painting, poem, layout, Label(f"room-{room.code}", title, visitor, hands))
