"""A conversation with a model that is gone goes on with its successor, and is told so."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.core.errors import CapabilityError, ConfigError
from chat.core.models import Deployment
from chat.models.retirement import NEAR
from tests.unit.models.files import ENDPOINT, TODAY, ids, read, shipped


def model(card_id: str, *lines: str) -> str:
    return f'[[model]]\nid = "{card_id}"\nendpoint = "e"\nwire_name = "{card_id}"\n' + "".join(
        f"{line}\n" for line in lines
    )


LINE = (
    ENDPOINT
    + model("a", 'title = "A"', "retires_on = 2026-11-01", 'successor = "b"')
    + model("b", 'title = "B"', "retires_on = 2026-12-01", 'successor = "c"')
    + model("c", 'title = "C"')
    + '[[retired]]\nid = "older"\nretired_on = 2025-05-09\nsuccessor = "a"\n'
    + '[[retired]]\nid = "lost"\nretired_on = 2025-05-09\n'
)


def test_a_retired_model_is_answered_for_by_the_first_successor_that_lives() -> None:
    catalogue = read(LINE)
    before = catalogue.resolve("a", date(2026, 10, 31))
    assert (before.card.id, before.notice) == ("a", "")
    now = catalogue.resolve("a", TODAY)
    assert now.card.id == "b"
    assert now.notice == "“A” was retired on 1 November 2026; “B” answers instead."
    later = catalogue.resolve("older", date(2026, 12, 1))
    assert later.card.id == "c"
    assert later.notice == "“older” was retired on 9 May 2025; “C” answers instead."


def test_a_retired_model_leaves_the_menu_on_its_day() -> None:
    catalogue = read(LINE)
    assert ids(catalogue) == ["b", "c"]
    assert [card.id for card in catalogue.usable(date(2026, 12, 1))] == ["c"]
    assert catalogue.reason(catalogue.card("a"), TODAY) == "“A” was retired on 1 November 2026."


def test_a_retired_model_without_a_successor_says_so() -> None:
    with pytest.raises(CapabilityError, match="“lost” was retired on 9 May 2025"):
        read(LINE).resolve("lost", TODAY)


def test_a_successor_without_a_key_says_what_it_waits_for() -> None:
    with pytest.raises(CapabilityError) as caught:
        shipped().resolve("gemini-2.5-flash-image", TODAY)
    assert str(caught.value) == (
        "“gemini-2.5-flash-image” was retired on 2 October 2026, and “Gemini Nano Banana 2.1”, "
        "which takes its place, cannot be used now. Set GEMINI_API_KEY or GOOGLE_API_KEY to use it."
    )


def test_a_living_model_without_a_key_says_what_it_waits_for() -> None:
    with pytest.raises(ConfigError, match=r"“GPT Image 2” cannot be used now\. Set OPENAI_API_KEY"):
        shipped().resolve("gpt-image-2", TODAY)


def test_an_id_that_nobody_knows_is_said_to_be_missing() -> None:
    with pytest.raises(ConfigError, match="“nobody” is not in the catalogue"):
        read(LINE).resolve("nobody", TODAY)


def test_a_model_that_leaves_soon_says_when_and_who_follows() -> None:
    catalogue = read(LINE)
    assert catalogue.retiring(catalogue.card("b"), TODAY) == (
        "“B” will be retired on 1 December 2026; “C” will answer instead."
    )
    assert catalogue.retiring(catalogue.card("b"), date(2026, 10, 2)).startswith("“B” will be")
    assert catalogue.retiring(catalogue.card("b"), date(2026, 10, 1)) == "", "61 days before"
    assert catalogue.retiring(catalogue.card("b"), date(2026, 12, 1)) == ""
    assert catalogue.retiring(catalogue.card("c"), TODAY) == ""


def test_a_row_of_ones_own_brings_a_retired_id_back() -> None:
    own = ENDPOINT + model("dall-e-3")
    resolved = shipped(own).resolve("dall-e-3", TODAY)
    assert (resolved.card.endpoint, resolved.notice) == ("e", "")


WELL_KNOWN = (
    "gemini-2.0-flash-exp-image-generation",
    "gemini-2.5-flash-image",
    "gemini-3-pro-image-preview",
    "gemini-3.1-flash-image-preview",
    "gemini-3.1-flash-image",
    "imagen-3.0-generate-002",
    "imagen-4.0-generate-001",
    "imagen-4.0-ultra-generate-001",
    "dall-e-2",
    "dall-e-3",
    "gpt-image-1",
)


@pytest.mark.parametrize("card_id", WELL_KNOWN)
def test_well_known_models_that_are_gone_have_successors_that_answer(card_id: str) -> None:
    catalogue = shipped("", GEMINI_API_KEY="k", OPENAI_API_KEY="k")
    for day in (TODAY, date(2027, 1, 1)):
        resolved = catalogue.resolve(card_id, day)
        assert " was retired on " in resolved.notice
        assert resolved.card in catalogue.usable(day)
        assert "image" in resolved.card.output_modalities


FAMILY = ("gemini-2.5-flash-image", "gemini-3.1-flash-image", "gemini-nano-banana-2.1")


def test_each_endpoint_has_last_days_of_its_own() -> None:
    catalogue = shipped("", GEMINI_API_KEY="k", GOOGLE_CLOUD_API_KEY="k", GOOGLE_CLOUD_PROJECT="p")
    for name in FAMILY[:2]:
        assert catalogue.resolve(name, TODAY).card.id == FAMILY[2]
        assert catalogue.resolve(f"vertex-{name}", TODAY).notice == ""
        later = catalogue.resolve(f"vertex-{name}", date(2027, 6, 1))
        assert later.card.id == f"vertex-{FAMILY[2]}", "the successor is Google Cloud's, too"


def test_a_model_with_several_places_goes_from_each_on_its_own_day() -> None:
    places = (
        'deployments = [{ endpoint = "e", wire_name = "x", retires_on = 2026-11-01 },'
        ' { endpoint = "e", wire_name = "y", retires_on = 2026-12-01 }]'
    )
    catalogue = read(ENDPOINT + model("a", places).replace('wire_name = "a"\n', ""))
    card = catalogue.card("a")

    def names(day: date) -> list[str]:
        return [place.wire_name for place in catalogue.places(card, day)]

    assert names(date(2026, 10, 31)) == ["x", "y"]
    assert names(TODAY) == ["y"]
    assert card.retires_on == date(2026, 12, 1)
    assert catalogue.reason(card, TODAY) == ""


def test_models_that_leave_soon_are_named_at_the_start_if_they_can_be_used() -> None:
    leaving = shipped("", OPENAI_API_KEY="k").leaving(TODAY)
    assert [sentence.partition(" will be retired on ")[0] for sentence in leaving] == [
        "“GPT Image 1.5”",
        "“GPT Image 1 Mini”",
    ]
    assert shipped("").leaving(TODAY) == ()


PLACE_A = Deployment("e", "a")


def test_a_model_that_its_endpoint_does_not_know_leaves_the_menu_for_this_run() -> None:
    catalogue = read(ENDPOINT + model("a", 'title = "A"', 'successor = "c"') + model("c"))
    before = catalogue.cards
    catalogue.mark_unserved("a", PLACE_A)
    assert ids(catalogue) == ["c"]
    assert catalogue.cards is not before, "so that the menu is built anew"
    resolved = catalogue.resolve("a", TODAY)
    assert resolved.card.id == "c"
    assert resolved.notice == "“A” is no longer served by e; “c” answers instead."


def test_a_row_of_ones_own_has_the_successor_of_the_retired_id_it_names() -> None:
    own = '[[model]]\nid = "mine"\nendpoint = "gemini"\nwire_name = "gemini-2.5-flash-image"\n'
    catalogue = shipped(own, GEMINI_API_KEY="k", OPENAI_API_KEY="k")
    heir = catalogue.successor(catalogue.card("mine"), TODAY)
    assert heir is not None
    assert heir.id == "gemini-nano-banana-2.1"
    elsewhere = shipped(
        ENDPOINT + model("mine").replace('"mine"', '"dall-e-3"'), OPENAI_API_KEY="k"
    )
    card = elsewhere.card("dall-e-3")
    assert elsewhere.successor(card, TODAY) is None, "no other company is asked unasked"


@pytest.mark.parametrize(
    "rest", ["", 'successor = "gone"', 'successor = "elsewhere"'], ids=["none", "retired", "no key"]
)
def test_a_model_that_nobody_can_stand_in_for_is_asked_again(rest: str) -> None:
    catalogue = read(
        ENDPOINT
        + model("a", rest)
        + model("gone", "retires_on = 2026-01-01")
        + '[[endpoint]]\nid = "k"\nkind = "openai_chat"\nkey_env = ["NO_KEY"]\n'
        + model("elsewhere").replace('"e"', '"k"')
    )
    catalogue.mark_unserved("a", PLACE_A)
    assert catalogue.resolve("a", TODAY).card.id == "a"


days = st.dates(date(2026, 1, 1), date(2027, 12, 31))


@given(day=days, ends=st.lists(days, min_size=1, max_size=5))
def test_who_answers_is_alive_and_nobody_is_passed_over(day: date, ends: list[date]) -> None:
    rows = [
        model(f"m{n}", f"retires_on = {end}", f'successor = "m{n + 1}"')
        for n, end in enumerate(ends)
    ]
    catalogue = read(ENDPOINT + "".join(rows) + model(f"m{len(ends)}"))
    resolved = catalogue.resolve("m0", day)
    alive = [f"m{n}" for n, end in enumerate(ends) if end > day] + [f"m{len(ends)}"]
    assert resolved.card.id == alive[0]
    assert bool(resolved.notice) == (ends[0] <= day)
    leaving = catalogue.retiring(catalogue.card("m0"), day)
    assert bool(leaving) == (timedelta(0) < ends[0] - day <= NEAR)
