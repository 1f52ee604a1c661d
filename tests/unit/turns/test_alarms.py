"""What waits is woken up in its time: once, in order, and not after it was forgotten."""

from chat.turns.alarms import FORGOTTEN, Alarms
from tests.unit.turns.clockwork import Clockwork


def test_each_rings_once_in_its_time_however_many_were_forgotten() -> None:
    clock, rung = Clockwork(), list[str]()
    alarms = Alarms(clock)

    def set_(name: str, after_s: float) -> None:
        alarms.set(name, after_s, lambda: rung.append(name))

    for number in range(3 * FORGOTTEN):
        set_(f"gone {number}", 1.0)
        assert alarms.forget(f"gone {number}")
    set_("late", 9.0)
    set_("put off", 1.0)
    set_("put off", 5.0)
    set_("put forward", 9.0)
    set_("put forward", 2.0)
    assert not alarms.forget("gone 0")
    assert len(clock.pending()) == 1
    for seconds, names in ((1.0, []), (1.0, ["put forward"]), (7.0, ["put off", "late"])):
        rung.clear()
        clock.wind(seconds)
        assert rung == names
    assert clock.pending() == []


def test_one_that_rings_may_set_itself_and_forget_another() -> None:
    clock, rung = Clockwork(), list[str]()
    alarms = Alarms(clock)

    def ring() -> None:
        rung.append("first")
        alarms.forget("second")
        alarms.set("first", 1.0, lambda: rung.append("again"))

    alarms.set("first", 1.0, ring)
    alarms.set("second", 1.0, lambda: rung.append("second"))
    clock.wind(1.0)
    clock.wind(1.0)
    assert rung == ["first", "again"]
    alarms.set("third", 1.0, lambda: rung.append("third"))
    alarms.close()
    clock.wind(2.0)
    assert rung == ["first", "again"]
