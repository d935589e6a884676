"""Check: a pasted verse is read, or refused with a sentence."""

from __future__ import annotations

import subprocess
import sys

import pytest

from gallery import errors
from gallery.journeys import House, check
from gallery.pages.check import draw
from gallery.pages.frame import Frame
from gallery.texts import LANGUAGES, load_texts
from models.poem_rnn.judging import ALLOWED, RULES
from models.poem_rnn.reading import MOST

STILL_NIGHT = "床前明月光，疑是地上霜。举头望明月，低头思故乡。"


def test_a_verse_is_read() -> None:
    assert check.read("白日依山盡，黃河入海流。欲窮千里目，更上一層樓。").verdict == "regular"


@pytest.mark.parametrize(("text", "told"), [("", errors.NoVerse), ("山" * (MOST + 1), errors.LongVerse)])
def test_what_cannot_be_read_is_refused(text: str, told: type[errors.BadWish]) -> None:
    with pytest.raises(told):
        check.read(text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_rule_has_its_sentence(language: str) -> None:
    sentences = {load_texts().say(f"check.rule_{rule.replace(' ', '_')}", language) for rule in RULES | ALLOWED}
    assert len(sentences) == len(RULES) + len(ALLOWED)


def test_the_page_underlines_the_faults_and_tells_them(house: House) -> None:
    drawn = draw(Frame(house, "en"), STILL_NIGHT)
    assert drawn.count('class="glyph wrong') == 2
    assert "Line 2, “上”" in drawn


def test_what_a_visitor_pastes_is_escaped(house: House) -> None:
    drawn = draw(Frame(house, "zh"), "山<img src=x onerror=alert(1)>水（<b>）")
    assert "<img" not in drawn
    assert "<b>）" not in drawn


def test_checking_needs_no_torch() -> None:
    code = "import sys, gallery.journeys.check as c; c.read('白日依山盡'); sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
