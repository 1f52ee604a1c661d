"""Long histories stay fast: no question about one message reads them all."""

import sqlite3
from collections.abc import Callable
from datetime import UTC, date

import pytest
from sqlalchemy import event

from chat.core.audit import AuditQuery
from chat.core.ports import LibraryQuery
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
    "library": lambda store, _, __: store.library(ME, LibraryQuery(), 48),
    "library on": lambda store, _, __: store.library(
        ME, LibraryQuery(words="fox"), 48, "2026-11-30T00:00:00+00:00,9,0"
    ),
    "library without a hit": lambda store, _, __: store.library(
        ME, LibraryQuery(words="no-such thing"), 48
    ),
    "counts of the library": lambda store, _, __: store.library_counts(ME, LibraryQuery(), UTC),
    "models of the library": lambda store, _, __: store.library_models(ME),
    "usage": lambda store, _, __: store.usage.totals(
        "owner", date(2026, 11, 1), date(2026, 11, 30)
    ),
    "usage of one": lambda store, _, __: store.usage.rows(date.min, date.max, owner=ME),
    "audit": lambda store, _, __: store.audit.entries(AuditQuery(), 9),
    "audit of one": lambda store, _, __: store.audit.entries(AuditQuery(person=ME), 9),
    "uses": lambda store, _, __: store.picture_uses(ME, "0" * 64),
}


def asked_of(store: SqlConversations, act: Callable[[], object]) -> list[str]:
    """The questions that the database is asked meanwhile."""
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
    act()
    event.remove(engine, "checkout", note)
    return asked


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_goes_by_an_index(store: SqlConversations, question: str) -> None:
    created = conversation()
    store.create(created)
    root = said(created)
    store.add([root, said(created, root)])
    asked = asked_of(store, lambda: QUESTIONS[question](store, created.id, root.id))
    assert asked
    with store._engine.connect() as connection:
        for statement in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
            for *_, step in plan:
                whole = (
                    "SCAN message",
                    "SCAN conversation",
                    "SCAN p",
                    "SCAN e",
                    "SCAN s",
                    "SCAN usage",
                    "SCAN audit",
                )
                assert "INDEX" in step or not step.startswith(whole)
                # A sorted library would be read to its end for the first page.
                assert "library" not in question or "ORDER BY" not in step


def test_a_page_of_the_list_is_one_question_with_its_pins_and_pictures(
    store: SqlConversations,
) -> None:
    for number in range(3):
        made = conversation()
        store.create(made)
        store.add([said(made)])
        store.pin(ME, made.id, on=number == 0)
    assert len(asked_of(store, lambda: store.search(ME))) == 1


def test_a_search_of_the_library_without_a_hit_reads_no_picture(store: SqlConversations) -> None:
    """In a large library it took longer than any other."""
    query = LibraryQuery(words="no-such thing")
    asked = asked_of(store, lambda: store.library(ME, query, 48))
    assert any("library_word" in statement for statement in asked)
    assert not any("FROM shown_picture AS p" in statement for statement in asked)


def test_what_a_conversation_cost_is_summed_without_reading_a_reply(
    store: SqlConversations,
) -> None:
    """Each turn asks for it; ten thousand replies took most of the turn."""
    created = conversation()
    store.create(created)
    asked = asked_of(store, lambda: store.spending(ME, created.id))
    sums = [statement for statement in asked if "sum(cost_usd)" in statement]
    assert sums
    with store._engine.connect() as connection:
        for statement in sums:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}")
            assert ["COVERING INDEX ix_message_spending" in step for *_, step in plan] == [True]
