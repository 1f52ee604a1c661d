"""What the command line and the environment say. Nothing else reads them."""

import argparse
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import parse_qs, quote, unquote

from platformdirs import user_data_path

from chat.core.errors import ConfigError
from chat.version import VERSION

DEFAULT_PORT = 7860
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


@dataclass(frozen=True, slots=True)
class Settings:
    """How this Easel runs."""

    data: Path
    """The folder of the database and the pictures, where no address says otherwise."""
    host: str = "127.0.0.1"
    port: int = DEFAULT_PORT
    hosted: bool = False
    """Inside a hosted space, which has its own door in front of us."""
    hosted_name: str = ""
    """The public host name of that space."""
    hosts: tuple[str, ...] = ()
    """More names under which browsers reach this server."""
    root_path: str = ""
    """The path below which a proxy in front serves us, such as ``/studio``; empty: the root."""
    passphrase: str = field(default="", repr=False)
    """What visitors must know; empty: they are not asked."""
    token: str = field(default="", repr=False)
    """What the printed address carries, so that other accounts of the machine stay out; empty:
    they need none."""
    no_login_known: bool = False
    """The host knows that everyone who reaches the port may use it."""
    model_files: tuple[Path, ...] = ()
    """The user's own rows of models and endpoints; they add to ours."""
    guard_files: tuple[Path, ...] = ()
    """Rules on what may go to a model and what may be shown of its answer."""
    log_prompts: bool = False
    """The log of calls holds questions and answers, too."""
    log_level: str = "INFO"
    """From which level on a record is written; ``DEBUG`` adds the whole cause of a fault."""
    database: str = field(default="", repr=False)
    """Where conversations are kept, as an address; empty for the data folder. It may hold a
    password."""
    media: str = ""
    """Where pictures are kept, as an address; empty for the data folder."""
    begin_anew: bool = False
    """Make a new database although pictures of an earlier one are there."""
    development: bool = False
    """What nobody expects is an error, and the API is described at ``/openapi.json``."""
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Passed on to the catalogue, which looks up the names of keys in it, and to telemetry."""

    @property
    def database_url(self) -> str:
        """Where conversations are kept."""
        return self.database or f"sqlite:///{quote(str(self.data / 'easel.db'))}"

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be logged of these settings, the longest first."""
        user_info = self.database.partition("://")[2].rpartition("@")[0]
        password = user_info.partition(":")[2]
        asked = parse_qs(self.database.partition("?")[2]).get("password", [])
        words = [word for word in (password, *asked) if word]
        written = [self.database, *words, *map(unquote, words)] if words else []
        written += [word for word in (self.passphrase, self.token) if word]
        return tuple(dict.fromkeys(written))

    @property
    def media_url(self) -> str:
        """Where pictures are kept."""
        return self.media or f"file://{quote(str(self.data / 'media'))}"

    def called(self, file: Path) -> str:
        """What to call a file of the user's in a sentence: its name and where it is, no path."""
        if file.absolute().parent == self.data:
            return f"{file.name} in the data folder"
        variable = "EASEL_MODELS" if file in self.model_files else "EASEL_GUARDS"
        return f"{file.name}, which {variable} names"

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the port."""
        return self.host in LOOPBACK


def read_settings(arguments: Sequence[str], environ: Mapping[str, str]) -> Settings:
    """Settings from the command line and the environment; the command line wins.

    ``EASEL_DATA`` names the data folder, ``HOST`` and ``PORT`` the address, ``EASEL_HOSTS``
    more names it is reached under, with commas between, ``EASEL_MODELS`` a file of own model
    rows (else ``models.toml`` in the data folder), ``EASEL_GUARDS`` one of guards (else
    ``guards.toml`` there). ``EASEL_DATABASE_URL`` is the address of the store of conversations
    (else ``easel.db`` there), ``EASEL_MEDIA_URL`` that of the store of pictures (else the folder
    ``media`` there). ``EASEL_ROOT_PATH`` is the path below which a proxy in
    front serves us. ``EASEL_PASSPHRASE`` is what visitors must know; without one,
    ``EASEL_TOKEN=off`` does without the token of the printed address, and ``EASEL_NO_LOGIN=1`` is
    ``--i-know-there-is-no-login``. ``EASEL_LOG_PROMPTS=1`` has the log of calls hold questions and
    answers, ``EASEL_LOG_LEVEL`` says from which level on it is written. ``EASEL_DEV=1`` is set by
    ``make dev``. ``SPACE_ID`` and
    ``SPACE_HOST`` are set by a hosted Gradio space.

    Raises:
        ConfigError: a value that makes no sense, or a host beyond this machine without the
            word that there is no login.
        SystemExit: after ``--help``, or for arguments that are not known.
    """
    given = _parser().parse_args(arguments)
    hosted = bool(environ.get("SPACE_ID"))
    chosen = environ.get("EASEL_DATA")
    data = Path(chosen).expanduser() if chosen else user_data_path("easel", appauthor=False)
    names = (name.strip() for name in environ.get("EASEL_HOSTS", "").split(","))
    settings = Settings(
        data=data.absolute(),
        host=given.host or environ.get("HOST") or ("0.0.0.0" if hosted else "127.0.0.1"),  # noqa: S104
        port=_port(given.port or environ.get("PORT") or environ.get("GRADIO_SERVER_PORT")),
        hosted=hosted,
        hosted_name=environ.get("SPACE_HOST", ""),
        hosts=tuple(name for name in names if name),
        root_path=_root_path(environ.get("EASEL_ROOT_PATH", "")),
        passphrase=environ.get("EASEL_PASSPHRASE", ""),
        no_login_known=given.i_know_there_is_no_login
        or environ.get("EASEL_NO_LOGIN", "").strip() == "1",
        model_files=_own_file("EASEL_MODELS", environ, data / "models.toml"),
        guard_files=_own_file("EASEL_GUARDS", environ, data / "guards.toml"),
        log_prompts=environ.get("EASEL_LOG_PROMPTS", "").strip() == "1",
        log_level=_log_level(environ.get("EASEL_LOG_LEVEL", "")),
        media=environ.get("EASEL_MEDIA_URL", "").strip(),
        begin_anew=given.begin_anew,
        database=environ.get("EASEL_DATABASE_URL", "").strip(),
        development=environ.get("EASEL_DEV", "").strip() == "1",
        environ=environ,
    )
    if not (settings.loopback or settings.passphrase or settings.no_login_known):
        raise ConfigError(_no_login(settings))
    if settings.loopback and not settings.passphrase and not given.no_token:
        return replace(settings, token=_token(environ.get("EASEL_TOKEN", "").strip()))
    return settings


def _root_path(text: str) -> str:
    parts = [part for part in text.strip().split("/") if part]
    # No name of dots alone: a browser would go up with it.
    if not all(re.fullmatch(r"[A-Za-z0-9_~.-]+", part) and part.strip(".") for part in parts):
        raise ConfigError("EASEL_ROOT_PATH must be a path such as /studio.")
    return "".join(f"/{part}" for part in parts)


def _no_login(settings: Settings) -> str:
    if settings.hosted:
        return (
            "this is a hosted space, where everyone who opens it would share one history and use "
            "your keys. Set EASEL_PASSPHRASE, as a secret, to what visitors must know; or "
            "EASEL_NO_LOGIN=1 if everyone may use it."
        )
    return (
        f"everyone who reaches {settings.host} could use it. Set EASEL_PASSPHRASE to what they "
        "must know, or start it with --i-know-there-is-no-login if everyone may use it."
    )


def _token(chosen: str) -> str:
    """The token of this start: none, one's own, or a new one."""
    if chosen.lower() == "off":
        return ""
    if chosen and not re.fullmatch(r"[A-Za-z0-9_-]{16,}", chosen):
        raise ConfigError(
            "EASEL_TOKEN is “off”, or 16 or more letters, digits, hyphens and underscores."
        )
    return chosen or secrets.token_urlsafe(24)


def _own_file(name: str, environ: Mapping[str, str], usual: Path) -> tuple[Path, ...]:
    """The file that a variable names, else the one in the data folder, if any."""
    named = environ.get(name)
    file = Path(named).expanduser() if named else usual
    if file.is_file():
        return (file,)
    if named:
        raise ConfigError(f"{name} names a file that is not there: “{file.name}”.")
    return ()


def _log_level(text: str) -> str:
    level = text.strip().upper() or "INFO"
    if level not in LOG_LEVELS:
        raise ConfigError(f"EASEL_LOG_LEVEL is one of {', '.join(LOG_LEVELS)}, not {text!r}.")
    return level


def _port(text: str | None) -> int:
    if text is None:
        return DEFAULT_PORT
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) >= 65536:
        raise ConfigError(f"PORT must be a number from 0 to 65535, not {text!r}.")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="easel",
        description="Easel, a conversational image studio. Start it, then open its address.",
        epilog="Models: GEMINI_API_KEY, or OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your "
        "own; python -m chat.models list says what the others wait for. Data: EASEL_DATA.",
    )
    parser.add_argument("--version", action="version", version=f"Easel {VERSION}")
    parser.add_argument("--host", help="address to listen on (or HOST; 127.0.0.1)")
    parser.add_argument("--port", help=f"port to listen on (or PORT; {DEFAULT_PORT})")
    parser.add_argument(
        "--i-know-there-is-no-login",
        action="store_true",
        help="listen beyond this machine although everyone who reaches it may use it",
    )
    parser.add_argument(
        "--no-token",
        action="store_true",
        help="on this machine: let every account of it in (or EASEL_TOKEN=off)",
    )
    parser.add_argument(
        "--begin-anew",
        action="store_true",
        help="make a new, empty database where one is missing, and keep the pictures of the old",
    )
    return parser
