"""What must hold when things go wrong. `python -m tests.faults --full` runs these tests at the sizes of the promise."""

from __future__ import annotations

import os

FULL = "FULL_FAULTS"


def size(*, short: int, full: int) -> int:
    """How large a test is: `short` in the suite, `full` when the whole promise is tried."""
    return full if os.environ.get(FULL) else short
