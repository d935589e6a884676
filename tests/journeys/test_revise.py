"""Revise: what is locked stays, what the visitor gave stays the visitor's, and every state can be made again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from gallery import errors
from gallery.journeys import Draft, House, create, revise, say
from gallery.journeys.compose import WriteRequest, plain_verse
from gallery.journeys.revise import Change
from gallery.pages.frame import Frame
from gallery.pages.making import Seen, Studio
from gallery.pages.revise import Asked, Desk, History
from models.poem_rnn.given import BLANK
from models.poem_rnn.wishes import authors
from models.recipe import Poem
from tests.conftest import ALICE, BOB

LINES = ("白日依山尽", "黄河入海流", "欲穷千里目", "更上一层楼")


@pytest.fixture
def draft(house: House) -> Draft:
    """A poem of Alice's with an acrostic, whose other characters are the network's."""
    made = create.generate(house, WriteRequest("五绝", seed=3, heads="白黄欲更", opening="AB", rhyme="尤"), ALICE)[0]
    kept = replace(made, result=Poem("五绝", LINES, "尤", -4.0))
    house.drafts.keep(kept)
    return kept


def desk_of(house: House) -> Desk:
    return Desk(Studio(Frame(house, "en"), "write"))


def wish_of(house: House, draft: Draft, change: Change) -> WriteRequest:
    """The wish for the next state of a poem of Alice's."""
    wish = revise.wish(house, draft.token, ALICE, change)
    assert isinstance(wish, WriteRequest)
    return wish


def test_the_manner_stays_what_it_was(house: House) -> None:
    made = create.generate(house, WriteRequest("五绝", seed=3, manner="李白"), ALICE)[0]
    assert wish_of(house, made, Change("line", 1)).manner == "李白"


def test_only_the_line_is_open_and_the_others_stay_whose_they_are(house: House, draft: Draft) -> None:
    wish = wish_of(house, draft, Change("line", 1, locked={(1, 0)}))
    assert wish.given == ("白□□□□", "黄□□□□", "欲□□□□", "更□□□□")
    assert wish.kept == ("□日依山尽", "□□□□□", "□穷千里目", "□上一层楼")
    assert wish.rhyme == "尤"


def test_from_a_line_on_all_that_is_not_locked_is_open(house: House, draft: Draft) -> None:
    wish = wish_of(house, draft, Change("onward", 2, locked={(3, 4)}))
    assert wish.kept == ("□日依山尽", "□河入海流", "□□□□□", "□□□□楼")
    assert wish.given == ("白□□□□", "黄□□□□", "□□□□□", "□□□□□")


def test_with_nothing_locked_the_whole_poem_is_written_anew_from_its_wishes(house: House, draft: Draft) -> None:
    wish = wish_of(house, draft, Change("rest"))
    assert (wish.given, wish.kept, wish.rhyme, wish.opening) == ((), (), "尤", "AB")


def test_ones_own_words_are_given_and_the_others_kept(house: House, draft: Draft) -> None:
    wish = wish_of(house, draft, Change("line", 1, own="長河*海流。"))
    assert wish.given[1] == "长河□海流"
    assert wish.kept[1] == BLANK * 5
    made = create.generate(house, wish, ALICE)[0]
    assert authors(made.recipe.inputs)[1] == "vvrvv"


def test_own_words_of_another_length_are_refused(house: House, draft: Draft) -> None:
    with pytest.raises(errors.LineLength) as refused:
        revise.wish(house, draft.token, ALICE, Change("line", 1, own="长河"))
    assert "此句 5 个字" in say(refused.value, "zh")


def test_a_strangers_draft_is_not_revised(house: House, draft: Draft) -> None:
    with pytest.raises(errors.NotYourDraft):
        revise.wish(house, draft.token, BOB, Change("rest"))


def test_every_state_has_a_recipe_of_its_own(house: House, draft: Draft) -> None:
    wish = revise.wish(house, draft.token, ALICE, Change("line", 3, count=3))
    made = create.generate(house, wish, ALICE)
    assert len({one.recipe.to_json() for one in made}) == 3
    assert {one.recipe.inputs["kept"][0] for one in made} == {"□日依山尽"}


def test_what_is_typed_is_simplified_and_freed_of_punctuation() -> None:
    assert plain_verse("  獨坐幽篁裡， ") == "独坐幽篁里"
    assert plain_verse("春*_○＊") == "春□□□□"


@pytest.mark.parametrize(
    ("request_", "told", "said"),
    [
        (WriteRequest("七绝", first="白日依山尽"), errors.LineLength, "in this form it has 7"),
        (WriteRequest("五绝", heads="春夏秋冬春"), errors.LongAcrostic, "give 4 at most"),
        (WriteRequest("五绝", tails="□月"), errors.ObliqueRhyme, "oblique"),
        (WriteRequest("五绝", tails="□流□光"), errors.OffRhyme, "阳"),
        (WriteRequest("五绝", first="疑是地上霜"), errors.OffToneLevel, "Keep my characters"),
        (WriteRequest("五绝", first="春眠x觉晓"), errors.NotHan, "“x”"),
        (WriteRequest("五绝", keywords="🌙"), errors.NotHan, "🌙"),
        (WriteRequest("五绝", keywords="龘"), errors.UnknownCharacter, "龘"),
        (WriteRequest("五绝", keywords="春夏秋冬山水月"), errors.LongKeywords, "7 characters"),
        (WriteRequest("五绝", first="春眠不觉晓", heads="夏"), errors.TwoWishes, "keep one"),
        (WriteRequest("五绝", tails="□流", rhyme="东"), errors.OffRhyme, "东"),
    ],
)
def test_what_cannot_stand_is_told_with_a_remedy(
    house: House, request_: WriteRequest, told: type[errors.BadWish], said: str
) -> None:
    with pytest.raises(told) as refused:
        create.watch(house, request_, ALICE)
    assert said in say(refused.value, "en")


def test_a_line_that_breaks_the_tones_is_taken_when_the_visitor_says_so(house: House) -> None:
    made = create.generate(house, WriteRequest("五绝", first="疑是地上霜", as_written=True), ALICE)[0]
    assert made.recipe.inputs["given"][0] == "疑是地上霜"
    assert made.recipe.inputs["as_written"] is True


def test_undo_and_redo_walk_the_states() -> None:
    history = History(("a",)).then("b").then("c")
    assert [history.step(-1).token, history.step(-9).token, history.step(1).token] == ["b", "a", "c"]
    assert history.step(-1).then("d").tokens == ("a", "b", "d")


def test_the_manuscript_shows_who_wrote_what_and_locks_what_the_visitor_gave(house: House, draft: Draft) -> None:
    drawn = desk_of(house).draw(History((draft.token,)), ALICE)
    assert drawn.count('class="cell v"') == 4
    assert drawn.count('aria-pressed="true"') == 4


def test_a_rewriting_is_shown_while_it_comes_and_becomes_what_is_saved(house: House, draft: Draft) -> None:
    asked = Asked("line", 2, frozenset({(2, 0)}), seen=Seen((draft.token,), draft.token))
    views = list(desk_of(house).answer(asked, History((draft.token,)), ALICE))
    assert [len(history.tokens) for _, _, history in views] == [1, 2]
    assert views[-1][2].token != draft.token
    assert views[-1][2].token in views[-1][1]


def test_candidates_of_a_line_are_offered_and_one_is_picked(house: House, draft: Draft) -> None:
    desk, history = desk_of(house), History((draft.token,))
    offered = list(desk.answer(Asked("choices", 1), history, ALICE))[-1]
    assert 2 <= offered[0].count('data-act="pick"') <= 6
    assert offered[2] == history
    other = create.generate(house, WriteRequest("五绝", seed=9), ALICE)[0]
    picked = list(desk.answer(Asked("pick", token=other.token), history, ALICE))[-1]
    assert picked[2].token == other.token


def test_a_refusal_keeps_the_state_and_says_why(house: House, draft: Draft) -> None:
    drawn, _, history = list(desk_of(house).answer(Asked("own", 1, own="月"), History((draft.token,)), ALICE))[-1]
    assert history.token == draft.token
    assert "in this form it has 5" in drawn
