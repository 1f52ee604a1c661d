"""What a question may cost, told before it is asked; and never a price that nobody knows."""

from collections.abc import Mapping
from dataclasses import replace

import pytest

from chat.core.estimate import Estimate, estimate
from chat.core.messages import Message, Role, Usage
from chat.core.models import ModelCard, Prices, price
from chat.core.parts import Image, Json, MediaRef, Part, Text, ToolCall, ToolResult
from chat.render.forecast import forecast

GEMINI = ModelCard(
    "g", "e", "w", "Gemini", image_sizes=("512", "1K", "2K", "4K"),
    prices=Prices(0.5, 0.5, 3.0, 60.0),
)  # fmt: skip
GPT = ModelCard(
    "o", "e", "w", "GPT Image", output_modalities=("image",), history=False, n_max=4,
    qualities=("low", "medium", "high"), image_sizes=("1K", "2K"),
    prices=Prices(5.0, 8.0, None, 30.0),
)  # fmt: skip
IMAGEN = ModelCard(
    "i", "e", "w", "Imagen", input_modalities=("text",), output_modalities=("image",),
    history=False, n_max=4, prices=Prices(per_image_usd=0.04),
)  # fmt: skip
WORDS = ModelCard("t", "e", "w", "Words", output_modalities=("text",), prices=Prices(1.0, 1.0, 4.0))


def message(role: Role, *parts: Part) -> Message:
    return Message("i" * 32, "c" * 32, None, role, parts)


def picture(name: str = "1") -> Image:
    return Image(MediaRef(name * 64, "image/png", 9, 4, 4), "model")


def asked(card: ModelCard, *parts: Part, **options: Json) -> Estimate:
    return estimate(card, [message("user", *(parts or (Text("go"),)))], options=options)


def test_a_first_picture_costs_about_what_the_provider_says() -> None:
    """0.067 USD by Google's list, and the words beside it."""
    expected = asked(GEMINI, Text("A lighthouse"))
    assert expected.cost_usd == pytest.approx(0.067, abs=0.001)
    assert (expected.pictures_sent, expected.pictures_made) == (0, 1)


@pytest.mark.parametrize(
    ("card", "options", "cost_usd"),
    [
        (GEMINI, {"image_size": "512"}, 0.045),
        (GEMINI, {"image_size": "4K"}, 0.151),
        (GEMINI, {"image_size": "8K"}, 0.067),
        (GPT, {}, 0.032),
        (GPT, {"quality": "low"}, 0.008),
        (GPT, {"quality": "high"}, 0.211),
        (GPT, {"quality": "odd", "n": "3"}, 0.095),
        (GPT, {"quality": "low", "n": "9"}, 0.033),
        (IMAGEN, {"n": 2}, 0.08),
        (IMAGEN, {"n": "two"}, 0.04),
    ],
)
def test_size_quality_and_number_make_it_dearer(
    card: ModelCard, options: Mapping[str, Json], cost_usd: float
) -> None:
    assert asked(card, **options).cost_usd == pytest.approx(cost_usd, abs=0.001)


def test_what_is_sent_again_is_counted_again() -> None:
    branch = [
        message("user", Text("x" * 400)),
        message("assistant", Text("y" * 400), picture()),
        message("user", picture("2"), Text("z" * 400)),
    ]
    usage = estimate(GEMINI, branch, system="s" * 40).usage
    assert (usage.input_text_tokens, usage.input_image_tokens) == (310, 2 * 1120)


def test_a_model_without_history_is_told_the_question_alone() -> None:
    branch = [
        message("user", Text("x" * 400)),
        message("assistant", picture()),
        message("user", picture("2"), Text("z" * 40)),
    ]
    usage = estimate(GPT, branch).usage
    assert (usage.input_text_tokens, usage.input_image_tokens) == (10, 1120)


def test_tool_answers_are_words_that_are_sent_too() -> None:
    answer = ToolResult("c", "chart", (Text("x" * 40), picture()))
    branch = [message("assistant", ToolCall("c", "chart", {}), answer), message("user", Text("y"))]
    usage = estimate(WORDS, branch).usage
    assert (usage.input_text_tokens, usage.input_image_tokens) == (11, 1120)


def test_other_scripts_count_more_than_letters_and_odd_signs_break_nothing() -> None:
    assert asked(WORDS, Text("漢字漢字")).usage.input_text_tokens == 3
    assert asked(WORDS, Text("\ud800")).usage.input_text_tokens == 1


@pytest.mark.parametrize(
    "prices",
    [Prices(), replace(GEMINI.prices, output_image_usd=None), Prices(output_image_usd=60.0)],
)
def test_a_price_that_is_missing_makes_the_whole_unknown(prices: Prices) -> None:
    card = replace(GEMINI, prices=prices)
    assert asked(card).cost_usd is None
    assert forecast([asked(card)], card)[0] == "price unknown"


def test_a_price_that_does_not_matter_may_be_missing() -> None:
    card = replace(GPT, prices=replace(GPT.prices, input_image_usd=None))
    assert asked(card).cost_usd is not None
    assert asked(card, picture(), Text("edit")).cost_usd is None


def test_what_costs_nothing_is_free_and_stays_so_when_nothing_was_counted() -> None:
    card = replace(GEMINI, title="Sketch", prices=Prices(0, 0, 0, 0))
    assert forecast([asked(card)], card) == ("free", "Sketch costs nothing.")
    assert price(None, card.prices) == 0.0
    assert price(Usage(reported_cost_usd=0.5), card.prices) == 0.5
    assert price(None, Prices(0, 0, 0, None)) is None


def test_the_estimate_says_what_it_is_made_of() -> None:
    words, why = forecast([asked(GEMINI, picture(), Text("edit"))], GEMINI)
    assert words == "about $0.07"
    assert "and 1 picture go to Gemini, and 1 picture is expected back" in why
    assert "an answer in words is expected" in forecast([asked(WORDS)], WORDS)[1]
    assert "3 pictures are expected" in forecast([asked(GPT, n="3")], GPT)[1]
