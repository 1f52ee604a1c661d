"""What is kept for speed has a bound in size, and what was used last is there."""

from chat.core.recent import Recent


def test_large_things_make_room_for_what_is_used_now() -> None:
    kept = Recent[str, str](10)
    kept.keep("a", "A", 4)
    kept.keep("b", "B", 4)
    assert kept.get("a") == "A"
    kept.keep("c", "C", 4)
    assert (kept.get("a"), kept.get("b"), kept.get("c")) == ("A", None, "C")


def test_what_is_kept_anew_counts_once() -> None:
    kept = Recent[str, str](10)
    for _ in range(5):
        kept.keep("a", "A", 6)
    kept.keep("b", "B", 4)
    assert (kept.get("a"), kept.get("b")) == ("A", "B")


def test_the_newest_stays_though_it_is_larger_than_all() -> None:
    kept = Recent[str, str](10)
    kept.keep("a", "A", 1)
    kept.keep("b", "B", 100)
    assert (kept.get("a"), kept.get("b"), len(kept)) == (None, "B", 1)


def test_a_number_of_small_things_is_bounded_too() -> None:
    kept = Recent[int, int](1_000, entries=3)
    for number in range(10):
        kept.keep(number, number, 1)
    assert [number for number in range(10) if number in kept] == [7, 8, 9]
