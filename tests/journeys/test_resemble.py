"""Resemble: from a picture of one's own to a draft, in stretches; the picture is looked at and let go."""

from __future__ import annotations

import io
import zlib

import pytest
from PIL import Image, ImageDraw

from gallery import errors
from gallery.images import MAX_PIXELS
from gallery.journeys import House, create, resemble
from gallery.journeys.create import Finished
from gallery.journeys.resemble import Closer
from models.engine import QueueFull, WorkerDied
from models.likeness import SEEN_SIDE
from tests.conftest import ALICE, BOB
from tests.fakes import FakeEngine


def drawn(width: int = 120, height: int = 80, kind: str = "PNG") -> bytes:
    """Two hills on silk, as a file."""
    sheet = Image.new("RGB", (width, height), (222, 208, 174))
    ImageDraw.Draw(sheet).line([(0, height), (width // 2, 5), (width, height)], fill=(40, 36, 30), width=9)
    file = io.BytesIO()
    sheet.save(file, kind)
    return file.getvalue()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_search_comes_closer_and_ends_in_a_draft_that_can_be_saved(house: House, kind: str) -> None:
    *way, last = resemble.resemble(house, drawn(kind=kind), "shanshui", ALICE)
    steps = [item.done for item in way if isinstance(item, Closer)]
    assert steps == [0.25, 0.5, 0.75, 1.0]
    assert isinstance(last, Finished)
    assert set(last.draft.recipe.inputs) == {"label", "parents", "found"}
    assert last.draft.parents == ()
    assert create.save(house, last.draft.token, ALICE, "Found").maker == ALICE.id
    with pytest.raises(errors.NotYourDraft):
        create.save(house, last.draft.token, BOB, "Found")


def test_other_pictures_lead_to_other_paintings(house: House) -> None:
    ends = [list(resemble.resemble(house, drawn(height=size), "shanshui", ALICE))[-1] for size in (80, 100)]
    one, other = (end.draft.recipe for end in ends if isinstance(end, Finished))
    assert one.inputs["parents"] != other.inputs["parents"]


def test_only_the_middle_is_seen_and_small(house: House) -> None:
    wide = Image.new("RGB", (300, 100), "red")
    ImageDraw.Draw(wide).rectangle([100, 0, 200, 100], fill="blue")
    ImageDraw.Draw(wide).rectangle([140, 0, 160, 50], fill="black")
    file = io.BytesIO()
    wide.save(file, "PNG")
    seen = resemble.see(file.getvalue())
    assert (seen.width, seen.height) == (SEEN_SIDE, SEEN_SIDE)
    assert max(seen.pixels[0::3]) < 40  # no red is left


def bomb() -> bytes:
    """A small PNG that says it is larger than any picture may be."""
    side = int(MAX_PIXELS**0.5) + 10
    head = side.to_bytes(4, "big") * 2 + bytes([8, 2, 0, 0, 0])
    chunk = len(head).to_bytes(4, "big") + b"IHDR" + head + zlib.crc32(b"IHDR" + head).to_bytes(4, "big")
    return b"\x89PNG\r\n\x1a\n" + chunk + drawn()[33:]


@pytest.mark.parametrize(
    ("upload", "error"),
    [
        (b"", errors.NotAPicture),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", errors.NotAPicture),
        (drawn(kind="GIF"), errors.NotAPicture),
        (drawn()[:200], errors.NotAPicture),
        (bomb(), errors.NotAPicture),
        (drawn(1, 1), errors.TinyPicture),
        (drawn(300, 8), errors.TinyPicture),
    ],
    ids=["nothing", "foreign", "another format", "truncated", "bomb", "one pixel", "a strip"],
)
def test_what_is_no_picture_is_refused_before_anything_is_queued(
    house: House, engine: FakeEngine, upload: bytes, error: type[errors.GalleryError]
) -> None:
    with pytest.raises(error):
        resemble.resemble(house, upload, "shanshui", ALICE)
    assert engine.looks == 0


def test_an_empty_sheet_is_refused(house: House) -> None:
    file = io.BytesIO()
    Image.new("RGB", (256, 256), (222, 208, 174)).save(file, "JPEG")
    with pytest.raises(errors.BlankPicture):
        resemble.resemble(house, file.getvalue(), "shanshui", ALICE)


def test_a_full_queue_and_a_dead_worker_are_said(house: House, engine: FakeEngine) -> None:
    engine.refusals = [QueueFull(3.0)]
    with pytest.raises(errors.QueueFull):
        list(resemble.resemble(house, drawn(), "shanshui", ALICE))
    engine.failures = [None, WorkerDied("gone")]
    search = resemble.resemble(house, drawn(), "shanshui", ALICE)
    assert isinstance(next(search), Closer)
    with pytest.raises(errors.WorkerDied):
        next(search)


def test_a_visitor_who_leaves_ends_the_search(house: House, engine: FakeEngine) -> None:
    search = resemble.resemble(house, drawn(), "shanshui", ALICE)
    next(search)
    search.close()  # type: ignore[attr-defined]
    assert (engine.looks, len(house.drafts)) == (1, 0)
