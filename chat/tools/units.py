"""Units of measure, converted with exact decimals."""

import re
import threading
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext
from difflib import get_close_matches
from functools import cache
from tokenize import TokenError
from typing import TYPE_CHECKING, Any

from chat.core.errors import ToolFailed

if TYPE_CHECKING:
    from pint import UnitRegistry

MAX_CHARS = 60
MAX_POWER = 12
_SHOWN_DIGITS = 12

_EXACT = Context(
    prec=50, Emax=9_999, Emin=-9_999, traps=[DivisionByZero, InvalidOperation, Overflow]
)
_FOREIGN = re.compile(r"[^\w\s.*/^()°µμ·²³⁻¹Ωω%'\"-]|__")
_POWER = re.compile(r"(?:\*\*|\^)[\s(-]*+(\d++)")
_SPELLINGS = {"″": " inch", '"': " inch", "′": " foot", "'": " foot", "·": "*", "%": " percent"}

_reading = threading.Lock()


def convert_units(value: float, from_unit: str, to_unit: str) -> str:
    """Convert a quantity from one unit to another.

    Lengths, areas, volumes, masses, times, speeds, temperatures, pressures, energies, powers,
    angles, amounts of data and others.

    Args:
        value: how much it is, such as 20.
        from_unit: what it is measured in, such as "mile", "km/h", "degC", "cup" or "kg*m/s^2".
        to_unit: what it shall be measured in, such as "km", "mph", "fahrenheit" or "ml".
    """
    amount = Decimal(repr(value))
    if not amount.is_finite():
        raise ToolFailed("The value must be a finite number.")
    # The library notes what it has parsed, and is not made for several threads.
    with _reading, localcontext(_EXACT):
        registry = _registry()
        source, target = _unit(registry, from_unit), _unit(registry, to_unit)
        try:
            made = registry.Quantity(amount, source).to(target).magnitude
            result = Decimal(made)
        except registry_errors()[0] as error:
            kinds = f"{_kind(source)} and {_kind(target)}"
            raise ToolFailed(
                f"{from_unit.strip()} cannot be converted to {to_unit.strip()}: they measure "
                f"different things, {kinds}."
            ) from error
        except (ArithmeticError, TypeError, ValueError, AttributeError) as error:
            raise ToolFailed("That has no result among the numbers known here.") from error
        if not result.is_finite():
            raise ToolFailed("The result is too large.")
        return f"{_shown(amount)} {source} = {_shown(result)} {target}"


def registry_errors() -> tuple[type[Exception], type[Exception]]:
    """What the library raises for units that do not fit, and for one that it does not know."""
    from pint.errors import DimensionalityError, UndefinedUnitError

    return DimensionalityError, UndefinedUnitError


@cache
def _registry() -> "UnitRegistry[Any]":
    """The library takes a second to be ready, so it is read when the first unit is asked for."""
    from pint import UnitRegistry

    return UnitRegistry(non_int_type=Decimal)


def _unit(registry: "UnitRegistry[Any]", written: str) -> Any:
    """The unit of that name, as written or else in lower case."""
    text = written.strip()
    if not text or len(text) > MAX_CHARS:
        raise ToolFailed(f"A unit has from 1 to {MAX_CHARS} characters.")
    for sign, word in _SPELLINGS.items():
        text = text.replace(sign, word)
    if _FOREIGN.search(text) or any(int(power) > MAX_POWER for power in _POWER.findall(text)):
        raise ToolFailed(f"{written.strip()!r} is not written as a unit, such as km/h or m^2.")
    unknown = registry_errors()[1]
    for spelling in (text.strip(), text.strip().lower()):
        try:
            return registry.parse_units(spelling)
        except unknown:
            continue
        except (
            ArithmeticError,
            AssertionError,
            AttributeError,
            RecursionError,
            SyntaxError,
            TokenError,
            TypeError,
            ValueError,
        ) as error:
            raise ToolFailed(
                f"{written.strip()!r} is not written as a unit, such as km/h or m^2."
            ) from error
    near = get_close_matches(text.lower(), _names(registry), n=3, cutoff=0.7)
    hint = f" Near it are {', '.join(near)}." if near else ""
    raise ToolFailed(f"No unit is called {written.strip()!r} here.{hint}")


@cache
def _names(registry: "UnitRegistry[Any]") -> list[str]:
    return sorted(name for name in dir(registry) if name.isidentifier() and name.islower())


def _kind(unit: Any) -> str:
    return str(unit.dimensionality).replace("[", "").replace("]", "").replace(" ** ", "^")


def _shown(number: Decimal) -> str:
    """To 12 digits, as nobody measures more; very large and small ones with an exponent."""
    rounded = Context(prec=_SHOWN_DIGITS).plus(number).normalize()
    return format(rounded or Decimal(0), "f" if -7 < rounded.adjusted() < 16 else "E")
