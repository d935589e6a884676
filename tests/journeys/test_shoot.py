"""Shoot: films go through the queue in their visitor's turn, are kept whole, and can be made again."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

import av
import pytest
from PIL import Image

from gallery import errors, film
from gallery.journeys import Draft, House, browse, create, descend, doctor, mount, shoot
from gallery.journeys.shoot import Painted, Shot
from tests.conftest import ALICE, BOB
from tests.fakes import SIDE, FakeEngine, finish

Painted_ = Callable[..., Draft]


def shot(house: House, tokens: Sequence[str], seconds: int = 2) -> Draft:
    """The film of these drafts, with all that was told on the way looked at."""
    *way, last = shoot.shoot(house, tokens, seconds, ALICE)
    assert [one.done for one in way if isinstance(one, Painted)] == list(range(1, seconds * film.PAINTED + 1))
    assert isinstance(last, Shot)
    return last.draft


def two(painted: Painted_) -> list[str]:
    return [painted(1).token, painted(2).token]


def test_a_film_has_as_many_frames_as_it_says_and_a_small_loop(house: House, painted: Painted_) -> None:
    made = shot(house, two(painted), seconds=3).result
    assert isinstance(made, mount.Film)
    with av.open(io.BytesIO(made.cut.mp4), "r") as container:
        frames = list(container.decode(video=0))
        assert container.metadata["comment"].startswith("{")
    assert (len(frames), frames[0].width) == (3 * film.RATE, SIDE)
    with Image.open(io.BytesIO(made.cut.webp)) as loop:
        assert (getattr(loop, "n_frames", 1), loop.info["loop"], loop.width) == (3 * film.PAINTED, 0, film.SMALL)


def test_a_saved_film_is_whole_on_the_disk_and_names_what_it_passed(house: House, painted: Painted_) -> None:
    hung = create.save(house, painted(1).token, ALICE, "first")
    tokens = [descend.go_on(house, hung.id, ALICE).token, painted(2).token]
    draft = shot(house, tokens)
    work = shoot.save(house, draft.token, ALICE, " 云起 ", "某")
    assert (work.kind, work.title, work.subject, work.width) == ("film", "云起", "shanshui", SIDE)
    assert all(house.files.verify(name) for name in (work.picture, work.thumb, work.film, work.loop) if name)
    assert shoot.save(house, draft.token, ALICE, "again").id == work.id
    assert [(one.id, one.how) for one in browse.look(house, work.id).parents.shown] == [(hung.id, "filmed")]
    assert doctor.examine(house).findings == ()


def test_a_film_can_be_made_again_and_gone_on_with(house: House, painted: Painted_) -> None:
    work = shoot.save(house, shot(house, two(painted)).token, ALICE, "twice")
    assert finish(browse.remake(house, work.id)).verdict == "identical"
    assert descend.go_on(house, work.id, BOB).parents == ((work.id, "steered"),)


def test_what_a_film_lost_is_painted_again(house: House, painted: Painted_) -> None:
    work = shoot.save(house, shot(house, two(painted)).token, ALICE, "lost")
    for name in (work.film, work.loop):
        house.files.path(name or "").unlink()
    report = doctor.examine(house)
    assert {finding.what for finding in report.findings} == {"film", "loop"}
    doctor.repair(house, report)
    assert doctor.examine(house).findings == ()


@pytest.mark.parametrize(("count", "error"), [(0, errors.BadFilm), (1, errors.BadFilm), (9, errors.BadFilm)])
def test_too_few_or_too_many_paintings_make_no_film(
    house: House, painted: Painted_, count: int, error: type[errors.GalleryError]
) -> None:
    with pytest.raises(error):
        shoot.shoot(house, [painted(n).token for n in range(count)], 4, ALICE)


@pytest.mark.parametrize("seconds", [1, 13, 25, True, 2.5, "6"])
def test_a_film_too_short_or_too_long_is_refused_before_a_frame_is_painted(
    house: House, engine: FakeEngine, painted: Painted_, seconds: object
) -> None:
    tokens, before = two(painted), len(engine.cooked)
    with pytest.raises(errors.BadSeconds):
        shoot.shoot(house, tokens, seconds, ALICE)
    assert len(engine.cooked) == before


def test_paintings_of_two_painters_and_of_others_make_no_film(house: House, painted: Painted_) -> None:
    still = create.generate(house, create.PaintRequest("still_life", seed=2), ALICE)[0]
    with pytest.raises(errors.TwoPainters):
        shoot.shoot(house, [painted(1).token, still.token], 4, ALICE)
    with pytest.raises(errors.NotYourDraft):
        shoot.shoot(house, two(painted), 4, BOB)


def test_a_visitor_who_leaves_ends_the_film_and_leaves_nothing_of_it(
    house: House, engine: FakeEngine, painted: Painted_, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    film_ = shoot.shoot(house, two(painted), 12, ALICE)
    for _ in range(3):
        next(film_)
    assert list(tmp_path.glob("shihua-film-*"))
    before = len(engine.cooked)
    film_.close()
    assert (len(engine.cooked), len(house.reels)) == (before, 0)
    assert before <= 2 + shoot.AHEAD + 3
    assert not list(tmp_path.glob("shihua-film-*"))


def test_whoever_waits_for_a_frame_is_told_so_again_and_again_and_may_break_off(
    house: House, engine: FakeEngine, painted: Painted_
) -> None:
    tokens = two(painted)
    engine.held = True
    film_ = shoot.shoot(house, tokens, 12, ALICE)
    assert [next(film_), next(film_)] == [create.Waiting(3, 4.0)] * 2
    engine.held = False  # nobody is ahead of it any more: it is being painted
    assert next(film_) == create.Waiting(0, 0.0)
    film_.close()
    assert [future.cancelled() for future in engine.open] == [True] * shoot.AHEAD


def test_only_its_maker_sees_and_saves_an_unsaved_film(house: House, painted: Painted_) -> None:
    draft = shot(house, two(painted))
    assert shoot.look(house, draft.token, ALICE)[8:12] == b"WEBP"
    with pytest.raises(errors.NotYourDraft):
        shoot.look(house, draft.token, BOB)
    with pytest.raises(errors.NotYourDraft):
        shoot.save(house, draft.token, BOB, "mine")
    with pytest.raises(errors.EmptyTitle):
        shoot.save(house, draft.token, ALICE, " ")
