"""The frame of those pages: who may see them, the way from one to the other, and their look."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from chat.core.errors import NotFound
from chat.core.people import KEY_OWNER, Person
from chat.core.ports import Conversations
from chat.turns.app_state import LOCAL_OWNER
from chat.web.audit_trail import HOST
from chat.web.forms import Form, read_form
from chat.web.owner import PERSON, current_owner
from chat.web.plain_page import page_of
from chat.web.root_path import base_of

NOTHING = "There is nothing at this address."
HEADERS = {"Cache-Control": "no-store", "Referrer-Policy": "same-origin"}
"""A browser names no origin for a form of a page that says no-referrer."""


@dataclass(frozen=True, slots=True)
class Section:
    """One of the pages."""

    id: str
    title: str
    path: str
    managers: bool = False
    """For managers, too."""
    apart: bool = False
    """Only where people are told apart."""


SECTIONS: Sequence[Section] = (
    Section("people", "People", "/people", managers=True, apart=True),
    Section("budgets", "Budgets", "/people/budgets", managers=True, apart=True),
    Section("usage", "Usage", "/admin/usage", managers=True),
    Section("running", "Running", "/admin/running", managers=True),
    Section("providers", "Providers", "/admin/providers"),
    Section("storage", "Storage", "/admin/storage"),
    Section("audit", "Audit log", "/admin/audit"),
    Section("retention", "Retention", "/admin/retention"),
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Who looks at a page."""

    person: Person
    root: str
    apart: bool
    """People are told apart."""

    @property
    def administrates(self) -> bool:
        """Whether they look after everybody."""
        return self.person.role == "administrator"


async def reader_of(request: Request, *, closed: bool, managers: bool = False) -> Reader:
    """Who asks for a page.

    Args:
        request: the request.
        closed: where nobody is told apart, nobody is the host.
        managers: the page is for managers, too.

    Raises:
        NotFound: it is not for them.
    """
    person, root = request.scope.get(PERSON), base_of(request.scope)
    if isinstance(person, Person):
        if person.role == "administrator" or (managers and person.manages):
            return Reader(person, root, apart=True)
        raise NotFound(NOTHING)
    if closed or await current_owner(request) != LOCAL_OWNER:
        raise NotFound(NOTHING)
    return Reader(Person(LOCAL_OWNER, title=HOST, role="administrator"), root, apart=False)


async def sent_by(request: Request, *, closed: bool, managers: bool = False) -> tuple[Reader, Form]:
    """A form, read to its end, and who sent it, as they are by then: a form may take minutes.

    Raises:
        NotFound: the page is not for them.
        HTTPException: it is no form of ours, or they are not signed in any more.
    """
    form = await read_form(request.receive)
    return await reader_of(request, closed=closed, managers=managers), form


def navigation(
    root: str, person: Person, here: str, *, apart: bool = True, budgets: bool = True
) -> str:
    """The way from one page to the other, as HTML; ``here`` is the id of the present one."""
    present = ' aria-current="page"'
    links = [
        f'<li><a href="{escape(root + each.path)}"{present if each.id == here else ""}>'
        f"{each.title}</a></li>"
        for each in SECTIONS
        if (each.managers or person.role == "administrator")
        and (apart or not each.apart)
        and (budgets or each.id != "budgets")
    ]
    back = f'<p><a href="{escape(root)}/">Back to the studio</a></p>'
    return f'{back}<nav aria-label="Administration"><ul class="tabs">{"".join(links)}</ul></nav>'


def page(
    reader: Reader, here: str, body: str, *, status: int = 200, why: str = "", done: str = ""
) -> Response:
    """A page of ours: its section's title over this HTML, with a sentence of what went wrong."""
    title = next(each.title for each in SECTIONS if each.id == here)
    told = f'<p role="alert">{escape(why)}</p>' if why else ""
    told += f'<p role="status">{escape(done)}</p>' if done else ""
    ways = navigation(reader.root, reader.person, here, apart=reader.apart)
    whole = page_of(title, f"{STYLES}{ways}{told}{body}", wide=True)
    return HTMLResponse(whole, status, HEADERS)


def onward(reader: Reader, path: str) -> Response:
    """Off to another page, after a form was done."""
    return RedirectResponse(f"{reader.root}{path}", 303, HEADERS)


def names_of(conversations: Conversations) -> Mapping[str, str]:
    """What everybody is called, by their id; for a thread."""
    names = {each.id: each.title or each.name for each in conversations.people.everybody()}
    return {LOCAL_OWNER: HOST, **names}


def name_in(names: Mapping[str, str], owner: str) -> str:
    """What an owner is called, be it somebody, a key of the host, or who is gone."""
    if owner.startswith(KEY_OWNER):
        return f"Key {owner.removeprefix(KEY_OWNER)}"
    if owner.startswith("removed-"):
        return owner
    return names.get(owner) or (f"gone ({owner[:8]})" if owner else "nobody known")


def table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]], numbers: int) -> str:
    """A table as HTML, which a narrow screen moves sideways; its cells are HTML already.

    ``numbers`` is the first column of numbers.
    """

    def look(at: int) -> str:
        return ' class="n"' if at >= numbers else ""

    def cells(row: Sequence[str]) -> str:
        more = "".join(f"<td{look(at)}>{cell}</td>" for at, cell in enumerate(row[1:], 1))
        return f'<th scope="row">{row[0]}</th>{more}'

    head = "".join(
        f'<th scope="col"{look(at)}>{escape(each)}</th>' for at, each in enumerate(heads)
    )
    body = "".join(f"<tr>{cells(row)}</tr>" for row in rows)
    return (
        f'<div class="scrolls" role="region" tabindex="0" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody>"
        "</table></div>"
    )


STYLES = """<style>
main { max-width: 68rem; align-self: start; }
body { grid-template-columns: minmax(0, 1fr); place-items: start center; }
.tabs { display: flex; flex-wrap: wrap; gap: .25rem 1rem; margin: 0 0 1rem; }
.tabs li { border: 0; padding: 0; }
.tabs a { display: inline-block; padding: .6rem 0; min-height: 2.75rem; }
.tabs a[aria-current] { font-weight: 700; color: var(--ink); text-decoration: none;
  border-bottom: 3px solid var(--accent); }
.scrolls { overflow-x: auto; margin: 1rem 0 2rem; overflow-wrap: normal; }
table { border-collapse: collapse; width: 100%; }
caption { text-align: left; font-weight: 600; font-size: 1.1rem; padding: .3rem 0; }
th, td { text-align: left; padding: .45rem .8rem .45rem 0; border-top: 1px solid var(--line);
  vertical-align: top; }
thead th { border-top: 0; color: var(--soft); font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 600; min-width: 7rem; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
form.row { display: flex; flex-wrap: wrap; gap: .6rem; align-items: end; max-width: none; }
form.row label { flex: 1 1 10rem; max-width: 16rem; }
form.row input, form.row select, form.row button { height: 2.75rem; }
form.row button { width: auto; }
figure { margin: 1rem 0; }
figure svg { display: block; width: 100%; height: 11rem; border-bottom: 1px solid var(--line); }
figcaption { font-weight: 600; }
.ends { display: flex; justify-content: space-between; color: var(--soft); font-size: .9rem; }
.bar { fill: var(--accent); }
.share { display: block; width: 8rem; height: .5rem; margin-top: .3rem; }
.facts { display: grid; grid-template-columns: repeat(auto-fill, minmax(9rem, 1fr)); gap: 1rem;
  margin: 1rem 0; }
.facts dt { color: var(--soft); }
.facts dd { margin: 0; font-size: 1.3rem; font-variant-numeric: tabular-nums; }
@media (forced-colors: active) { .bar { fill: CanvasText; } }
</style>"""
