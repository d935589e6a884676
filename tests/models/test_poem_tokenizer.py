"""The vocabulary: most frequent first, unknown and nothing at the end, nothing lost on the way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from models.poem_rnn.tokenizer import Vocabulary, learn_vocabulary


def test_the_most_frequent_character_has_number_zero() -> None:
    vocabulary, counts, _ = learn_vocabulary(["山山山人人水"], size=2)
    assert vocabulary.encode("山人") == [0, 1]
    assert counts == [3, 2, 1]


def test_equally_frequent_characters_stand_in_a_fixed_order() -> None:
    assert learn_vocabulary(["水人山"])[0] == learn_vocabulary(["山水人"])[0]


def test_a_rare_character_is_unknown_and_its_kinds_are_counted() -> None:
    vocabulary, counts, rare = learn_vocabulary(["山山人人龘靐"], size=2)
    assert vocabulary.encode("龘") == [vocabulary.unknown] == [2]
    assert (counts[-1], rare) == (2, 2)


def test_unknown_is_shown_as_a_square_and_nothing_is_left_out() -> None:
    vocabulary = Vocabulary("山人")
    assert vocabulary.decode([0, vocabulary.unknown, vocabulary.nothing, 1]) == "山□人"


@given(st.text(alphabet="山人水月风", max_size=60))
def test_what_is_known_comes_back_as_it_was(text: str) -> None:
    vocabulary = Vocabulary("月人风山水")
    assert vocabulary.decode(vocabulary.encode(text)) == text
