"""Answer: on the same rhyme or on the same rhyme words, from the wall alone, with the poem answered as parent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from db import WorkRecord
from gallery import errors
from gallery.journeys import Draft, House, answer, browse, create, revise
from gallery.journeys.create import WriteRequest
from gallery.journeys.revise import poem_of
from models.poem_rnn.given import BLANK
from models.recipe import Poem
from tests.conftest import ALICE, BOB


@pytest.fixture
def call(house: House, written: Callable[..., Draft]) -> WorkRecord:
    """A quatrain of Alice's on the wall; the network says that it rhymes on 東."""
    return create.save(house, written().token, ALICE, "山居", "阿宁")


def test_an_answer_takes_the_rhyme_of_what_it_answers(house: House, call: WorkRecord) -> None:
    wish = answer.answering(house, WriteRequest("五绝", seed=3), call.id, "rhyme")
    (draft,) = create.generate(house, wish, BOB)
    assert draft.recipe.inputs == {"form": "五绝", "rhyme": "东"}
    assert draft.parents == ((call.id, "answered"),)


def test_an_answer_on_the_same_words_has_them_at_the_ends_of_the_same_lines(house: House) -> None:
    call = WorkRecord(
        *(7, "poem", "鹿柴", "王维", "v", 0, "{}", "d", None, None, None, None, None, "五绝", "东"),
        verse=("木落雁南渡", "北风江上中", "我家襄水曲", "遥隔楚云风"),
    )
    assert answer.rhyme_words(call, "七绝") == ("□□□□□□□", "□□□□□□中", "□□□□□□□", "□□□□□□风")


def test_the_first_line_gives_its_word_where_it_rhymes_too(house: House) -> None:
    call = WorkRecord(
        *(7, "poem", "无题", "", "v", 0, "{}", "d", None, None, None, None, None, "五绝", "东"),
        verse=("木落雁南空", "北风江上中", "我家襄水曲", "遥隔楚云风"),
    )
    assert answer.rhyme_words(call, "五绝")[0] == "□□□□空"


def test_an_answer_to_a_poem_in_modern_rhymes_is_in_modern_rhymes(house: House) -> None:
    (draft,) = create.generate(house, WriteRequest("五绝", rhymes="中华新韵", seed=1), ALICE)
    poem = replace(poem_of(draft), rhyme="新韵十一庚", lines=("山中春雨外", "门外晓风轻", "何处无人看", "桥边独自行"))
    house.drafts.keep(replace(draft, result=poem))
    call = create.save(house, draft.token, ALICE, "晓", "")
    wish = answer.answering(house, WriteRequest("七绝"), call.id, "words")
    assert (wish.rhyme, wish.rhymes) == ("新韵十一庚", "中华新韵")
    assert [line[-1] for line in wish.given] == ["□", "轻", "□", "行"]


def test_an_answer_hangs_as_the_child_of_what_it_answers(house: House, call: WorkRecord) -> None:
    wish = answer.answering(house, WriteRequest("七绝"), call.id, "rhyme")
    hung = create.save(house, create.generate(house, wish, BOB)[0].token, BOB, "和山居", "")
    (parent,) = browse.look(house, hung.id).parents.shown
    assert (parent.id, parent.how) == (call.id, "answered")


def test_a_revised_answer_is_an_answer_still(house: House, call: WorkRecord) -> None:
    (draft,) = create.generate(house, answer.answering(house, WriteRequest("七绝"), call.id, "rhyme"), BOB)
    assert isinstance(draft.result, Poem)
    again = revise.wish(house, draft.token, BOB, revise.Change("line", line=2))
    assert again.parents == ((call.id, "answered"),)


def test_a_revision_of_what_hangs_comes_from_it(house: House, written: Callable[..., Draft]) -> None:
    draft = written()
    hung = create.save(house, draft.token, ALICE, "山居", "")
    assert revise.wish(house, draft.token, ALICE, revise.Change("rest")).parents == ((hung.id, "revised"),)


def test_what_the_visitor_fixed_stays_beside_the_rhyme_words(house: House, call: WorkRecord) -> None:
    given = ("春" + BLANK * 6, *(BLANK * 7,) * 3)
    wish = answer.answering(house, WriteRequest("七绝", given=given), call.id, "words")
    assert wish.given[0][0] == "春"
    assert [line[-1] for line in wish.given][1::2] == [line[-1] for line in call.verse][1::2]


@pytest.mark.parametrize(
    ("wish", "way", "error"),
    [
        (WriteRequest("七绝", rhyme="阳"), "rhyme", errors.OtherRhyme),
        (WriteRequest("七律"), "words", errors.OtherLength),
        (WriteRequest("七绝", given=(BLANK * 7, BLANK * 6 + "龘", BLANK * 7, BLANK * 7)), "words", errors.TwoWishes),
    ],
)
def test_wishes_that_no_answer_can_meet_are_refused(
    house: House, call: WorkRecord, wish: WriteRequest, way: answer.Way, error: type[Exception]
) -> None:
    with pytest.raises(error):
        answer.answering(house, wish, call.id, way)


def test_a_painting_and_a_missing_work_cannot_be_answered(house: House, painted: Callable[..., Draft]) -> None:
    painting = create.save(house, painted().token, ALICE, "松风", "")
    with pytest.raises(errors.NotAPoem):
        answer.answering(house, WriteRequest("七绝"), painting.id, "rhyme")
    with pytest.raises(errors.NoSuchWork):
        answer.answering(house, WriteRequest("七绝"), "999", "rhyme")


def test_an_unknown_way_is_the_freer_one() -> None:
    assert [answer.read_way(text) for text in ("words", "rhyme", None, "sonnet")] == ["words", "rhyme"] + ["rhyme"] * 2
