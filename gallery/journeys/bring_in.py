"""Bring in: the works of a folder that `take_out` wrote, into this house, or pictures of other programs with what these
say of how they were made; what is here already stays as it is.

A work is known by its key, so that bringing in the same folder again, or a folder of this very house, adds nothing.
Nothing of the folder is believed: rows are checked like what visitors type, and pictures are decoded and encoded anew.
Titles, recipes, times, verse, lineage among the works and who wrote which line come along; ratings do not, since votes
are entries of a log that only voters write.

A picture of another program comes with its recipe as provenance (gallery/foreign.py): shown, searched, never run. Its
key is the hash of its file. One whose file says nothing of how it was made is left where it is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, StringConstraints, model_validator

import db
from db import Hand, HandPart, How, NewWork, WorkKind
from db.copies import BROUGHT
from gallery import errors, film, foreign
from gallery.foreign import Foreign
from gallery.images import MAX_BYTES, BadImage, Pixels, decode, encode_png, read_texts, thumbnail
from gallery.journeys import House, mount, store_errors
from gallery.journeys.create import check_signature, check_title, hang_work, plain_text
from gallery.journeys.inscribe import THUMB_SIDE
from gallery.journeys.vet import vet
from models.recipe import SEED_LIMIT, Recipe, RecipeError

MAKER = "brought-in"
FOREIGN = "foreign"  # the subject of what other programs have painted
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
    film: Text = ""  # where an MP4 lies; none where they were written before films travelled
    film_sha256: Annotated[str, StringConstraints(pattern="^([0-9a-f]{64})?$")] = ""
    parents: list[Text]
    how: list[How]
    hands: list[Text]
    networks: list[bool]
    parts: list[HandPart] = []  # none where they were written before 0015: all are lines

    @model_validator(mode="after")
    def whole(self) -> Row:
        """A poem or scroll has verse and form, others have neither; what goes in pairs is of one length."""
        written = bool(self.form) and all(self.verse.split("\n"))
        bare = not self.form and not self.verse
        paired = len(self.parents) == len(self.how) and len(self.hands) == len(self.networks)
        paired = paired and len(self.parts) in (0, len(self.hands))
        paired = paired and bool(self.film) == bool(self.film_sha256) and (self.kind == "film" or not self.film)
        if not (bare if self.kind in ("painting", "film") else written) or not paired:
            raise ValueError("half a work")
        if datetime.fromisoformat(self.created).tzinfo is None:
            raise ValueError("a time of no place")
        return self


@dataclass(frozen=True)
class Brought:
    """How many works were added, how many were here already, and which files were left: films, of which older exports
    have the poster alone, and pictures that say nothing of how they were made."""

    added: int
    known: int
    left: tuple[str, ...] = ()


def bring_in(house: House, folder: Path, on_progress: OnProgress = lambda done, total: None) -> Brought:
    """Hangs the works of a folder in the order of their numbers there, or of their names where it is a folder of
    another program's pictures; raises NotUnpacked, NothingToBringIn, NotAnExport, StoreTrouble."""
    if not folder.is_dir():
        raise errors.NotUnpacked(str(folder))
    if not (folder / "metadata.jsonl").exists():
        if pictures := sorted(folder.glob("*.png")):
            return _bring_in_pictures(house, pictures, on_progress)
        raise errors.NothingToBringIn(str(folder))
    rows = sorted(_rows(folder), key=lambda row: row.id)
    with store_errors(house.settings.home), house.db.reading() as tx:
        here = db.copies.known(tx, {key for row in rows for key in (row.key, *row.parents)})
    added, left = 0, list[str]()
    for done, row in enumerate(rows, 1):
        if row.key not in here and row.kind == "film" and not row.film:
            left.append(row.file_name)  # an older export has its poster alone
        elif row.key not in here:
            here[row.key] = _hang(house, folder, row, here)
            added += 1
        on_progress(done, len(rows))
    return Brought(added, len(rows) - added - len(left), tuple(left))


def _bring_in_pictures(house: House, pictures: list[Path], on_progress: OnProgress) -> Brought:
    added, known, left = 0, 0, list[str]()
    for done, path in enumerate(pictures, 1):
        content = _content(path)
        key = hashlib.sha256(content).hexdigest()[:32]
        with store_errors(house.settings.home), house.db.reading() as tx:
            here = db.works.find_by_draft(tx, BROUGHT + key) is not None
        work = None if here else _foreign_work(house, path, content, key)
        if work is not None:
            with store_errors(house.settings.home):
                hang_work(house, work, ())
        added, known = added + (work is not None), known + here
        left += [] if here or work else [path.name]
        on_progress(done, len(pictures))
    return Brought(added, known, tuple(left))


def _content(path: Path) -> bytes:
    """A file, as far as a picture may be long; empty where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(MAX_BYTES + 1)
    except OSError:
        return b""


def _foreign_work(house: House, path: Path, content: bytes, key: str) -> NewWork | None:
    """A picture of another program as a painting; None where it is damaged or says nothing."""
    try:
        told = foreign.read(read_texts(content, foreign.CHUNKS))
        pixels = decode(content)
    except BadImage:
        return None
    if told is None:
        return None
    recipe = foreign_recipe(told)
    title = _foreign_title(told.prompt) or _foreign_title(path.stem) or told.program
    work = NewWork(
        "painting",
        title=title,
        signature="",
        maker=MAKER,
        created_ms=house.now_ms(),
        recipe=recipe.to_json(),
        draft=BROUGHT + key,
    )
    return _with_picture(house, work, pixels, FOREIGN)


def foreign_recipe(told: Foreign) -> Recipe:
    """What a file says, where a recipe stands; no network here has such a name, so that it is never made again."""
    seed = int(told.seed) % SEED_LIMIT if re.fullmatch("[0-9]{1,20}", told.seed) else 0
    version = {told.program: told.version} if told.version else {}
    values = {name: value for name, value in told.told().items() if name not in ("program", "version")}
    return Recipe(f"{FOREIGN}:{told.program}", told.hash, seed, {"label": FOREIGN}, values, version)


def _foreign_title(text: str) -> str:
    """The beginning of a text, up to a comma or the end of a word, as a title may be long; empty if it has none."""
    try:
        return check_title(re.split(r"[,;.\n]", text.strip())[0][:60].strip())
    except errors.BadWish:
        return ""


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
        parts: list[HandPart] = row.parts or ["line"] * len(row.hands)
        named = zip(row.hands, row.networks, parts, strict=True)
        hands = [Hand(check_signature(name), network, part) for name, network, part in named]
    except (RecipeError, BadImage, errors.BadWish, ValueError) as error:
        raise errors.NotAnExport(str(folder), f"{row.file_name[:60]}: {error}") from error
    with store_errors(house.settings.home):
        return hang_work(house, work, parents, hands).id


def _work(house: House, folder: Path, row: Row) -> NewWork:
    """The row of a work; its files are on the disk when it returns."""
    recipe = vet(house, row.kind, row.recipe)
    if row.kind in ("poem", "scroll") and row.form != mount.parts_of(recipe)[-1].inputs["form"]:
        raise ValueError(f"the recipe is not one of {row.form}")
    work = NewWork(
        row.kind,
        title=check_title(row.title),
        signature=check_signature(row.signature),
        maker=MAKER,
        created_ms=round(datetime.fromisoformat(row.created).timestamp() * 1000),
        recipe=row.recipe,
        draft=BROUGHT + row.key,
    )
    if row.kind in ("poem", "scroll"):
        work = replace(work, form=row.form, rhyme=row.rhyme, verse=tuple(map(plain_text, row.verse.split("\n"))))
    if row.kind == "poem":
        return work
    pixels = decode(_read(folder, row.file_name, MAX_BYTES))
    if row.kind == "film":
        work = _with_film(house, work, pixels, _film_bytes(folder, row))
    return _with_picture(house, work, pixels, row.subject)


def _read(folder: Path, name: str, most: int) -> bytes:
    """A file of the folder, as far as one byte more than the most it may have; raises ValueError."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()):
        raise ValueError("it leads out of the folder")
    try:
        with path.open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise ValueError(error.strerror or str(error)) from error


def _film_bytes(folder: Path, row: Row) -> bytes:
    """An MP4, which unlike a PNG has no checksum of its own to tell damage by; raises ValueError."""
    mp4 = _read(folder, row.film, film.MAX_BYTES)
    if hashlib.sha256(mp4).hexdigest() != row.film_sha256:
        raise film.BadFilm(f"{row.film[:60]} is damaged: it is not the file of that SHA-256")
    return mp4


def _with_film(house: House, work: NewWork, poster: Pixels, mp4: bytes) -> NewWork:
    cut = film.received(mp4, poster.width, poster.height, mount.painted_frames(Recipe.from_json(work.recipe)))
    with store_errors(house.settings.home):
        return replace(work, film=house.files.put(cut.mp4), loop=house.files.put(cut.webp))


def _with_picture(house: House, work: NewWork, pixels: Pixels, subject: str) -> NewWork:
    small = thumbnail(pixels, side=THUMB_SIDE) if work.kind == "scroll" else thumbnail(pixels)
    with store_errors(house.settings.home):
        picture, thumb = house.files.put(encode_png(pixels, recipe=work.recipe)), house.files.put(small)
    return replace(work, subject=subject, picture=picture, thumb=thumb, width=pixels.width, height=pixels.height)
