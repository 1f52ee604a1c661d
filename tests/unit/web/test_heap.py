"""What a large answer took goes back to the system."""

import platform
import subprocess
import sys

import pytest

PROGRAM = """
import ctypes
from chat.web.heap import LARGE_BLOCK_BYTES, return_large_blocks

class Told(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in "arena ordblks smblks hblks".split()]
    _fields_ += [(f"more_{n}", ctypes.c_size_t) for n in range(6)]

look = ctypes.CDLL(None).mallinfo2
look.restype = Told
if {asked}:
    assert return_large_blocks()
bytes(7 * LARGE_BLOCK_BYTES)  # freed at once: from here on such blocks come from the heap
before = look().hblks
held = [bytes(2 * LARGE_BLOCK_BYTES) for _ in range(5)]
print(look().hblks - before)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc can be told")
@pytest.mark.parametrize(("asked", "alone"), [(True, 5), (False, 0)], ids=["asked", "by itself"])
def test_a_large_block_lies_alone_and_is_given_back_when_it_is_freed(
    asked: bool, alone: int
) -> None:
    program = PROGRAM.replace("{asked}", str(asked))
    told = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert int(told.stdout) == alone
