"""What a visitor can be told: each error says, through `gallery.texts`, what happened and what to do.

GalleryError
|-- BadWish              the visitor asked for something that cannot be made or kept
|   |-- UnknownSubject   no such subject of a painting
|   |-- UnknownForm      no such form of verse
|   |-- UnknownRhyme     no such rhyme group
|   |-- LineLength, LongAcrostic, LongKeywords, TwoWishes, NotHan, UnknownCharacter
|   |                    characters for a poem that cannot be taken as they are
|   |-- ObliqueRhyme, OffRhyme, OffToneLevel, OffToneOblique
|   |                    characters for a poem that no pattern of the form has room for
|   |-- BadVariety       variety out of range
|   |-- BadSeed          not a whole number from 0 to 2**32 - 1
|   |-- BadCount         not 1 to 8 works at a time
|   |-- EmptyTitle, LongTitle, LongSignature, OddCharacters
|   |-- NoVerse, LongVerse   a text for the checker without a Chinese character, or too long for it
|   |-- BadSlider        a slider or a mutation out of range
|   |-- NothingChosen    an act on the chosen draft when none is chosen
|   |-- NoPartner        an act of two paintings when none is kept aside
|   |-- NotAPainting, NotAPoem    a work of another kind than is needed
|   |-- NothingToInscribe, OddLayout    a scroll without painting or poem, or mounted in no way there is
|   |-- OtherWeights     a work of a network that is no longer here
|   |-- BadStars         not 1 to 5
|   |-- NoCookie         the browser keeps no cookie, so that nothing could be this visitor's
|   +-- BadCursor        a page of the wall that cannot be found again
|-- NotThere             what is asked for is not here, or not this visitor's
|   |-- DraftGone        unknown, forgotten or forged draft
|   |-- NotYourDraft     somebody else's draft
|   |-- NoSuchWork       no work of that number
|   +-- PictureLost      the work is there, its file is not
|-- EngineTrouble        the work could not be made now
|   |-- QueueFull, TooSlow, WorkerDied, ModelUnavailable
|   +-- StillMaking      this visitor's last one is not ready yet
+-- StoreTrouble         the work could not be kept now; the draft stays, so that saving can be tried again
    +-- DiskFull, CannotWrite, DatabaseBusy, DatabaseTooNew, DatabaseBroken, SecretBroken

An error carries values, never sentences: `error.key` names the sentence ("errors.queue_full") and `error.values` fills
it. Errors of the database and of the networks are translated into these by the journeys.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any


class GalleryError(Exception):
    """Anything that a visitor is told; subclasses are dataclasses whose fields fill the sentence."""

    @property
    def key(self) -> str:
        """Where the sentence stands in the texts.

        >>> QueueFull(wait_s=9).key
        'errors.queue_full'
        """
        return "errors." + re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()

    @property
    def values(self) -> dict[str, Any]:
        """What fills the sentence."""
        return dict(vars(self))

    def __str__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.values.items())})"


class BadWish(GalleryError):
    """The visitor asked for something that cannot be made or kept."""


@dataclass(eq=False)
class UnknownSubject(BadWish):
    """No such subject of a painting."""

    subject: object
    allowed: str


@dataclass(eq=False)
class UnknownForm(BadWish):
    """No such form of verse."""

    form: object
    allowed: str


@dataclass(eq=False)
class UnknownRhyme(BadWish):
    """No such rhyme group."""

    rhyme: object


@dataclass(eq=False)
class LineLength(BadWish):
    """A given line is not as long as the form's."""

    line: int
    count: int
    most: int


@dataclass(eq=False)
class LongAcrostic(BadWish):
    """An acrostic has more characters than the form has lines."""

    count: int
    most: int


@dataclass(eq=False)
class LongKeywords(BadWish):
    """More than `most` characters of keywords."""

    count: int
    most: int


@dataclass(eq=False)
class TwoWishes(BadWish):
    """Two characters are wished for at one place."""

    line: int
    column: int
    one: str
    other: str


@dataclass(eq=False)
class NotHan(BadWish):
    """A letter, digit or emoji where a Chinese character is needed."""

    character: str


@dataclass(eq=False)
class UnknownCharacter(BadWish):
    """A character that the network's vocabulary lacks."""

    character: str
    known: int


@dataclass(eq=False)
class ObliqueRhyme(BadWish):
    """An oblique character where the rhyme stands."""

    line: int
    character: str


@dataclass(eq=False)
class OffRhyme(BadWish):
    """A character that does not rhyme with the others, or is not of the group that was asked for."""

    line: int
    character: str
    own: str
    wanted: str


@dataclass(eq=False)
class OffToneLevel(BadWish):
    """A level character where every pattern that is left wants an oblique one."""

    line: int
    column: int
    character: str


@dataclass(eq=False)
class OffToneOblique(BadWish):
    """An oblique character where every pattern that is left wants a level one."""

    line: int
    column: int
    character: str


@dataclass(eq=False)
class BadVariety(BadWish):
    """Variety out of range."""

    variety: object


@dataclass(eq=False)
class BadSeed(BadWish):
    """Not a whole number from 0 to 2**32 - 1."""

    seed: object


@dataclass(eq=False)
class BadCount(BadWish):
    """Not 1 to `most` works at a time."""

    count: object
    most: int


class EmptyTitle(BadWish):
    """A title of nothing but blanks."""


@dataclass(eq=False)
class LongTitle(BadWish):
    """A title of more than `most` characters."""

    length: int
    most: int


@dataclass(eq=False)
class LongSignature(BadWish):
    """A signature of more than `most` characters."""

    length: int
    most: int


@dataclass(eq=False)
class OddCharacters(BadWish):
    """A title or signature with control characters or marks that turn the direction of writing."""

    codepoint: str


class NoVerse(BadWish):
    """A text without a Chinese character was given to the checker."""


@dataclass(eq=False)
class LongVerse(BadWish):
    """A text of more than `most` characters was given to the checker."""

    length: int
    most: int


@dataclass(eq=False)
class BadSlider(BadWish):
    """A slider, or how far children stray, out of range."""

    name: str
    value: object


class NothingChosen(BadWish):
    """An act on the chosen draft when none is chosen."""


class NoPartner(BadWish):
    """An act of two paintings when none is kept aside."""


@dataclass(eq=False)
class NotAPainting(BadWish):
    """Only a painting can be gone on from here."""

    work: int


@dataclass(eq=False)
class NotAPoem(BadWish):
    """Only a poem can be written on a scroll."""

    work: int


class NothingToInscribe(BadWish):
    """A scroll for which no painting or no poem is chosen."""


class OddLayout(BadWish):
    """A mount, silk, hand or seal that there is none of."""


@dataclass(eq=False)
class OtherWeights(BadWish):
    """The network that made the work is no longer here, so nothing can grow from it."""

    work: int


@dataclass(eq=False)
class BadStars(BadWish):
    """Not 1 to 5 whole stars."""

    stars: object


class NoCookie(BadWish):
    """The visitor's browser keeps no cookie for this site, so nobody would know what is theirs."""


class BadCursor(BadWish):
    """A page of the wall that cannot be found again."""


class NotThere(GalleryError):
    """What is asked for is not here, or not this visitor's."""


class DraftGone(NotThere):
    """The draft is unknown, forgotten or its token is forged."""


class NotYourDraft(NotThere):
    """The draft is somebody else's."""


@dataclass(eq=False)
class NoSuchWork(NotThere):
    """No work of that number hangs here."""

    work: object


@dataclass(eq=False)
class PictureLost(NotThere):
    """The work is there, its file is not, or is damaged."""

    sha: str


class EngineTrouble(GalleryError):
    """The work could not be made now."""


@dataclass(eq=False)
class QueueFull(EngineTrouble):
    """Too many works wait already; in `wait_s` seconds there should be room."""

    wait_s: int


@dataclass(eq=False)
class TooSlow(EngineTrouble):
    """The work was not ready within `deadline_s` seconds."""

    deadline_s: int


class WorkerDied(EngineTrouble):
    """The process that holds the network ended; another is being started."""


@dataclass(eq=False)
class ModelUnavailable(EngineTrouble):
    """Weights are missing, or not those their card describes; `reason` is the English sentence for the log."""

    reason: str


class StillMaking(EngineTrouble):
    """What this visitor asked to be made again is not ready yet; one at a time."""


class StoreTrouble(GalleryError):
    """The work could not be kept or read now."""


class DiskFull(StoreTrouble):
    """No room on the disk."""


@dataclass(eq=False)
class CannotWrite(StoreTrouble):
    """The folder or the database cannot be written; `reason` is what the system says."""

    folder: str
    reason: str


class DatabaseBusy(StoreTrouble):
    """Another process holds the database."""


@dataclass(eq=False)
class DatabaseTooNew(StoreTrouble):
    """The database was written by a newer gallery."""

    found: str


@dataclass(eq=False)
class DatabaseBroken(StoreTrouble):
    """The database file cannot be read as one."""

    reason: str


@dataclass(eq=False)
class SecretBroken(StoreTrouble):
    """The file that signs cookies is damaged."""

    path: str
