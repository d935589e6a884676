"""Alike: which paintings look like a painting, by traits that are computed from the picture and by no network.

A picture is seen at 48 x 48 in CIELAB. Its traits are where light and dark lie (6 x 6 means of lightness), its colours
(3 x 3 means of a* and b*), how busy it is where (3 x 3 mean steps of lightness from pixel to pixel, across and down),
and how its lightness is spread (shares of six steps), each in spreads from the usual, as signed bytes. How far two are
apart is the root mean square of the differences.

Among a million works the nearest are found by an LSH forest: in each of TREES trees a work has a code, whose bits say
on which side of as many random planes it lies; works whose codes begin alike stand together in one ordered index, so
that the neighbours there, however many works there are, are the candidates that are compared. Of the six nearest some
nine in ten are found among 5,000; of 100,000 some are missed, and those found instead are 2 % further away.

Sources: M. Bawa, T. Condie, P. Ganesan, "LSH Forest", WWW 2005; D. Achlioptas, "Database-friendly random projections",
JCSS 2003 (planes of +1 and -1); A. Oliva, A. Torralba, "Modeling the shape of the scene", IJCV 2001 (layout).
"""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image

import db
from db import Tx, WorkRecord
from gallery import errors
from gallery.files import Files
from gallery.images import Pixels, decode, placeholder
from gallery.journeys import House, open_store, store_errors
from gallery.journeys.kindred import lab
from gallery.settings import Settings

SIDE = 48
TREES, BITS = 12, 30
BESIDE = 96  # works on either side of a code that are compared
MOST = 6
FAR = 0.8  # beyond this two paintings have nothing in common that one would see
STEP = 32  # of a trait, to a spread
BATCH, PAUSE_S = 20, 0.2
# What is usual of our paintings, and how far most of them are from it: lightness, a*, b*, steps of lightness, shares.
USUAL: Mapping[str, tuple[float, float]] = {
    "light": (58.0, 20.0),
    "a": (4.0, 6.0),
    "b": (14.0, 10.0),
    "steps": (6.0, 4.0),
    "shares": (1 / 6, 0.2),
}
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Seen:
    """What is kept of a picture: traits, codes in the trees, and a placeholder (thumbhash)."""

    traits: bytes
    codes: tuple[int, ...]
    placeholder: bytes


def see(pixels: Pixels) -> Seen:
    """What is kept of these pixels."""
    traits = traits_of(pixels)
    return Seen(traits.tobytes(), codes_of(traits), placeholder(pixels))


def traits_of(pixels: Pixels) -> NDArray[np.int8]:
    """The traits of a picture (78,), STEP to a spread."""
    whole = Image.frombytes("RGB", (pixels.width, pixels.height), pixels.data)
    small = np.asarray(whole.resize((SIDE, SIDE), Image.Resampling.BOX), dtype=np.float64) / 255
    light, a, b = lab(small)
    across, down = (np.abs(np.diff(light, axis=axis, append=np.take(light, [-1], axis))) for axis in (1, 0))
    shares = np.histogram(light, bins=6, range=(0, 100.0001))[0] / light.size
    parts = [
        _spread("light", _means(light, 6)),
        *(_spread(name, _means(channel, 3)) for name, channel in (("a", a), ("b", b))),
        *(_spread("steps", _means(steps, 3)) for steps in (across, down)),
        _spread("shares", shares),
    ]
    return np.clip(np.round(STEP * np.concatenate(parts)), -127, 127).astype(np.int8)


def _means(channel: NDArray[np.float64], cells: int) -> NDArray[np.float64]:
    """(SIDE, SIDE) -> means of cells x cells, row by row."""
    size = SIDE // cells
    means: NDArray[np.float64] = channel.reshape(cells, size, cells, size).mean(axis=(1, 3)).ravel()
    return means


def _spread(name: str, values: NDArray[np.float64]) -> NDArray[np.float64]:
    usual, spread = USUAL[name]
    return (values - usual) / spread


def codes_of(traits: NDArray[np.int8]) -> tuple[int, ...]:
    """The codes of a picture, one for each tree, which stands in its first bits."""
    sides = (_planes(len(traits)) @ traits.astype(np.int64) > 0).reshape(TREES, BITS)
    bits = [int("".join("1" if side else "0" for side in row), 2) for row in sides]
    return tuple((tree << BITS) + code for tree, code in enumerate(bits))


@cache
def _planes(length: int) -> NDArray[np.int64]:
    """TREES x BITS planes of +1 and -1, the same for ever, since codes are kept."""
    count = TREES * BITS * length
    drawn = np.frombuffer(hashlib.shake_256(b"shihua alike 1").digest(-(-count // 8)), dtype=np.uint8)
    return np.unpackbits(drawn)[:count].reshape(TREES * BITS, length).astype(np.int64) * 2 - 1


def apart(one: bytes, others: list[bytes]) -> NDArray[np.float64]:
    """How far each of the others is from the one, in spreads."""
    own = np.frombuffer(one, dtype=np.int8).astype(np.float64)
    rest = np.frombuffer(b"".join(others), dtype=np.int8).reshape(len(others), len(own)).astype(np.float64)
    distances: NDArray[np.float64] = np.sqrt(((rest - own) ** 2).mean(axis=1)) / STEP
    return distances


def like(house: House, work: WorkRecord) -> tuple[WorkRecord, ...]:
    """The paintings and films that look most like this one, the nearest first; none where nothing is near.

    Raises StoreTrouble.
    """
    if work.kind not in ("painting", "film"):
        return ()
    with store_errors(house.settings.home), house.db.reading() as tx:
        kept = db.looks.traits_of(tx, work.id)
        if kept is None:
            return ()
        return tuple(db.works.find_all(tx, nearest(tx, work.id, kept)))


def nearest(tx: Tx, number: int, traits: bytes) -> list[int]:
    """The numbers of the works nearest to these traits, among those that the trees put forward."""
    codes = codes_of(np.frombuffer(traits, dtype=np.int8))
    found = db.looks.beside(tx, codes, BITS, most=BESIDE, but=number)
    if not found:
        return []
    distances = apart(traits, list(found.values()))
    ranked = sorted(zip(distances, found, strict=True), key=lambda one: (one[0], -one[1]))
    return [work for distance, work in ranked[:MOST] if distance <= FAR]


def look(files: Files, thumb: str | None) -> Seen | None:
    """What is kept of the picture of that thumbnail; None where there is none, or it is damaged. Raises OSError."""
    if thumb is None:
        return None
    try:
        return see(decode(files.read(thumb)))
    except ValueError as error:  # BadImage is of this kind
        _log.warning("%s cannot be looked at: %s", thumb, error)
        return None


def _look_again(files: Files, thumb: str) -> Seen | None:
    try:
        return look(files, thumb)
    except OSError as error:
        _log.warning("%s cannot be read: %s", thumb, error)
        return None


def keep(tx: Tx, number: int, kind: str, seen: Seen | None) -> None:
    """Keeps what a work looks like; scrolls have a placeholder only, since one sees their mounting first."""
    if seen is not None:
        codes = seen.codes if kind in ("painting", "film") else ()
        db.looks.keep(tx, number, traits=seen.traits, placeholder=seen.placeholder, codes=codes)


def catch_up(settings: Settings, stop: threading.Event, pause_s: float = PAUSE_S) -> None:
    """Looks at the pictures of works that came before there were looks, a few at a time, until `stop` or the end."""
    try:
        files, database = open_store(settings)
    except errors.GalleryError as error:
        _log.warning("pictures could not be looked at: %s", error)
        return
    last = 0
    try:
        while not stop.is_set():
            with database.reading() as tx:
                waiting = db.looks.without(tx, after=last, limit=BATCH)
            if not waiting:
                return
            last = waiting[-1][0]
            seen = [(number, kind, _look_again(files, thumb)) for number, kind, thumb in waiting]
            with database.writing() as tx:
                for one in seen:
                    keep(tx, *one)
            stop.wait(pause_s)
    except db.DbError as error:
        _log.warning("pictures could not be looked at: %s", error)
    finally:
        database.close()
