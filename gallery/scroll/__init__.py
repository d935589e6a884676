"""The mounter: `compose` makes one hanging work of a painting, a verse and a signature (题画诗), `pdf` prints it.

Everything it draws follows from its arguments, so that a scroll can be made again; `fingerprint` names the fonts and
the way of drawing, as a SHA-256 names a network's weights. It knows nothing of recipes, works or visitors, and reads no
file but its own fonts.
"""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import asdict, dataclass
from datetime import date
from functools import cache

from PIL import Image

from gallery.scroll.calendar import day_of as day_of
from gallery.scroll.calendar import words_of
from gallery.scroll.hands import CHAINS, FOLDER, FONTS, borrowed, left_out
from gallery.scroll.mounts import MOUNTS, SILKS, Work
from gallery.scroll.prints import pdf as pdf
from gallery.scroll.seals import seal_text

LEISURE = "墨缘"  # a seal of nobody's (闲章), for what a visitor leaves unsigned
VERSION = 1  # raised whenever the same arguments would give other pixels
PREVIEW = 0.5
CHOICES: dict[str, tuple[str, ...]] = {
    "mount": tuple(MOUNTS),
    "silk": tuple(SILKS),
    "hand": tuple(CHAINS),
    "cut": ("bai", "zhu"),
}


class OddLayout(ValueError):
    """A layout that there is none of; str(error) names what is allowed."""


@dataclass(frozen=True)
class Layout:
    """How a scroll is mounted, written, sealed, signed and dated (`day`, ISO 8601); raises OddLayout. stamp: what the
    seal says where it is not cut from the signature."""

    day: str
    mount: str = "hanging"
    silk: str = "buff"
    hand: str = "xingkai"
    cut: str = "bai"
    signature: str = ""
    stamp: str = ""

    def __post_init__(self) -> None:
        for name, allowed in CHOICES.items():
            if getattr(self, name) not in allowed:
                raise OddLayout(f"{name} {getattr(self, name)!r}: choose one of {', '.join(allowed)}")
        try:
            date.fromisoformat(self.day)
        except (TypeError, ValueError):
            raise OddLayout(f"day {self.day!r}: give a date such as 2026-11-24") from None

    def choices(self) -> dict[str, str]:
        """All of it by name; the stamp only where there is one, since older recipes have none."""
        return {name: value for name, value in asdict(self).items() if value or name != "stamp"}

    @property
    def words(self) -> str:
        """The line of date and signature.

        >>> Layout("2026-11-24", signature="阿宁").words, Layout("2026-11-24").words
        ('丙午小雪 阿宁题', '丙午小雪题')
        """
        dated = words_of(date.fromisoformat(self.day))
        return f"{dated} {self.signature}题" if self.signature else f"{dated}题"

    @property
    def seal(self) -> str:
        """What the seal says."""
        return self.stamp or seal_text(self.signature)


@dataclass(frozen=True)
class Sheet:
    """8-bit RGB, row by row, top first."""

    data: bytes
    width: int
    height: int


def compose(painting: Sheet, lines: tuple[str, ...], layout: Layout, *, scale: float = 1.0) -> Sheet:
    """The mounted work: a hanging scroll is about 1240 x 2400 pixels at scale 1, the others 2030 to 2400 wide."""
    key = zlib.crc32("\n".join((*lines, layout.words)).encode())
    picture = Image.frombytes("RGB", (painting.width, painting.height), painting.data)
    work = Work(picture, lines, layout.words, layout.seal, layout.hand, layout.cut, SILKS[layout.silk], key)  # type: ignore[arg-type]
    sheet = MOUNTS[layout.mount](work, scale)
    return Sheet(sheet.tobytes(), sheet.width, sheet.height)


@dataclass(frozen=True)
class Gaps:
    """Characters that another font wrote than the chosen hand's, and characters that no font has."""

    borrowed: tuple[str, ...]
    left_out: tuple[str, ...]


def gaps(lines: tuple[str, ...], layout: Layout) -> Gaps:
    """What the chosen hand cannot write of this verse and signature."""
    text = "".join(lines) + layout.words
    return Gaps(borrowed(layout.hand, text), left_out(layout.hand, text))  # type: ignore[arg-type]


@cache
def fingerprint() -> str:
    """SHA-256 of the fonts and of the way of drawing."""
    digest = hashlib.sha256(str(VERSION).encode())
    for name in FONTS:
        digest.update((FOLDER / f"{name}.woff2").read_bytes())
    return digest.hexdigest()
