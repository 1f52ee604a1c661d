"""The pages of the login as HTML: whatever comes from outside is escaped here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from urllib.parse import quote

from chat.core.numbers import day
from chat.core.people import Person, Role, Session
from chat.web.admin.shell import STYLES, navigation
from chat.web.forms import Form
from chat.web.passwords import MAX_PASSWORD, MIN_PASSWORD
from chat.web.people_names import MAX_TITLE
from chat.web.plain_page import page_of


@dataclass(frozen=True, slots=True)
class Offers:
    """What the pages of people have to offer, which depends on how people come in."""

    passwords: bool = True
    """Somebody is added here, and has a password."""
    provider: str = ""
    """What the provider of identities is called that signs people in; empty: none does."""
    by_groups: bool = False
    """Whom that provider signs in is administrator by its groups."""
    roles: bool = True
    """Who is administrator is decided here."""
    sessions: bool = True
    """Browsers are signed in and out here."""
    leave: str = ""
    """Where one signs out, if not here."""

    @property
    def links(self) -> bool:
        """Somebody is added here, and comes in by a link."""
        return self.passwords or bool(self.provider)

    def decides(self, person: Person) -> bool:
        """Whether it is decided here if somebody is administrator."""
        return self.roles and not (self.by_groups and person.identity)


@dataclass(frozen=True, slots=True)
class Provider:
    """The button of a provider of identities."""

    title: str
    address: str
    apart: bool = False
    """It is opened in a tab of its own."""


NO_PASSWORDS = Offers(passwords=False, roles=False)

WRONG_PHRASE = "That is not right. Ask whoever invited you for the pass phrase or the link."
TOO_OFTEN = "Too many wrong tries. Wait five minutes, then try again."


def phrase_asked(root: str, place: str, why: str, title: str) -> bytes:
    """Who knows the pass phrase of guests gets a space of their own."""
    fields = _field("phrase", "Pass phrase", kind="password", complete="current-password")
    form = _form(f"{root}/access/enter", "Come in", fields, _called(title), place=place)
    return page_of("Easel", f"{_why(why)}{_OWN_SPACE}{form}")


def guest_asked(root: str, why: str = "", link: str = "", title: str = "") -> bytes:
    """Who has the link: coming in is a press of a button, so that a preview of it does nothing."""
    form = _form(f"{root}/access/enter", "Come in", _called(title), guest=link)
    return page_of("Easel", f"{_why(why)}{_OWN_SPACE}{form}")


def link_wanted(why: str) -> bytes:
    """There is no pass phrase to ask for."""
    told = "<p>You come in by a link. Ask whoever invited you for it.</p>"
    return page_of("Easel", f"{_why(why)}{told}")


def sign_in_asked(
    root: str,
    place: str,
    why: str,
    name: str,
    *,
    nobody_yet: bool,
    passwords: bool = True,
    provider: Provider | None = None,
) -> bytes:
    """Name and password, or a provider of identities, or the one beside the other."""
    told = f'<p class="more">{_FIRST}</p>' if nobody_yet else ""
    button = _button(provider, first=not passwords)
    if not passwords:
        return page_of("Easel", f"{_why(why)}{button}{told}")
    name_field = _field("name", "Name", name, complete="username", more=_NO_CAPITALS)
    password = _field("password", "Password", kind="password", complete="current-password")
    form = _form(f"{root}/access/enter", "Sign in", name_field, password, place=place)
    return page_of("Easel", f"{_why(why)}{button}{_OR if button else ''}{form}{told}")


def account_asked(
    root: str,
    link: str,
    given: str,
    person: Person | None,
    why: str = "",
    form: Form | None = None,
    *,
    passwords: bool = True,
    provider: Provider | None = None,
) -> bytes:
    """Somebody chooses a password, or takes the provider; the first administrator a name, too."""
    fields = []
    if person is None:
        name, title = (form("name"), form("title")) if form else ("", "")
        fields = [
            _field("name", "Name to sign in with", name, complete="username", more=_NO_CAPITALS),
            _called(title),
        ]
        told = f"<p>{_BECOMES}</p>"
    else:
        told = (
            f"<p>Welcome, {escape(person.title)}. You sign in as <b>{escape(person.name)}</b>.</p>"
        )
    button = _button(provider, first=not passwords)
    if not passwords:
        return page_of("Easel", f"{_why(why)}{told}{button}")
    told += f"{button}{_OR}" if button else ""
    sent = _form(f"{root}/access/begin", "Go on", *fields, *_new_password(), **{link: given})
    return page_of("Choose a password", f"{_why(why)}{told}{sent}")


def sorry(why: str) -> bytes:
    """There is nothing to be sent."""
    return page_of("Easel", _why(why))


def left(root: str, there: str = "", title: str = "") -> bytes:
    """Somebody is signed out here; ``there`` is where they sign out of the provider, too."""
    told = '<p role="status">You are signed out.</p>'
    again = f'<p><a href="{escape(root)}/">Come in again</a></p>'
    if not there:
        return page_of("Easel", f"{told}{again}")
    # Not by the answer to the form itself: forms may lead nowhere else.
    off = f'<p><a href="{escape(there)}">Sign out of {escape(title)}, too</a></p>'
    return page_of("Easel", f"{told}{off}{again}", goes_on=there)


def account(
    root: str,
    person: Person,
    session: Session,
    others: int,
    *,
    offers: Offers,
    why: str = "",
    done: str = "",
    keys: str = "",
) -> bytes:
    """Who one is, and what one may do about it."""
    told = [_why(why), f'<p role="status">{escape(done)}</p>' if done else ""]
    who = f"You are <b>{escape(person.title)}</b>"
    by = f" by {escape(offers.provider)}" if person.identity and offers.provider else ""
    who += f", and sign in{by} as <b>{escape(person.name)}</b>." if person.name else "."
    told.append(f"<p>{who}</p>")
    if person.role == "guest":
        told.append(
            f"<p>Your space is kept until {day(session.ends_at)}, in this browser alone: once you "
            "leave, nobody finds the way back into it. Export what you want to keep.</p>"
        )
    told.append(f'<p><a href="{escape(root)}/">Back to the studio</a></p>')
    if person.manages:
        told.append(f'<p><a href="{escape(root)}/people">People</a></p>')
        told.append(f'<p><a href="{escape(root)}/admin">Usage and administration</a></p>')
    leave = "Leave, and give up this space" if person.role == "guest" else "Sign out"
    if offers.sessions:
        told.append(_form(f"{root}/access/leave", leave))
    elif offers.leave:
        told.append(f'<p><a href="{escape(offers.leave)}">{leave}</a></p>')
    if person.role != "guest" and offers.sessions:
        few = {0: "nowhere else", 1: "in one more place"}
        places = few.get(others, f"in {others} more places")
        told.append(f"<h2>Elsewhere</h2><p>You are signed in {places}.</p>")
        told.append(_form(f"{root}/account/elsewhere", "Sign out everywhere else"))
    if offers.passwords and person.password:
        old = _field("old", "Password of now", kind="password", complete="current-password")
        told.append("<h2>Another password</h2>")
        told.append(_form(f"{root}/account/password", "Change it", old, *_new_password()))
    told.append(keys)
    everything = (
        f'<a href="{escape(root)}/api/everything" download>Download everything of yours</a>'
    )
    told.append(f"<p>{everything}</p>")
    return page_of("Your account", "".join(told))


def everybody(
    root: str,
    reader: Person,
    people: Sequence[Person],
    moment: datetime,
    *,
    offers: Offers,
    why: str = "",
    link: tuple[str, str] | None = None,
    form: Form | None = None,
    budgets: bool = False,
) -> bytes:
    """Everybody there is, for who looks after them."""
    told = [_why(why)]
    if link is not None:
        title, address = link
        told.append(
            f'<p role="status">Give this link to {escape(title)}. It is shown once, can be used '
            f"once, and lasts a week: <b>{escape(address)}</b></p>"
        )
    told.append("<ul>")
    told += [_row(root, reader, person, moment, offers) for person in people]
    told.append("</ul>")
    if offers.links:
        name, title = (form("name"), form("title")) if form else ("", "")
        role = (
            '<label>May do <select name="role"><option value="user">use Easel</option>'
            '<option value="manager">look after users and budgets, too</option>'
            '<option value="administrator">look after everybody, too</option></select></label>'
        )
        if reader.role != "administrator":
            role = ""
        fields = (_field("name", "Name to sign in with", name, more=_NO_CAPITALS), _called(title))
        told.append("<h2>Add somebody</h2>")
        told.append(_form(f"{root}/people/add", "Add, and make a link", *fields, role))
    ways = navigation(root, reader, "people", budgets=budgets)
    return page_of("People", f"{STYLES}{ways}{''.join(told)}", wide=True)


def _row(root: str, reader: Person, person: Person, moment: datetime, offers: Offers) -> str:
    over = person.ends_at is not None and person.ends_at <= moment
    comes_in = person.password or person.identity
    invited = not comes_in and person.invitation and person.invited_until
    facts = [
        person.name,
        person.role,
        "shut out" if person.disabled_at else "",
        f"invited until {day(person.invited_until)}" if invited and person.invited_until else "",
        "gone" if over else f"until {day(person.ends_at)}" if person.ends_at else "",
        f"in {', '.join(person.groups)}" if person.groups else "",
        "you" if person.id == reader.id else "",
    ]
    acts = _acts(reader, person, offers)
    buttons = "".join(
        f'<button name="act" value="{act}" aria-label="{label}: {escape(person.title)}">{label}'
        "</button>"
        for act, label in acts
    )
    hidden = f'<input type="hidden" name="person" value="{escape(person.id)}">'
    told = " · ".join(escape(fact) for fact in facts if fact)
    row = f'<b>{escape(person.title)}</b> <span class="more">{told}</span>'
    if reader.role == "administrator":
        address = escape(f"{root}/admin/person?id={quote(person.id)}")
        row += f' <a href="{address}">Data of {escape(person.title or person.name)}</a>'
    if not acts:
        return f"<li>{row}</li>"
    form = f'<form class="acts" method="post" action="{escape(root)}/people/change">'
    groups = ""
    if reader.role == "administrator" and person.role != "guest":
        groups = _groups(root, hidden, person)
    return f"<li>{row}{form}{hidden}{buttons}</form>{groups}</li>"


def _groups(root: str, hidden: str, person: Person) -> str:
    """The groups that administrators have put somebody into, to be changed."""
    told = ", ".join(person.told_groups)
    more = f'<p class="more">By who signs them in: {escape(told)}</p>' if told else ""
    label = f"Groups of {escape(person.title)}, with commas between"
    given = escape(", ".join(person.given_groups))
    return (
        f'<details><summary>Groups</summary>{more}<form method="post" '
        f'action="{escape(root)}/people/groups">{hidden}<label>{label} '
        f'<input name="groups" value="{given}" autocomplete="off" spellcheck="false"></label>'
        "<button>Keep</button></form></details>"
    )


def _acts(reader: Person, person: Person, offers: Offers) -> list[tuple[str, str]]:
    """What ``reader`` may do about somebody, each with its name on a button."""
    if not reader.may_change(person):
        return []
    acts = [("open", "Let in again") if person.disabled_at else ("shut", "Shut out")]
    if offers.sessions:
        acts.append(("out", "Sign out everywhere"))
    if person.role == "guest" or reader.role != "administrator":
        return acts
    if offers.passwords:
        acts.append(("link", "New password by a link"))
    elif offers.links:
        acts.append(("link", "Another sign-in by a link"))
    if offers.decides(person):
        less = ("user", f"No {person.role}") if person.role != "user" else None
        more: tuple[tuple[Role, str], ...] = (
            ("manager", "Manager"), ("administrator", "Administrator"),
        )  # fmt: skip
        acts += [each for each in more if each[0] != person.role]
        acts += [less] if less else []
    return acts


def _button(provider: Provider | None, *, first: bool) -> str:
    if provider is None:
        return ""
    # In a tab of its own it begins and ends, with the cookies that are sent there.
    apart = ' target="_blank" rel="noopener"' if provider.apart else ""
    look = "button first" if first else "button"
    return (
        f'<p><a class="{look}" href="{escape(provider.address)}"{apart}>'
        f"Sign in with {escape(provider.title)}</a></p>"
    )


def _why(why: str) -> str:
    return f'<p role="alert">{escape(why)}</p>' if why else ""


def _called(title: str) -> str:
    return _field(
        "title", "What shall you be called? (may stay empty)", title, complete="nickname",
        more=f' maxlength="{MAX_TITLE}"', required=False,
    )  # fmt: skip


def _new_password() -> tuple[str, str]:
    bounds = f' minlength="{MIN_PASSWORD}" maxlength="{MAX_PASSWORD}"'
    label = f"New password, {MIN_PASSWORD} characters or more"
    return (
        _field("password", label, kind="password", complete="new-password", more=bounds),
        _field("again", "Once more", kind="password", complete="new-password", more=bounds),
    )


def _field(
    name: str,
    label: str,
    value: str = "",
    *,
    kind: str = "text",
    complete: str = "off",
    more: str = "",
    required: bool = True,
) -> str:
    due = " required" if required else ""
    return (
        f'<label>{escape(label)} <input name="{name}" type="{kind}" value="{escape(value)}" '
        f'autocomplete="{complete}"{due}{more}></label>'
    )


def _form(action: str, button: str, *fields: str, **hidden: str) -> str:
    kept = "".join(
        f'<input type="hidden" name="{name}" value="{escape(value)}">'
        for name, value in hidden.items()
        if value
    )
    return (
        f'<form method="post" action="{escape(action)}">{kept}{"".join(fields)}'
        f'<button class="first">{escape(button)}</button></form>'
    )


_NO_CAPITALS = ' autocapitalize="none" spellcheck="false" maxlength="64"'
_OWN_SPACE = (
    "<p>You get a space of your own: nobody else who comes in sees your conversations and "
    "pictures.</p>"
)
_OR = '<p class="or">or with a password</p>'
_BECOMES = (
    "Whoever sends this looks after this Easel. What was made in it before people signed in is "
    "theirs, unless somebody has it already."
)
_FIRST = (
    "This Easel has no administrator yet. Whoever started it finds a link in what it printed, by "
    "which the first one is made."
)
