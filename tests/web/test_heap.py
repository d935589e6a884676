"""Where memory comes from, however many threads there are. In processes of their own, since what is set stays."""

from __future__ import annotations

import ctypes
import platform
import re
import subprocess
import sys

import pytest

from gallery.web import heap

START = """
import ctypes, runpy, sys, threading

if sys.argv[1:]:
    runpy.run_path(sys.argv[1])["leave_no_holes"]()
libc = ctypes.CDLL(None)
libc.malloc.restype = libc.fopen.restype = ctypes.c_void_p
"""
TOLD = """
libc.malloc_info(0, ctypes.c_void_p(libc.fopen(b"/dev/stdout", b"w")))
libc.fflush(None)
"""
ASK_AT_ONCE = """
together = threading.Barrier(32)


def ask():
    together.wait()
    for _ in range(2000):
        assert libc.malloc(ctypes.c_size_t(4096))
    together.wait()


threads = [threading.Thread(target=ask) for _ in range(32)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
"""
ASK_FOR_MUCH = """
libc.free(ctypes.c_void_p(libc.malloc(ctypes.c_size_t(16_000_000))))
for _ in range(5):
    assert libc.malloc(ctypes.c_size_t(1_000_000))
"""
glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="arenas are glibc's")


def told(program: str, *first: str) -> str:
    """What glibc says of the memory of a process in the end; `first` is a program to begin with."""
    command = [sys.executable, "-c", START + program + TOLD, *first]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def mapped(info: str) -> int:
    """Bytes that are mapped by themselves."""
    found = re.search(r'<total type="mmap" count="\d+" size="(\d+)"', info)
    assert found
    return int(found[1])


@glibc
def test_many_threads_share_two_arenas() -> None:
    assert told(ASK_AT_ONCE, heap.__file__).count("<heap nr=") <= heap.ARENAS < told(ASK_AT_ONCE).count("<heap nr=")


@glibc
def test_large_pieces_are_mapped_by_themselves_also_after_larger_ones_were_freed() -> None:
    assert mapped(told(ASK_FOR_MUCH, heap.__file__)) >= 5_000_000 > mapped(told(ASK_FOR_MUCH))


def test_without_glibc_nothing_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ctypes, "CDLL", lambda _: object())
    heap.leave_no_holes()
