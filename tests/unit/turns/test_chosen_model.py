"""Only a model that can answer is chosen, under the id that will be known tomorrow, too."""

import pytest

from chat.core.errors import CapabilityError
from chat.turns.choices import chosen_model
from tests.unit.models.files import ENDPOINT, MODEL, read


def test_a_model_is_kept_by_its_id_whatever_it_is_asked_for_by() -> None:
    catalogue = read(ENDPOINT + MODEL + 'aliases = ["old"]')
    assert chosen_model("old", catalogue) == chosen_model("m", catalogue) == "m"


@pytest.mark.parametrize("value", ["secret words", "e:secret words", "", None, 3, ["m"], {"m": 1}])
def test_what_is_not_in_the_menu_is_refused_and_not_repeated(value: object) -> None:
    catalogue = read(ENDPOINT + 'base_url = "http://x"\ndiscover = true\n' + MODEL)
    with pytest.raises(CapabilityError, match="That model is not in the catalogue"):
        chosen_model(value, catalogue)


def test_a_model_without_its_key_says_what_it_waits_for() -> None:
    catalogue = read(ENDPOINT + 'key_env = ["MY_KEY"]\n' + MODEL)
    with pytest.raises(CapabilityError, match=r"“m” cannot be used now\. Set MY_KEY to use it"):
        chosen_model("m", catalogue)


def test_a_retired_model_cannot_be_chosen_again() -> None:
    catalogue = read(ENDPOINT + MODEL + "retires_on = 2026-01-01")
    with pytest.raises(CapabilityError, match="was retired on 1 January 2026"):
        chosen_model("m", catalogue)
