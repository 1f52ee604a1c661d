"""Long histories stay fast: no question about one message reads them all."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.engine.interfaces import DBAPICursor, _DBAPIAnyExecuteParams

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
    asked: list[tuple[str, _DBAPIAnyExecuteParams]] = []

    def note(
        _: Connection,
        __: DBAPICursor,
        statement: str,
        parameters: _DBAPIAnyExecuteParams,
        ___: object,
        ____: bool,
    ) -> None:
        if statement.startswith(("SELECT", "WITH")):
            asked.append((statement, parameters))

    engine = store._engine
    event.listen(engine, "before_cursor_execute", note)
    QUESTIONS[question](store, created.id, root.id)
    event.remove(engine, "before_cursor_execute", note)
    assert asked
    with engine.connect() as connection:
        for statement, parameters in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)
            for *_, step in plan:
                assert "INDEX" in step or not step.startswith(("SCAN message", "SCAN conversation"))
