"""Easel's front door: environment to settings to stores to providers to turns to page.

``python app.py`` starts it; a hosted Gradio space runs this very file.
"""

# ruff: noqa: E402  # the environment is put right before those are imported who read it

import logging
import os
import sys
from collections.abc import Callable, Iterable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib import import_module
from pathlib import Path
from shutil import disk_usage
from typing import TYPE_CHECKING, get_args

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
from chat.conversations.retention import Retention
from chat.conversations.service import ConversationService
from chat.conversations.settings_service import SettingsService
from chat.core.display_names import DisplayNames
from chat.core.errors import ChatError, ConfigError, StorageError
from chat.core.messages import now
from chat.core.people import KEY_ROLE, Person, Role
from chat.core.ports import Conversations, MediaStore
from chat.core.spending import NO_LIMITS, person_subject
from chat.files.reader import DataQueries, FileProcess, FileReader, can_query
from chat.gateway.call import Gateway
from chat.gateway.deployments import DeploymentResolver
from chat.gateway.pool import ProviderPool
from chat.gateway.quota_file import NO_RULES, QuotaRules, read_quotas
from chat.gateway.quotas import Quotas
from chat.guards.guardrails import RuledGuardrails
from chat.guards.rules import Rule, read_rules
from chat.http.webhooks import Webhooks, read_webhooks
from chat.images.editor import ImageEditor
from chat.images.edits import ImageEditing
from chat.images.ingest import ImageIngest
from chat.logs import set_level, start_log
from chat.mail.outbox import Outbox
from chat.mail.settings import read_mail
from chat.mcp.names import told_apart
from chat.mcp.reading import read_servers
from chat.mcp.servers import McpServers
from chat.mcp.settings import ServerSettings
from chat.models import Catalogue, CurrentCatalogue
from chat.models.added_rows import NAME
from chat.models.rights_file import NO_RULES as NO_RIGHTS_RULES
from chat.models.rights_file import known_names, read_rights
from chat.models.role_rights import RoleRights
from chat.models.source import CatalogueSource
from chat.models.titles import EndpointTitles, ModelTitles
from chat.providers.registry import open_provider, specs
from chat.research.pages import PageReader, can_read_pages
from chat.research.search.registry import open_search, read_search
from chat.research.search.search import WebSearch
from chat.settings import Settings, misspelt_variables, read_settings
from chat.telemetry.call import Recorders
from chat.telemetry.provider_health import ProviderHealth
from chat.telemetry.start import start_recorder
from chat.telemetry.usage_meter import UsageMeter
from chat.tools.registry import absent_tools, load_tools
from chat.turns.app_state import LOCAL_OWNER, AppState
from chat.turns.direct import DirectAnswers
from chat.turns.endpoint_probe import EndpointProbe
from chat.turns.engine import Engine
from chat.turns.file_texts import FileTexts
from chat.turns.history import History
from chat.turns.jobs import Jobs
from chat.turns.models_and_keys import Added, ModelsAndKeys, read_added
from chat.turns.pictures import Pictures
from chat.turns.replays import Replays
from chat.turns.run import TurnDeps
from chat.turns.studio import Studio
from chat.turns.toolbox import Toolbox
from chat.version import VERSION, this_build
from chat.web.admin.person_page import Removal
from chat.web.admin.sections import Administration
from chat.web.admin.storage_page import Disk
from chat.web.api_door import ApiDoor
from chat.web.api_keys import ApiKeys, read_api_keys
from chat.web.app import Routed, build_web
from chat.web.audit_trail import AuditTrail
from chat.web.drain import Drain
from chat.web.entrance import Entrance
from chat.web.key_holders import KeyHolders
from chat.web.languages import LanguageMiddleware, LanguageOfPerson
from chat.web.owner import local_owner, signed_in_owner
from chat.web.page_files import page_files
from chat.web.policy import Policy
from chat.web.request_ids import RequestIds
from chat.web.root_path import RootPathMiddleware
from chat.web.security import SecurityMiddleware
from chat.web.serve import policy_of, serve
from storage.access_key import read_access_key
from storage.data_dir_lock import DataDirLock, Process
from storage.keys.places import KeyPlaces
from storage.lost_database import refuse_lost_database
from storage.media.garbage import (
    collect_garbage,
    doubt,
    keep_all,
    named_in_backups,
    remember,
    remove_unheld,
)
from storage.media.known_backups import known_backups
from storage.open import (
    database_exists,
    open_conversations,
    open_live,
    open_media,
    path_of,
)
from storage.snapshots import named_in_snapshots
from storage.stored_form import JsonForm
from storage.written_file import WrittenText

if TYPE_CHECKING:
    from chat.telemetry.figures import Figures

ASSETS = Path(__file__).resolve().parent / "assets"
UNUSED_KEPT = timedelta(days=1)
"""How long a conversation is kept in which nothing was ever said."""


def build(
    settings: Settings,
    hide: Callable[[Iterable[str]], None],
    ways: MutableMapping[str, str] | None = None,
    drain: Drain | None = None,
) -> ASGIApp:
    """Everything, connected. ``hide`` is told every key, before anything can use one.

    ``drain`` is told what is to be finished at the end. ``ways`` is given what to print of the ways
    in: a sentence, and the query of an address.

    Raises:
        ChatError: a setting, a model file or a store that cannot be used, in one sentence.
    """
    models = _Models.read(settings)
    catalogue, added = models.current.now, models.added
    hide(added.kept.keys.values())
    hide(endpoint.api_key for endpoint in catalogue.endpoints.values())
    hide(settings.secrets)
    hide(NETWORK.secrets)
    keys = _api_keys(settings, hide)
    _tell_of_network()
    _tell_of_variables(settings.environ)
    _tell_of_models(catalogue, added)
    guardrails = RuledGuardrails(_rules(settings, catalogue))
    servers = [
        server
        for file in settings.mcp_files
        for server in read_servers(*_text(file, settings.called(file)), settings.environ)
    ]
    hide(secret for server in servers for secret in server.secrets)
    lock = DataDirLock(settings.data)
    conversations, media = _stores(settings, lock.process)
    drain, figures = drain or Drain(), _figures(settings)
    if figures is not None:
        conversations = figures.measured("conversations", conversations)
        media = figures.measured("pictures", media)
    ingest = ImageIngest()
    pictures = Pictures(ingest, media, conversations)
    editor = ImageEditor(ingest.pool, _anchors(settings))
    resources: dict[type, object] = {Conversations: conversations, ImageEditing: editor}
    process = FileProcess()
    resources |= _file_readers(process)
    file_texts = FileTexts(FileReader(process))
    if can_read_pages():
        resources[PageReader] = PageReader()
    if search := read_search(settings.environ, NETWORK.network):
        hide([search.api_key])
        resources[WebSearch] = open_search(search)
    resources |= _ways_out(settings, hide)
    jobs = Jobs(settings.replies_at_once, settings.replies_queued)
    news, pool = ChangeFeed(), ProviderPool(open_provider)
    tools = load_tools(resources)
    apart = told_apart(servers, (tool.facts.source for tool in tools.values()))
    mcp = McpServers(apart, NETWORK.network, news.publish_tools, settings.data / "mcp")
    rights = _rights(settings, catalogue, tools, servers, conversations)
    models.current.rights = rights
    toolbox = Toolbox(tools, pictures, resources, [mcp], rights)
    health, meter = ProviderHealth(), UsageMeter(conversations.usage)
    retention = Retention(conversations, settings.retention)
    recorder = Recorders(
        (
            start_recorder(settings.environ, figures, keeps_words=settings.log_prompts),
            meter,
            health,
        )
    )
    quotas = Quotas(
        conversations.budgets,
        conversations.people,
        _quota_rules(settings),
        payer=LOCAL_OWNER if settings.login == "local" else "",
        running=lambda owner: len(jobs.of_owner(owner)),
    )
    resolver = DeploymentResolver(models.current)
    gateway = Gateway(resolver, pool, guardrails, recorder, quotas=quotas, rights=rights)
    history = History(conversations)
    deps = TurnDeps(conversations, pictures, editor, toolbox, gateway, jobs, history, file_texts)
    shares = conversations.replicas.shared
    live = open_live(settings.live_url, lock.process) if shares else None
    engine = Engine(deps, models.current, news, settings.approval_patience, live=live)
    studio = Studio(editor, pictures, engine, conversations)
    probe = EndpointProbe(models.current, pool)

    def guarded(changed: Catalogue) -> Callable[[], None]:
        rules = _rules(settings, changed)
        return lambda: guardrails.replace(rules)

    models_and_keys = ModelsAndKeys(
        models.source,
        added,
        models.rows,
        models.keys,
        models.current,
        gateway=gateway,
        probe=probe,
        jobs=jobs,
        conversations=conversations,
        hide=hide,
        publish=news.publish_models,
        prepare=guarded,
        closed=settings.models_page,
        private=settings.owner_alone,
    )
    app_state = AppState(
        conversations=conversations,
        library=ConversationService(
            conversations, models.current, engine, news, retention.bin_days
        ),
        settings=SettingsService(
            conversations, models.current, toolbox.tools, news.publish, rights
        ),
        engine=engine,
        pictures=pictures,
        studio=studio,
        jobs=jobs,
        news=news,
        catalogues=models.current,
        names=DisplayNames(
            ModelTitles(models.current),
            toolbox.names(),
            EndpointTitles(models.current),
        ),
        connections=probe,
        stored_form=JsonForm(),
        replays=Replays(engine, studio, pictures, conversations, jobs, news),
        direct=DirectAnswers(gateway, pictures, editor, file_texts),
        picture_sites=settings.picture_sites,
        scratch=settings.data,
        absent_tools=absent_tools(resources),
        models_and_keys=models_and_keys,
        mcp=mcp,
        rights=rights,
    )

    def tidy() -> Mapping[str, int] | None:
        try:
            retention.note_what_is_open()
            with conversations.replicas.housekeeping() as may:
                if not may:
                    return None
                engine.forget_copies()
                return _tidied(settings, conversations, media, retention)
        except ChatError:
            logging.getLogger("easel").exception("the stores could not be tidied")
            return {}

    def close() -> None:
        ingest.close()
        editor.close()
        pictures.close()
        toolbox.close()
        recorder.close()
        try:
            remember(conversations, media)
        except StorageError as error:
            logging.getLogger("easel").warning("the end could not be noted: %s", error)
        conversations.close()
        lock.release()

    # Gradio takes as long to import as all the rest: a start that cannot be has said so by now, and
    # help is there at once.
    from chat.ui.ahead import ahead_of
    from chat.ui.page import build_page, head_html
    from chat.ui.theme import easel_theme
    from chat.web.mount import mount_page

    build_of_page = this_build(ASSETS, development=settings.development)
    policy = policy_of(settings)
    entrance = Entrance(
        settings,
        conversations,
        quotas,
        policy,
        NETWORK.network,
        key=lambda: _access_key(settings),
        hide=hide,
    )
    # Who a proxy signs in is known to the proxy alone, which no program passes.
    by_password = settings.personal_keys and settings.trusted_header is None
    personal = conversations.personal_keys if by_password else None
    holders = KeyHolders(keys, personal, admits=entrance.admits, note=rights.note)
    programs = _mcp_server(app_state, policy) if holders else None
    files = page_files(ASSETS, whole=not settings.development)
    people_sign_in = settings.login != "local"
    web = build_web(
        app_state,
        str(ASSETS),
        tidy,
        close,
        signed_in_owner if people_sign_in else local_owner,
        build=build_of_page,
        mcp_server=programs,
        page_routes=files.routes,
        drain=drain,
        stores={"database": conversations.check, "pictures": media.check},
        figures=figures,
        metrics_key=settings.metrics_key,
        administration=Administration(
            closed=bool(settings.models_page),
            health=health,
            balancer=gateway.balancer,
            disk=_disk(settings, conversations, media),
            retention=retention,
            tidy=tidy,
            removal=_removal(conversations, media, entrance, meter, engine),
        ),
    )
    page_of_gradio = build_page(app_state)
    mount_page(
        web,
        page_of_gradio,
        policy,
        ahead=ahead_of(page_of_gradio),
        theme=easel_theme(),
        head=lambda to: head_html(
            build_of_page,
            files.tags_in(to),
            told_apart=people_sign_in,
            host=not (people_sign_in or settings.models_page),
        ),
    )
    spoken = LanguageOfPerson(web, conversations)
    page = entrance.before(spoken)
    entrance.share_with(engine.shared)
    if ways is not None:
        ways.update(entrance.printed)
    served = SecurityMiddleware(ApiDoor(page, web, holders, drain), policy)
    named = RequestIds(served, figures.answered if figures is not None else None)
    return RootPathMiddleware(
        LanguageMiddleware(named, made_up=settings.made_up_languages), settings.root_path
    )


@dataclass(frozen=True, slots=True)
class _Models:
    """Where models are read from, what was set up on the page, and the catalogue of both."""

    source: CatalogueSource
    rows: WrittenText
    keys: KeyPlaces
    added: Added
    current: CurrentCatalogue

    @classmethod
    def read(cls, settings: Settings) -> "_Models":
        """Read them. Raises ``ConfigError``."""
        source = CatalogueSource(
            [_text(ASSETS / "models.toml", "models.toml")],
            [_text(file, settings.called(file)) for file in settings.model_files],
            settings.environ,
            specs(),
        )
        rows = WrittenText(settings.data / NAME)
        keys = KeyPlaces(settings.data, settings.environ, keyring=settings.keyring)
        catalogue, added = read_added(source, rows, keys)
        return cls(source, rows, keys, added, CurrentCatalogue(catalogue))


def _figures(settings: Settings) -> "Figures | None":
    """What is counted for Prometheus, where the host has set a key for it."""
    if not settings.metrics_key:
        return None
    from chat.telemetry.figures import Figures

    return Figures()


def _tell_of_models(catalogue: Catalogue, added: Added) -> None:
    for sentence in (*catalogue.troubles, *catalogue.leaving(), added.trouble):
        if sentence:
            logging.getLogger("easel").warning("%s", sentence)


def _rules(settings: Settings, catalogue: Catalogue) -> list[Rule]:
    """What the files of guards say; a guard may ask one of the endpoints."""
    return [
        rule
        for file in settings.guard_files
        for rule in read_rules(*_text(file, settings.called(file)), catalogue.endpoints)
    ]


def _quota_rules(settings: Settings) -> QuotaRules:
    """What the host lets people spend."""
    for file in settings.budget_files:
        return read_quotas(*_text(file, settings.called(file)), (*get_args(Role), KEY_ROLE))
    return NO_RULES


def _rights(
    settings: Settings,
    catalogue: Catalogue,
    tools: Iterable[str],
    servers: Sequence[ServerSettings],
    conversations: Conversations,
) -> RoleRights:
    """What the host lets people use. Raises ``ConfigError``."""
    rules = NO_RIGHTS_RULES
    for file in settings.rights_files:
        house = [*tools, *(tool.spec.name for tool in absent_tools({}))]
        known = known_names(catalogue, house, [(each.id, f"{each.id}__") for each in servers])
        roles = (*get_args(Role), KEY_ROLE)
        rules = read_rights(*_text(file, settings.called(file)), roles, known)
    return RoleRights(rules, conversations.people, apart=settings.login != "local")


def _stores(settings: Settings, process: Process) -> tuple[Conversations, MediaStore]:
    """What is kept, opened by this process."""
    media = open_media(settings.media_url)
    if not settings.begin_anew:
        refuse_lost_database(settings.database_url, media)
    elif not database_exists(settings.database_url):
        keep_all(media)
    conversations = open_conversations(settings.database_url, process)
    if settings.login != "local":
        conversations.tell_people_apart()
    return conversations, media


def _file_readers(process: FileProcess) -> Mapping[type, object]:
    """What opens the files of conversations for tools."""
    readers: dict[type, object] = {FileReader: FileReader(process)}
    if can_query():
        readers[DataQueries] = DataQueries(process)
    return readers


def _ways_out(settings: Settings, hide: Callable[[Iterable[str]], None]) -> Mapping[type, object]:
    """What tools send by: the mail server and the hooks that the host named."""
    ways: dict[type, object] = {}
    if mail := read_mail(settings.environ, NETWORK.network):
        hide(mail.secrets)
        ways[Outbox] = Outbox(mail)
    if hooks := read_webhooks(settings.environ):
        ways[Webhooks] = hooks
    return ways


def _access_key(settings: Settings) -> bytes:
    """What signs cookies: the same for all who share a database, or of the data folder."""
    given = settings.access_key
    return bytes.fromhex(given) if given else read_access_key(settings.data)


def _tidied(
    settings: Settings, conversations: Conversations, media: MediaStore, retention: Retention
) -> Mapping[str, int]:
    """Remove what is due, and what nobody needs any more; how many of what were due."""
    doubted = doubt(conversations, media)
    moment = now()
    _forget_guests(conversations, moment)
    done = retention.run(moment, UNUSED_KEPT)
    if done:
        by_itself = Person("", title="Easel")
        AuditTrail(conversations.audit).keep("retention_run", by_itself, done)
    spared = named_in_backups(media)
    if settings.database_url.startswith("sqlite:"):
        spared |= named_in_snapshots(path_of(settings.database_url))
    collect_garbage(conversations, media, doubted=doubted, spared=spared)
    return done


def _removal(
    conversations: Conversations,
    media: MediaStore,
    entrance: Entrance,
    meter: UsageMeter,
    engine: Engine,
) -> Removal:
    """What becomes of somebody's browsers and pictures when they are removed for good."""

    def forget(pictures: Sequence[str]) -> None:
        remove_unheld(conversations, media, pictures)

    backups = partial(known_backups, media)
    return Removal(entrance.signed_out, forget, engine.forget_copies, meter.write, backups)


def _disk(settings: Settings, conversations: Conversations, media: MediaStore) -> Disk:
    """What the host is told of the stores."""

    def free_bytes() -> int | None:
        try:
            return disk_usage(settings.data).free
        except OSError:
            return None

    def missing() -> int:
        there = set(media.names(now() + UNUSED_KEPT))
        return sum(1 for each in conversations.media_in_use() - there if not media.has(each))

    return Disk(free_bytes, lambda: known_backups(media), missing)


def _forget_guests(conversations: Conversations, moment: datetime) -> None:
    """Put away what belonged to guests whose time is over."""
    conversations.people.end_over(moment)
    for person in conversations.people.everybody():
        if person.role == "guest" and person.ends_at is not None and person.ends_at <= moment:
            conversations.put_away(person.id)
            conversations.budgets.set_limits(person_subject(person.id), NO_LIMITS)
            conversations.people.remove(person.id)


def _mcp_server(app_state: AppState, policy: Policy) -> Routed:
    # Its SDK takes as long to import as half the rest, and is asked for by those with a key alone.
    from chat.web.mcp_server import McpServer

    return McpServer(app_state, VERSION, policy)


def _api_keys(settings: Settings, hide: Callable[[Iterable[str]], None]) -> ApiKeys:
    lines, place = "", ""
    for file in settings.api_key_files:
        place, lines = _text(file, settings.called(file))
    keys, plain = read_api_keys(settings.api_keys, lines, place)
    hide(plain)
    return keys


def _tell_of_variables(environ: Mapping[str, str]) -> None:
    for sentence in misspelt_variables(environ):
        logging.getLogger("easel").warning("%s", sentence)


def _tell_of_network() -> None:
    log = logging.getLogger("easel")
    for sentence in NETWORK.troubles:
        log.warning("%s", sentence)
    for sentence in NETWORK.notes:
        log.info("%s", sentence)


def _anchors(settings: Settings) -> str:
    """The certificates whose signatures on pictures are believed, as PEM."""
    return "".join(_text(file, "EASEL_TRUST_LIST")[1] for file in settings.trust_files)


def _text(file: Path, name: str) -> tuple[str, str]:
    """What to call a file, and what is in it."""
    try:
        return name, file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{name} cannot be read as text.") from error


SERVE = "serve"
"""What hosts start it with; without a word it is for who starts it."""
COMMANDS = {
    "backup": "storage.backup",
    "migrate": "storage.migrate",
    "search-index": "storage.search_index",
}
"""What else ``easel`` does, by its first word."""


def main() -> int:
    """Run until stopped, or do what the first word says; the exit code of the process."""
    first, rest = next(iter(sys.argv[1:]), ""), sys.argv[2:]
    if module := COMMANDS.get(first):
        code: int = import_module(module).main(rest, ENVIRON)
        return code
    log = start_log()
    try:
        serving = first == SERVE
        settings = read_settings(rest if serving else sys.argv[1:], ENVIRON, serving=serving)
        set_level(settings.log_level)
        log.as_json = settings.log_format == "json"
        ways: dict[str, str] = {}
        drain = Drain(settings.drain_s)
        serve(lambda: build(settings, log.hide, ways, drain), settings, ways, drain)
    except ChatError as error:
        print(f"Easel cannot start: {error}", file=sys.stderr)  # noqa: T201
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
