"""What the command line and the environment say. Nothing else reads them."""

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Literal, TypeAlias, cast, get_args
from urllib.parse import parse_qs, quote, unquote

from platformdirs import user_data_path

from chat.core.command_line import Parser
from chat.core.errors import ConfigError
from chat.core.retention import NAMES as RETENTION_NAMES
from chat.core.retention import read_retention
from chat.core.suggestions import did_you_mean
from chat.oidc import OIDC_NAMES, OidcSettings, read_oidc
from chat.trusted_header import NAMES, TrustedHeader, read_trusted_header
from chat.version import VERSION

DEFAULT_PORT = 7860
MAX_REPLIES_AT_ONCE = 1_000
MAX_REPLIES_QUEUED = 10_000
MAX_APPROVAL_MINUTES = 10_080
"""A week."""
MAX_DRAIN_S = 3_600
LOG_FORMATS = ("text", "json")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
Mode: TypeAlias = Literal["local", "guests", "users", "header"]
"""Whether people are told apart: not at all, by a cookie for a while, by name and password, by the
word of a proxy in front."""

MAX_GUEST_DAYS = 3_650
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
    picture_sites: tuple[str, ...] = ()
    """Addresses of sites that users may add pictures from though they are on loopback, inside a
    network or at an unusual port."""
    root_path: str = ""
    """The path below which a proxy in front serves us, such as ``/studio``; empty: the root."""
    login: Mode = "local"
    """Who has conversations of their own."""
    trusted_header: TrustedHeader | None = None
    """What the proxy says who signs people in; ``None``: none does."""
    oidc: OidcSettings | None = None
    """The provider of identities that signs people in; ``None``: none does."""
    passwords: bool = True
    """Of ``users``: whether names and passwords let in."""
    guest_stays: timedelta = timedelta(days=30)
    """How long a guest's space is kept."""
    plain_http: bool = False
    """Passwords are taken over connections that others can read, too."""
    new_administrator: bool = False
    """A link is printed by which somebody becomes administrator, though there is one."""
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
    mcp_files: tuple[Path, ...] = ()
    """Servers whose tools models may be given, over the Model Context Protocol."""
    budget_files: tuple[Path, ...] = ()
    """What people may spend."""
    rights_files: tuple[Path, ...] = ()
    """What people may use."""
    trust_files: tuple[Path, ...] = ()
    """Certificates of those whose signatures on pictures are believed, as PEM."""
    api_keys: str = field(default="", repr=False)
    """Of programs that use Easel by its API, as ``name=key`` with commas between; empty: none."""
    api_key_files: tuple[Path, ...] = ()
    """The same, one a line."""
    personal_keys: bool = False
    """Who signs in may make keys for programs of their own."""
    approval_patience: timedelta = timedelta(minutes=15)
    """How long a call of a tool waits for its user; then it counts as denied."""
    retention: Mapping[str, int | None] = field(default_factory=dict)
    """How many days things are kept, by name, as far as the host has said."""
    models_page: str = ""
    """Why nobody may set up providers on the page, in a sentence; empty: who is let in may."""
    keyring: bool = True
    """Whether keys may be kept by the keyring of the system."""
    replies_at_once: int = 12
    """How many replies may be written for one owner; without a login that is everybody."""
    replies_queued: int = 100
    """How many more of an owner may wait."""
    log_prompts: bool = False
    """The log of calls holds questions and answers, too."""
    log_level: str = "INFO"
    """From which level on a record is written; ``DEBUG`` adds the whole cause of a fault."""
    log_format: str = "text"
    """``json``: each record is one object on one line."""
    serving: bool = False
    """Started by a service manager for others, and not by somebody for themselves."""
    drain_s: float = 0.0
    """How long what runs may go on when the process is asked to end; 0: it is saved at once."""
    access_key: str = field(default="", repr=False)
    """What signs the cookies of those who may enter, as 64 hexadecimal digits; empty: what lies in
    the data folder."""
    metrics_key: str = field(default="", repr=False)
    """What opens the figures for Prometheus; empty: there are none."""
    database: str = field(default="", repr=False)
    """Where conversations are kept, as an address; empty for the data folder. It may hold a
    password."""
    live: str = field(default="", repr=False)
    """By what several processes tell each other of what happens, as an address; empty for the
    database server. It may hold a password."""
    media: str = ""
    """Where pictures are kept, as an address; empty for the data folder."""
    begin_anew: bool = False
    """Make a new database although pictures of an earlier one are there."""
    development: bool = False
    """What nobody expects is an error, and the API is described at ``/openapi.json``."""
    made_up_languages: bool = False
    """Those that show what is not translated may be chosen; in development they may, too."""
    environ: Mapping[str, str] = field(default_factory=dict, repr=False)
    """Passed on to the catalogue, which looks up the names of keys in it, and to telemetry."""

    @property
    def database_url(self) -> str:
        """Where conversations are kept."""
        return self.database or f"sqlite:///{quote(str(self.data / 'easel.db'))}"

    @property
    def live_url(self) -> str:
        """By what several processes over one database tell each other of what happens."""
        return self.live or self.database

    @property
    def secrets(self) -> tuple[str, ...]:
        """What must not be logged of these settings, the longest first."""
        written: list[str] = []
        for address in (self.database, self.live):
            user_info = address.partition("://")[2].rpartition("@")[0]
            password = user_info.partition(":")[2]
            asked = parse_qs(address.partition("?")[2]).get("password", [])
            words = [word for word in (password, *asked) if word]
            written += [address, *words, *map(unquote, words)] if words else []
        client = self.oidc.client_secret if self.oidc else ""
        secret = (self.passphrase, self.token, self.metrics_key, self.access_key, client)
        written += [word for word in secret if word]
        if self.media:
            written += filter(None, map(self.environ.get, BUCKET_SECRETS))
        return tuple(dict.fromkeys(written))

    @property
    def media_url(self) -> str:
        """Where pictures are kept."""
        return self.media or f"file://{quote(str(self.data / 'media'))}"

    def called(self, file: Path) -> str:
        """What to call a file of the user's in a sentence: its name and where it is, no path."""
        if file.absolute().parent == self.data:
            return f"{file.name} in the data folder"
        named = {
            "EASEL_MODELS": self.model_files,
            "EASEL_MCP": self.mcp_files,
            "EASEL_BUDGETS": self.budget_files,
            "EASEL_RIGHTS": self.rights_files,
            "EASEL_API_KEYS_FILE": self.api_key_files,
        }
        variable = next((name for name, files in named.items() if file in files), "EASEL_GUARDS")
        return f"{file.name}, which {variable} names"

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the port."""
        return self.host in LOOPBACK

    @property
    def owner_alone(self) -> bool:
        """Whether nobody but who started it is meant to reach it: no proxy stands in front."""
        shared = self.hosted or self.hosts or self.root_path or self.passphrase
        return self.loopback and self.login == "local" and not shared


BUCKET_SECRETS = (
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AZURE_STORAGE_ACCOUNT_KEY",
    "AZURE_STORAGE_CLIENT_SECRET",
    "AZURE_STORAGE_SAS_KEY",
    "GOOGLE_SERVICE_ACCOUNT_KEY",
)
"""What opens the object store that ``EASEL_MEDIA_URL`` names; its client reads these itself."""

VARIABLES = frozenset(
    {
        "EASEL_ACCESS_KEY",
        "EASEL_ADMINISTRATORS",
        "EASEL_ADMINISTRATOR_GROUPS",
        "EASEL_API_KEYS",
        "EASEL_API_KEYS_FILE",
        "EASEL_APPROVAL_MINUTES",
        "EASEL_BUDGETS",
        "EASEL_RIGHTS",
        "EASEL_CHROMIUM",
        "EASEL_DATA",
        "EASEL_DATABASE_URL",
        "EASEL_DEV",
        "EASEL_DRAIN_S",
        "EASEL_GUARDS",
        "EASEL_GUEST_DAYS",
        "EASEL_HOSTS",
        "EASEL_KEYRING",
        "EASEL_LIVE_URL",
        *RETENTION_NAMES,
        "EASEL_LITELLM",
        "EASEL_LOGIN",
        "EASEL_LOGIN_GROUPS_HEADER",
        "EASEL_LOGIN_HEADER",
        "EASEL_LOGIN_LEAVE",
        "EASEL_LOGIN_PROXIES",
        "EASEL_LOGIN_TITLE_HEADER",
        "EASEL_LOG_FORMAT",
        "EASEL_LOG_LEVEL",
        "EASEL_LOG_PROMPTS",
        "EASEL_MADE_UP_LANGUAGES",
        "EASEL_MANAGER_GROUPS",
        "EASEL_MCP",
        "EASEL_MEDIA_URL",
        "EASEL_METRICS_KEY",
        "EASEL_MODELS",
        "EASEL_MODELS_PAGE",
        "EASEL_NO_LOGIN",
        *OIDC_NAMES,
        "EASEL_PASSPHRASE",
        "EASEL_PASSWORDS",
        "EASEL_PERSONAL_KEYS",
        "EASEL_PICTURE_SITES",
        "EASEL_PLAIN_HTTP",
        "EASEL_REPLIES_AT_ONCE",
        "EASEL_REPLIES_QUEUED",
        "EASEL_ROOT_PATH",
        "EASEL_SEARCH",
        "EASEL_SMTP_FROM",
        "EASEL_SMTP_RECIPIENTS",
        "EASEL_SMTP_URL",
        "EASEL_TOKEN",
        "EASEL_TRUST_LIST",
        "EASEL_WEBHOOK_HOSTS",
    }
)
"""What Easel and its tests look up in the environment under a name of their own."""


def misspelt_variables(environ: Mapping[str, str]) -> list[str]:
    """A sentence on each variable that nobody reads and that looks like one of ours.

    One that is like none of them may be the key of somebody's own row.
    """
    strange = sorted(name for name in environ if name.startswith("EASEL_"))
    hints = {name: did_you_mean(name, VARIABLES, 0.85) for name in strange if name not in VARIABLES}
    return [f"{name} is not a setting of Easel's.{hint}" for name, hint in hints.items() if hint]


def read_settings(
    arguments: Sequence[str], environ: Mapping[str, str], *, serving: bool = False
) -> Settings:
    """Settings from the command line and the environment; the command line wins.

    ``serving`` is ``easel serve``: who may come in has to be said, for nobody reads what it prints.
    ``EASEL_DRAIN_S`` is how long what runs may go on when it is asked to end: 30 seconds then, else
    0. ``EASEL_LOG_FORMAT=json`` has a log of JSON lines, and ``EASEL_METRICS_KEY`` opens the
    figures at ``/metrics``.

    ``EASEL_DATA`` names the data folder, ``HOST`` and ``PORT`` the address, ``EASEL_HOSTS``
    more names it is reached under, with commas between, ``EASEL_MODELS`` a file of own model
    rows (else ``models.toml`` in the data folder), ``EASEL_GUARDS`` one of guards (else
    ``guards.toml`` there), ``EASEL_MCP`` one of servers of tools (else ``mcp.toml`` there),
    ``EASEL_BUDGETS`` one of what people may spend (else ``budgets.toml`` there),
    ``EASEL_RIGHTS`` one of what they may use (else ``rights.toml`` there),
    ``EASEL_TRUST_LIST`` one of certificates (else ``trust-list.pem`` there). ``EASEL_API_KEYS``
    holds the keys of programs, and ``EASEL_API_KEYS_FILE`` names a file of such (else
    ``api-keys.txt`` there). ``EASEL_DATABASE_URL`` is the address of the store of conversations
    (else ``easel.db`` there), ``EASEL_LIVE_URL`` that by which several Easels over one database
    server tell each other of what happens (else the same), ``EASEL_MEDIA_URL`` that of the store of
    pictures (else the folder ``media`` there). ``EASEL_ACCESS_KEY`` signs the cookies of all of
    them (else ``access.key`` there). ``EASEL_ROOT_PATH`` is the path below which a proxy in front
    serves us. ``EASEL_PASSPHRASE`` is what visitors must know; without one,
    ``EASEL_TOKEN=off`` does without the token of the printed address, and ``EASEL_NO_LOGIN=1`` is
    ``--i-know-there-is-no-login``. ``EASEL_LOGIN`` says whether people are told apart,
    ``EASEL_GUEST_DAYS`` how long guests stay, and ``EASEL_PLAIN_HTTP=1`` that passwords are taken
    without https. The variables of :mod:`chat.trusted_header` go with ``EASEL_LOGIN=header``, those
    of :mod:`chat.oidc` with ``users``, where ``EASEL_PASSWORDS=off`` takes no passwords.
    ``EASEL_APPROVAL_MINUTES`` is how
    long a call of a tool waits for its user, ``EASEL_REPLIES_AT_ONCE`` how many replies may be
    written for one owner, and ``EASEL_REPLIES_QUEUED`` how many more may wait.
    ``EASEL_LOG_PROMPTS=1`` has the log of calls hold questions and answers,
    ``EASEL_LOG_LEVEL`` says from which level on it is written.
    ``EASEL_KEEP_CONVERSATIONS_DAYS`` and the others of :mod:`chat.core.retention` say how long
    things are kept.
    ``EASEL_PERSONAL_KEYS=off`` that people make no keys for programs of their own.
    ``EASEL_MODELS_PAGE`` (on, off) says whether providers may be set up on the page, and
    ``EASEL_KEYRING=off`` that keys are not kept by the keyring of the system.
    ``EASEL_DEV=1`` is set by ``make dev``, ``EASEL_MADE_UP_LANGUAGES=1`` by tests.
    ``SPACE_ID`` and ``SPACE_HOST`` are set by a hosted Gradio space.

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
        picture_sites=_sites(environ.get("EASEL_PICTURE_SITES", "")),
        root_path=_root_path(environ.get("EASEL_ROOT_PATH", "")),
        login=_login(environ.get("EASEL_LOGIN", "")),
        guest_stays=timedelta(days=_guest_days(environ.get("EASEL_GUEST_DAYS", ""))),
        plain_http=environ.get("EASEL_PLAIN_HTTP", "").strip() == "1",
        new_administrator=given.new_administrator,
        passphrase=environ.get("EASEL_PASSPHRASE", ""),
        no_login_known=given.i_know_there_is_no_login
        or environ.get("EASEL_NO_LOGIN", "").strip() == "1",
        model_files=_own_file("EASEL_MODELS", environ, data / "models.toml"),
        guard_files=_own_file("EASEL_GUARDS", environ, data / "guards.toml"),
        mcp_files=_own_file("EASEL_MCP", environ, data / "mcp.toml"),
        budget_files=_own_file("EASEL_BUDGETS", environ, data / "budgets.toml"),
        rights_files=_own_file("EASEL_RIGHTS", environ, data / "rights.toml"),
        trust_files=_own_file("EASEL_TRUST_LIST", environ, data / "trust-list.pem"),
        retention=read_retention(environ),
        api_keys=environ.get("EASEL_API_KEYS", ""),
        api_key_files=_own_file("EASEL_API_KEYS_FILE", environ, data / "api-keys.txt"),
        personal_keys=_personal_keys(environ),
        approval_patience=_patience(environ.get("EASEL_APPROVAL_MINUTES", "")),
        keyring=_switch("EASEL_KEYRING", environ) is not False,
        replies_at_once=_count(environ, "EASEL_REPLIES_AT_ONCE", 12, 1, MAX_REPLIES_AT_ONCE),
        replies_queued=_count(environ, "EASEL_REPLIES_QUEUED", 100, 0, MAX_REPLIES_QUEUED),
        log_prompts=environ.get("EASEL_LOG_PROMPTS", "").strip() == "1",
        log_level=_log_level(environ.get("EASEL_LOG_LEVEL", "")),
        log_format=_log_format(environ.get("EASEL_LOG_FORMAT", "")),
        serving=serving,
        drain_s=_drain_s(environ.get("EASEL_DRAIN_S", ""), 30 if serving else 0),
        access_key=_access_key(environ.get("EASEL_ACCESS_KEY", "").strip()),
        metrics_key=_metrics_key(environ.get("EASEL_METRICS_KEY", "").strip()),
        media=environ.get("EASEL_MEDIA_URL", "").strip(),
        begin_anew=given.begin_anew,
        database=environ.get("EASEL_DATABASE_URL", "").strip(),
        live=environ.get("EASEL_LIVE_URL", "").strip(),
        development=environ.get("EASEL_DEV", "").strip() == "1",
        made_up_languages="1"
        in (
            environ.get("EASEL_DEV", "").strip(),
            environ.get("EASEL_MADE_UP_LANGUAGES", "").strip(),
        ),
        environ=environ,
    )
    _require_one_login(settings)
    if settings.live and not settings.database.startswith("postgres"):
        raise ConfigError(
            "EASEL_LIVE_URL goes with EASEL_DATABASE_URL=postgresql://..., which several may share."
        )
    if settings.login == "header":
        settings = replace(settings, trusted_header=read_trusted_header(environ))
    settings = _with_provider(settings)
    told_apart = settings.login != "local"
    if not (told_apart or settings.loopback or settings.passphrase or settings.no_login_known):
        raise ConfigError(_no_login(settings))
    settings = replace(settings, models_page=_models_page(settings, environ))
    if settings.login == "guests":
        by_address = not given.no_token
    else:
        by_address = settings.loopback and not (told_apart or settings.passphrase or given.no_token)
    if by_address and serving and not environ.get("EASEL_TOKEN", "").strip():
        raise ConfigError(_SAY_WHO)
    if by_address:
        return replace(settings, token=_token(environ.get("EASEL_TOKEN", "").strip()))
    return settings


_SAY_WHO = (
    "easel serve prints no address with a token that somebody would open. Say who may come in: "
    "EASEL_LOGIN=users or header, or EASEL_PASSPHRASE, or EASEL_TOKEN with 16 or more letters and "
    "digits of your own, which EASEL_LOGIN=guests wants too, for yourself; or EASEL_TOKEN=off for "
    "everybody who reaches the port."
)


def _models_page(settings: Settings, environ: Mapping[str, str]) -> str:
    """Why nobody may set up providers: by default where others than the owner may come in."""
    wanted = _switch("EASEL_MODELS_PAGE", environ)
    if settings.login != "local":
        if wanted:
            raise ConfigError(
                f"EASEL_MODELS_PAGE=on would have everybody whom EASEL_LOGIN={settings.login} lets "
                "in set up providers. Take one of the two away."
            )
        return (
            "Where people sign in, providers are set up by the host: in the environment, or in "
            "models.toml."
        )
    if wanted is False:
        return "The host has switched off setting up providers here."
    if wanted or settings.owner_alone:
        return ""
    return (
        "Others than its owner can reach this Easel, so providers are set up by its host: in the "
        "environment, in models.toml, or here after a start with EASEL_MODELS_PAGE=on."
    )


def _with_provider(settings: Settings) -> Settings:
    """With the provider of identities that signs people in, if one does. Raises ``ConfigError``."""
    oidc = read_oidc(settings.environ)
    passwords = _switch("EASEL_PASSWORDS", settings.environ)
    if oidc is not None and settings.login != "users":
        raise ConfigError("EASEL_OIDC_ISSUER goes with EASEL_LOGIN=users.")
    if passwords is False and oidc is None:
        raise ConfigError(
            "EASEL_PASSWORDS=off goes with EASEL_OIDC_ISSUER: nobody could sign in otherwise."
        )
    named = settings.loopback or settings.hosted or any("://" in name for name in settings.hosts)
    if oidc is not None and not named:
        raise ConfigError(
            "EASEL_OIDC_ISSUER needs the address by which browsers reach Easel, for that is where "
            "the provider sends them back: name it in EASEL_HOSTS, such as https://studio.example."
        )
    return replace(settings, oidc=oidc, passwords=passwords is not False)


def _personal_keys(environ: Mapping[str, str]) -> bool:
    """Where people sign in, unless it is switched off. Raises ``ConfigError``."""
    wanted = _switch("EASEL_PERSONAL_KEYS", environ)
    sign_in = _login(environ.get("EASEL_LOGIN", "")) == "users"
    if wanted and not sign_in:
        raise ConfigError(
            "EASEL_PERSONAL_KEYS=on goes with EASEL_LOGIN=users: keys are made by who signs in."
        )
    return sign_in and wanted is not False


def _switch(name: str, environ: Mapping[str, str]) -> bool | None:
    """On or off; ``None``: not set. Raises ``ConfigError``."""
    text = environ.get(name, "").strip().lower()
    if text not in ("", "on", "off"):
        raise ConfigError(f"{name} is “on” or “off”, not {text[:20]!r}.")
    return {"on": True, "off": False}.get(text)


def read_root_path(text: str) -> str | None:
    """A path as people and proxies write it, without a slash at its end; ``None``: that is none."""
    parts = [part for part in text.strip().split("/") if part]
    # No name of dots alone: a browser would go up with it. Names with a tilde in front are ours.
    if all(re.fullmatch(r"[A-Za-z0-9_.-][A-Za-z0-9_~.-]*", p) and p.strip(".") for p in parts):
        return "".join(f"/{part}" for part in parts)
    return None


def _root_path(text: str) -> str:
    path = read_root_path(text)
    if path is None:
        raise ConfigError("EASEL_ROOT_PATH must be a path such as /studio.")
    return path


def _require_one_login(settings: Settings) -> None:
    """Nobody may believe that something lets in, or keeps out, which does not."""
    if settings.login in {"users", "header"} and settings.passphrase:
        raise ConfigError(
            f"EASEL_PASSPHRASE lets in guests, and EASEL_LOGIN={settings.login} has none. Take one "
            "of the two away."
        )
    said = {name for name in NAMES if settings.environ.get(name, "").strip()}
    if settings.environ.get("EASEL_OIDC_ISSUER", "").strip():
        # Those of a provider decide it, too.
        said -= {"EASEL_ADMINISTRATOR_GROUPS", "EASEL_MANAGER_GROUPS"}
    alone = min(said, default="")
    if alone and settings.login != "header":
        raise ConfigError(
            f"{alone} goes with EASEL_LOGIN=header, where a proxy in front signs people in."
        )
    if settings.login != "local" and settings.no_login_known:
        raise ConfigError(
            f"EASEL_LOGIN={settings.login} asks who is there, and EASEL_NO_LOGIN or "
            "--i-know-there-is-no-login says that nobody is asked. Take one of the two away."
        )
    if settings.new_administrator and settings.login != "users":
        raise ConfigError("--new-administrator goes with EASEL_LOGIN=users.")


def _login(text: str) -> Mode:
    chosen = text.strip().lower() or "local"
    for mode in get_args(Mode):
        if mode == chosen:
            return cast("Mode", mode)
    raise ConfigError(f"EASEL_LOGIN is one of {', '.join(get_args(Mode))}, not {text[:20]!r}.")


def _guest_days(text: str) -> int:
    text = text.strip() or "30"
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= MAX_GUEST_DAYS:
        raise ConfigError(
            f"EASEL_GUEST_DAYS is a whole number from 1 to {MAX_GUEST_DAYS}, not {text[:20]!r}."
        )
    return int(text)


def _no_login(settings: Settings) -> str:
    if settings.hosted:
        return (
            "this is a hosted space, where everyone who opens it would share one history and use "
            "your keys. Set EASEL_PASSPHRASE, as a secret, to what visitors must know; or "
            "EASEL_LOGIN to guests, users or header, so that each has their own history; or "
            "EASEL_NO_LOGIN=1 if everyone may use it."
        )
    return (
        f"everyone who reaches {settings.host} could use it. Set EASEL_PASSPHRASE to what they "
        "must know, or EASEL_LOGIN to guests, users or header, so that each has their own history; "
        "or start it with --i-know-there-is-no-login if everyone may use it."
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


def _sites(written: str) -> tuple[str, ...]:
    """Addresses with commas between them. Raises ``ConfigError`` for what is none."""
    sites = tuple(filter(None, (each.strip() for each in written.split(","))))
    for site in sites:
        if not re.fullmatch(r"https?://[^/?#@\s]+/?", site):
            raise ConfigError(
                f"EASEL_PICTURE_SITES holds {site!r}, which is no address of a site such as "
                "http://pictures.example:8080."
            )
    return sites


def _own_file(name: str, environ: Mapping[str, str], usual: Path) -> tuple[Path, ...]:
    """The file that a variable names, else the one in the data folder, if any."""
    named = environ.get(name)
    file = Path(named).expanduser() if named else usual
    if file.is_file():
        return (file,)
    if named:
        raise ConfigError(f"{name} names a file that is not there: “{file.name}”.")
    return ()


def _count(environ: Mapping[str, str], name: str, usual: int, least: int, most: int) -> int:
    """A variable that is a whole number. Raises ``ConfigError``."""
    text = environ.get(name, "").strip() or str(usual)
    if not re.fullmatch(r"[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise ConfigError(f"{name} is a whole number from {least} to {most}, not {text[:20]!r}.")
    return int(text)


def _patience(text: str) -> timedelta:
    """From minutes; 15 where none are given. Raises ``ConfigError``."""
    text = text.strip() or "15"
    if not re.fullmatch(r"[0-9]{1,5}", text) or not 1 <= int(text) <= MAX_APPROVAL_MINUTES:
        raise ConfigError(
            f"EASEL_APPROVAL_MINUTES is a whole number from 1 to {MAX_APPROVAL_MINUTES}, "
            f"not {text[:20]!r}."
        )
    return timedelta(minutes=int(text))


def _log_level(text: str) -> str:
    level = text.strip().upper() or "INFO"
    if level not in LOG_LEVELS:
        raise ConfigError(f"EASEL_LOG_LEVEL is one of {', '.join(LOG_LEVELS)}, not {text!r}.")
    return level


def _log_format(text: str) -> str:
    form = text.strip().lower() or "text"
    if form not in LOG_FORMATS:
        raise ConfigError(f"EASEL_LOG_FORMAT is “text” or “json”, not {text[:20]!r}.")
    return form


def _drain_s(text: str, usual: int) -> float:
    """Whole seconds. Raises ``ConfigError``."""
    text = text.strip() or str(usual)
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) > MAX_DRAIN_S:
        raise ConfigError(
            f"EASEL_DRAIN_S is a whole number of seconds from 0 to {MAX_DRAIN_S}, "
            f"not {text[:20]!r}."
        )
    return float(text)


def _access_key(text: str) -> str:
    if text and not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise ConfigError(
            "EASEL_ACCESS_KEY is 64 hexadecimal digits, as “openssl rand -hex 32” makes them."
        )
    return text


def _metrics_key(text: str) -> str:
    if text and not re.fullmatch(r"[A-Za-z0-9_-]{16,200}", text):
        raise ConfigError(
            "EASEL_METRICS_KEY is 16 or more letters, digits, hyphens and underscores."
        )
    return text


def _port(text: str | None) -> int:
    if text is None:
        return DEFAULT_PORT
    if not re.fullmatch(r"[0-9]{1,5}", text) or int(text) >= 65536:
        raise ConfigError(f"PORT must be a number from 0 to 65535, not {text!r}.")
    return int(text)


def _parser() -> Parser:
    parser = Parser(
        prog="easel",
        description="Easel, a conversational image studio. Start it, then open its address.",
        epilog="Models: GEMINI_API_KEY, or OPENAI_API_KEY, or OPENAI_BASE_URL for a server of your "
        "own; python -m chat.models list says what the others wait for. Data: EASEL_DATA; easel "
        "backup and easel migrate copy it, easel search-index speeds PostgreSQL up. Hosts start it "
        "with easel serve.",
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
        "--new-administrator",
        action="store_true",
        help="print a link by which somebody becomes administrator, or gets a new password",
    )
    parser.add_argument(
        "--begin-anew",
        action="store_true",
        help="make a new, empty database where one is missing, and keep the pictures of the old",
    )
    return parser
