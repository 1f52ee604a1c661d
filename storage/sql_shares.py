"""What people show each other, in the database of the conversations."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Engine

from chat.core.errors import NotFound, TooMany
from chat.core.shares import MAX_SHARES, Share
from storage.sql_people import NOBODY
from storage.transaction import Row, Transaction, moment_of, named, names, transaction

MANY_SHARES = f"You share {MAX_SHARES} things, as many as may be. Stop sharing one first."


class SqlShares:
    """The port ``Shares`` on a migrated database. Each call is one transaction."""

    def __init__(self, engine: Engine, turn: Callable[[], AbstractContextManager[float]]) -> None:
        """``turn`` is that of the store of conversations: one queue of writers for a database."""
        self._engine = engine
        self._turn = turn

    def add(self, share: Share) -> None:
        """Keep a new one."""
        with self._writing() as writing:
            writing.alone(f"shares of {share.owner}")
            row = writing.row("SELECT count(*) FROM share WHERE owner = :owner", owner=share.owner)
            if row is not None and row[0] >= MAX_SHARES:
                raise TooMany(MANY_SHARES)
            for person_id in share.people:
                if writing.lock("SELECT 1 FROM person WHERE id = :id", id=person_id) is None:
                    raise NotFound(NOBODY)
            writing.run(
                _ADD,
                id=share.id,
                owner=share.owner,
                kind=share.kind,
                subject=share.subject,
                leaf=share.leaf,
                token=share.token or None,
                everybody=share.everybody,
                created_at=writing.moment(share.created_at),
                ends_at=writing.moment(share.ends_at),
                views=share.views,
            )
            for person_id in share.people:
                writing.run(
                    "INSERT INTO share_person (share_id, person_id) VALUES (:share, :person)",
                    share=share.id,
                    person=person_id,
                )
            for name in share.groups:
                writing.run(
                    "INSERT INTO share_group (share_id, name) VALUES (:share, :name)",
                    share=share.id,
                    name=name,
                )

    def get(self, share_id: str) -> Share | None:
        """One by its id."""
        return self._one("id = :value", share_id)

    def by_token(self, token: str) -> Share | None:
        """One by what its link carries."""
        return self._one("token = :value", token) if token else None

    def of(self, owner: str) -> list[Share]:
        """Those of an owner, the newest first."""
        return self._found("owner = :value", owner)

    def shared_with(
        self, person_id: str, *, everybody: bool, groups: Sequence[str] = ()
    ) -> list[Share]:
        """Those of others that name somebody or one of these groups, or all who sign in."""
        which = ["id IN (SELECT share_id FROM share_person WHERE person_id = :value)"]
        if groups:
            any_of = names("group", len(groups))
            which.append(f"id IN (SELECT share_id FROM share_group WHERE name IN ({any_of}))")
        if everybody:
            which.append("everybody")
        where = f"owner <> :value AND ({' OR '.join(which)})"
        return self._found(where, person_id, **named("group", list(groups)))

    def viewed(self, share_id: str) -> None:
        """Count that it was opened."""
        with self._writing() as writing:
            writing.run("UPDATE share SET views = views + 1 WHERE id = :id", id=share_id)

    def remove(self, owner: str, share_id: str) -> bool:
        """End one of an owner's."""
        with self._writing() as writing:
            ended = writing.run(
                "DELETE FROM share WHERE id = :id AND owner = :owner", id=share_id, owner=owner
            )
        return ended > 0

    def _one(self, where: str, value: str) -> Share | None:
        return next(iter(self._found(where, value)), None)

    def _found(self, where: str, value: str, **more: str) -> list[Share]:
        values = {"value": value, **more}
        these = f"share_id IN (SELECT id FROM share WHERE {where})"
        with transaction(self._engine) as reading:
            rows = reading.rows(f"{_SELECT} WHERE {where} {_ORDER}", **values)
            people = _by_share(
                reading.rows(
                    f"SELECT share_id, person_id FROM share_person WHERE {these}", **values
                )
            )
            groups = _by_share(
                reading.rows(f"SELECT share_id, name FROM share_group WHERE {these}", **values)
            )
        return [_share(row, people.get(row[0], ()), groups.get(row[0], ())) for row in rows]

    @contextmanager
    def _writing(self) -> Iterator[Transaction]:
        with self._turn() as patience_s, transaction(self._engine, patience_s) as writing:
            yield writing


def _by_share(rows: Sequence[Row]) -> dict[str, list[str]]:
    """What stands beside each share."""
    found: dict[str, list[str]] = {}
    for share_id, value in rows:
        found.setdefault(share_id, []).append(value)
    return found


def _share(row: Row, people: Sequence[str], groups: Sequence[str]) -> Share:
    share_id, owner, kind, subject, leaf, token, everybody, created_at, ends_at, views = row
    return Share(
        share_id,
        owner,
        kind,
        subject,
        leaf,
        token or "",
        everybody=bool(everybody),
        people=tuple(sorted(people)),
        groups=tuple(sorted(groups)),
        created_at=moment_of(created_at),
        ends_at=moment_of(ends_at),
        views=views,
    )


_NAMES = (
    "id", "owner", "kind", "subject", "leaf", "token", "everybody", "created_at", "ends_at",
    "views",
)  # fmt: skip
_SELECT = f"SELECT {', '.join(_NAMES)} FROM share"
_ORDER = f"ORDER BY created_at DESC, id LIMIT {MAX_SHARES}"
_ADD = f"""
    INSERT INTO share ({", ".join(_NAMES)}) VALUES ({", ".join(f":{name}" for name in _NAMES)})
"""
