"""What a turn asks of PostgreSQL, and whether that grows with what is there already.

Commits and statements are counted by the server itself. Bytes are those of its log of changes,
which a standby or a backup has to take, without the whole pages that it writes once after each
checkpoint. The same turn is taken in a database of ten messages and in one of ten thousand. A first
page is the list and the transcript of one of ten people, and of one of ten thousand. A search is of
a rare word of each language of the page, among messages in all of them: with the index, and
without it.
"""

import os
import random
import statistics
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

import psycopg

from chat.core.messages import Conversation
from chat.core.ports import Conversations
from storage.codec import CODEC
from storage.open import open_conversations
from storage.postgresql import postgresql_engine
from storage.search_index import INDEX, make_beside
from tests.bench.figures import Figure
from tests.bench.rig import Rig
from tests.postgresql import postgresql_server
from tests.process.easel import Easel
from tests.process.upstream import Upstream

MOST_COMMITS = 3
MOST_BYTES = 1.1
MOST_PAGE = 1.1
MOST_SEARCH = 0.1
FEW, MANY = 10, 10_000
MESSAGES_SEARCHED = int(os.environ.get("MESSAGES_SEARCHED", "100000"))
"""Of a million the index alone takes twenty minutes to make."""
LANGUAGES = {
    "en": ("etaoinshrdlucm", " ", "lighthouse"),
    "es": ("eaosrnidlctumpñáéíó", " ", "pingüino"),
    "ja": ("日本語東京都大人中国会社生年月時分行見出上下のをにはがでとたして", "", "灯台"),
    "zh": ("的一是不了人我在有他这中大来上国个到说们为子和你地出道也时年", "", "燈塔光"),
    "hi": ("कखगचजटडतदनपबमयरलवसहािीुूेैो", " ", "घोंसला"),
    "de": ("enisratdhulcgmobwäöüß", " ", "leuchtturm"),
    "fr": ("esaitnrulodcpméèàç", " ", "œuvre"),
}
"""The languages of the page: letters of their words, what stands between words, and a rare word."""
OWNER = "local"
SETTINGS = CODEC.settings_to_json(Conversation("any", OWNER, "a title"))
PLAIN = {"plain": ("etaoinshrdlu", " ", "")}
WORDS = 60
"""Of a message: a question is shorter, an answer longer."""


def measure(rig: Rig) -> list[Figure]:
    """All of it, on a server of its own."""
    return measured(rig.folder, rig.rounds(30))


def measured(folder: Path, turns: int) -> list[Figure]:
    """The figures, with data in this folder."""
    with postgresql_server() as (url, log):
        figures = _turns(url, log, folder, turns)
        return [*figures, *_pages(url, turns), *_searches(url, turns)]


def _turns(url: str, log: Path, folder: Path, turns: int) -> list[Figure]:
    with Upstream() as upstream:
        easel = Easel(folder / "growth", **upstream.environ, EASEL_DATABASE_URL=url)
        with psycopg.connect(url, autocommit=True) as server, easel:
            _take(easel, server, 3)
            few = _load(easel, server, log, turns)
            _fill(server, OWNER, MANY)
            server.execute("VACUUM ANALYZE")
            _take(easel, server, 3)
            many = _load(easel, server, log, turns)
    commits, statements, size = few
    more_commits, more_statements, more_size = many
    return [
        Figure(
            "a turn on PostgreSQL, commits", max(commits, more_commits), "", MOST_COMMITS,
            f"{statements:.0f} statements, {more_statements:.0f} at {MANY} messages",
        ),
        Figure(
            f"a turn on PostgreSQL, bytes at {MANY} messages / at {FEW}", more_size / size, "x",
            MOST_BYTES, f"{more_size / 1e3:.1f} kB and {size / 1e3:.1f} kB",
        ),
    ]  # fmt: skip


def _take(easel: Easel, server: "psycopg.Connection[tuple[object, ...]]", turns: int) -> None:
    """Short turns, each in a conversation of its own, taken to their end."""
    ended = "SELECT 1 FROM message WHERE id = %s AND status = 'complete'"

    def look(reply: str) -> bool | None:
        return server.execute(ended, [reply]).fetchone() is not None or None

    for number in range(turns):
        easel.awaited(easel.ask(easel.begin(), f"Paint number {number}."), look)


def _load(
    easel: Easel, server: "psycopg.Connection[tuple[object, ...]]", log: Path, turns: int
) -> tuple[float, float, float]:
    """Commits, statements and bytes of the log of changes, each of a turn."""
    conversations = [easel.begin() for _ in range(turns)]
    for setting in ("log_statement = 'all'", "full_page_writes = off"):
        server.execute(f"ALTER SYSTEM SET {setting}")
    server.execute("SELECT pg_reload_conf()")
    before = _counted(server, log)
    started = [easel.ask(each, "Paint a lighthouse.") for each in conversations]
    for each in started:
        with easel.page(each["conversation"]):
            _ended(server, each["reply"])
    after = _counted(server, log)
    server.execute("ALTER SYSTEM RESET log_statement")
    server.execute("SELECT pg_reload_conf()")
    commits, statements, size = (
        (late - early) / turns for early, late in zip(before, after, strict=True)
    )
    return commits, statements, size


def _ended(server: "psycopg.Connection[tuple[object, ...]]", reply: str) -> None:
    while server.execute(
        "SELECT 1 FROM message WHERE id = %s AND status IN ('queued', 'streaming')", [reply]
    ).fetchone():
        time.sleep(0.05)


def _counted(
    server: "psycopg.Connection[tuple[object, ...]]", log: Path
) -> tuple[float, float, float]:
    """Commits of others, statements of others, and bytes, until now."""
    told = log.read_text(encoding="utf-8", errors="replace")
    statements = [
        line for line in told.splitlines() if " statement: " in line or "execute <" in line
    ]
    # A process says that it lives, however many turns there are.
    beats = sum("synchronous_commit = off" in line for line in statements)
    commits = sum("statement: COMMIT" in line for line in statements) - beats
    ours = sum("pg_current_wal_lsn" in line or "AND status" in line for line in statements)
    row = server.execute("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')").fetchone()
    assert row is not None
    return commits, len(statements) - ours, float(str(row[0]))


def _fill(
    server: "psycopg.Connection[tuple[object, ...]]",
    owner: str,
    messages: int,
    languages: Mapping[str, tuple[str, str, str]] = PLAIN,
) -> None:
    """Conversations of ten messages, each in the next language; its rare word is in one of them."""
    dice = random.Random(owner)
    vocabularies = [
        (["".join(dice.choices(letters, k=dice.randint(2, 9))) for _ in range(20_000)], between)
        for letters, between, _ in languages.values()
    ]
    rare = [word for _, _, word in languages.values()]
    with server.cursor().copy(
        "COPY conversation (id, owner, settings, title_words, head_id, created_at, updated_at) "
        "FROM STDIN"
    ) as rows:
        for number in range(messages // 10):
            moment = f"2026-01-{1 + number % 28:02} 00:00:{number % 60:02}.{number % 1_000_000:06}"
            conversation = f"{owner}-{number}"
            rows.write_row(
                (conversation, owner, SETTINGS, "a title", f"{conversation}-9", moment, moment)
            )
    with server.cursor().copy(
        "COPY message (id, conversation_id, parent_id, role, status, parts, words, created_at) "
        "FROM STDIN"
    ) as rows:
        for number in range(messages):
            conversation, place = f"{owner}-{number // 10}", number % 10
            vocabulary, between = vocabularies[number // 10 % len(vocabularies)]
            words = between.join(dice.choices(vocabulary, k=WORDS))
            if not place and number // 10 < len(rare):
                words += between + rare[number // 10]
            parent = f"{conversation}-{place - 1}" if place else None
            role = "assistant" if place % 2 else "user"
            parts = f'[{{"kind": "text", "text": "{words}"}}]'
            rows.write_row(
                (
                    f"{conversation}-{place}",
                    conversation,
                    parent,
                    role,
                    "complete",
                    parts,
                    words,
                    "2026-01-01",
                )
            )


def _pages(url: str, rounds: int) -> list[Figure]:
    """What a first page reads: the list, and the conversation that was used last."""
    store = open_conversations(url)
    try:
        with psycopg.connect(url, autocommit=True) as server:
            for person in range(FEW):
                _fill(server, f"early{person}", 200)
            server.execute("VACUUM ANALYZE")

            def page() -> None:
                hits = store.search("early3")
                store.transcript("early3", hits[0].conversation.id, None, 30)

            few_s = _median_s(page, rounds)
            for person in range(MANY - FEW):
                _people(server, person)
            server.execute("VACUUM ANALYZE")
            many_s = _median_s(page, rounds)
    finally:
        store.close()
    return [
        Figure(
            f"first page of one of {MANY} people / of {FEW}", many_s / few_s, "x", MOST_PAGE,
            f"{1e3 * many_s:.1f} ms and {1e3 * few_s:.1f} ms",
        )
    ]  # fmt: skip


def _people(server: "psycopg.Connection[tuple[object, ...]]", number: int) -> None:
    """Somebody with a conversation of two messages."""
    owner = f"person{number}"
    server.execute(
        "INSERT INTO conversation"
        " (id, owner, settings, title_words, head_id, created_at, updated_at)"
        " VALUES (%(id)s, %(id)s, %(settings)s, 'a title', %(id)s, now(), now())",
        {"id": owner, "settings": SETTINGS},
    )
    for name, parent in ((owner, None), (f"{owner}-2", owner)):
        server.execute(
            "INSERT INTO message (id, conversation_id, parent_id, role, status, parts, words,"
            " created_at) VALUES (%s, %s, %s, 'user', 'complete', '[]', 'a word', now())",
            (name, owner, parent),
        )


def _searches(url: str, rounds: int, messages: int = MESSAGES_SEARCHED) -> list[Figure]:
    store = open_conversations(url)
    try:
        with psycopg.connect(url, autocommit=True) as server:
            # At once it is made in a fraction of what row by row takes.
            server.execute(f"DROP INDEX {INDEX}")
            _fill(server, "searcher", messages, LANGUAGES)
            engine = postgresql_engine(url)
            make_beside(engine)
            engine.dispose()
            server.execute("VACUUM ANALYZE")
            by_index = _by_language(store, rounds)
            server.execute(f"DROP INDEX {INDEX}")
            reading = _by_language(store, min(rounds, 3))
    finally:
        store.close()
    return [
        Figure(
            f"search of {messages} messages on PostgreSQL, {language}, by index / read",
            by_index[language] / reading[language], "x", MOST_SEARCH,
            f"{1e3 * by_index[language]:.1f} ms and {1e3 * reading[language]:.1f} ms",
        )
        for language in LANGUAGES
    ]  # fmt: skip


def _by_language(store: Conversations, rounds: int) -> dict[str, float]:
    """Seconds that a search for the rare word of each language takes; it must find it."""
    spent: dict[str, float] = {}
    for language, (_, _, word) in LANGUAGES.items():
        if len(store.search("searcher", word)) != 1:
            raise RuntimeError(f"the rare word of {language} is not in one conversation")
        spent[language] = _median_s(partial(store.search, "searcher", word), rounds)
    return spent


def _median_s(act: Callable[[], object], rounds: int) -> float:
    act()
    spent: list[float] = []
    for _ in range(rounds):
        began_s = time.perf_counter()
        act()
        spent.append(time.perf_counter() - began_s)
    return statistics.median(spent)
