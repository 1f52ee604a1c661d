"""How the C library keeps memory: what one picture took serves the next, and little stays for good.

By itself glibc cuts blocks of up to 32 MB from its heaps, once one of them was freed, and has a
heap for each of many threads: what lies between two such blocks keeps all pages around it. After
the bench's hostile answers that was 73 MB; so it is less than half.

Blocks of the size of a usual picture come from the heaps all the same. Asked of the system each
time, they cost a page fault for every 4 kB: that is as much CPU as to hash them.
"""

import ctypes
import sys

LARGE_BLOCK_BYTES = 4_000_000
"""What is larger goes back to the system when it is freed."""
KEPT_FREE_BYTES = 8_000_000
"""What a heap keeps at its end for whoever asks next."""
ARENAS = 2

_TRIM_THRESHOLD, _MMAP_THRESHOLD, _ARENA_MAX = -1, -3, -8
"""Source: ``malloc.h`` of glibc 2.41 (2026-11-30)."""


def return_large_blocks() -> bool:
    """Have large blocks go back to the system when they are freed; whether that can be had."""
    if sys.platform != "linux":
        return False
    set_to = getattr(ctypes.CDLL(None), "mallopt", None)
    if set_to is None:
        return False
    wanted = (
        (_MMAP_THRESHOLD, LARGE_BLOCK_BYTES),
        (_TRIM_THRESHOLD, KEPT_FREE_BYTES),
        (_ARENA_MAX, ARENAS),
    )
    return all(set_to(name, value) == 1 for name, value in wanted)


def give_back() -> bool:
    """Have what is free go back to the system now; whether any did.

    By itself the C library gives back what is free at the end of a heap alone. After a start, which
    reads much and keeps little of it, there are 5 MB in between.
    """
    if sys.platform != "linux":
        return False
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    return trim is not None and trim(0) == 1
