"""How the C library finds memory for the site: so that what is freed is used again, or given back.

The site runs in some hundred threads. glibc gives threads that ask at once an arena each, up to eight a core, and what
is freed in one is not given to another; and once large pieces (pages, pictures) have come and gone it takes such from
the arenas too, where small ones that stay keep the holes open. A hundred visitors left 200 MB of holes in eight
minutes, more than what was in use, and the process grew on. With two arenas, and large pieces always mapped by
themselves, they leave 15 MB. Nobody waits for it that could notice: threads of Python's take turns anyway. The engine's
workers are set otherwise (models/engine.py): they have one thread, and paint. Source: mallopt(3); glibc's malloc.h.
"""

from __future__ import annotations

import ctypes
from contextlib import suppress

M_ARENA_MAX, ARENAS = -8, 2
M_MMAP_THRESHOLD, LARGE = -3, 256 * 1024  # set by hand, it no longer grows with what has been freed


def leave_no_holes() -> None:
    """For this process, from now on; nothing where the C library is not glibc."""
    with suppress(AttributeError, OSError, TypeError):
        libc = ctypes.CDLL(None)
        libc.mallopt(M_ARENA_MAX, ARENAS)
        libc.mallopt(M_MMAP_THRESHOLD, LARGE)
