"""Long histories stay fast: no question about one message reads them all."""

import sqlite3
from collections.abc import Callable

import pytest
from sqlalchemy import event

from storage.sql import SqlConversations
from tests.contracts.samples import ME, conversation, said

QUESTIONS: dict[str, Callable[[SqlConversations, str, str], object]] = {
    "branch": lambda store, _, leaf: store.branch(leaf, 20),
    "whole branch": lambda store, _, leaf: store.branch(leaf),
    "siblings": lambda store, _, leaf: store.siblings([leaf]),
    "newest leaf": lambda store, _, leaf: store.newest_leaf(leaf),
    "reply": lambda store, _, leaf: store.reply_to(leaf),
    "client id": lambda store, mine, _: store.by_client_id(mine, "x"),
    "message": lambda store, _, leaf: store.message(ME, leaf),
    "unfinished": lambda store, _, __: store.unfinished(),
    "list": lambda store, _, __: store.search(ME),
    "pictures": lambda store, _, __: store.media_in_use(),
}


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_goes_by_an_index(store: SqlConversations, question: str) -> None:
    created = conversation()
    store.create(created)
    root = said(created)
    store.add([root, said(created, root)])
    asked: list[str] = []
    engine = store._engine

    def note(driver: sqlite3.Connection, *_: object) -> None:
        driver.set_trace_callback(
            lambda sql: asked.append(sql) if sql.lstrip().startswith(("SELECT", "WITH")) else None
        )

    def no_more(driver: sqlite3.Connection, *_: object) -> None:
        driver.set_trace_callback(None)

    event.listen(engine, "checkout", note)
    event.listen(engine, "checkin", no_more)
    QUESTIONS[question](store, created.id, root.id)
    event.remove(engine, "checkout", note)
    assert asked
    with engine.connect() as connection:
        for statement in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
            for *_, step in plan:
                assert "INDEX" in step or not step.startswith(("SCAN message", "SCAN conversation"))
