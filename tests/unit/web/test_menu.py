"""The words of the model menu: what a model can do, what it costs, and when it ends."""

from datetime import date
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from chat.core.calling import Listed
from chat.core.models import Endpoint, ModelCard, Prices
from chat.models import Catalogue, read_catalogue
from chat.providers.registry import specs
from chat.web.api.answers import answer
from chat.web.menu import Menu, badges, menu, missing, price_hint, price_source

TODAY = date(2026, 11, 26)
ROWS = """
[[endpoint]]
id = "locked"
kind = "gemini"
title = "Behind a key"
key_env = ["LOCKED_KEY"]

[[endpoint]]
id = "open"
kind = "openai_chat"
title = "At home"
base_url = "http://127.0.0.1:9/v1"

[[model]]
id = "same-locked"
endpoint = "locked"
wire_name = "a"
title = "Same name"

[[model]]
id = "same-open"
endpoint = "open"
wire_name = "a"
title = "Same name"
retires_on = 2026-12-01
successor = "other"

[[model]]
id = "other"
endpoint = "open"
wire_name = "b"
title = "Other"
aliases = ["other-2024"]

[[model]]
id = "over"
endpoint = "open"
wire_name = "c"
title = "Over"
retires_on = 2026-11-01
successor = "other"
"""


def catalogue(**environ: str) -> Catalogue:
    return read_catalogue([("rows.toml", ROWS)], environ)


def card(**facts: Any) -> ModelCard:
    return ModelCard("m", "e", "m", "M", **facts)


@pytest.mark.parametrize(
    ("facts", "told"),
    [
        ({}, ["text", "picture", "edit"]),
        ({"output_modalities": ("text",), "tools": True}, ["text", "tools"]),
        ({"input_modalities": ("text",), "output_modalities": ("image",)}, ["picture"]),
        ({"output_modalities": ("image",), "mask": True}, ["picture", "edit", "mask"]),
    ],
)
def test_badges_say_what_a_model_can_do(facts: dict[str, Any], told: list[str]) -> None:
    assert badges(card(**facts)) == told


@pytest.mark.parametrize(
    ("kind", "prices", "outputs", "told"),
    [
        ("sketch", Prices(0, 0, 0, 0), ("text", "image"), "free, offline"),
        ("openai_chat", Prices(0, 0, 0, 0), ("text", "image"), "free"),
        ("gemini", Prices(), ("text", "image"), "price unknown"),
        ("gemini", Prices(0.5, 0.5, 3.0), ("text",), "$0.50 in, $3 out per million tokens"),
        ("gemini", Prices(0.5, 0.5, 3.0), ("text", "image"), "price unknown"),
        (
            "gemini",
            Prices(0.075, None, 1200.5, 60.0),
            ("text", "image"),
            "about $0.07 a picture",
        ),
        ("openai_images", Prices(5.0, 8.0, None, 30.0), ("image",), "about $0.03 a picture"),
        ("imagen", Prices(per_image_usd=0.04), ("image",), "about $0.04 a picture"),
    ],
)  # fmt: skip
def test_a_price_is_told_in_a_few_words_and_never_guessed(
    kind: str, prices: Prices, outputs: tuple[Any, ...], told: str
) -> None:
    assert price_hint(
        card(prices=prices, output_modalities=outputs), Endpoint("e", kind, "E", spec=specs()[kind])
    ) == (told)


def test_what_can_be_used_comes_first_and_the_rest_says_why_not() -> None:
    told = menu(catalogue(), TODAY)
    home, locked = told.groups
    assert (home.id, home.reason) == ("open", "")
    assert (locked.id, locked.reason) == ("locked", "Set LOCKED_KEY to use it.")
    assert [row.reason for row in locked.models] == ["Set LOCKED_KEY to use it."]
    assert told.default == home.models[0].id == "same-open"
    opened = menu(catalogue(LOCKED_KEY="k"), TODAY)
    assert [group.reason for group in opened.groups] == ["", ""]


def test_a_menu_is_built_once_until_a_list_joins_or_the_day_is_over() -> None:
    found = catalogue()
    built = Menu(found)
    first = built.on("me", TODAY)
    assert built.on("me", TODAY) is first == menu(found, TODAY)
    found.adopt("open", [Listed("new")])
    assert built.on("me", TODAY) == menu(found, TODAY) != first
    later = date(2027, 1, 1)
    assert built.on("me", later) == menu(found, later) != built.on("me", TODAY)


@given(st.text(st.characters(), max_size=9), st.text(st.characters(), max_size=9))
@example("half \ud800", "")
@example("x", "half \ud800")
def test_whatever_a_server_calls_one_model_the_menu_of_all_can_be_sent(
    name: str, title: str
) -> None:
    found = catalogue()
    found.adopt("open", [Listed(name, title), Listed("sound")])
    sent = answer(menu(found, TODAY)).body
    assert b'"open:sound"' in sent


def test_two_models_of_one_name_can_be_told_apart() -> None:
    rows = [row for group in menu(catalogue(), TODAY).groups for row in group.models]
    assert {row.id: row.label for row in rows} == {
        "same-open": "Same name · At home",
        "other": "Other",
        "same-locked": "Same name · Behind a key",
    }


def test_the_button_has_room_for_a_name_and_not_for_what_explains_it() -> None:
    rows = ROWS.replace('title = "Other"', 'title = "Other, the one that explains itself"')
    told = menu(read_catalogue([("rows.toml", rows)], {}), TODAY)
    other = next(row for row in told.groups[0].models if row.id == "other")
    assert (other.short, other.label) == ("Other", "Other, the one that explains itself")
    twins = rows.replace('title = "Over"', 'title = "Other, but not that one"')
    told = menu(read_catalogue([("rows.toml", twins)], {}), TODAY)
    shorts = [row.short for group in told.groups for row in group.models]
    assert len(set(shorts)) == len(shorts)


def test_the_tip_tells_the_prices_by_token_and_where_they_are_from() -> None:
    prices = Prices(0.5, 0.5, 3.0, 60.0, source="A list")
    assert price_source(card(prices=prices)) == (
        "$0.50 in, $3 out, $60 for pictures per million tokens. A list"
    )
    assert price_source(card(prices=Prices(per_image_usd=0.04, source="A list"))) == "A list"
    assert price_source(card(prices=Prices(0.5, source="A list"))) == "A list"


def test_a_model_that_will_end_says_when_and_who_comes_after() -> None:
    leaving, other = menu(catalogue(), TODAY).groups[0].models
    assert leaving.ends == "ends 1 Dec 2026"
    assert "Same name" in leaving.notice
    assert leaving.successor == "other"
    assert (other.ends, other.notice, other.aliases) == ("", "", ["other-2024"])


def test_a_model_that_is_not_in_the_menu_is_explained() -> None:
    over = missing(catalogue(), "over", TODAY)
    assert (over.title, over.successor) == ("Other", "other")
    assert "Over" in over.notice
    gone = missing(catalogue(), "never-there", TODAY)
    assert (gone.title, gone.successor) == ("", "")
    assert "“never-there” is not in the catalogue" in gone.notice
