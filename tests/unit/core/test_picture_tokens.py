"""What a picture is to a model that is shown it, by the rules that the providers publish."""

import pytest

from chat.core.estimate import estimate, estimate_replies, picture_tokens
from chat.core.messages import Message
from chat.core.models import ModelCard, Prices
from chat.core.parts import Image, MediaRef, Text
from chat.core.picture_tokens import PictureTokens
from chat.models import read_catalogue
from chat.providers.registry import specs
from tests.program import ROOT

SHIPPED = (ROOT / "assets" / "models.toml").read_text(encoding="utf-8")
EVERY = read_catalogue([("models.toml", SHIPPED)], {"OPENAI_MODELS": "gpt-5.4"}, kinds=specs())
GPT_5_4, GPT_IMAGE_2 = "openai-text:gpt-5.4", "gpt-image-2"
OLDER = PictureTokens(85, 512, 170, longest_px=2048, shortest_px=768)
"""Of GPT-4o."""


def counted(card_id: str, width_px: int, height_px: int) -> int:
    return picture_tokens(EVERY.cards[card_id], ref(width_px, height_px))


def ref(width_px: int, height_px: int) -> MediaRef:
    return MediaRef("a" * 64, "image/png", 9, width_px, height_px)


@pytest.mark.parametrize(
    ("card_id", "width_px", "height_px", "tokens"),
    [
        ("gemini-3.1-flash-image", 4000, 3000, 1120),
        ("gemini-3-pro-image", 64, 64, 560),
        ("vertex-gemini-2.5-flash-image", 384, 200, 258),
        ("vertex-gemini-2.5-flash-image", 960, 540, 6 * 258),
        ("vertex-gemini-2.5-flash-image", 3000, 2000, 12 * 258),
        (GPT_5_4, 1024, 1024, 1229),
        (GPT_5_4, 2048, 2048, 3000),
        (GPT_5_4, 4096, 4096, 3000),
        (GPT_5_4, 1, 1, 2),
        (GPT_5_4, 16_000, 8, 77),
        ("gpt-image-1.5", 1024, 1024, 65 + 129),
        ("gpt-image-1.5", 1024, 1536, 65 + 2 * 129),
        (GPT_IMAGE_2, 1024, 1024, 65 + 129 + 4160),
        (GPT_IMAGE_2, 1536, 1024, 65 + 2 * 129 + 6240),
        ("sketch", 1024, 1024, 0),
    ],
)
def test_a_picture_counts_as_its_model_counts_it(
    card_id: str, width_px: int, height_px: int, tokens: int
) -> None:
    assert counted(card_id, width_px, height_px) == tokens


@pytest.mark.parametrize(
    ("width_px", "height_px", "tokens"), [(1024, 1024, 765), (2048, 4096, 1105), (300, 200, 255)]
)
def test_the_examples_of_the_older_rule_hold(width_px: int, height_px: int, tokens: int) -> None:
    assert OLDER.of(width_px, height_px) == tokens


def test_a_budget_of_patches_is_never_exceeded() -> None:
    rule = PictureTokens(0, 32, 1.0, longest_px=2048, most_cells=2500)
    sides = (1, 31, 33, 500, 1600, 1601, 2047, 2048, 2049, 9999)
    counts = [rule.of(width, height) for width in sides for height in sides]
    assert max(counts) <= 2500
    assert min(counts) >= 1


def test_the_price_before_follows_the_pixels() -> None:
    card = ModelCard("m", "e", "w", "M", output_modalities=("text",), prices=Prices(1e6, 1e6, 0.0),
                     picture_tokens=PictureTokens(0, 32, 1.0))  # fmt: skip
    for side, tokens in ((64, 4), (320, 100)):
        shown = Message("q", "c", None, "user", (Image(ref(side, side), "upload"), Text("abcd")))
        assert estimate(card, [shown]).usage.input_image_tokens == tokens
        assert estimate(card, [shown]).cost_usd == tokens + 1


def test_of_several_replies_what_goes_out_is_paid_once_a_request() -> None:
    card = ModelCard(
        "m", "e", "w", "M", output_modalities=("image",), history=False, n_max=3,
        images_parameters=("n",), edit_parameters=(), prices=Prices(1e6, 1e6, None, 1e6),
        picture_tokens=PictureTokens(10),
    )  # fmt: skip
    words = Message("q", "c", None, "user", (Text("a fox "),))
    edit = Message("q", "c", None, "user", (Image(ref(8, 8), "upload"), Text("a fox ")))

    def made(message: Message, replies: int, **options: object) -> list[tuple[int, float | None]]:
        requests = estimate_replies(card, [message], "", options, replies)
        return [(each.pictures_made, each.cost_usd) for each in requests]

    assert made(words, 1) == [(1, 2 + 1120)]
    assert made(words, 3) == [(3, 2 + 3 * 1120)]
    assert made(words, 4) == [(3, 2 + 3 * 1120), (1, 2 + 1120)]
    assert made(words, 2, n="2") == [(2, 2 + 2 * 1120)] * 2, "each has several of its own"
    assert made(edit, 2) == [(1, 12 + 1120)] * 2, "it changes one picture at a time"
