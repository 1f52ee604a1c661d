"""The keys of somebody's programs, made and revoked on the page of their account."""

import asyncio
import logging
import re
import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from html import escape

from chat.core.errors import Conflict, NotFound, TooMany
from chat.core.messages import new_id
from chat.core.numbers import day
from chat.core.people import Person
from chat.core.personal_keys import PersonalKey, PersonalKeys, Scope
from chat.web.forms import Form

log = logging.getLogger("easel")

PREFIX = "sk-easel-"
"""A key begins with it, so that people and scanners see what it is."""

SCOPES: dict[Scope, str] = {
    "chat": "ask models (/v1/chat/completions)",
    "images": "make and edit pictures (/v1/images)",
    "read": "list the models (/v1/models)",
}
LASTS = {
    "7": "a week",
    "30": "30 days",
    "90": "90 days",
    "365": "a year",
    "": "until it is revoked",
}

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,39}")
BAD_NAME = (
    "The name of a key has the letters a to z, digits, and . _ - between them, 40 at most, such as "
    "laptop."
)
NO_SCOPE = "Choose what the key is good for."
NO_SUCH = "There is no such key any more."


class KeyPages:
    """The keys of everybody who signs in."""

    def __init__(self, keys: PersonalKeys, clock: Callable[[], datetime]) -> None:
        """Keep them there."""
        self._keys = keys
        self._clock = clock

    async def make(self, person: Person, form: Form) -> tuple[int, str, str]:
        """A new key: the status, why there is none, and the key itself, which is kept nowhere."""
        name, days = form("key_name").strip(), form("lasts")
        scopes = tuple(scope for scope in SCOPES if form(f"scope_{scope}"))
        if not _NAME.fullmatch(name):
            return 400, BAD_NAME, ""
        if not scopes or days not in LASTS:
            return 400, NO_SCOPE, ""
        moment, made = self._clock(), f"{PREFIX}{secrets.token_urlsafe(32)}"
        ends_at = moment + timedelta(days=int(days)) if days else None
        key = PersonalKey(new_id(), person.id, name, digest_of(made), scopes, moment, ends_at)
        try:
            await asyncio.to_thread(self._keys.add, key)
        except (Conflict, TooMany) as refused:
            return 409, str(refused), ""
        log.info("%s has made the key %s for %s", person.name, name, ", ".join(scopes))
        return 200, "", made

    async def revoke(self, person: Person, form: Form) -> str:
        """Forget a key of somebody's own; its name. Raises ``NotFound``."""
        key_id = form("key")
        held = await asyncio.to_thread(self._keys.of, person.id)
        if not key_id or not await asyncio.to_thread(self._keys.remove, person.id, key_id):
            raise NotFound(NO_SUCH)
        log.info("%s has revoked a key", person.name)
        return next((each.name for each in held if each.id == key_id), "")

    async def section(self, root: str, person: Person, made: str, form: Form | None) -> str:
        """The part of the account's page, as HTML."""
        keys = await asyncio.to_thread(self._keys.of, person.id)
        return _section(escape(root), keys, self._clock(), made, form)


def digest_of(key: str) -> str:
    """What is kept of a key."""
    return sha256(key.encode("utf-8", "replace")).hexdigest()


def _section(
    root: str, keys: Sequence[PersonalKey], moment: datetime, made: str, form: Form | None
) -> str:
    told = ["<h2>Keys of programs</h2>", f"<p>{_ABOUT}</p>"]
    if made:
        told.append(
            '<p role="status">This is the key. It is shown once and kept nowhere, so copy it now: '
            f"<b>{escape(made)}</b></p>"
        )
    told.append("<ul>")
    told += [_row(root, key, moment) for key in keys]
    told.append("</ul>")
    name = escape(form("key_name")) if form else ""
    boxes = "".join(
        f'<label class="box"><input type="checkbox" name="scope_{scope}" value="1"'
        f"{' checked' if form is None or form(f'scope_{scope}') else ''}> {words}</label>"
        for scope, words in SCOPES.items()
    )
    chosen = form("lasts") if form else "30"
    lasts = "".join(
        f'<option value="{days}"{" selected" if days == chosen else ""}>{words}</option>'
        for days, words in LASTS.items()
    )
    told.append(
        f'<form method="post" action="{root}/account/keys">'
        f'<label>Name of the key <input name="key_name" value="{name}" required maxlength="40" '
        'autocomplete="off" autocapitalize="none" spellcheck="false"></label>'
        f"<fieldset><legend>It may</legend>{boxes}</fieldset>"
        f'<label>It lasts <select name="lasts">{lasts}</select></label>'
        '<button class="first">Make a key</button></form>'
    )
    return "".join(told)


def _row(root: str, key: PersonalKey, moment: datetime) -> str:
    over = key.ends_at is not None and key.ends_at <= moment
    facts = [
        ", ".join(key.scopes),
        "its time is over" if over else f"until {day(key.ends_at)}" if key.ends_at else "",
        f"last used {day(key.used_at)}" if key.used_at else "never used",
    ]
    told = " · ".join(escape(fact) for fact in facts if fact)
    name = escape(key.name)
    return (
        f'<li><b>{name}</b> <span class="more">{told}</span>'
        f'<form class="acts" method="post" action="{root}/account/keys/revoke">'
        f'<input type="hidden" name="key" value="{escape(key.id)}">'
        f'<button aria-label="Revoke: {name}">Revoke</button></form></li>'
    )


_ABOUT = (
    "With a key a program uses the models of this Easel in your name, at /v1 and /mcp, and spends "
    "your budget. Whoever has it can do so: give each program its own, and revoke it when it is "
    "lost."
)
