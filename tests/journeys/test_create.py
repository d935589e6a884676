"""Create: a wish is checked, drafts are kept for their maker only, and what is saved is saved once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import CancelledError
from dataclasses import replace

import pytest

import db
from gallery import errors, journeys
from gallery.images import decode, read_recipe
from gallery.journeys import Draft, House, create, say, wellbeing
from gallery.journeys.create import Finished, Glimpse, PaintRequest, WriteRequest
from gallery.journeys.shares import HANGING, MAKING
from models.engine import JobFailed, Late, QueueFull, WorkerDied
from models.recipe import Picture, Poem, Recipe, WrongWeights
from tests.conftest import ALICE, BOB
from tests.fakes import PAINTER, FakeClock, FakeEngine, paint


def total(house: House) -> int:
    with house.db.reading() as tx:
        return sum(db.works.counts(tx).values())


def test_several_works_take_one_seed_after_the_other(house: House) -> None:
    drafts = create.generate(house, PaintRequest("shanshui", seed=7, count=3, variety=0.8), ALICE)
    assert [draft.recipe.seed for draft in drafts] == [7, 8, 9]
    assert {draft.recipe.parameters["truncation"] for draft in drafts} == {0.8}
    assert len({draft.token for draft in drafts}) == 3


def test_without_a_seed_each_request_takes_another(house: House) -> None:
    seeds = {create.generate(house, WriteRequest("七绝"), ALICE)[0].recipe.seed for _ in range(5)}
    assert len(seeds) == 5


def test_a_poem_keeps_to_the_form_and_the_rhyme_that_were_asked_for(house: House) -> None:
    (draft,) = create.generate(house, WriteRequest("五律", rhyme="东"), ALICE)
    assert draft.recipe.inputs == {"form": "五律", "rhyme": "东"}
    assert isinstance(draft.result, Poem)
    assert [len(line) for line in draft.result.lines] == [5] * 8


def test_progress_is_shown_before_the_drafts(house: House) -> None:
    seen: list[int] = []
    create.generate(house, PaintRequest("shanshui", count=2), ALICE, on_stage=lambda index, _stage: seen.append(index))
    assert seen == [0, 1]


def test_watching_gives_glimpses_and_drafts_as_they_come(house: House) -> None:
    news = list(create.watch(house, WriteRequest("五绝", count=2), ALICE))
    assert [type(item) for item in news] == [Glimpse, Finished, Glimpse, Finished]


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        (PaintRequest("dragons"), errors.UnknownSubject),
        (PaintRequest(""), errors.UnknownSubject),
        (PaintRequest("shanshui", variety=9.0), errors.BadVariety),
        (PaintRequest("shanshui", variety=float("nan")), errors.BadVariety),
        (WriteRequest("十四行"), errors.UnknownForm),
        (WriteRequest("七绝", rhyme="rock"), errors.UnknownRhyme),
        (WriteRequest("七绝", manner="Byron"), errors.UnknownManner),
        (WriteRequest("七绝", seed=-1), errors.BadSeed),
        (WriteRequest("七绝", seed=2**32), errors.BadSeed),
        (WriteRequest("七绝", seed=2**32 - 2, count=3), errors.BadSeed),
        (WriteRequest("七绝", seed=True), errors.BadSeed),
        (WriteRequest("七绝", seed=1.5), errors.BadSeed),  # type: ignore[arg-type]
        (WriteRequest("七绝", count=0), errors.BadCount),
        (WriteRequest("七绝", count=9), errors.BadCount),
        (WriteRequest("七绝", count="3"), errors.BadCount),  # type: ignore[arg-type]
    ],
)
def test_what_cannot_be_made_is_refused_before_anything_is_cooked(
    house: House, engine: FakeEngine, request_: create.Request, told: type[errors.BadWish]
) -> None:
    with pytest.raises(told):
        create.watch(house, request_, ALICE)
    assert engine.cooked == []


def test_a_refusal_names_what_is_possible(house: House) -> None:
    with pytest.raises(errors.UnknownForm) as caught:
        create.generate(house, WriteRequest("十四行"), ALICE)
    assert "五绝, 七绝, 五律, 七律" in say(caught.value, "zh")


@pytest.mark.parametrize(
    ("refusal", "told"),
    [
        (QueueFull(12.4), errors.QueueFull(12)),
        (WrongWeights("the weights are missing"), errors.ModelUnavailable("the weights are missing")),
    ],
)
def test_a_refusal_of_the_engine_is_told_to_the_visitor(
    house: House, engine: FakeEngine, refusal: Exception, told: errors.GalleryError
) -> None:
    engine.refusals.append(refusal)
    with pytest.raises(type(told)) as caught:
        create.generate(house, PaintRequest("shanshui"), ALICE)
    assert caught.value.values == told.values


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (Late(), errors.TooSlow),
        (WorkerDied(), errors.WorkerDied),
        (JobFailed("nan"), errors.WorkerDied),
        (WrongWeights("wrong"), errors.ModelUnavailable),
        (CancelledError(), errors.WorkerDied),
    ],
)
def test_a_failure_of_the_engine_is_told_to_the_visitor(
    house: House, engine: FakeEngine, failure: Exception, told: type[errors.GalleryError]
) -> None:
    engine.failures.append(failure)
    with pytest.raises(told):
        create.generate(house, PaintRequest("shanshui"), ALICE)


def test_when_the_queue_is_full_half_way_the_first_half_is_cancelled(house: House, engine: FakeEngine) -> None:
    engine.held = True
    engine.refusals += [None, None, QueueFull(5)]
    with pytest.raises(errors.QueueFull):
        create.watch(house, PaintRequest("shanshui", count=3), ALICE)
    assert [future.cancelled() for future in engine.open] == [True, True]


def test_a_visitor_who_stops_watching_cancels_what_waits(house: House, engine: FakeEngine) -> None:
    engine.held = True
    news = create.watch(house, PaintRequest("shanshui", count=2), ALICE)
    engine.open[0].set_result(paint(engine.cooked[0]))
    assert isinstance(next(news), Finished)
    news.close()  # type: ignore[attr-defined]
    assert engine.open[1].cancelled()


def test_a_house_without_a_network_says_so(house: House) -> None:
    bare = replace(house, cards=(PAINTER,))
    with pytest.raises(errors.ModelUnavailable):
        create.generate(bare, WriteRequest("七绝"), ALICE)


def test_a_saved_painting_is_on_the_disk_with_its_recipe_inside(house: House, painted: Callable[..., Draft]) -> None:
    draft = painted()
    work = create.save(house, draft.token, ALICE, "  远山  ", " 某 ")
    assert (work.title, work.signature, work.maker, work.subject) == ("远山", "某", ALICE.id, "shanshui")
    content = house.files.read(work.picture or "")
    assert Recipe.from_json(read_recipe(content) or "") == draft.recipe == Recipe.from_json(work.recipe)
    assert isinstance(draft.result, Picture)
    assert decode(content).data == draft.result.pixels


def test_a_saved_poem_is_in_its_row(house: House, written: Callable[..., Draft]) -> None:
    draft = written()
    work = create.save(house, draft.token, ALICE, "无题")
    assert isinstance(draft.result, Poem)
    assert (work.form, work.verse, work.rhyme) == ("七绝", draft.result.lines, draft.result.rhyme)
    assert (work.picture, work.thumb, work.signature) == (None, None, "")


def test_the_same_token_twice_is_the_same_work(house: House, written: Callable[..., Draft]) -> None:
    draft = written()
    work = create.save(house, draft.token, ALICE, "first")
    assert create.save(house, draft.token, ALICE, "second") == work
    assert total(house) == 1


def test_a_token_finds_its_work_long_after_the_draft_is_forgotten(
    house: House, written: Callable[..., Draft], clock: FakeClock
) -> None:
    draft = written()
    work = create.save(house, draft.token, ALICE, "first")
    clock.now += 365 * 24 * 3600
    assert create.save(house, draft.token, ALICE, "again") == work


def test_another_visitors_draft_is_refused_also_after_it_was_saved(house: House, written: Callable[..., Draft]) -> None:
    draft = written()
    with pytest.raises(errors.NotYourDraft):
        create.save(house, draft.token, BOB, "mine")
    create.save(house, draft.token, ALICE, "hers")
    with pytest.raises(errors.NotYourDraft):
        create.save(house, draft.token, BOB, "mine")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "草稿"])
def test_a_forged_token_is_a_draft_that_is_not_there(house: House, token: str) -> None:
    with pytest.raises(errors.DraftGone):
        create.save(house, token, ALICE, "title")


def test_a_draft_is_forgotten_after_two_hours(house: House, written: Callable[..., Draft], clock: FakeClock) -> None:
    draft = written()
    clock.now += 2 * 3600 + 1
    with pytest.raises(errors.DraftGone):
        create.save(house, draft.token, ALICE, "too late")
    assert len(house.drafts) == 0


def test_the_oldest_drafts_go_when_there_are_too_many(house: House, written: Callable[..., Draft]) -> None:
    drafts = [written(seed) for seed in range(house.settings.max_drafts + 1)]
    assert len(house.drafts) == house.settings.max_drafts
    with pytest.raises(errors.DraftGone):
        create.save(house, drafts[0].token, ALICE, "pushed out")
    assert create.save(house, drafts[-1].token, ALICE, "kept")


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("", errors.EmptyTitle),
        (" \t\u3000 ", errors.EmptyTitle),
        ("长" * 61, errors.LongTitle),
        ("a\x00b", errors.OddCharacters),
        ("a\nb", errors.OddCharacters),
        ("a\x1b[31mb", errors.OddCharacters),
        ("a\u202eb", errors.OddCharacters),
        ("a\u2066b", errors.OddCharacters),
        ("a\u200bb", errors.OddCharacters),
        ("\ufeffa", errors.OddCharacters),
        ("a\ud800b", errors.OddCharacters),
    ],
)
def test_a_bad_title_is_refused_and_the_draft_stays(
    house: House, written: Callable[..., Draft], title: str, told: type[errors.BadWish]
) -> None:
    draft = written()
    with pytest.raises(told):
        create.save(house, draft.token, ALICE, title)
    assert create.save(house, draft.token, ALICE, "长" * 60)


@pytest.mark.parametrize(
    "title", ["静夜思", "Ågnes' <b>hill</b>", "🏔️", "𠮷野家", "'; DROP TABLE works; --", "{wait_s}"]
)
def test_any_visible_title_is_kept_letter_by_letter(house: House, written: Callable[..., Draft], title: str) -> None:
    assert create.save(house, written().token, ALICE, title).title == title


def test_a_bad_signature_is_refused(house: House, written: Callable[..., Draft]) -> None:
    draft = written()
    with pytest.raises(errors.LongSignature):
        create.save(house, draft.token, ALICE, "title", "长" * 25)
    with pytest.raises(errors.OddCharacters):
        create.save(house, draft.token, ALICE, "title", "a\u202eb")
    assert total(house) == 0


def test_one_who_waits_is_told_how_many_are_before(
    house: House, engine: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(create, "TELL_EVERY_S", 0.01)
    engine.held = True
    news = create.watch(house, PaintRequest("shanshui", seed=1), ALICE)
    assert next(news) == create.Waiting(3, 4.0)
    engine.open[0].set_result(paint(engine.cooked[0]))
    assert isinstance(next(item for item in news if not isinstance(item, create.Waiting)), Finished)


def test_who_has_made_or_hung_too_much_is_told_so_and_keeps_the_draft(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wellbeing, "HANGING", replace(HANGING, most=1))
    monkeypatch.setattr(journeys, "MAKING", replace(MAKING, most=2))
    first, second = create.generate(house, PaintRequest("shanshui", count=2), ALICE)
    with pytest.raises(errors.TooMuchMade):
        create.generate(house, PaintRequest("shanshui"), ALICE)
    assert create.generate(house, PaintRequest("shanshui"), BOB)
    create.save(house, first.token, ALICE, "Mist")
    with pytest.raises(errors.TooManyHung):
        create.save(house, second.token, ALICE, "Snow")
    assert create.save(house, first.token, ALICE, "Mist").title == "Mist"  # the same work again is no second one
    monkeypatch.undo()
    assert create.save(house, second.token, ALICE, "Snow").title == "Snow"
