"""词 on every way through the house: written, revised, answered, hung, downloaded, mounted; stanzas stay apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from db import WorkRecord
from gallery import errors, scroll, web
from gallery.journeys import Draft, House, answer, create, credit, find, first_wall, mount, revise
from gallery.journeys.create import WriteRequest
from gallery.journeys.revise import Change, poem_of
from gallery.pages.frame import Frame
from gallery.pages.making import Studio, slot_of
from gallery.pages.revise import Desk, History
from gallery.scroll import Layout
from models.poem_rnn.cipai import TUNES
from models.poem_rnn.forms import set_out, sizes
from models.poem_rnn.prosody import FORMS
from models.recipe import Picture
from tests.conftest import ALICE, BOB
from tests.fakes import POET
from tests.models.test_poem_lyrics import KNOWN


def hung(house: House, written: Callable[..., Draft], form: str) -> WorkRecord:
    return create.save(house, written(form=form).token, ALICE, form, "阿宁")


@pytest.mark.parametrize("form", TUNES)
def test_every_tune_is_written_and_hung(house: House, written: Callable[..., Draft], form: str) -> None:
    work = hung(house, written, form)
    assert (work.form, tuple(map(len, work.verse))) == (form, sizes(form))


def test_an_acrostic_of_a_tune_stands_at_its_heads(house: House) -> None:
    (draft,) = create.generate(house, WriteRequest("忆江南", heads="江风日春", seed=1), ALICE)
    assert [line[0] for line in poem_of(draft).lines[:4]] == list("江风日春")


def test_a_line_of_another_length_than_the_tune_has_there_is_refused(house: House) -> None:
    with pytest.raises(errors.LineLength) as refused:
        create.generate(house, WriteRequest("忆江南", first="江南好风景"), ALICE)
    assert (refused.value.count, refused.value.most) == (5, 3)


def test_a_tune_that_the_poet_does_not_know_is_refused_with_those_it_knows(house: House) -> None:
    with pytest.raises(errors.UnknownForm) as refused:
        create.generate(house, WriteRequest("声声慢"), ALICE)
    assert "菩萨蛮" in refused.value.allowed


def test_old_weights_offer_no_tune_and_refuse_one(house: House) -> None:
    old = replace(POET, facts={**POET.facts, "asks": {"forms": list(FORMS)}})
    before = replace(house, cards=tuple(old if card.kind == "poem" else card for card in house.cards))
    with pytest.raises(errors.UnknownForm) as refused:
        create.generate(before, WriteRequest("菩萨蛮"), ALICE)
    assert refused.value.allowed == "五绝, 七绝, 五律, 七律"


def test_one_line_of_a_tune_is_rewritten_and_the_others_stay(house: House, written: Callable[..., Draft]) -> None:
    draft = written(form="菩萨蛮")
    wish = revise.wish(house, draft.token, ALICE, Change("line", 2))
    (again,) = create.generate(house, wish, ALICE)
    before, after = poem_of(draft), poem_of(again)
    assert [n for n in range(8) if before.lines[n] != after.lines[n]] in ([2], [])
    assert before.rhyme == after.rhyme


def test_a_line_and_the_line_that_repeats_it_are_rewritten_together(
    house: House, written: Callable[..., Draft]
) -> None:
    wish = revise.wish(house, written(form="如梦令").token, ALICE, Change("line", 5))
    assert isinstance(wish, WriteRequest)
    assert wish.kept[4:6] == ("□□", "□□")
    assert "□" not in wish.kept[6]


def test_own_words_for_a_short_line_are_taken(house: House, written: Callable[..., Draft]) -> None:
    wish = revise.wish(house, written(form="忆江南").token, ALICE, Change("line", 0, own="江南好"))
    assert isinstance(wish, WriteRequest)
    assert wish.given[0] == "江南好"
    assert poem_of(create.generate(house, wish, ALICE)[0]).lines[0] == "江南好"


def test_drafts_of_a_long_tune_get_more_room_from_their_first_line_on(
    house: House, written: Callable[..., Draft]
) -> None:
    studio = Studio(Frame(house, "zh"), "write")
    for form, wide in (("七律", False), ("水调歌头", True)):
        drafted = poem_of(written(form=form))
        begun = replace(drafted, lines=drafted.lines[:1])
        for poem in (drafted, begun):
            assert (" wide" in studio.grid([None, slot_of(poem, name="", note="")])) is wide


def test_the_manuscript_of_a_tune_shows_where_a_stanza_begins(house: House, written: Callable[..., Draft]) -> None:
    desk = Desk(Studio(Frame(house, "en"), "write"))
    drawn = desk.draw(History((written(form="水调歌头").token,)), ALICE)
    assert drawn.count("next-stanza") == 1
    assert 'class="page long"' in drawn
    assert 'data-place="18-4"' in drawn


def with_verse(work: WorkRecord, form: str, rhyme: str, *verse: str) -> WorkRecord:
    return replace(work, form=form, rhyme=rhyme, verse=verse)


def test_a_tune_answers_a_regulated_poem_on_the_part_of_its_rhyme(house: House, written: Callable[..., Draft]) -> None:
    call = with_verse(
        hung(house, written, "五绝"), "五绝", "尤", "白日依山尽", "黄河入海流", "欲穷千里目", "更上一层楼"
    )
    assert answer.rhyme_for(call, "浣溪沙") == "第十二部"
    assert answer.rhyme_for(call, "七绝") == "尤"


def test_a_regulated_poem_answers_a_tune_on_its_level_rhyme(house: House, written: Callable[..., Draft]) -> None:
    lines = KNOWN["菩萨蛮"].split()
    call = with_verse(hung(house, written, "菩萨蛮"), "菩萨蛮", "第十七部", *lines)
    assert answer.rhyme_for(call, "七绝") == "尤"
    assert answer.rhyme_words(call, "菩萨蛮")[2] == "□□□□楼"


def test_a_tune_of_oblique_rhymes_alone_has_none_for_regulated_verse(
    house: House, written: Callable[..., Draft]
) -> None:
    lines = KNOWN["卜算子"].split()
    call = with_verse(hung(house, written, "卜算子"), "卜算子", "第十一部", *lines)
    with pytest.raises(errors.ObliqueRhyme):
        answer.rhyme_for(call, "五律")


def test_an_answer_to_a_tune_takes_its_rhyme(house: House, written: Callable[..., Draft]) -> None:
    call = hung(house, written, "浣溪沙")
    wish = answer.answering(house, WriteRequest("忆江南", seed=3), call.id, "rhyme")
    (draft,) = create.generate(house, wish, BOB)
    assert poem_of(draft).rhyme == call.rhyme


def test_a_downloaded_tune_has_an_empty_line_between_its_stanzas(house: House, written: Callable[..., Draft]) -> None:
    work = hung(house, written, "浣溪沙")
    text = credit.file(house, work.id, "zh").decode()
    assert "\n".join(work.verse[:3]) + "\n\n" + "\n".join(work.verse[3:]) in text


def test_a_tune_on_the_wall_and_on_its_page_has_a_gap_between_stanzas(
    house: House, written: Callable[..., Draft]
) -> None:
    work = hung(house, written, "蝶恋花")
    client = TestClient(web.build_app(house), base_url="http://gallery.test", headers={"accept-language": "en"})
    for address in ("/", f"/work/{work.id}"):
        page = client.get(address).text
        assert page.count('class="line between"') == 1
        assert "columns-11 length-7" in page
    assert "Butterflies Love Flowers" in client.get(f"/work/{work.id}").text


def test_a_tune_is_mounted_by_columns(house: House) -> None:
    verse = tuple("山" * size for size in sizes("水调歌头"))
    painting, layout = Picture(bytes(3 * 64), 8, 8), Layout("2026-11-24")
    made = mount.mounted(house, painting, verse, layout, scale=0.1)
    drawn = scroll.compose(scroll.Sheet(painting.pixels, 8, 8), set_out(verse), layout, scale=0.1)
    assert made.pixels == drawn.data
    assert made.width < made.height


def test_the_first_wall_shows_tunes_beside_regulated_verse(house: House) -> None:
    first_wall.seed_wall(house, 0, 6)
    cards = find.page(house).cards
    assert {card.form in TUNES for card in cards} == {True, False}
    tune = next(card for card in cards if card.form in TUNES)
    assert tune.title.startswith(f"{tune.form}·")
