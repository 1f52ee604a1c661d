"""Frames flow while there is room, and rest where others need the thread."""

import pytest

from chat.web.frame_pace import FRAME_S, LONGEST_REST_S, SHARE, SPAN_S, FramePace


@pytest.mark.parametrize(
    ("busy", "took_s", "rest_s"),
    [
        (0.0, 0.0, FRAME_S),
        (0.5, 0.001, FRAME_S),
        (0.75, 0.001, 2 * FRAME_S),
        (0.9, 0.001, 5 * FRAME_S),
        (1.0, 0.001, LONGEST_REST_S),
        (0.0, 0.01, 0.01 * SHARE),
        (0.0, 1.0, LONGEST_REST_S),
    ],
)
def test_frames_come_fifteen_times_a_second_and_fewer_only_under_load(
    busy: float, took_s: float, rest_s: float
) -> None:
    passed_s = 0.0
    pace = FramePace(lambda: passed_s, lambda: passed_s * busy)
    assert pace.rest_s(took_s) == pytest.approx(max(FRAME_S, min(took_s * SHARE, LONGEST_REST_S)))
    passed_s = SPAN_S
    assert pace.rest_s(took_s) == pytest.approx(rest_s)
    assert pace.rest_s(took_s) == pytest.approx(rest_s), "until it is known anew"


def test_an_idle_night_is_no_load_and_a_busy_moment_is_forgotten() -> None:
    passed_s, worked_s = 0.0, 0.0
    pace = FramePace(lambda: passed_s, lambda: worked_s)
    passed_s = worked_s = SPAN_S
    assert pace.rest_s(0.0) == LONGEST_REST_S
    passed_s += 10_000.0
    assert pace.rest_s(0.0) == FRAME_S
