"""Whoever reads a flood leaves half of the time to others."""

from chat.core.fairness import CREDIT_S, MOST_S, SLICE_S, FairShare


class Thread:
    """Its two clocks."""

    def __init__(self) -> None:
        self.at_s = self.worked_s = 0.0
        self.share = FairShare(lambda: self.at_s, lambda: self.worked_s)

    def work(self, seconds: float) -> float:
        """Work, and rest as is owed; for how long."""
        self.at_s += seconds
        self.worked_s += seconds
        owed_s = self.share.owed_s()
        self.at_s += owed_s
        return owed_s


def test_who_has_ever_more_to_do_takes_half_of_the_time() -> None:
    thread = Thread()
    for _ in range(1_000):
        thread.work(SLICE_S)
    assert 0.49 < thread.worked_s / thread.at_s < 0.51


def test_what_one_call_took_is_not_owed_for_ever() -> None:
    thread = Thread()
    assert thread.work(60.0) == MOST_S
    assert thread.work(0.0) == 0.0


def test_who_waits_for_what_comes_owes_nothing() -> None:
    """As of a model that writes as people read; a burst after a rest is within the credit."""
    thread = Thread()
    for _ in range(1_000):
        thread.at_s += 3 * SLICE_S
        assert thread.work(SLICE_S) == 0.0
    assert thread.work(CREDIT_S) == 0.0
