"""Lines that speak at once are read in turn, and none is kept waiting for long."""

import pytest

from chat.core.read_pace import GAP_S, LONGEST_S, ReadPace


def test_one_line_alone_is_read_at_once_and_many_take_turns() -> None:
    now_s = [100.0]
    pace = ReadPace(lambda: now_s[0])
    assert pace.turn_s() == 0
    now_s[0] += 1.0
    turns = [pace.turn_s() for _ in range(100)]
    assert turns == pytest.approx([number * GAP_S for number in range(100)])
    now_s[0] += 1.0
    assert pace.turn_s() == 0, "what was waited for is over"


def test_however_many_there_are_a_line_is_read_in_the_end() -> None:
    pace = ReadPace(lambda: 100.0)
    assert max(pace.turn_s() for _ in range(10_000)) == pytest.approx(LONGEST_S)
