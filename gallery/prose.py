"""What curators write in Markdown: as HTML for a page, or as plain paragraphs for paper.

Of CommonMark it takes paragraphs, emphasis, lists, quotations, lines and links. Headings are left out, since a page has
its own; pictures, since they would call other machines; and HTML is text like any other. A link leads to http, https or
mailto, or within the site. https://spec.commonmark.org, https://markdown-it-py.readthedocs.io
"""

from __future__ import annotations

import re
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": False})
    return reader.disable(["heading", "lheading", "image", "html_block", "html_inline", "code", "fence", "backticks"])


def as_html(text: str) -> str:
    """The text as HTML that may stand on a page as it is.

    >>> as_html("A *quiet* <b>room</b>")
    '<p>A <em>quiet</em> &lt;b&gt;room&lt;/b&gt;</p>\\n'
    """
    tokens = _reader().parse(text)
    for token in (child for block in tokens for child in block.children or ()):
        if token.type == "link_open":
            token.attrSet("rel", "nofollow noopener")
    return str(_reader().renderer.render(tokens, _reader().options, {}))


def paragraphs(text: str) -> list[str]:
    """The words alone, a text for each paragraph.

    >>> paragraphs("One *quiet*\\nroom\\n\\n- [two](https://a.test)")
    ['One quiet room', 'two']
    """
    return [_plain(block) for block in _reader().parse(text) if block.type == "inline"]


def _plain(block: Token) -> str:
    said = {"softbreak": " ", "hardbreak": " "}
    text = "".join(said.get(token.type, token.content) for token in block.children or ())
    return re.sub(r"(?<=[，。；：！？])\s+(?=[\u3400-\u9fff])", "", text)  # a blank that only Markdown needs
