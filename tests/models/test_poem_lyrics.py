"""词: patterns that real ones keep, rhymes in nineteen parts, a corpus that moves nothing, shapes of forms."""

from __future__ import annotations

import io
import json
import tarfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn import functional as F

from models import find_card
from models.poem_rnn import dataset, lyrics
from models.poem_rnn.cilin import COUNT, cilin, part_of
from models.poem_rnn.cipai import TUNES, tune
from models.poem_rnn.corpus import side_of
from models.poem_rnn.evaluate import form_only
from models.poem_rnn.network import PoemRnn, PoemRnnConfig, Wishes, sources
from models.poem_rnn.prosody import fits, rhyme_book
from models.poem_rnn.shapes import places_before
from models.poem_rnn.weights import read_weights, write_weights
from tests.models.poem_parts import nonsense, some_characters

KNOWN = {
    "如梦令": "常记溪亭日暮 沉醉不知归路 兴尽晚回舟 误入藕花深处 争渡 争渡 惊起一滩鸥鹭",
    "浣溪沙": "山下兰芽短浸溪 松间沙路净无泥 萧萧暮雨子规啼 谁道人生无再少 门前流水尚能西 休将白发唱黄鸡",
    "菩萨蛮": "平林漠漠烟如织 寒山一带伤心碧 暝色入高楼 有人楼上愁 玉阶空伫立 宿鸟归飞急 何处是归程 长亭更短亭",
    "卜算子": "缺月挂疏桐 漏断人初静 谁见幽人独往来 缥缈孤鸿影 惊起却回头 有恨无人省 拣尽寒枝不肯栖 寂寞沙洲冷",
    "忆江南": "江南好 风景旧曾谙 日出江花红胜火 春来江水绿如蓝 能不忆江南",
    "西江月": "明月别枝惊鹊 清风半夜鸣蝉 稻花香里说丰年 听取蛙声一片 "
    "七八个星天外 两三点雨山前 旧时茅店社林边 路转溪桥忽见",
    "蝶恋花": "花褪残红青杏小 燕子飞时 绿水人家绕 枝上柳绵吹又少 天涯何处无芳草 "
    "墙里秋千墙外道 墙外行人 墙里佳人笑 笑渐不闻声渐悄 多情却被无情恼",
    "清平乐": "茅檐低小 溪上青青草 醉里吴音相媚好 白发谁家翁媪 大儿锄豆溪东 中儿正织鸡笼 最喜小儿亡赖 溪头卧剥莲蓬",
    "虞美人": "春花秋月何时了 往事知多少 小楼昨夜又东风 故国不堪回首 月明中 "
    "雕阑玉砌应犹在 只是朱颜改 问君能有几多愁 恰似一江 春水向东流",
    "水调歌头": "明月几时有 把酒问青天 不知天上宫阙 今夕是何年 "
    "我欲乘风归去 又恐琼楼玉宇 高处不胜寒 起舞弄清影 何似在人间 "
    "转朱阁 低绮户 照无眠 不应有恨 何事长向别时圆 人有悲欢离合 月有阴晴圆缺 此事古难全 但愿人长久 千里共婵娟",
}


@pytest.mark.parametrize("name", TUNES)
def test_a_famous_ci_keeps_its_pattern(name: str) -> None:
    found, book = tune(name), rhyme_book()
    (body,) = found.bodies(KNOWN[name].split())
    kept = [fits(book.tone(c), m) for c, m in zip("".join(body), "".join(found.marks), strict=True)]
    assert sum(kept) >= 0.95 * len(kept)
    for letter in set(found.rhymes) - {""}:
        ends = [line[-1] for line, rhyme in zip(body, found.rhymes, strict=True) if rhyme == letter]
        part = part_of(ends, found.tone(letter))
        assert part is not None
        assert all(part in cilin().parts(end) for end in ends), ends


def test_a_text_of_other_lengths_is_no_body_and_two_bodies_are_two() -> None:
    lines = KNOWN["忆江南"].split()
    assert len(tune("忆江南").bodies(lines * 2)) == 2
    assert tune("忆江南").bodies(["江南", "好", "风景旧曾谙日", *lines[2:]]) == []
    assert tune("忆江南").bodies(lines[:-1]) == []


def test_the_parts_of_rhymes_hold_every_group_and_divide_seven() -> None:
    book, parts = rhyme_book(), cilin()
    halves = Counter(
        (book.names[group], part)
        for character, groups in book.groups_of.items()
        if len(groups) == 1
        for group in groups
        for part in parts.parts(character)
    )
    homes = Counter(name for name, _ in halves)
    assert set(homes) == set(book.names)
    assert {name for name, count in homes.items() if count == 2} == set("灰贿队泰佳卦元阮愿")
    assert max(homes.values()) == 2
    assert {part for _, part in halves} == set(range(COUNT))


@pytest.mark.parametrize(("character", "part"), [("杯", 2), ("来", 4), ("外", 2), ("门", 5), ("园", 6), ("挂", 9)])
def test_a_divided_group_is_divided_as_the_poets_did(character: str, part: int) -> None:
    assert cilin().parts(character) == {part}


def test_a_shape_of_equal_lines_looks_where_the_regulated_form_looks() -> None:
    assert torch.tensor(places_before("5a 5a 5 5a"))[:, :4].equal(sources("五绝")[:, :4])


def network_of_tunes(extra: dict[str, str] | None = None) -> PoemRnn:
    torch.manual_seed(3)
    shapes = ({name: tune(name).shape for name in TUNES} | (extra or {})).items()
    characters = some_characters(300)
    sizes: dict[str, Any] = {"embedding": 32, "hidden": 16, "layers": 2, "condition": 8, "cutoffs": (60, 150)}
    config = PoemRnnConfig(characters=characters, counts=(1,) * 301, authors=3, shapes=shapes, parts=COUNT, **sizes)
    network = PoemRnn(config)
    network.eval().requires_grad_(False)
    return network


@pytest.mark.parametrize("form", ["菩萨蛮", "水调歌头"])
def test_a_ci_is_written_character_by_character_as_it_is_scored_whole(form: str) -> None:
    network = network_of_tunes()
    text = torch.randint(301, (3, network.config.lengths[form]), generator=torch.Generator().manual_seed(4))
    wishes, vectors = Wishes.none(3, network.config), network.vectors()
    wishes.rhyme = torch.tensor([107, 125, 106])
    whole = network(text, form=form, wishes=wishes)
    asked = network.asked(wishes, vectors[wishes.title], vectors[wishes.keywords])
    padded, state, found = F.pad(text, (0, 1), value=network.config.classes), None, []
    for place, look in enumerate(network.looks(form)):
        assert bool((look < place).all())
        x = network.read(padded[:, look][None], vectors[padded[:, look][None]], network.places(form)[place : place + 1])
        hidden, state = network.run(x, asked, state)
        found.append(network.log_prob(hidden[0], text[:, place], vectors))
    torch.testing.assert_close(torch.stack(found, dim=1), whole.logprobs)


def test_all_classes_at_once_cost_what_a_label_costs() -> None:
    network = network_of_tunes()
    text = torch.randint(301, (3, 44), generator=torch.Generator().manual_seed(4))
    picked = network(text, form="卜算子", wishes=Wishes.none(3, network.config)).logprobs
    network.whole_softmax = True
    torch.testing.assert_close(network(text, form="卜算子", wishes=Wishes.none(3, network.config)).logprobs, picked)


def test_the_shipped_weights_are_read_and_written_as_they_were(tmp_path: Path) -> None:
    card = find_card("poem-tangsong")
    assert write_weights(read_weights(card.weights), tmp_path / "again.safetensors") == card.sha256


def test_the_forms_of_a_network_come_back_with_its_weights(tmp_path: Path) -> None:
    network = network_of_tunes()
    write_weights(network, tmp_path / "tunes.safetensors")
    assert list(read_weights(tmp_path / "tunes.safetensors").config.lengths) == list(network.config.lengths)


def archive(folder: Path, texts: list[tuple[str, str]]) -> Path:
    """An archive of 词: (tune, lines with blanks between)."""
    records = [
        {"rhythmic": name, "author": "某", "paragraphs": [text.replace(" ", "，") + "。"]} for name, text in texts
    ]
    packed, content = folder / "ci.tgz", json.dumps(records).encode()
    with tarfile.open(packed, "w:gz") as file:
        member = tarfile.TarInfo("package/dist/songci/ci.song.0.json")
        member.size = len(content)
        file.addfile(member, io.BytesIO(content))
    return packed


def test_the_ci_of_an_archive_are_read_under_their_tunes_in_standard_lines(tmp_path: Path) -> None:
    texts = lyrics.read_texts(
        archive(tmp_path, [*KNOWN.items(), ("一江春水・虞美人", KNOWN["虞美人"]), ("失调名", "山")])
    )
    assert sorted(text.tune for text in texts) == sorted(TUNES)
    verses = [verse for side in lyrics.split_tunes(texts).values() for verse in side]
    assert {verse.form for verse in verses} == set(TUNES)
    last = next(verse.lines[-1] for verse in verses if verse.form == "虞美人")
    assert last == "恰似一江春水向东流"


def test_both_bodies_of_a_text_are_on_the_side_of_the_whole() -> None:
    lines = KNOWN["忆江南"].split()
    others = [
        tuple(
            a + b
            for a, b in zip("春夏秋冬花", ("江南", "景旧曾谙", "出江花红胜火", "来江水绿如蓝", "不忆江南"), strict=True)
        )
    ]
    text = lyrics.Text("忆江南", (*lines, *others[0]), "某", "song")
    sides = lyrics.split_tunes([text])
    assert {side: len(verses) for side, verses in sides.items() if verses} == {side_of(text.lines): 2}


def test_other_tunes_are_read_if_there_are_enough_and_nothing_held_out_is_in_them() -> None:
    verses = [verse for verse in nonsense(400, 8) if verse.form == "五绝"]
    texts = [lyrics.Text("生查子", verse.lines, "某", "song") for verse in verses]
    held = [replace(verses[0], form="生查子")]
    more, shapes = lyrics.other_tunes(texts, held_out=held, least=30)
    assert list(shapes) == ["生查子 5-5-5-5"]
    assert len(more) == len(texts) - 1
    assert lyrics.other_tunes(texts, held_out=held, least=len(texts)) == ([], {})


def test_ci_change_nothing_of_what_was_prepared_before_and_are_measured_apart(tmp_path: Path) -> None:
    sides = {side: nonsense(20, number) for number, side in enumerate(("train", "validation", "test"))}
    dataset.prepare(sides, tmp_path / "before", vocabulary_size=100)
    text = lyrics.Text("如梦令", tuple(KNOWN["如梦令"].split()), "某", "song")
    verse = next(v for own in lyrics.split_tunes([text]).values() for v in own)
    more = {side: [*verses, verse] for side, verses in sides.items()}
    dataset.prepare(more, tmp_path / "after", vocabulary_size=100, shapes={"如梦令": tune("如梦令").shape})
    before, after = (dataset.read_data(tmp_path / name) for name in ("before", "after"))
    assert after.vocabulary == before.vocabulary
    assert (after.counts, after.doubled, after.authors) == (before.counts, before.doubled, before.authors)
    for side, forms in before.sides.items():
        assert all((forms[form].text == after.sides[side][form].text).all() for form in forms)
    assert after.sides["train"]["如梦令"].rhyme.tolist() == [107 + 3]  # 第四部
    found = form_only(network_for(after), after, side="validation")
    assert list(found)[:2] == ["all", "词"]
    assert found["词"] == pytest.approx(found["如梦令"])
    assert found["all"] == pytest.approx(form_only(network_for(after), before, side="validation")["all"])


def network_for(data: dataset.Data) -> PoemRnn:
    from models.poem_rnn import train

    return train.new_network(data, train.Options(embedding=32, hidden=16, layers=2, condition=8))
