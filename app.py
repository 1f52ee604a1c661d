"""Easel's front door: environment to settings to stores to providers to turns to page.

``python app.py`` starts it; a hosted Gradio space runs this very file.
"""

# ruff: noqa: E402  # the environment is put right before those are imported who read it

import logging
import os
import sys
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path

# Before Gradio is imported: it asks a server for its newest version otherwise.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ.setdefault("HF_HUB_OFFLINE", "1")

# And before any HTTP library is: they read proxies and certificates as they are imported, and stop
# at values that chat.network understands.
from chat.network import prepare, read_network

ENVIRON = dict(os.environ)
"""As it was found. What others read has been put right by now."""
NETWORK = read_network(ENVIRON)
prepare(os.environ, NETWORK)

from starlette.types import ASGIApp

from chat.conversations.changes import ChangeFeed
from chat.conversations.service import ConversationService
from chat.conversations.settings import SettingsService
from chat.core.display_names import DisplayNames
from chat.core.errors import ChatError, ConfigError, StorageError
from chat.core.messages import now
from chat.gateway.call import Gateway
from chat.gateway.deployments import DeploymentResolver
from chat.gateway.pool import ProviderPool
from chat.guards.guardrails import RuledGuardrails
from chat.guards.rules import read_rules
from chat.images.ingest import ImageIngest
from chat.logs import set_level, start_log
from chat.models import read_catalogue
from chat.models.titles import EndpointTitles, ModelTitles
from chat.providers.registry import open_provider, specs
from chat.settings import Settings, read_settings
from chat.telemetry.start import start_recorder
from chat.tools.registry import load_tools
from chat.turns.endpoint_probe import EndpointProbe
from chat.turns.engine import Engine
from chat.turns.history import History
from chat.turns.jobs import Jobs
from chat.turns.pictures import Pictures
from chat.turns.run import TurnDeps
from chat.turns.services import Services
from chat.turns.toolbox import Toolbox
from chat.ui.page import ASSETS, build_page, head_html
from chat.ui.theme import easel_theme
from chat.version import this_build
from chat.web.access import AccessMiddleware, access_by
from chat.web.app import build_web
from chat.web.mount import mount_page
from chat.web.root_path import RootPathMiddleware
from chat.web.security import SecurityMiddleware
from chat.web.serve import policy_of, serve
from storage.access_key import read_access_key
from storage.data_dir_lock import DataDirLock
from storage.lost_database import refuse_lost_database
from storage.media.garbage import collect_garbage, doubt, keep_all, named_in_backups, remember
from storage.open import database_exists, open_conversations, open_media, path_of
from storage.snapshots import named_in_snapshots

BIN_DAYS = 30
UNUSED_KEPT = timedelta(days=1)
"""How long a conversation is kept in which nothing was ever said."""


def build(settings: Settings, hide: Callable[[Iterable[str]], None]) -> ASGIApp:
    """Everything, connected. ``hide`` is told every key, before anything can use one.

    Raises:
        ChatError: a setting, a model file or a store that cannot be used, in one sentence.
    """
    catalogue = read_catalogue(
        [_text(ASSETS / "models.toml", "models.toml")],
        settings.environ,
        own=[_text(file, settings.called(file)) for file in settings.model_files],
        kinds=specs(),
    )
    hide(endpoint.api_key for endpoint in catalogue.endpoints.values())
    hide(settings.secrets)
    hide(NETWORK.secrets)
    _tell_of_network()
    for trouble in catalogue.troubles:
        logging.getLogger("easel").warning("%s", trouble)
    for sentence in catalogue.leaving():
        logging.getLogger("easel").warning("%s", sentence)
    rules = [
        rule
        for file in settings.guard_files
        for rule in read_rules(*_text(file, settings.called(file)), catalogue.endpoints)
    ]
    lock = DataDirLock(settings.data)
    media = open_media(settings.media_url)
    if not settings.begin_anew:
        refuse_lost_database(settings.database_url, media)
    elif not database_exists(settings.database_url):
        keep_all(media)
    conversations = open_conversations(settings.database_url)
    ingest = ImageIngest()
    pictures = Pictures(ingest, media, conversations)
    tools = load_tools()
    toolbox = Toolbox(tools, pictures)
    jobs, news, pool = Jobs(), ChangeFeed(), ProviderPool(open_provider)
    recorder = start_recorder(settings.environ, keeps_words=settings.log_prompts)
    gateway = Gateway(DeploymentResolver(catalogue), pool, RuledGuardrails(rules), recorder)
    history = History(conversations)
    deps = TurnDeps(conversations, pictures, toolbox, gateway, jobs, history)
    engine = Engine(deps, catalogue, news)
    services = Services(
        conversations=conversations,
        library=ConversationService(conversations, catalogue, jobs, news),
        settings=SettingsService(conversations, catalogue, toolbox.names(), news.publish),
        engine=engine,
        pictures=pictures,
        jobs=jobs,
        news=news,
        catalogue=catalogue,
        names=DisplayNames(
            ModelTitles(catalogue),
            toolbox.names(),
            EndpointTitles(catalogue),
        ),
        connections=EndpointProbe(catalogue, pool),
    )

    def tidy() -> None:
        try:
            # Asked first: to purge conversations makes a database look older than it is.
            doubted = doubt(conversations, media)
            moment = now()
            conversations.purge(moment - timedelta(days=BIN_DAYS), moment - UNUSED_KEPT)
            spared = named_in_backups(media)
            if settings.database_url.startswith("sqlite:"):
                spared |= named_in_snapshots(path_of(settings.database_url))
            collect_garbage(conversations, media, doubted=doubted, spared=spared)
        except ChatError:
            logging.getLogger("easel").exception("the stores could not be tidied")

    def close() -> None:
        ingest.close()
        pictures.close()
        toolbox.close()
        recorder.close()
        try:
            remember(conversations, media)
        except StorageError as error:
            logging.getLogger("easel").warning("the end could not be noted: %s", error)
        conversations.close()
        lock.release()

    build_of_page = this_build(ASSETS, development=settings.development)
    web = build_web(
        services, str(ASSETS), tidy, close, build=build_of_page, root_path=settings.root_path
    )
    policy = policy_of(settings)
    mount_page(
        web,
        build_page(services),
        policy,
        theme=easel_theme(),
        head=head_html(build_of_page, settings.root_path),
        root_path=settings.root_path,
    )
    served = SecurityMiddleware(_guarded(web, settings), policy)
    return RootPathMiddleware(served, settings.root_path) if settings.root_path else served


def _guarded(web: ASGIApp, settings: Settings) -> ASGIApp:
    """Behind the pass phrase or the token, where there is one."""
    access = access_by(settings.passphrase, settings.token, framed=settings.hosted)
    return (
        AccessMiddleware(web, access, read_access_key(settings.data), settings.root_path)
        if access
        else web
    )


def _tell_of_network() -> None:
    log = logging.getLogger("easel")
    for sentence in NETWORK.troubles:
        log.warning("%s", sentence)
    for sentence in NETWORK.notes:
        log.info("%s", sentence)


def _text(file: Path, name: str) -> tuple[str, str]:
    """What to call a file, and what is in it."""
    try:
        return name, file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{name} cannot be read as text.") from error


def main() -> int:
    """Run until stopped; the exit code of the process."""
    log = start_log()
    try:
        settings = read_settings(sys.argv[1:], ENVIRON)
        set_level(settings.log_level)
        serve(lambda: build(settings, log.hide), settings)
    except ChatError as error:
        print(f"Easel cannot start: {error}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
