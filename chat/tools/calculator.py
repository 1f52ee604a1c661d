"""Arithmetic with exact decimals: 0.1 + 0.2 is 0.3.

An expression is data from a stranger. It is parsed and walked node by node over a short list
of operators and functions; it never becomes Python code, and every size has a limit.
"""

import ast
import re
from decimal import Context, Decimal, DivisionByZero, InvalidOperation, Overflow, localcontext

from simpleeval import InvalidExpression, SimpleEval

from chat.core.errors import ToolFailed
from chat.tools.arithmetic import CONSTANTS, FUNCTIONS, OPERATORS

MAX_CHARS = 500
_SHOWN_DIGITS = 20

_EXACT = Context(
    prec=100, Emax=9_999, Emin=-9_999, traps=[DivisionByZero, InvalidOperation, Overflow]
)

_SPELLINGS = str.maketrans({"^": "**", "×": "*", "·": "*", "÷": "/", "−": "-", "π": "pi"})
_PERCENT = re.compile(r"(\d[\d.]*)\s*%(?=\s*(?:$|[-+*/),]))")
_FACTORIAL = re.compile(r"(\d+)\s*!(?!=)")
_FOREIGN = re.compile(r"[^\w\s.,+\-*/%()]|__", re.ASCII)
_GLUED = re.compile(r"\d(?![eE][+-]?\d)[A-Za-z_]", re.ASCII)
_EXPONENT = re.compile(r"[eE][+-]?\d{5,}")


def calculate(expression: str) -> str:
    """Work out an arithmetic expression exactly.

    Knows + - * / // % ** and brackets, 15% and 5!, sqrt, abs, round, floor, ceil, min, max, exp,
    ln, log, log10, sin, cos, tan, asin, acos, atan (radians), degrees, radians, pi and e.

    Args:
        expression: what to work out, for example "(19.99 + 4.50) * 3" or "sqrt(2) * 15%".
    """
    text = _respelled(expression)
    tree = _parsed(text)
    evaluator = SimpleEval(operators=OPERATORS, functions=FUNCTIONS, names=CONSTANTS)
    kept = (ast.UnaryOp, ast.BinOp, ast.Name)
    evaluator.nodes = {kind: evaluator.nodes[kind] for kind in kept} | {
        ast.Constant: lambda node: _number(text, node),
        ast.Call: lambda node: _called(evaluator, node),
    }
    with localcontext(_EXACT):
        try:
            result = evaluator.eval("", previously_parsed=tree)
        except DivisionByZero as error:
            raise ToolFailed("Nothing can be divided by zero.") from error
        except Overflow as error:
            raise ToolFailed("The result is too large.") from error
        except InvalidExpression as error:
            raise ToolFailed(
                "Only numbers, + - * / // % ** and the calculator's own functions can be used."
            ) from error
        except (ArithmeticError, ValueError, TypeError, RecursionError) as error:
            raise ToolFailed("That has no result among the real numbers.") from error
        return _shown(result) if isinstance(result, Decimal) else _refuse_result()


def _respelled(expression: str) -> str:
    """The expression in the evaluator's spelling."""
    if len(expression) > MAX_CHARS:
        raise ToolFailed(f"The expression is longer than {MAX_CHARS} characters.")
    text = expression.strip().removesuffix("=").translate(_SPELLINGS)
    text = _FACTORIAL.sub(r"factorial(\1)", _PERCENT.sub(r"(\1/100)", text))
    text = " ".join(text.split())
    foreign = _FOREIGN.search(text)
    if foreign:
        raise ToolFailed(f"The calculator does not know the sign {foreign[0]!r}.")
    if _GLUED.search(text) or _EXPONENT.search(text):
        raise ToolFailed("A number there is not one; write 2*pi for 2pi, and 1e6 for a million.")
    return text


def _parsed(text: str) -> ast.expr:
    try:
        return ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        raise ToolFailed("That is not a complete arithmetic expression.") from error


def _number(text: str, node: ast.Constant) -> Decimal:
    """A number as it was written: Python's own reading of it is rounded to binary."""
    if type(node.value) not in (int, float):
        raise ToolFailed("Only numbers can be worked out.")
    return Decimal(ast.get_source_segment(text, node) or "")


def _called(evaluator: SimpleEval, node: ast.Call) -> Decimal:
    """A function with plain arguments; no unpacking, no names, nothing but the list."""
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in FUNCTIONS or node.keywords:
        raise ToolFailed(f"The calculator has only these functions: {', '.join(FUNCTIONS)}.")
    return FUNCTIONS[name](*(evaluator._eval(argument) for argument in node.args))


def _refuse_result() -> str:
    raise ToolFailed("That is the name of a function; give it a number in brackets.")


def _shown(result: Decimal) -> str:
    """Whole numbers in full, others to 20 digits, very large and small ones with an exponent."""
    if not result.is_finite():
        raise ToolFailed("That has no result among the real numbers.")
    if result == result.to_integral_value() and result.adjusted() < _EXACT.prec:
        return format(result.quantize(Decimal(1)) + 0, "f")
    rounded = Context(prec=_SHOWN_DIGITS).plus(result).normalize()
    return format(rounded, "f" if -10 < rounded.adjusted() < _SHOWN_DIGITS else "E")
