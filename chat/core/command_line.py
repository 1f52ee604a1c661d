"""A command line that says in one sentence what it does not know."""

import argparse
from collections.abc import Iterator, Sequence
from typing import Any, NoReturn

from chat.core.suggestions import did_you_mean


class Parser(argparse.ArgumentParser):
    """``argparse``, whose faults are one sentence, with the option that was meant."""

    def parse_args(  # type: ignore[override]
        self, args: Sequence[str] | None = None, namespace: None = None
    ) -> argparse.Namespace:
        """What was given.

        Raises:
            SystemExit: after ``--help`` and ``--version``, or where something is not known.
        """
        given, unknown = self.parse_known_args(args, namespace)
        if unknown:
            word = unknown[0].partition("=")[0]
            hint = did_you_mean(word, _options(self)) or f" See {self.prog} --help."
            self.error(f"there is no option “{word}”.{hint}")
        return given

    def error(self, message: str) -> NoReturn:
        """Say it, without the whole usage before it."""
        self.exit(2, f"{self.prog}: {message}\n")


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    """Every option, those of subcommands too."""
    for action in parser._actions:
        yield from action.option_strings
        inner: Any = action.choices
        for each in inner.values() if isinstance(inner, dict) else ():
            yield from _options(each)
