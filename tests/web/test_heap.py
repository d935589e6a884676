"""Where memory comes from, however many threads there are. In processes of their own, since what is set stays."""

from __future__ import annotations

import ctypes
import os
import platform
import re
import subprocess
import sys
import threading

import pytest

from gallery.web import heap

START = """
import ctypes, importlib.util, pathlib, sys, threading

heap = None
if sys.argv[1:]:
    spec = importlib.util.spec_from_file_location("heap", sys.argv[1])
    heap = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(heap)
    heap.leave_no_holes()
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
LEAVE_HOLES = """
pieces = [ctypes.c_void_p(libc.malloc(ctypes.c_size_t(100_000))) for _ in range(500)]
for piece in pieces:
    ctypes.memset(piece, 1, 100_000)
for number, piece in enumerate(pieces):
    if number % 10:
        libc.free(piece)
stop = threading.Event()
stop.wait = lambda seconds, turns=iter((False, True)): next(turns)
if heap:
    heap.tidy_now_and_then(None, stop)
print("pages", pathlib.Path("/proc/self/statm").read_text().split()[1], flush=True)
"""
glibc = pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="arenas are glibc's")


def told(program: str, *first: str) -> str:
    """What glibc says of the memory of a process in the end; `first` is the module that sets it."""
    command = [sys.executable, "-c", START + program + TOLD, *first]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def mapped(info: str) -> int:
    """Bytes that are mapped by themselves."""
    found = re.search(r'<total type="mmap" count="\d+" size="(\d+)"', info)
    assert found
    return int(found[1])


def resident(info: str) -> int:
    """Bytes that are in memory."""
    found = re.search(r"pages (\d+)", info)
    assert found
    return int(found[1]) * os.sysconf("SC_PAGE_SIZE")


@glibc
def test_many_threads_share_two_arenas() -> None:
    assert told(ASK_AT_ONCE, heap.__file__).count("<heap nr=") <= heap.ARENAS < told(ASK_AT_ONCE).count("<heap nr=")


@glibc
def test_large_pieces_are_mapped_by_themselves_also_after_larger_ones_were_freed() -> None:
    assert mapped(told(ASK_FOR_MUCH, heap.__file__)) >= 5_000_000 > mapped(told(ASK_FOR_MUCH))


@glibc
def test_empty_pages_between_what_is_in_use_go_back() -> None:
    assert resident(told(LEAVE_HOLES, heap.__file__)) < resident(told(LEAVE_HOLES)) - 30_000_000


def test_without_glibc_nothing_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    def none(_: object) -> object:
        raise TypeError("no such library")

    monkeypatch.setattr(ctypes, "CDLL", none)
    monkeypatch.setattr(heap, "EVERY_S", 0.001)
    heap.leave_no_holes()
    stop = threading.Event()
    thread = threading.Thread(target=heap.tidy_now_and_then, args=(None, stop))
    thread.start()
    stop.set()
    thread.join(10)
    assert not thread.is_alive()
