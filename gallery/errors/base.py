"""The root of the tree, and the branch of wishes that cannot be met, on which verse has a twig of its own."""

from __future__ import annotations

import re
from typing import Any


class GalleryError(Exception):
    """Anything that a visitor is told; subclasses are dataclasses whose fields fill the sentence."""

    @property
    def key(self) -> str:
        """Where the sentence stands in the texts.

        >>> BadWish().key
        'errors.bad_wish'
        """
        return "errors." + re.sub(r"(?<!^)(?=[A-Z])", "_", type(self).__name__).lower()

    @property
    def values(self) -> dict[str, Any]:
        """What fills the sentence."""
        return dict(vars(self))

    def __str__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.values.items())})"


class BadWish(GalleryError):
    """The visitor asked for something that cannot be made or kept."""
