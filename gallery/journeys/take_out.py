"""Take out: the works of a collection, an exhibition or a search as a data set (a Hugging Face `imagefolder`), a table
or a printed catalogue, written as they are read; nothing of it is kept in memory but the catalogue's pages.

What leaves tells all of a work but who made it. Ratings go along as counts. Sources: imagefolder with metadata.jsonl,
https://huggingface.co/docs/datasets/image_dataset; quoting of formulas in CSV, OWASP "CSV Injection".
"""

from __future__ import annotations

import csv
import io
import json
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import IO, Literal

import db
from db.copies import Copy
from gallery import errors
from gallery.images import Pixels, encode_png
from gallery.journeys import House, arrange, find, store_errors, visit
from gallery.journeys.accounts import Curator
from gallery.journeys.find import Wish
from gallery.scroll.leaf import leaf
from models.poem_rnn.forms import set_out

Form = Literal["folder", "csv", "catalogue", "replay"]
FORMS: dict[Form, str] = {"folder": "zip", "csv": "csv", "catalogue": "pdf", "replay": "csv"}
FORMAT = 1
MOST = 20_000  # works that one export takes
LICENCE = (
    "The weights that made the works are under the MIT licence. Titles, signatures, choices and the characters that a "
    "visitor gave are their makers', who stated no licence."
)
OnProgress = Callable[[int, int], None]


def quietly(done: int, total: int) -> None:
    """Progress that nobody watches."""


@dataclass(frozen=True)
class Source:
    """What is taken out: what it is called, and the numbers of its works in order."""

    name: str
    title: str
    works: tuple[int, ...]


def of_collection(house: House, number: object, curator: Curator, language: str) -> Source:
    """Those works of a collection that can be seen; raises NoSuchCollection, StoreTrouble."""
    view = arrange.look(house, number, curator)
    own = view.collection
    titles = (own.title_zh, own.title_en) if language == "zh" else (own.title_en, own.title_zh)
    works = tuple(held.work.id for held in view.works if not held.hidden)
    return Source(f"collection-{own.id}", next(filter(None, titles)), works)


def of_show(house: House, address: str, language: str) -> Source:
    """The works of a version of an exhibition; raises NoSuchShow, StoreTrouble."""
    found = visit.visit(house, address)
    titles = (found.plan.title_zh, found.plan.title_en)
    title = next(filter(None, titles if language == "zh" else titles[::-1]))
    return Source(f"{found.slug}@{found.version}", title, tuple(work.id for work in found.works))


def of_search(house: House, wish: Wish) -> Source:
    """All works that a search finds, in its order; raises BadWish, TooManyWorks, StoreTrouble."""
    numbers: list[int] = []
    page = find.page(house, wish)
    while True:
        numbers += [card.id for card in page.cards]
        if len(numbers) > MOST:
            raise errors.TooManyWorks(MOST)
        if page.next_cursor is None:
            return Source("search", wish.q or wish.kind or "*", tuple(numbers))
        page = find.page(house, replace(wish, cursor=page.next_cursor))


def _copies(house: House, source: Source, on_progress: OnProgress) -> Iterator[Copy]:
    """The works one after the other; one that was hidden meanwhile is left out."""
    if not source.works:
        raise errors.NothingToTakeOut()
    for done, number in enumerate(source.works, 1):
        with store_errors(house.settings.home), house.db.reading() as tx:
            found = db.copies.copy_of(tx, number)
        if found is not None:
            yield found
        on_progress(done, len(source.works))


def write_folder(house: House, source: Source, file: IO[bytes], on_progress: OnProgress = quietly) -> int:
    """Writes a zip that `load_dataset("imagefolder")` opens; returns how many works are in it.

    A poem, which has no picture, is drawn as a leaf; a film's picture is its poster, and its MP4 lies beside. Raises
    NothingToTakeOut, PictureLost, StoreTrouble.
    """
    count = 0
    # Members of a zip follow one another, so what is told of the pictures waits on the disk until all are written.
    with tempfile.TemporaryFile() as lines, zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as folder:
        for copy in _copies(house, source, on_progress):
            name = f"works/{copy.work.id:06d}.png"
            folder.writestr(_member(name, copy), _picture(house, copy))
            row = {"file_name": name, **told(copy), **_write_film(house, folder, copy)}
            lines.write((json.dumps(row, ensure_ascii=False) + "\n").encode())
            count += 1
        lines.seek(0)
        with folder.open(zipfile.ZipInfo("metadata.jsonl", _moment(house.now_ms())), "w", force_zip64=True) as metadata:
            shutil.copyfileobj(lines, metadata)
        folder.writestr(zipfile.ZipInfo("README.md", _moment(house.now_ms())), _card(source, count))
    return count


def _member(name: str, copy: Copy) -> zipfile.ZipInfo:
    return zipfile.ZipInfo(name, _moment(copy.work.created_ms))


def _moment(ms: int) -> tuple[int, int, int, int, int, int]:
    when = datetime.fromtimestamp(ms // 1000, UTC)
    return (when.year, when.month, when.day, when.hour, when.minute, when.second)


def _write_film(house: House, folder: zipfile.ZipFile, copy: Copy) -> dict[str, str]:
    """Puts a film's MP4 among the members; where it lies and its SHA-256, both empty for any other work.

    The column has no name that ends in `file_name`: what imagefolder finds under such a one must be a picture.
    """
    if copy.work.film is None:
        return {"film": "", "film_sha256": ""}
    name = f"films/{copy.work.id:06d}.mp4"
    folder.writestr(_member(name, copy), _read(house, copy.work.film))
    return {"film": name, "film_sha256": copy.work.film}


def _read(house: House, name: str) -> bytes:
    try:
        return house.files.read(name)
    except (OSError, ValueError):
        raise errors.PictureLost(name) from None


def _picture(house: House, copy: Copy) -> bytes:
    if copy.work.picture is not None:
        return _read(house, copy.work.picture)
    drawn = leaf(set_out(copy.work.verse))
    return encode_png(Pixels(drawn.tobytes(), drawn.width, drawn.height), recipe=copy.work.recipe)


def told(copy: Copy) -> dict[str, object]:
    """All that the metadata says of a work; every row has the same fields, of the same types."""
    work, mean = copy.work, copy.tally.stars_sum / copy.tally.votes if copy.tally.votes else None
    plain = {name: getattr(work, name) or "" for name in ("kind", "title", "signature", "subject", "form", "rhyme")}
    return {
        "key": copy.key,
        "id": work.id,
        **plain,
        "verse": "\n".join(work.verse),
        "created": datetime.fromtimestamp(work.created_ms / 1000, UTC).isoformat(timespec="milliseconds"),
        "recipe": work.recipe,
        "votes": copy.tally.votes,
        "mean": mean,
        **{f"stars_{stars}": count for stars, count in enumerate(copy.spread, 1)},
        "duels": copy.duels,
        "parents": [key for key, _ in copy.parents],
        "how": [how for _, how in copy.parents],
        "hands": [hand.name for hand in copy.hands],
        "networks": [hand.network for hand in copy.hands],
        "parts": [hand.part for hand in copy.hands],
        "licence": LICENCE,
    }


def _card(source: Source, count: int) -> str:
    """The data set's own description, with the head that Hugging Face reads."""
    return f"""---
license: other
license_name: stated-in-each-row
pretty_name: {json.dumps(source.title, ensure_ascii=False)}
tags: [image, poetry, gan, rnn, shihua]
configs:
- config_name: default
  data_files: [works/*, metadata.jsonl]
---
# {source.title}

{count} works of a Shihua 诗画 gallery (format {FORMAT}): paintings, scrolls, films by their first frame, poems drawn as
leaves. For each, `metadata.jsonl` holds its recipe (JSON: model, SHA-256 of the weights, seed, inputs, parameters), its
verse, its ratings as counts (`stars_1` to `stars_5`, `duels`), from which works it comes (`parents`, by `key`), and of
a film the name of its MP4 in this folder (`film`).

    datasets.load_dataset("imagefolder", data_dir="<this folder, unpacked>")
    python -m gallery import "<this folder, unpacked>"

{LICENCE}
"""


def write_csv(house: House, source: Source, file: IO[bytes], on_progress: OnProgress = quietly) -> int:
    """Writes the same as a table; returns how many works are in it. Raises NothingToTakeOut, StoreTrouble."""
    count, text = 0, io.TextIOWrapper(file, encoding="utf-8-sig", newline="", write_through=True)
    table = csv.writer(text)
    for copy in _copies(house, source, on_progress):
        row = told(copy)
        if not count:
            table.writerow(row)
        table.writerow([plain_cell(value) for value in row.values()])
        count += 1
    text.detach()
    return count


def plain_cell(value: object) -> object:
    """A value as a spreadsheet may have it: nothing that a maker typed becomes a formula.

    >>> plain_cell("=1+1"), plain_cell(["a", "b"]), plain_cell(3)
    ("'=1+1", 'a b', 3)
    """
    if isinstance(value, Sequence) and not isinstance(value, str):
        return " ".join(map(str, value))
    return f"'{value}" if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
