"""Check: any verse that a visitor pastes, read by the rules of regulated verse, and by either book of rhymes.

Nothing is stored or computed on.
"""

from __future__ import annotations

from gallery import errors
from models.poem_rnn.reading import MOST, NotVerse, Reading, TooLong, read_verse


def read(text: str, rhymes: str | None = None) -> Reading:
    """The reading of a pasted text, by 平水韵 unless another book is named; raises NoVerse or LongVerse."""
    try:
        return read_verse(text, rhymes)
    except TooLong:
        raise errors.LongVerse(len(text), MOST) from None
    except NotVerse:
        raise errors.NoVerse() from None
