"""Search: what the index finds is what a plain reading of every work finds, and the index heals."""

from __future__ import annotations

import random
import re
import unicodedata
from dataclasses import replace

import pytest
from opencc import OpenCC
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

import db
from db import NewWork, Selection
from tests.db.test_works import PAINTING, POEM, SCROLL, change

CHARACTERS = "山水云月风花雪夜江天春秋人心松竹梅鳥鸟鐘钟後后發发乾坤干裡里無无"
TITLES = (
    "Evening, at the lake",
    "Café — “dusk”",
    "50% off",
    "*stars*",
    "a-b",
    "🌙 moon 🌙月",
    "100",
    "Ａｂｃ",
    "ÄPFEL",
)
SOUNDS = {"松风": ("songfeng", "feng"), "夜雪": ("yexue", "xue"), "秋江": ("qiujiang", "jiang")}
HARD = [
    *("月", "鸟", "鳥", "後", "发", "乾坤", "干坤", "无", "🌙", "🌙月", "月🌙", "山水", "水山", "无人"),
    *('"', '"dusk"', "*", "stars*", "-", "a-b", "%", "50%", "50% 月", "_", "'", "OR", "NEAR(山 水)", "title:月", "\\"),
    *("evening", "EVEN", "vening", "the lake", "cafe", "CAFÉ", "abc", "apfel", "a", "b", "10", "100", "0"),
    *(
        "songfeng",
        "song",
        "feng",
        "ongf",
        "songfen",
        "qiu jiang",
        "yexue",
        "诗",
        "五绝",
        "五",
        "verse",
        "山水 画",
        "山",
        "水",
        "画诗",
    ),
    *("月" * 2, "月" * 40, "山" * 1000, "空山\n新雨", "，。！", "\u200b月", "\u202e", "a\u0301"),
]
PLAIN = OpenCC("t2s")


def fold(text: str) -> str:
    """As a reader who does not mind script, case, width, accents or punctuation would see it."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    kept = "".join(c for c in plain if unicodedata.category(c) != "Mn")
    spaced = "".join(" " if unicodedata.category(c)[0] in "PZC" else c for c in unicodedata.normalize("NFKC", kept))
    return "".join(map(PLAIN.convert, spaced))


def read_all(works: list[NewWork], question: str) -> list[int]:
    """The numbers of the works that answer, by reading every one of them."""
    asked = re.findall(r"[a-z0-9]+|[^ -~]+", fold(question))
    return [number for number, work in enumerate(works, 1) if asked and all(_has(work, run) for run in asked)]


def _has(work: NewWork, run: str) -> bool:
    named = {"painting": "画", "poem": "诗", "scroll": "题画诗"}[work.kind], "山水" if work.subject else "", work.form
    said = (work.kind, work.subject or "", "verse" if work.kind == "poem" else "", "landscape" if work.subject else "")
    whole = fold(" ".join((work.title, work.signature, *work.verse, *said, "quatrain" if work.form else "")))
    if not run.isascii():
        return run in whole or run in named
    ends = "" if len(run) > 1 else "(?![a-z0-9])"
    spoken = " ".join((whole, *SOUNDS.get(work.title, ())))
    return re.search(f"(?<![a-z0-9]){run}{ends}", spoken) is not None


@pytest.fixture(scope="module")
def works() -> list[NewWork]:
    """Three hundred works of few characters, so that every pair of them stands somewhere."""
    chance = random.Random(9)
    made = []
    for number in range(300):
        title = chance.choice((*TITLES, *SOUNDS))
        signature = chance.choice(("", "🌙", "a", "某人"))
        work = replace(chance.choice((POEM, PAINTING, SCROLL)), draft=f"q{number}", title=title, signature=signature)
        lines = tuple("".join(chance.choices(CHARACTERS, k=5)) for _ in range(4)) if work.verse else ()
        made.append(replace(work, verse=lines))
    return made


@pytest.fixture
def wall(database: db.Db, works: list[NewWork]) -> db.Db:
    with database.writing() as tx:
        for work in works:
            db.works.add(tx, work, score=3.0)
    return database


def find(database: db.Db, question: str) -> list[int]:
    asked = Selection(words=db.search.runs(question))
    with database.reading() as tx:
        page = db.shelf.page(tx, asked, order="newest", after=None, limit=1000, visitor="")
    return sorted(card.id for card in page.cards) if asked.words else []


@pytest.mark.parametrize("few", [10_000, 0], ids=["by the index", "along the wall"])
def test_hard_questions_are_answered_as_by_reading_every_work(
    wall: db.Db, works: list[NewWork], few: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(db.shelf, "FEW", few)
    answers = {question: (find(wall, question), read_all(works, question)) for question in HARD}
    assert {question: both for question, both in answers.items() if both[0] != both[1]} == {}
    assert sum(bool(both[0]) for both in answers.values()) > 30


@pytest.mark.parametrize("length", [1, 2, 3, 4])
def test_any_piece_of_a_verse_is_found_as_by_reading_every_work(wall: db.Db, works: list[NewWork], length: int) -> None:
    chance = random.Random(length)
    for _ in range(60):
        line = chance.choice(chance.choice([work for work in works if work.verse]).verse)
        start = chance.randrange(len(line) - length + 1)
        question = line[start : start + length]
        assert find(wall, question) == read_all(works, question) != []


def test_a_run_does_not_reach_from_one_line_into_the_next(database: db.Db) -> None:
    with database.writing() as tx:
        db.works.add(tx, replace(POEM, verse=("青山", "山绿水")), score=3.0)
    assert [find(database, question) for question in ("青山", "山绿水", "青山绿", "山山")] == [[1], [1], [], []]


def test_what_is_hidden_or_taken_down_is_not_found(wall: db.Db) -> None:
    before = find(wall, "月")
    change(wall, "UPDATE works SET hidden = 1 WHERE id % 2 = 0")
    change(wall, "DELETE FROM works WHERE id % 3 = 0")
    assert find(wall, "月") == [number for number in before if number % 2 and number % 3]


def test_a_save_that_fails_leaves_nothing_to_be_found(database: db.Db) -> None:
    with pytest.raises(IntegrityError), database.writing() as tx:
        db.works.add(tx, POEM, score=3.0) and db.works.add(tx, replace(POEM, draft="d", title=""), score=3.0)
    with database.reading() as tx:
        assert db.search.count_up_to(tx, db.search.question(["空山"]), 9) == 0
        assert tx.execute(text("SELECT count(*) FROM words")).scalar() == 0


@pytest.mark.parametrize(
    "harm",
    [
        "DELETE FROM words WHERE work % 2 = 0",
        "UPDATE words SET written = ' x ' WHERE work < 9",
        "INSERT INTO finds (finds) VALUES ('delete-all')",
        "DELETE FROM shelf WHERE work > 200",
        "UPDATE shelf SET score = 1.5, votes = 3 WHERE work % 7 = 0",
        "UPDATE cells SET works = works + 1",
        "UPDATE cells SET works = 0",
        "DELETE FROM signed WHERE work % 5 = 0",
        "UPDATE signed SET signature = 3 - signature WHERE signature < 3",
        "UPDATE signatures SET works = works + 1",
        "UPDATE signatures SET name = name || '!'",
    ],
)
def test_harm_done_to_the_index_is_noticed_and_a_rebuild_heals_it(wall: db.Db, harm: str) -> None:
    before = find(wall, "月")
    change(wall, harm)
    with wall.reading() as tx:
        assert db.search.examine(tx) != db.search.Ailing((), 0)
    assert db.search.rebuild(wall) == 300
    with wall.reading() as tx:
        assert db.search.examine(tx) == db.search.Ailing((), 0)
    assert find(wall, "月") == before


def test_verse_that_shares_rare_pairs_is_similar_and_hidden_works_are_not_named(database: db.Db) -> None:
    verses = [("孤舟蓑笠翁", "独钓寒江雪"), ("寒江独钓翁", "空山新雨后"), ("空山新雨后", "明月照松间"), ("春眠不觉晓",)]
    with database.writing() as tx:
        for number, verse in enumerate([*verses, *[("春眠不觉晓",)] * 3]):
            db.works.add(tx, replace(POEM, draft=f"v{number}", verse=verse), score=3.0)
    with database.reading() as tx:
        assert [db.search.similar(tx, number, limit=5) for number in (1, 2, 3)] == [[2], [3, 1], [2]]
        assert db.search.similar(tx, 4, limit=2) == [7, 6]
    change(database, "UPDATE works SET hidden = 1 WHERE id IN (2, 7)")
    with database.reading() as tx:
        assert [db.search.similar(tx, number, limit=5) for number in (1, 4)] == [[], [6, 5]]
