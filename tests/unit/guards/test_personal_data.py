"""Numbers and addresses that name a person are found, and drawing talk is left alone."""

import pytest

from chat.core.errors import ConfigError
from chat.guards.personal_data import PersonalData


async def found(text: str, check: PersonalData | None = None) -> list[tuple[str, str]]:
    findings = await (check or PersonalData()).check_text(text)
    return [(finding.label, text[finding.start : finding.end]) for finding in findings]


@pytest.mark.parametrize(
    ("text", "label", "part"),
    [
        (
            "write to ada.love+x@mail.example.com, please",
            "mail address",
            "ada.love+x@mail.example.com",
        ),
        ("(ada@example.com)", "mail address", "ada@example.com"),
        ("call +44 20 7946 0958 today", "phone number", "+44 20 7946 0958"),
        ("call +4930901820.", "phone number", "+4930901820"),
        ("my card 4111 1111 1111 1111 ends", "card number", "4111 1111 1111 1111"),
        ("5500-0000-0000-0004", "card number", "5500-0000-0000-0004"),
        ("IBAN DE89 3704 0044 0532 0130 00 THANKS", "bank account", "DE89 3704 0044 0532 0130 00"),
        ("GB82WEST12345698765432", "bank account", "GB82WEST12345698765432"),
    ],
)
async def test_it_finds(text: str, label: str, part: str) -> None:
    assert await found(text) == [(label, part)]


@pytest.mark.parametrize(
    "text",
    [
        "Draw 3 foxes at 16:9, 1536x1024, seed 1234567890123",
        "1234 5678 9012 3456",
        "version 1.2.3.4 of 2026-11-26 at 10:30",
        "a cat @ the window, 50% darker",
        "0.1234567890123456",
        "DE00 0000 0000 0000 0000 00",
    ],
)
async def test_it_leaves_drawing_talk_alone(text: str) -> None:
    assert await found(text) == []


async def test_numbers_without_a_country_need_one_in_the_row() -> None:
    text = "ring 020 7946 0958"
    assert await found(text) == []
    assert await found(text, PersonalData(region="GB")) == [("phone number", "020 7946 0958")]


async def test_only_the_kinds_asked_for_are_found() -> None:
    text = "ada@example.com or +44 20 7946 0958"
    assert await found(text, PersonalData(kinds=("email",))) == [
        ("mail address", "ada@example.com")
    ]


async def test_several_are_found_in_order_also_in_a_long_text() -> None:
    text = "x " * 2_000 + "ada@example.com, +44 20 7946 0958, 4111111111111111"
    kinds = [label for label, _ in await found(text)]
    assert kinds == ["mail address", "phone number", "card number"]


@pytest.mark.parametrize("options", [{"kinds": ("name",)}, {"kinds": ()}, {"region": "Britain"}])
def test_options_that_make_no_sense_are_refused(options: dict[str, object]) -> None:
    with pytest.raises(ConfigError):
        PersonalData(**options)  # type: ignore[arg-type]
