"""What is kept and where: the database, everybody's pictures, the bin, copies; and a check."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from html import escape

from fastapi import Request, Response

from chat.core.stored_sizes import KnownBackup, StoredSizes
from chat.turns.app_state import AppState
from chat.web.admin.charts import share
from chat.web.admin.shell import Reader, name_in, names_of, page, reader_of, table
from chat.web.routes import Routes

HEADS = ("Person", "Pictures and files", "Their size", "Conversations", "In the bin")
SHOWN_BACKUPS = 5


@dataclass(frozen=True, slots=True)
class Disk:
    """What only whoever opened the stores knows of them; all of it for a thread."""

    free_bytes: Callable[[], int | None] = lambda: None
    """Left on the disk of the data folder; ``None``: it cannot be told."""
    backups: Callable[[], Sequence[KnownBackup]] = list
    """The newest first."""
    missing: Callable[[], int] = lambda: 0
    """Pictures that something names, and that are not there."""


def router(app_state: AppState, *, closed: bool, disk: Disk) -> Routes:
    """``/admin/storage``."""
    pages = Routes("/admin")
    store = app_state.conversations

    async def answered(reader: Reader, *, why: str = "", done: str = "") -> Response:
        def look() -> str:
            return _body(
                reader,
                store.sizes(),
                app_state.library.bin_days(),
                disk.free_bytes(),
                disk.backups(),
                names_of(store),
            )

        body = await asyncio.to_thread(look)
        return page(reader, "storage", body, why=why, done=done)

    @pages.get("/storage")
    async def shown(request: Request) -> Response:
        return await answered(await reader_of(request, closed=closed))

    @pages.post("/storage/check")
    async def check(request: Request) -> Response:
        reader = await reader_of(request, closed=closed)
        trouble = await asyncio.to_thread(store.integrity)
        missing = await asyncio.to_thread(disk.missing)
        if missing:
            several = "1 picture is" if missing == 1 else f"{missing} pictures are"
            trouble = f"{trouble} {several} named and not there.".strip()
        done = "" if trouble else "Everything that is named is there, and the database is sound."
        return await answered(reader, why=trouble, done=done)

    return pages


def _body(
    reader: Reader,
    sizes: StoredSizes,
    bin_days: int,
    free_bytes: int | None,
    backups: Sequence[KnownBackup],
    names: Mapping[str, str],
) -> str:
    binned = sum(each.binned for each in sizes.owners.values())
    conversations = sum(each.conversations for each in sizes.owners.values())
    goes = sizes.binned_since + timedelta(days=bin_days) if sizes.binned_since else None
    facts = {
        f"{sizes.database} database": in_bytes(sizes.database_bytes),
        "Pictures and files": f"{sizes.pictures:,}",
        "Their size": in_bytes(sizes.picture_bytes),
        "Free on the disk": "not known" if free_bytes is None else in_bytes(free_bytes),
        "Conversations": f"{conversations:,}",
        "Messages": f"{sizes.messages:,}",
        "In the bin": f"{binned:,}" + (f", the first goes {_day(goes)}" if goes and binned else ""),
        "Last backup": _day(backups[0].made_at) if backups else "none that is known",
    }
    told = ['<dl class="facts">']
    told += [
        f"<div><dt>{escape(name)}</dt><dd>{escape(fact)}</dd></div>" for name, fact in facts.items()
    ]
    told.append("</dl>")
    most = max((each.picture_bytes for each in sizes.owners.values()), default=0)
    ranked = sorted(sizes.owners.items(), key=lambda each: (-each[1].picture_bytes, each[0]))
    rows = [
        [
            f"{escape(name_in(names, owner))}{share(each.picture_bytes, most)}",
            f"{each.pictures:,}", in_bytes(each.picture_bytes), f"{each.conversations:,}",
            f"{each.binned:,}",
        ]
        for owner, each in ranked
    ]  # fmt: skip
    told.append(table("By person", HEADS, rows, 1))
    if backups:
        made = [
            [_day(each.made_at), escape(each.place), f"{each.pictures:,}"]
            for each in backups[:SHOWN_BACKUPS]
        ]
        told.append(table("Copies that were made", ("When", "Where", "Pictures"), made, 2))
    told.append(
        f'<p><a href="{escape(reader.root)}/api/everything" download>Download everything of yours'
        "</a> as a zip, which another Easel takes in.</p>"
    )
    told.append(
        f'<form method="post" action="{escape(reader.root)}/admin/storage/check">'
        f"<p>{_CHECK}</p><button>Check everything now</button></form>"
    )
    return "".join(told)


def in_bytes(size: int) -> str:
    """A size in words: ``1.5 GB``."""
    value, unit = float(size), "B"
    for unit in ("B", "kB", "MB", "GB", "TB"):
        if value < 1000 or unit == "TB":
            break
        value /= 1000
    return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d")


_CHECK = (
    "The database is looked through, and for each picture that is named it is looked whether it is "
    "there. That may take a while, and stops nobody."
)
