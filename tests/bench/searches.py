"""A search of a SQLite file for a word that is nowhere: in 1,000 conversations, and in 20,000.

Each conversation has ten messages of sixty words. CPU of the thread that asks, in rounds that take
turns. What the same search takes without the index is told beside it.
"""

import random
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from statistics import median

from chat.core.messages import Conversation
from chat.core.ports import Conversations
from storage.codec import CODEC
from storage.open import open_conversations
from tests.bench.figures import Figure
from tests.bench.rig import Rig

FEW, MANY = 1_000, 20_000
MESSAGES, WORDS = 10, 60
OWNER = "local"
NOWHERE = "zzyzx"
MOST = 2.0


def measure(rig: Rig) -> list[Figure]:
    """Both files, made once."""
    return measured(rig.folder, rig.rounds(30))


def measured(folder: Path, rounds: int) -> list[Figure]:
    """The figures, with data in this folder."""
    paths = [folder / f"searched-{count}.db" for count in (FEW, MANY)]
    for path, count in zip(paths, (FEW, MANY), strict=True):
        open_conversations(f"sqlite:///{path}").close()
        _fill(path, count)
    stores = [open_conversations(f"sqlite:///{path}") for path in paths]
    try:
        spent: list[list[float]] = [[], []]
        for _ in range(rounds + 1):
            for at, store in enumerate(stores):
                spent[at].append(_search_s(store))
        few_s, many_s = (median(one[1:]) for one in spent)  # the first round only reads the file
        with closing(sqlite3.connect(paths[1])) as file:
            file.execute("DROP TRIGGER search_message_added")  # which says that it is not whole
        read_s = median(_search_s(stores[1]) for _ in range(3))
    finally:
        for store in stores:
            store.close()
    told = f"{1e3 * many_s:.2f} and {1e3 * few_s:.2f} ms; without the index {1e3 * read_s:.0f} ms"
    return [
        Figure(
            f"a search without a match, {MANY} conversations / {FEW}", many_s / few_s, "x",
            MOST, told,
        )
    ]  # fmt: skip


def _search_s(store: Conversations) -> float:
    began_s = time.thread_time()
    if store.search(OWNER, NOWHERE):
        raise RuntimeError("what is nowhere was found")
    return time.thread_time() - began_s


def _fill(path: Path, conversations: int) -> None:
    dice = random.Random(conversations)
    vocabulary = [
        "".join(dice.choices("etaoinshrdlu", k=dice.randint(2, 9))) for _ in range(20_000)
    ]
    settings = CODEC.settings_to_json(Conversation("any", OWNER, "a title"))
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("PRAGMA synchronous = OFF")
        for name in ("search_message_added", "search_title_added"):
            file.execute(f"DROP TRIGGER {name}")  # it is made anew, and sooner than row by row
        for number in range(conversations):
            moment = f"2026-01-{1 + number % 28:02} 00:00:{number % 60:02}.{number % 1_000_000:06}"
            name = f"c{number}"
            title = f"a title {dice.choice(vocabulary)}"
            file.execute(
                "INSERT INTO conversation (id, owner, settings, title_words, head_id, created_at,"
                " updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (name, OWNER, settings, title, f"{name}-{MESSAGES - 1}", moment, moment),
            )
            for place in range(MESSAGES):
                words = " ".join(dice.choices(vocabulary, k=WORDS))
                file.execute(
                    "INSERT INTO message (id, conversation_id, parent_id, role, status, parts,"
                    " words, created_at) VALUES (?, ?, ?, ?, 'complete', ?, ?, ?)",
                    (
                        f"{name}-{place}",
                        name,
                        f"{name}-{place - 1}" if place else None,
                        "assistant" if place % 2 else "user",
                        f'[{{"kind": "text", "text": "{words}"}}]',
                        words,
                        moment,
                    ),
                )
