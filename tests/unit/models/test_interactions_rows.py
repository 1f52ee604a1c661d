"""The Interactions API is asked by those who choose it, and changes nothing for the rest."""

from chat.core.models import ModelCard
from chat.models import Catalogue
from tests.unit.models.files import TODAY, shipped

KEY = "AIzaNotARealKey0123456789"


def of(catalogue: Catalogue) -> dict[str, ModelCard]:
    """Its models in the menu, by what they are called there."""
    usable = catalogue.usable(TODAY)
    return {card.wire_name: card for card in usable if card.endpoint == "gemini-interactions"}


def test_a_key_alone_shows_none_of_its_models_a_second_time() -> None:
    assert of(shipped(GEMINI_API_KEY=KEY)) == {}


def test_its_variable_names_its_models_and_leaves_the_first_of_the_menu_alone() -> None:
    names = "gemini-nano-banana-2.1, gemini-4-image-preview, gemini-3.8-flash"
    catalogue = shipped(GEMINI_API_KEY=KEY, GEMINI_INTERACTIONS_MODELS=names)
    found = of(catalogue)
    assert list(found) == ["gemini-nano-banana-2.1", "gemini-4-image-preview", "gemini-3.8-flash"]
    assert catalogue.default.endpoint == "gemini"
    banana = found["gemini-nano-banana-2.1"]
    native = catalogue.cards["gemini-nano-banana-2.1"]
    assert banana.prices == native.prices
    assert banana.aspect_ratios == native.aspect_ratios
    assert banana.image_sizes == native.image_sizes
    draws = {name: "image" in card.output_modalities for name, card in found.items()}
    assert draws == {
        "gemini-nano-banana-2.1": True,
        "gemini-4-image-preview": True,
        "gemini-3.8-flash": False,
    }
    assert [name for name, card in found.items() if card.tools] == ["gemini-3.8-flash"]
    assert all(card.signatures for card in found.values())


def test_its_variable_without_a_key_shows_nothing() -> None:
    assert of(shipped("", GEMINI_INTERACTIONS_MODELS="gemini-nano-banana-2.1")) == {}
