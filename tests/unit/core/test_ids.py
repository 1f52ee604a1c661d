"""An id is part of an address: whoever could guess one would know that it exists."""

import uuid

from chat.core.messages import new_id


def test_an_id_is_of_chance_and_of_nothing_else() -> None:
    ids = {new_id() for _ in range(100_000)}
    assert len(ids) == 100_000
    assert {uuid.UUID(each).version for each in ids} == {4}
    # Each of the 122 bits falls either way: none is a clock, a counter or a machine.
    whole = [uuid.UUID(each).int for each in list(ids)[:1_000]]
    fixed = 0xF << 76 | 0x3 << 62
    for bit in range(128):
        if not fixed >> bit & 1:
            assert 300 < sum(each >> bit & 1 for each in whole) < 700, bit
