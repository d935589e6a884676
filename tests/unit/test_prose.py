"""Wall text: what of Markdown it takes, and that nothing in it becomes anything but words, lists and honest links."""

from __future__ import annotations

import re

import pytest

from gallery.prose import as_html, paragraphs

ALLOWED = {"p", "em", "strong", "a", "ul", "ol", "li", "blockquote", "hr", "br"}
HOSTILE = [
    "<script>alert(1)</script>",
    '<img src=x onerror="alert(1)">',
    "![x](https://elsewhere.test/x.png)",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](vbscript:msgbox(1))",
    "[x](&#106;avascript:alert(1))",
    '[x](https://a.test "onmouseover=alert(1)")',
    '[x](https://a.test/"onmouseover="alert(1))',
    "<https://a.test/><b>",
    "# heading",
    "heading\n=======",
    "```\n<b>code</b>\n```",
    "    <b>indented</b>",
    "<!-- --><iframe src=//elsewhere.test>",
    "[x]: javascript:alert(1)\n\n[x]",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_hostile_gets_through(text: str) -> None:
    html = as_html(text)
    tags = re.findall(r"<\s*/?\s*([a-z0-9]+)([^>]*)>", html)
    assert {name for name, _ in tags} <= ALLOWED
    for name, attributes in tags:
        found = re.findall(r"([a-z]+)=\"([^\"]*)\"", attributes)
        assert {key for key, _ in found} <= ({"href", "rel", "title"} if name == "a" else {"start"})
        assert all(re.match(r"https?://|mailto:|/|#", value) for key, value in found if key == "href")


def test_it_says_what_it_means() -> None:
    html = as_html("One *two* **three**\n\n- four\n\n> five [six](/en/)")
    assert html.count("<p>") == 2
    assert "<em>two</em> <strong>three</strong>" in html
    assert "<li>four</li>" in html
    assert '<a href="/en/" rel="nofollow noopener">six</a>' in html


def test_on_paper_only_the_words_are_left() -> None:
    assert paragraphs("One *two*\n**three**\n\n1. [four](/x)\n\n<b>five</b>") == [
        "One two three",
        "four",
        "<b>five</b>",
    ]
