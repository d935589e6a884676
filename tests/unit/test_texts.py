"""Texts and errors: both languages say the same things, and every error has its sentence."""

from __future__ import annotations

import string

import pytest

from gallery import errors
from gallery.journeys import say
from gallery.texts import LANGUAGES, load_texts

SENTENCES = load_texts().sentences


def blanks(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def every_error() -> list[type[errors.GalleryError]]:
    """The leaves of the tree: the errors that are raised."""
    branches, leaves = [errors.GalleryError], []
    while branches:
        below = branches.pop().__subclasses__()
        branches += [error for error in below if error.__subclasses__()]
        leaves += [error for error in below if not error.__subclasses__()]
    return leaves


def test_both_languages_have_the_same_sentences() -> None:
    assert set(SENTENCES["zh"]) == set(SENTENCES["en"])


@pytest.mark.parametrize("key", sorted(SENTENCES["en"]))
def test_a_sentence_has_the_same_blanks_in_both_languages(key: str) -> None:
    assert blanks(SENTENCES["zh"][key]) == blanks(SENTENCES["en"][key])
    assert all(SENTENCES[language][key].strip() for language in LANGUAGES)


@pytest.mark.parametrize("error", every_error(), ids=lambda error: error.__name__)
def test_every_error_is_told_in_both_languages_with_all_it_knows(error: type[errors.GalleryError]) -> None:
    values = [f"<{name}>" for name in getattr(error, "__dataclass_fields__", {})]
    told = [say(error(*values), language) for language in LANGUAGES]
    assert told[0] != told[1]
    assert not any("{" in sentence for sentence in told)


@pytest.mark.parametrize("error", every_error(), ids=lambda error: error.__name__)
def test_every_error_stands_in_the_drawn_tree(error: type[errors.GalleryError]) -> None:
    assert error.__name__ in (errors.__doc__ or "")


def test_what_a_visitor_typed_is_never_taken_for_a_blank() -> None:
    assert "{allowed.__class__}" in say(errors.UnknownForm("{allowed.__class__}", "x"), "en")


def test_an_unknown_sentence_is_an_error_and_not_an_empty_page() -> None:
    with pytest.raises(KeyError):
        load_texts().say("errors.nothing_of_the_kind", "en")
