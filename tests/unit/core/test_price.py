"""What a reply cost: never more or less than its figures say, and unknown where one is missing."""

from dataclasses import replace
from fractions import Fraction
from math import inf
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chat.core.messages import Usage
from chat.core.models import Prices, price

PRICES = Prices(
    input_text_usd=2.0, input_image_usd=4.0, output_text_usd=10.0, output_image_usd=100.0
)
MILLION = 1_000_000


@pytest.mark.parametrize(
    ("usage", "prices", "pictures", "cost"),
    [
        (Usage(MILLION, MILLION, MILLION, MILLION, MILLION), PRICES, 1, 126.0),
        (Usage(input_text_tokens=MILLION, reported_cost_usd=0.5), PRICES, 1, 0.5),
        (Usage(), PRICES, 1, None),
        (None, PRICES, 1, None),
        (Usage(input_text_tokens=1, output_image_tokens=1), Prices(input_text_usd=1.0), 1, None),
        # Cached input has a price of its own; where that is unknown, it is input as any other.
        (Usage(MILLION, cached_tokens=MILLION // 2), PRICES, 0, 2.0),
        (Usage(MILLION, cached_tokens=MILLION // 2), replace(PRICES, cached_input_usd=0.2), 0, 1.1),
        (Usage(0, MILLION, cached_tokens=MILLION), replace(PRICES, cached_input_usd=0.2), 0, 0.2),
        (Usage(MILLION, cached_tokens=9 * MILLION), replace(PRICES, cached_input_usd=0.2), 0, 0.2),
        (Usage(cached_tokens=5), replace(PRICES, cached_input_usd=0.2), 0, None),
        # By the picture: nothing else need be known, and its tokens are not charged again.
        (None, Prices(per_image_usd=0.04), 3, 0.12),
        (None, Prices(per_image_usd=0.04), 0, None),
        (Usage(7, output_image_tokens=7), Prices(per_image_usd=0.04), 2, 0.08),
        (Usage(MILLION, output_image_tokens=7), replace(PRICES, per_image_usd=0.04), 1, 2.04),
        (None, replace(PRICES, per_image_usd=0.04), 1, None),
        # No tokens told apart as those of the pictures: they are no words, whatever the sum says.
        (Usage(MILLION, output_text_tokens=1290), PRICES, 1, None),
        (Usage(MILLION, output_text_tokens=1290, output_image_tokens=0), PRICES, 1, None),
        (Usage(MILLION, output_text_tokens=1290), replace(PRICES, per_image_usd=0.04), 2, 2.08),
        (Usage(MILLION, output_text_tokens=MILLION), PRICES, 0, 12.0),
        (Usage(output_text_tokens=9, reported_cost_usd=0.5), PRICES, 1, 0.5),
    ],
)
def test_the_bill_is_right(
    usage: Usage | None, prices: Prices, pictures: int, cost: float | None
) -> None:
    assert price(usage, prices, pictures) == (None if cost is None else pytest.approx(cost))


counts = st.none() | st.integers(0, 10**12)
usages = st.builds(Usage, counts, counts, counts, counts, counts, counts)
figures = st.floats(0, 1000)
perhaps = st.none() | figures
tariffs = st.builds(Prices, perhaps, perhaps, perhaps, perhaps, perhaps, perhaps)
pictures = st.integers(0, 10)


@st.composite
def complete_tariffs(draw: st.DrawFn) -> Prices:
    """Every figure known, and the cache no dearer than other input."""
    text_usd, image_usd = draw(figures), draw(figures)
    cached_usd = draw(st.floats(0, 1)) * min(text_usd, image_usd)
    return Prices(text_usd, image_usd, draw(figures), draw(figures), cached_usd)


@given(usages, tariffs)
def test_a_cost_is_the_sum_of_what_was_used_and_unknown_where_a_price_is(
    usage: Usage, prices: Prices
) -> None:
    listed = replace(prices, cached_input_usd=None, per_image_usd=None)
    assume(not listed.free)
    used = [
        (usage.input_text_tokens, prices.input_text_usd),
        (usage.input_image_tokens, prices.input_image_usd),
        (usage.output_text_tokens, prices.output_text_usd),
        (usage.reasoning_tokens, prices.output_text_usd),
        (usage.output_image_tokens, prices.output_image_usd),
    ]
    known = any(tokens is not None for tokens, _ in used)
    known &= not any(tokens and usd is None for tokens, usd in used)
    exact = sum(Fraction(tokens or 0) * Fraction(usd or 0) for tokens, usd in used) / MILLION
    assert price(usage, listed) == (pytest.approx(float(exact)) if known else None)


@given(usages, pictures)
def test_what_is_free_costs_nothing_however_much_it_was(usage: Usage, n: int) -> None:
    assert price(usage, Prices(0, 0, 0, 0), n) == 0
    assert price(None, Prices(0, 0, 0, 0), n) == 0


@given(usages, tariffs, pictures)
def test_whatever_else_is_known_a_cost_is_a_finite_amount(
    usage: Usage, prices: Prices, n: int
) -> None:
    cost = price(usage, prices, n)
    assert cost is None or 0 <= cost < inf


@given(usages, tariffs, pictures, st.floats(0, 100))
def test_the_endpoints_own_figure_is_the_figure(
    usage: Usage, prices: Prices, n: int, stated: float
) -> None:
    assert price(replace(usage, reported_cost_usd=stated), prices, n) == stated


COUNTED = (
    "input_text_tokens",
    "input_image_tokens",
    "output_text_tokens",
    "output_image_tokens",
    "reasoning_tokens",
)


@given(usages, complete_tariffs(), st.sampled_from(COUNTED), st.integers(0, 10**6))
def test_more_tokens_never_cost_less(usage: Usage, prices: Prices, field: str, more: int) -> None:
    counted: dict[str, Any] = {field: getattr(usage, field) or 0}
    few, many = replace(usage, **counted), replace(usage, **{field: counted[field] + more})
    cheaper, dearer = price(few, prices), price(many, prices)
    assert cheaper is not None
    assert dearer is not None
    assert dearer >= cheaper - 1e-9


@given(usages, complete_tariffs())
def test_what_was_in_the_cache_never_costs_more(usage: Usage, prices: Prices) -> None:
    told = replace(usage, input_text_tokens=usage.input_text_tokens or 0)
    with_cache, without = price(told, prices), price(replace(told, cached_tokens=None), prices)
    assert with_cache is not None
    assert without is not None
    assert with_cache <= without + 1e-9


@given(usages, complete_tariffs(), st.integers(1, 10), st.floats(0.001, 10))
def test_each_picture_costs_the_same(usage: Usage, prices: Prices, n: int, each: float) -> None:
    told = replace(usage, output_text_tokens=usage.output_text_tokens or 0)
    by_picture = replace(prices, per_image_usd=each)
    cost, one_more = price(told, by_picture, n), price(told, by_picture, n + 1)
    assert cost is not None
    assert one_more == pytest.approx(cost + each)


@given(usages, tariffs, st.integers(1, 10**7))
def test_an_unknown_price_of_something_used_makes_the_cost_unknown(
    usage: Usage, prices: Prices, used: int
) -> None:
    unknown = replace(prices, output_text_usd=None, per_image_usd=None)
    assert price(replace(usage, output_text_tokens=used), unknown) is None
