"""A quantity comes out as much as it went in, and what is no unit is said so."""

import pytest

from chat.core.errors import ToolFailed
from chat.tools.units import convert_units


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (1, "mile", "km", "1 mile = 1.609344 kilometer"),
        (0.1, "m", "cm", "0.1 meter = 10 centimeter"),
        (20, "degC", "fahrenheit", "20 degree_Celsius = 68 degree_Fahrenheit"),
        (-40, "°F", "°C", "-40 degree_Fahrenheit = -40 degree_Celsius"),
        (100, "km/h", "m/s", "100 kilometer / hour = 27.7777777778 meter / second"),
        (1, "ft²", "m^2", "1 foot ** 2 = 0.09290304 meter ** 2"),
        (6, '"', "cm", "6 inch = 15.24 centimeter"),
        (1, "Pound", "KG", "1 pound = 0.45359237 kilogram"),
        (1, "MB", "MiB", "1 megabyte = 0.953674316406 mebibyte"),
        (1e300, "km", "m", "1E+300 kilometer = 1E+303 meter"),
        (0, "kelvin", "degC", "0 kelvin = -273.15 degree_Celsius"),
        (50, "%", "", None),
    ],
)
def test_a_quantity_is_converted(
    value: float, source: str, target: str, expected: str | None
) -> None:
    if expected is None:
        with pytest.raises(ToolFailed, match="characters"):
            convert_units(value, source, target)
    else:
        assert convert_units(value, source, target) == expected


@pytest.mark.parametrize(
    ("value", "source", "target", "why"),
    [
        (1, "kg", "m", "measure different things, mass and length"),
        (1, "furlog", "m", "Near it are furlong"),
        (1, "USD", "EUR", "No unit is called 'USD' here"),
        (float("nan"), "m", "km", "finite"),
        (1, "m**999999999", "cm", "not written as a unit"),
        (1, "m" * 61, "m", "from 1 to 60"),
        (1, "__import__('os')", "m", "not written as a unit"),
        (1, "((m", "m", "not written as a unit"),
        (1, "m/", "m", "not written as a unit"),
        (1, "2*m", "m", "not written as a unit"),
        (10, "dBm", "mW", "no result"),
    ],
)
def test_what_cannot_be_converted_is_said_so(
    value: float, source: str, target: str, why: str
) -> None:
    with pytest.raises(ToolFailed, match=why) as refused:
        convert_units(value, source, target)
    assert str(refused.value).endswith(".")
