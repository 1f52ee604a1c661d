"""What the login answers: forms, pages and where to go on, and the cookie of who is let in."""

from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from starlette.types import Scope

from chat.core.people import Person, Session
from chat.web import login_pages as pages
from chat.web.account_links import AccountLinks
from chat.web.attempts import WITHIN_S
from chat.web.audit_trail import AuditTrail
from chat.web.forms import Form
from chat.web.hosts import is_here, is_secure
from chat.web.login_mode import LINKS, Login
from chat.web.oidc_login import OidcLogin, begin_address
from chat.web.policy import Policy
from chat.web.replies import Reply
from chat.web.root_path import root_of
from chat.web.sessions import Look, Sessions

SIGN_IN = "You are not signed in. Load the page again."


class LoginAnswers:
    """Of one Easel."""

    def __init__(
        self,
        login: Login,
        policy: Policy,
        sessions: Sessions,
        trail: AuditTrail,
        links: AccountLinks,
        oidc: OidcLogin | None,
    ) -> None:
        """Each as the login has it."""
        self._login = login
        self._policy = policy
        self._sessions = sessions
        self._trail = trail
        self._links = links
        self._oidc = oidc

    # Somebody is in

    async def let_in(
        self, scope: Scope, person: Person, look: Look | None, place: str = ""
    ) -> Reply:
        """Give a new cookie, and have the browser show that it keeps it."""
        cookie, session = await self._sessions.begin(person, look)
        await self._trail.note(scope, "signed_in", actor=person)
        place = place or query_of(scope)
        back = f"{place}&entered=1" if place else "entered=1"
        return self.to(scope, back, keep=("entered",)).with_cookie(
            self.cookie(scope, cookie, session)
        )

    async def renewed(self, scope: Scope, look: Look) -> str:
        """Another cookie for who is signed in: something weighty has changed."""
        cookie, session = await self._sessions.begin(look[1], look)
        return self.cookie(scope, cookie, session)

    def cookie(self, scope: Scope, value: str, session: Session | None) -> str:
        """What sets the cookie of a session; ``None`` takes it away."""
        secure, framed = self.secure(scope), self._login.framed
        return self._sessions.cookie(scope, value, session, secure=secure, framed=framed)

    # Somebody is asked

    def asked(
        self, scope: Scope, status: int, why: str = "", form: Form | None = None, place: str = ""
    ) -> Reply:
        """The form that lets in, as a page; for what reads none, a sentence."""
        root, place = root_of(scope), form("place") if form else place or query_of(scope)
        if self._login.mode == "users":
            name = form("name") if form else ""
            page = pages.sign_in_asked(
                root, place, why, name, nobody_yet=self._links.nobody_yet,
                passwords=self._login.passwords, provider=self._provider(root, place),
            )  # fmt: skip
        elif form is not None and form("guest"):
            page = pages.guest_asked(root, why, form("guest"), form("title"))
        elif self._login.phrase:
            page = pages.phrase_asked(root, place, why, form("title") if form else "")
        else:
            page = pages.link_wanted(why)
        reply = self.page(status, page)
        return replace(reply, sentence=why or SIGN_IN)

    def account_page(
        self,
        scope: Scope,
        link: str,
        given: str,
        person: Person | None,
        why: str = "",
        form: Form | None = None,
    ) -> bytes:
        """Where somebody who has a link chooses by what they sign in."""
        root = root_of(scope)
        by_groups = link == "setup" and self._oidc is not None and self._oidc.by_groups
        return pages.account_asked(
            root, link, given, person, why, form, passwords=self._login.passwords,
            provider=None if by_groups else self._provider(root, **{link: given}),
        )  # fmt: skip

    def _provider(self, root: str, place: str = "", **link: str) -> pages.Provider | None:
        """The button of the provider, if there is one."""
        if self._oidc is None:
            return None
        # No provider shows itself in a frame of another site.
        return pages.Provider(
            self._oidc.title, begin_address(root, place, **link), apart=self._login.framed
        )

    @staticmethod
    def page(status: int, page: bytes) -> Reply:
        """A page; after too many tries it says when to come again."""
        late = ((b"retry-after", str(int(WITHIN_S)).encode("ascii")),) if status == 429 else ()
        return Reply(status, page=page, headers=late)

    @staticmethod
    def to(scope: Scope, query: str = "", keep: tuple[str, ...] = ()) -> Reply:
        """Off to the page, whatever the address says besides: nowhere else."""
        fields = parse_qsl(query or query_of(scope), keep_blank_values=True)
        kept = [(name, value) for name, value in fields if name not in LINKS or name in keep]
        place = f"{root_of(scope)}/"
        return Reply(303, to=f"{place}?{urlencode(kept)}" if kept else place)

    # The way of a request

    def secure(self, scope: Scope) -> bool:
        """Whether the browser came by https."""
        return self._login.framed or is_secure(scope, self._policy)

    def encrypted(self, scope: Scope) -> bool:
        """Whether nobody on the way can read along: https, or this machine alone."""
        return self._login.plain_http or self.secure(scope) or is_here(scope)


def query_of(scope: Scope) -> str:
    """The fields of the page's own address, which it is to be opened with again."""
    return scope["query_string"].decode("latin-1") if scope["path"] == "/" else ""
