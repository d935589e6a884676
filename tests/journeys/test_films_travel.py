"""Films travel: their MP4 leaves with the rest, comes back the same, and nothing damaged or forged comes in."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image

import db
from db import WorkRecord
from gallery import errors, film
from gallery.journeys import Draft, House, bring_in, browse, create, doctor, find, open_house, shoot, take_out
from gallery.settings import Settings
from tests.conftest import ALICE
from tests.fakes import PAINTER, POET, SIDE, FakeClock, FakeEngine, finish

Row = dict[str, Any]


@pytest.fixture
def hung(house: House, painted: Callable[..., Draft]) -> WorkRecord:
    """A film of two seconds, and a painting that is none."""
    *_, last = shoot.shoot(house, [painted(1).token, painted(2).token], 2, ALICE)
    assert isinstance(last, shoot.Shot)
    return shoot.save(house, last.draft.token, ALICE, "云起", "某")


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[House]:
    """Another house, empty."""
    settings = Settings.make({"home": tmp_path / "elsewhere", "language": "en"})
    other = open_house(settings, FakeEngine(), cards=(PAINTER, POET), clock=FakeClock())
    yield other
    other.close()


@pytest.fixture
def folder(house: House, hung: WorkRecord, tmp_path: Path) -> Path:
    """The film's house as a data set, unpacked."""
    file = io.BytesIO()
    take_out.write_folder(house, take_out.of_search(house, find.Wish()), file)
    zipfile.ZipFile(file).extractall(tmp_path / "set")
    return tmp_path / "set"


def row_of(folder: Path) -> Row:
    (row,) = (json.loads(line) for line in (folder / "metadata.jsonl").read_text("utf-8").splitlines())
    return dict(row)


def test_the_mp4_lies_beside_its_poster_and_the_row_names_it(house: House, hung: WorkRecord, folder: Path) -> None:
    row = row_of(folder)
    assert (row["file_name"], row["film"]) == (f"works/{hung.id:06d}.png", f"films/{hung.id:06d}.mp4")
    content = (folder / row["film"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == row["film_sha256"] == hung.film
    with av.open(io.BytesIO(content), "r") as container:
        assert len(list(container.decode(video=0))) == 2 * film.RATE


def test_a_film_comes_back_the_same_and_twice_adds_nothing(hung: WorkRecord, folder: Path, elsewhere: House) -> None:
    assert bring_in.bring_in(elsewhere, folder) == bring_in.Brought(1, 0)
    assert bring_in.bring_in(elsewhere, folder) == bring_in.Brought(0, 1)
    with elsewhere.db.reading() as tx:
        again = db.works.find(tx, 1)
    assert again is not None
    assert (again.kind, again.title, again.film, again.picture) == ("film", "云起", hung.film, hung.picture)
    assert doctor.examine(elsewhere).findings == ()
    assert elsewhere.files.read(again.loop or "")[8:12] == b"WEBP"
    assert browse.look(elsewhere, 1).current
    assert finish(browse.remake(elsewhere, 1)).verdict == "identical"


def test_other_works_have_the_same_columns_and_no_film_in_them(
    house: House, hung: WorkRecord, painted: Callable[..., Draft], tmp_path: Path
) -> None:
    create.save(house, painted(3).token, ALICE, "still")
    with (tmp_path / "set.zip").open("wb") as file:
        take_out.write_folder(house, take_out.of_search(house, find.Wish()), file)
    with zipfile.ZipFile(tmp_path / "set.zip") as archive:
        one, two = (json.loads(line) for line in archive.read("metadata.jsonl").splitlines())
        assert {name for name in archive.namelist() if name.startswith("films/")} == {f"films/{hung.id:06d}.mp4"}
    assert list(one) == list(two)
    assert {one["kind"]: one["film"], two["kind"]: two["film"]} == {"painting": "", "film": f"films/{hung.id:06d}.mp4"}


def test_an_export_of_before_films_travelled_leaves_them_and_says_so(folder: Path, elsewhere: House) -> None:
    row = row_of(folder)
    del row["film"], row["film_sha256"]
    (folder / "metadata.jsonl").write_text(json.dumps(row), "utf-8")
    assert bring_in.bring_in(elsewhere, folder) == bring_in.Brought(0, 0, (row["file_name"],))


def cut_short(folder: Path, row: Row) -> None:
    path = folder / row["film"]
    path.write_bytes(path.read_bytes()[:-2000])


def one_bit(folder: Path, row: Row) -> None:
    path = folder / row["film"]
    content = bytearray(path.read_bytes())
    content[-500] ^= 1
    path.write_bytes(content)


def forged(content: Callable[[bytes], bytes]) -> Callable[[Path, Row], None]:
    """Other bytes in the place of the film's, with the SHA-256 that belongs to them."""

    def spoil(folder: Path, row: Row) -> None:
        path = folder / row["film"]
        made = content(path.read_bytes())
        path.write_bytes(made)
        row["film_sha256"] = hashlib.sha256(made).hexdigest()

    return spoil


def changed(**fields: object) -> Callable[[Path, Row], None]:
    return lambda folder, row: row.update(fields)


def asked(**fields: object) -> Callable[[Path, Row], None]:
    """A recipe that asks for something else."""

    def spoil(folder: Path, row: Row) -> None:
        recipe = json.loads(row["recipe"])
        for name, value in fields.items():
            recipe["parameters" if name == "seconds" else "inputs"][name] = value
        row["recipe"] = json.dumps(recipe)

    return spoil


def other_film(side: int, frames: int) -> Callable[[bytes], bytes]:
    def make(_: bytes) -> bytes:
        reel = film.Reel(side, side)
        for n in range(frames):
            reel.add(bytes([n]) * (3 * side * side))
        made = reel.cut().mp4
        reel.close()
        return made

    return make


def other_codec(_: bytes) -> bytes:
    """As long and as large, but no browser plays it."""
    file = io.BytesIO()
    with av.open(file, "w", format="mp4") as container:
        stream = container.add_stream("mpeg4", rate=film.RATE)
        assert isinstance(stream, av.VideoStream)
        stream.width, stream.height, stream.pix_fmt = SIDE, SIDE, "yuv420p"
        for _n in range(2 * PAINTED):
            container.mux(stream.encode(av.VideoFrame.from_image(Image.new("RGB", (SIDE, SIDE)))))  # type: ignore[no-untyped-call]
        container.mux(stream.encode())
    return file.getvalue()


PAINTED = 2 * film.PAINTED
SPOILT: dict[str, tuple[Callable[[Path, Row], None], str]] = {
    "cut short": (cut_short, "is damaged"),
    "one bit": (one_bit, "is damaged"),
    "gone": (lambda folder, row: (folder / row["film"]).unlink(), "No such file"),
    "outside": (changed(film="../../etc/hostname"), "leads out of the folder"),
    "no hash": (changed(film_sha256=""), "metadata.jsonl:1"),
    "a painting with a film": (changed(kind="painting"), "metadata.jsonl:1"),
    "no film": (forged(lambda mp4: b"not a film at all"), "damaged"),
    "truncated and signed": (forged(lambda mp4: mp4[: len(mp4) // 2]), "film"),
    "another codec": (forged(other_codec), "no MP4 of one H.264 stream"),
    "another size": (forged(other_film(SIDE * 2, PAINTED)), "larger or longer"),
    "too long": (forged(other_film(SIDE, PAINTED + 1)), "larger or longer"),
    "too short": (forged(other_film(SIDE, PAINTED - 1)), "ends after 46 of 48"),
    "no seconds": (asked(seconds=None), "not a film's recipe"),
    "endless": (asked(seconds=10**6), "not a film's recipe"),
    "vast": (asked(latent_dim=10**9), "not a film's recipe"),
    "no stations": (asked(stations=[]), "not a film's recipe"),
    "odd stations": (asked(stations=[{"model": "x"}]), "not a film's recipe"),
}


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_damaged_or_forged_is_refused_with_what_is_wrong(folder: Path, elsewhere: House, name: str) -> None:
    spoil, reason = SPOILT[name]
    row = row_of(folder)
    spoil(folder, row)
    (folder / "metadata.jsonl").write_text(json.dumps(row), "utf-8")
    with pytest.raises(errors.NotAnExport) as refused:
        bring_in.bring_in(elsewhere, folder)
    assert reason in refused.value.reason
    assert sum(browse.counts(elsewhere).values()) == 0


def test_a_film_larger_than_any_is_not_even_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(film, "MAX_BYTES", 2**20)
    with pytest.raises(film.BadFilm, match="more than 1 MB"):
        film.received(bytes(2**20 + 1), SIDE, SIDE, PAINTED)
