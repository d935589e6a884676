"""Bring in: the works of a folder that `take_out` wrote, into this house; what is here already stays as it is.

A work is known by its key, so that bringing in the same folder again, or a folder of this very house, adds nothing.
Nothing of the folder is believed: rows are checked like what visitors type, and pictures are decoded and encoded anew.
Titles, recipes, times, verse, lineage among the works and who wrote which line come along; ratings do not, since votes
are entries of a log that only voters write.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, StringConstraints, model_validator

import db
from db import Hand, How, NewWork, WorkKind
from db.copies import BROUGHT
from gallery import errors
from gallery.images import BadImage, Pixels, decode, encode_png, thumbnail
from gallery.journeys import House, store_errors
from gallery.journeys.create import check_signature, check_title, hang_work, plain_text
from gallery.journeys.inscribe import THUMB_SIDE
from models.recipe import Recipe, RecipeError

MAKER = "brought-in"
LONGEST_LINE = 1 << 20
OnProgress = Callable[[int, int], None]
Text = Annotated[str, StringConstraints(max_length=4000)]


class Row(BaseModel, strict=True, extra="ignore"):
    """A line of the metadata, as far as it is brought in; pydantic refuses what is missing or of another type."""

    key: Annotated[str, StringConstraints(pattern="^[0-9a-f]{32}$")]
    id: int
    file_name: Text
    kind: WorkKind
    title: Text
    signature: Text
    subject: Text
    form: Text
    rhyme: Text
    verse: Text
    created: Text
    recipe: str
    parents: list[Text]
    how: list[How]
    hands: list[Text]
    networks: list[bool]

    @model_validator(mode="after")
    def whole(self) -> Row:
        """A poem or scroll has verse and form, a painting has neither; what goes in pairs is of one length."""
        written = bool(self.form) and all(self.verse.split("\n"))
        bare = not self.form and not self.verse
        paired = len(self.parents) == len(self.how) and len(self.hands) == len(self.networks)
        if not (bare if self.kind == "painting" else written) or not paired:
            raise ValueError("half a work")
        if datetime.fromisoformat(self.created).tzinfo is None:
            raise ValueError("a time of no place")
        return self


@dataclass(frozen=True)
class Brought:
    """How many works were added, and how many were here already."""

    added: int
    known: int


def bring_in(house: House, folder: Path, on_progress: OnProgress = lambda done, total: None) -> Brought:
    """Hangs the works of a folder in the order of their numbers there; raises NotAnExport, StoreTrouble."""
    rows = sorted(_rows(folder), key=lambda row: row.id)
    with store_errors(house.settings.home), house.db.reading() as tx:
        here = db.copies.known(tx, {key for row in rows for key in (row.key, *row.parents)})
    added = 0
    for done, row in enumerate(rows, 1):
        if row.key not in here:
            here[row.key] = _hang(house, folder, row, here)
            added += 1
        on_progress(done, len(rows))
    return Brought(added, known=len(rows) - added)


def _rows(folder: Path) -> Iterator[Row]:
    try:
        with (folder / "metadata.jsonl").open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                yield _row(folder, number, line)
    except (OSError, UnicodeDecodeError) as error:
        raise errors.NotAnExport(str(folder), str(error)) from error


def _row(folder: Path, number: int, line: str) -> Row:
    try:
        return Row.model_validate_json(line[:LONGEST_LINE])
    except ValueError as error:  # pydantic's is of this kind
        raise errors.NotAnExport(str(folder), f"metadata.jsonl:{number}") from error


def _hang(house: House, folder: Path, row: Row, here: Mapping[str, int]) -> int:
    parents = tuple((here[key], how) for key, how in zip(row.parents, row.how, strict=True) if key in here)
    try:
        work = _work(house, folder, row)
        named = zip(row.hands, row.networks, strict=True)
        hands = [Hand(check_signature(name), network) for name, network in named]
    except (RecipeError, BadImage, errors.BadWish, ValueError) as error:
        raise errors.NotAnExport(str(folder), f"{row.file_name[:60]}: {error}") from error
    with store_errors(house.settings.home):
        return hang_work(house, work, parents, hands).id


def _work(house: House, folder: Path, row: Row) -> NewWork:
    """The row of a work; its files are on the disk when it returns."""
    Recipe.from_json(row.recipe)
    work = NewWork(
        row.kind,
        title=check_title(row.title),
        signature=check_signature(row.signature),
        maker=MAKER,
        created_ms=round(datetime.fromisoformat(row.created).timestamp() * 1000),
        recipe=row.recipe,
        draft=BROUGHT + row.key,
    )
    if row.kind != "painting":
        work = replace(work, form=row.form, rhyme=row.rhyme, verse=tuple(map(plain_text, row.verse.split("\n"))))
    return work if row.kind == "poem" else _with_picture(house, work, _read(folder, row.file_name), row.subject)


def _read(folder: Path, name: str) -> Pixels:
    """The pixels of a file of the folder; raises ValueError."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ValueError("it leads out of the folder")
    try:
        return decode(path.read_bytes())
    except OSError as error:
        raise ValueError(error.strerror or str(error)) from error


def _with_picture(house: House, work: NewWork, pixels: Pixels, subject: str) -> NewWork:
    small = thumbnail(pixels, side=THUMB_SIDE) if work.kind == "scroll" else thumbnail(pixels)
    with store_errors(house.settings.home):
        picture, thumb = house.files.put(encode_png(pixels, recipe=work.recipe)), house.files.put(small)
    return replace(work, subject=subject, picture=picture, thumb=thumb, width=pixels.width, height=pixels.height)
