"""How the C library finds memory for the site: so that what is freed is used again, or given back.

The site runs in some hundred threads. glibc gives threads that ask at once an arena each, up to eight a core, and what
is freed in one is not given to another; and once large pieces (pages, pictures) have come and gone it takes such from
the arenas too, where small ones that stay keep the holes open. A hundred visitors left 200 MB of holes in eight
minutes, more than what was in use, and the process grew on. With two arenas, and large pieces always mapped by
themselves, they leave 30 MB, whose empty pages go back once a minute. Nobody waits for it that could notice: threads of
Python's take turns anyway. The engine's workers are set otherwise (models/desk.py): they have one thread, and paint.
Sources: mallopt(3), malloc_trim(3); glibc's malloc.h.
"""

from __future__ import annotations

import ctypes
import threading
from collections.abc import Callable
from typing import Any

M_ARENA_MAX, ARENAS = -8, 2
M_MMAP_THRESHOLD, LARGE = -3, 256 * 1024  # set by hand, it no longer grows with what has been freed
EVERY_S = 60.0


def leave_no_holes() -> None:
    """For this process, from now on; nothing where the C library is not glibc."""
    set_option = _of_glibc("mallopt")
    set_option(M_ARENA_MAX, ARENAS)
    set_option(M_MMAP_THRESHOLD, LARGE)


def tidy_now_and_then(_: object, stop: threading.Event) -> None:
    """Until `stop`: once a minute, empty pages between what is in use go back to the system."""
    trim = _of_glibc("malloc_trim")
    while not stop.wait(EVERY_S):
        trim(0)


def _of_glibc(name: str) -> Callable[..., Any]:
    """That function of the C library; where there is none of that name, one that does nothing."""
    try:
        return ctypes.CDLL(None)[name]
    except (AttributeError, OSError, TypeError):
        return lambda *_: None
