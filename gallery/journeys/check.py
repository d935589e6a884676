"""Check: any verse that a visitor pastes, read by the rules of regulated verse. Nothing is stored or computed on."""

from __future__ import annotations

from gallery import errors
from models.poem_rnn.reading import MOST, NotVerse, Reading, TooLong, read_verse


def read(text: str) -> Reading:
    """The reading of a pasted text; raises NoVerse or LongVerse."""
    try:
        return read_verse(text)
    except TooLong:
        raise errors.LongVerse(len(text), MOST) from None
    except NotVerse:
        raise errors.NoVerse() from None
