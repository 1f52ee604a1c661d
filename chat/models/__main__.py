"""``python -m chat.models``: check a model file, list the menu, import a LiteLLM configuration.

A front door of its own, so it may know the specs of the providers and the environment.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from chat.core.command_line import Parser
from chat.core.errors import ConfigError
from chat.core.messages import now
from chat.models.check import checked
from chat.models.listing import menu_lines
from chat.models.litellm_config import DEFAULT_BASE_URL, imported
from chat.models.reading import read_catalogue
from chat.providers.registry import specs
from chat.settings import read_settings

SHIPPED = Path(__file__).resolve().parents[2] / "assets" / "models.toml"


def main(arguments: Sequence[str] | None = None) -> int:
    """The program: 0, or 1 where something is wrong with a file."""
    chosen = _parser().parse_args(arguments)
    try:
        return int(chosen.command(chosen))
    except ConfigError as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _check(chosen: argparse.Namespace) -> int:
    shipped, own = [_text(SHIPPED, SHIPPED.name)], [_text(Path(f), f) for f in chosen.files]
    fine, lines = checked(shipped, own, os.environ, specs(), now().date())
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if fine else 1


def _list(_: argparse.Namespace) -> int:
    settings = read_settings([], os.environ)
    own = [_text(file, settings.called(file)) for file in settings.model_files]
    catalogue = read_catalogue([_text(SHIPPED, SHIPPED.name)], os.environ, own=own, kinds=specs())
    lines = [*menu_lines(catalogue, now().date()), *catalogue.troubles]
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def _import(chosen: argparse.Namespace) -> int:
    _, text = _text(Path(chosen.config), chosen.config)
    sys.stdout.write(imported(text, specs(), chosen.base_url, native=chosen.native))
    return 0


def _text(file: Path, name: str) -> tuple[str, str]:
    try:
        return name, file.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise ConfigError(f"There is no file “{name}”.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{name} cannot be read as text.") from error


def _parser() -> Parser:
    parser = Parser(prog="python -m chat.models", description="The model files.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    check = commands.add_parser("check", help="say what is wrong in model files, line by line")
    check.add_argument("files", nargs="+", metavar="FILE")
    check.set_defaults(command=_check)
    lists = commands.add_parser("list", help="print the menu, and what the rest waits for")
    lists.set_defaults(command=_list)
    imports = commands.add_parser(
        "import-litellm", help="print the model file for a LiteLLM proxy's config.yaml"
    )
    imports.add_argument("config", metavar="CONFIG")
    imports.add_argument("--base-url", default=DEFAULT_BASE_URL, help="the address of the proxy")
    imports.add_argument(
        "--native",
        action="store_true",
        help="ask every Gemini over Google's own wire, not only those that draw",
    )
    imports.set_defaults(command=_import)
    return parser


if __name__ == "__main__":
    sys.exit(main())
