"""What stands before the page: a login that tells people apart, a pass phrase, or nothing."""

from collections.abc import Callable, Iterable, Sequence

from starlette.types import ASGIApp

from chat.core.network import Network
from chat.core.people import Person
from chat.core.ports import Conversations
from chat.gateway.quotas import Quotas
from chat.settings import Settings
from chat.turns.shared_turns import SharedTurns
from chat.web.access import AccessMiddleware, access_by, passphrase_of
from chat.web.policy import Policy
from chat.web.sessions import Sessions


class Entrance:
    """The one that the host has set, with the sessions of all who came in by it."""

    def __init__(
        self,
        settings: Settings,
        conversations: Conversations,
        quotas: Quotas,
        policy: Policy,
        network: Network,
        *,
        key: Callable[[], bytes],
        hide: Callable[[Iterable[str]], None],
    ) -> None:
        """Nothing is asked of the stores before ``before``.

        Args:
            settings: the host's.
            conversations: the store of people, their keys and the audit log.
            quotas: are told who comes in.
            policy: what browsers may do here.
            network: by which a provider of identities is asked.
            key: what signs cookies; asked where something is signed.
            hide: is told every link that lets somebody in.
        """
        self._settings, self._conversations, self._quotas = settings, conversations, quotas
        self._policy, self._network, self._key, self._hide = policy, network, key, hide
        self._sessions: Sessions | None = None
        self.printed: dict[str, str] = {}
        """What to print of the ways in: a sentence, and the query of an address."""

    def before(self, web: ASGIApp) -> ASGIApp:
        """What lets in who may come in, and hands on what they ask.

        Raises:
            ChatError: a setting or the store cannot be used, in one sentence.
        """
        settings = self._settings
        if settings.trusted_header is not None:
            return self._by_header(web)
        if settings.login != "local":
            return self._by_login(web)
        access = access_by(settings.passphrase, settings.token, framed=settings.hosted)
        if access is None:
            return web
        return AccessMiddleware(web, access, self._key(), audit=self._conversations.audit)

    def admits(self, person: Person) -> bool:
        """Whether somebody has anything by which people sign in here."""
        settings = self._settings
        return person.signs_in(passwords=settings.passwords, provider=settings.oidc is not None)

    def signed_out(self, person_id: str, ended: Sequence[str]) -> None:
        """End the live connections of somebody who was removed, by the ids of their sessions."""
        if self._sessions is not None:
            self._sessions.ended_elsewhere(person_id, ended)

    def share_with(self, others: SharedTurns | None) -> None:
        """Who is signed out at one Easel is so at once in pages that the others serve."""
        if others is not None and self._sessions is not None:
            others.signed_out = self._sessions.ended_at_another
            self._sessions.relay = others.tell_signed_out

    def _by_header(self, web: ASGIApp) -> ASGIApp:
        from chat.web.header_login import HeaderLogin

        trusted = self._settings.trusted_header
        assert trusted is not None, "asked for where there is one"
        store = self._conversations
        login = HeaderLogin(
            web, trusted, store.people, self._key(), quotas=self._quotas, audit=store.audit
        )
        self._sessions = login.sessions
        return login

    def _by_login(self, web: ASGIApp) -> ASGIApp:
        # argon2 is asked for by those who sign in alone.
        from chat.web.login import LoginMiddleware
        from chat.web.login_mode import Login

        settings, store, key = self._settings, self._conversations, self._key()
        login = Login(
            "users" if settings.login == "users" else "guests",
            passphrase_of(settings.passphrase),
            settings.token,
            settings.guest_stays,
            framed=settings.hosted,
            plain_http=settings.plain_http,
            passwords=settings.passwords,
        )
        oidc = None
        if settings.oidc is not None:
            from chat.web.oidc_login import OidcLogin

            oidc = OidcLogin(settings.oidc, key, self._policy, self._network)
        setup = ""
        if login.mode == "guests":
            self._print_guest_link(key, login.phrase)
        elif settings.new_administrator or oidc is None or not oidc.by_groups:
            setup = self._print_setup_link()
        behind = LoginMiddleware(
            web,
            login,
            store.people,
            key,
            self._policy,
            setup=setup,
            quotas=self._quotas,
            keys=store.personal_keys if settings.personal_keys else None,
            oidc=oidc,
            audit=store.audit,
        )
        self._sessions = behind.sessions
        return behind

    def _print_guest_link(self, key: bytes, phrase: str) -> None:
        from chat.web.guest_login import guest_link

        link = guest_link(key, phrase)
        self.printed["Guests come in at"] = f"guest={link}"
        self._hide([link])

    def _print_setup_link(self) -> str:
        """By which somebody becomes administrator; empty where nobody has to."""
        from chat.web.account_links import setup_link

        wanted, people = self._settings.new_administrator, self._conversations.people
        setup = setup_link(people, wanted=wanted, admits=self.admits)
        if setup:
            self.printed["Somebody becomes administrator, once, at"] = f"setup={setup}"
            self._hide([setup])
        return setup
