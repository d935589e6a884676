"""Every sentence a visitor reads, in both languages: en.toml and zh.toml beside this file.

`say("errors.queue_full", "zh", wait_s=9)` fills the blanks of one sentence. A key that one language lacks is an error
at once, and a test holds the two files to the same keys and blanks. Nothing here escapes HTML: pages do, where needed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

LANGUAGES = ("zh", "en")


@dataclass(frozen=True)
class Texts:
    """The sentences by language and dotted key."""

    sentences: Mapping[str, Mapping[str, str]]

    def say(self, key: str, language: str, **values: object) -> str:
        """One sentence with its blanks filled; raises KeyError for an unknown key, language or blank."""
        return self.sentences[language][key].format(**values)

    def has(self, key: str) -> bool:
        """Whether there is such a sentence."""
        return key in self.sentences[LANGUAGES[0]]

    def word(self, key: str, language: str) -> str:
        """What there is under a key and has no blanks; "" where there is no such."""
        found = self.sentences[language].get(key, "")
        return "" if "{" in found else found


def _flatten(table: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flatten(value, f"{prefix}{name}.")
        else:
            yield f"{prefix}{name}", value


@cache
def load_texts() -> Texts:
    """The texts of the house, read once."""
    folder = Path(__file__).parent
    tables = {name: tomllib.loads((folder / f"{name}.toml").read_text(encoding="utf-8")) for name in LANGUAGES}
    return Texts({name: dict(_flatten(table)) for name, table in tables.items()})
