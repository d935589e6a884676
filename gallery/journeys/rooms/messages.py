"""What a screen may say to its room: one JSON object, versioned, every field checked, nothing unknown taken.

`id` is the screen's own name for the act: sent again, after a line that broke, it happens once. `room` guards against a
tab that was left open elsewhere. What a message means is acts.py's.
"""

from __future__ import annotations

import json
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from gallery import errors

VERSION = 1
MOST = 2000  # characters of a message


class Act(BaseModel):
    """What every message has."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)
    v: Literal[1]
    room: str
    id: str = Field(pattern=r"^[0-9A-Za-z-]{8,40}$")


class Join(Act):
    """Take a seat under a name; again: come back to it, perhaps under another."""

    do: Literal["join"]
    name: str


class Leave(Act):
    """Give the seat up."""

    do: Literal["leave"]


class Say(Act):
    """A line of talk."""

    do: Literal["say"]
    text: str


class Mute(Act):
    """The owner silences a member, or everybody (0), or lets them speak again."""

    do: Literal["mute"]
    member: int
    on: bool


class End(Act):
    """The owner closes the room."""

    do: Literal["end"]


class Start(Act):
    """The first turn begins."""

    do: Literal["start"]


class Write(Act):
    """A line of verse for that turn (from 0)."""

    do: Literal["write"]
    turn: int
    text: str
    as_written: bool = False


class Call(Act):
    """The poet is to write the line of that turn."""

    do: Literal["call"]
    turn: int


class Vote(Act):
    """For a child (from 0) of that generation (from 0), in place of an earlier vote."""

    do: Literal["vote"]
    generation: int
    child: int


class Breed(Act):
    """The owner ends the vote of that generation."""

    do: Literal["breed"]
    generation: int


class Sit(Act):
    """Take that seat of an exquisite scroll instead, before it begins."""

    do: Literal["sit"]
    seat: Literal["painter", "poet", "mounter"]


class Deal(Act):
    """Lay six other paintings before the painter of that step."""

    do: Literal["deal"]
    turn: int


class Pick(Act):
    """The painter of that step takes that one of the six."""

    do: Literal["pick"]
    turn: int
    child: int


class Choose(Act):
    """The mounter of that step chooses that silk, mount, hand or seal."""

    do: Literal["choose"]
    turn: int
    value: str


class Film(Act):
    """Make the film of a breeding room that has ended; it happens on all screens, and only once at a time."""

    do: Literal["film"]


class Check(Act):
    """What the rules say of a line that is being typed; nothing happens in the room."""

    do: Literal["check"]
    text: str


Scrolling = Sit | Deal | Pick | Choose
Action = Join | Leave | Say | Mute | End | Start | Write | Call | Vote | Breed | Scrolling | Film | Check
_ACTIONS: TypeAdapter[Action] = TypeAdapter(Annotated[Action, Field(discriminator="do")])


def read(text: str, *, room: str) -> Action:
    """The act that a message asks for; raises LongMessage, BadMessage, OldMessage or OtherRoom."""
    if len(text) > MOST:
        raise errors.LongMessage(MOST)
    try:
        given = json.loads(text)
        if isinstance(given, dict) and given.get("v", VERSION) != VERSION:
            raise errors.OldMessage()
        action = _ACTIONS.validate_python(given)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise errors.BadMessage(".".join(map(str, first["loc"])) or "do") from None
    except (ValueError, RecursionError):
        raise errors.BadMessage("JSON") from None
    if action.room != room:
        raise errors.OtherRoom()
    return action


def id_of(text: str) -> str:
    """The id of a message that could not be read otherwise, so that its screen knows which one was refused.

    >>> id_of('{"id": "12345678", "do": "dance"}'), id_of("{")
    ('12345678', '')
    """
    try:
        given = json.loads(text[:MOST])
    except (ValueError, RecursionError):
        return ""
    found = given.get("id") if isinstance(given, dict) else ""
    return found if isinstance(found, str) and len(found) <= 40 else ""
