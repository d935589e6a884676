"""The branches of the tree of errors, which `gallery.errors` draws: what every error can do, and of what sort it is."""

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


class NotThere(GalleryError):
    """What is asked for is not here, or not this visitor's."""


class NotAllowed(GalleryError):
    """Only curators may, and who asks has not shown to be one."""


class EngineTrouble(GalleryError):
    """The work could not be made now."""


class StoreTrouble(GalleryError):
    """The work could not be kept or read now."""
