"""What the calculator can do: operators, functions and constants over decimals, all bounded."""

import ast
import math
import operator
from collections.abc import Callable
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal
from typing import TypeAlias

from chat.core.errors import ToolFailed

Function: TypeAlias = Callable[..., Decimal]

MAX_EXPONENT = 10_000
MAX_FACTORIAL = 1_000
MAX_PLACES = 50

CONSTANTS: dict[str, Decimal] = {
    "pi": Decimal("3.14159265358979323846264338327950288419716939937510582097494"),
    "e": Decimal("2.71828182845904523536028747135266249775724709369995957496697"),
}


def _power(base: Decimal, exponent: Decimal) -> Decimal:
    if abs(exponent) > MAX_EXPONENT:
        raise ToolFailed(f"A power may be at most {MAX_EXPONENT}.")
    return base**exponent


def _factorial(number: Decimal) -> Decimal:
    if number != number.to_integral_value() or not 0 <= number <= MAX_FACTORIAL:
        raise ToolFailed(f"A factorial needs a whole number from 0 to {MAX_FACTORIAL}.")
    return +Decimal(math.factorial(int(number)))


def _floor_divided(number: Decimal, divisor: Decimal) -> Decimal:
    return (number / divisor).to_integral_value(ROUND_FLOOR)


def _modulo(number: Decimal, divisor: Decimal) -> Decimal:
    """With the sign of the divisor, as on paper and unlike Decimal."""
    rest = number % divisor
    return rest + divisor if rest and (rest < 0) != (divisor < 0) else rest


def _rounded(number: Decimal, places: Decimal = Decimal(0)) -> Decimal:
    if places != places.to_integral_value() or abs(places) > MAX_PLACES:
        raise ToolFailed(f"Numbers can be rounded to at most {MAX_PLACES} places.")
    return number.quantize(Decimal(1).scaleb(-int(places)), ROUND_HALF_UP)


def _logarithm(number: Decimal, base: Decimal | None = None) -> Decimal:
    return number.ln() if base is None else number.ln() / base.ln()


def _binary(function: Callable[[float], float]) -> Function:
    """A function that exists in binary only; its result has 15 digits that can be trusted."""
    return lambda number: Decimal(f"{function(float(number)):.15g}") + 0


OPERATORS: dict[type[ast.AST], Function] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: _floor_divided,
    ast.Mod: _modulo,
    ast.Pow: _power,
    ast.USub: operator.neg,
    ast.UAdd: operator.pos,
}

FUNCTIONS: dict[str, Function] = {
    "sqrt": Decimal.sqrt,
    "abs": lambda number: abs(number),
    "round": _rounded,
    "floor": lambda number: number.to_integral_value(ROUND_FLOOR),
    "ceil": lambda number: number.to_integral_value(ROUND_CEILING),
    "min": lambda *numbers: min(numbers),
    "max": lambda *numbers: max(numbers),
    "factorial": _factorial,
    "exp": lambda number: _power(CONSTANTS["e"], number),
    "ln": Decimal.ln,
    "log": _logarithm,
    "log10": Decimal.log10,
    **{
        name: _binary(getattr(math, name))
        for name in ("sin", "cos", "tan", "asin", "acos", "atan", "degrees", "radians")
    },
}
