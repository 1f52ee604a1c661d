"""Every end tells the user what happened, whether it was billed, and what may help."""

import pytest

from chat.core.errors import (
    AuthFailed,
    BadReply,
    Blocked,
    CapabilityError,
    ChatError,
    ConfigError,
    Full,
    RateLimited,
    Rejected,
    StorageError,
    ToolFailed,
    TooLong,
    Unavailable,
)
from chat.core.messages import Finish
from chat.turns import ends
from chat.turns.attempts import Withheld


def every_error() -> list[type[ChatError]]:
    found, waiting = [], [ChatError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += kind.__subclasses__()
    return found


@pytest.mark.parametrize(
    ("error", "billed", "actions"),
    [
        (AuthFailed("x"), "no", ("other_model",)),
        (RateLimited("x", 3), "no", ("retry", "other_model")),
        (Rejected("x"), "no", ("edit", "other_model")),
        (TooLong("x"), "no", ("other_model", "edit")),
        (CapabilityError("x"), "no", ("edit", "other_model")),
        (ConfigError("x"), "no", ("other_model",)),
        (Unavailable("x"), "unknown", ("retry", "other_model")),
        (BadReply("x"), "unknown", ("retry", "other_model")),
        (Full("x"), "unknown", ("retry",)),
        (StorageError("x"), "unknown", ("retry",)),
        (ToolFailed("x"), "unknown", ()),
    ],
)
def test_an_error_before_anything_came(
    error: ChatError, billed: str, actions: tuple[str, ...]
) -> None:
    status, finish = ends.failed(error, asked=True, arrived=False, counted=False)
    assert status == "failed"
    assert finish == Finish("error", type(error).__name__, "x", finish.billed, finish.actions)
    assert (finish.billed, finish.actions) == (billed, actions)


@pytest.mark.parametrize("error", [Unavailable("x"), BadReply("x")])
def test_a_break_after_something_came_is_an_interruption(error: ChatError) -> None:
    status, finish = ends.failed(error, asked=True, arrived=True, counted=False)
    assert (status, finish.billed) == ("interrupted", "unknown")
    status, finish = ends.failed(error, asked=True, arrived=True, counted=True)
    assert (status, finish.billed) == ("interrupted", "yes")


def test_a_refusal_after_something_came_may_have_cost() -> None:
    status, finish = ends.failed(RateLimited("x"), asked=True, arrived=True, counted=False)
    assert (status, finish.billed) == ("failed", "unknown")


def test_a_refused_content_is_blocked_and_keeps_the_providers_word() -> None:
    status, finish = ends.failed(Blocked("x", "SAFETY"), asked=True, arrived=False, counted=False)
    assert status == "blocked"
    assert finish == Finish("blocked", "SAFETY", "x", "unknown", ("reword", "other_model"))


def test_what_our_rules_held_back_was_asked_nobody() -> None:
    status, finish = ends.failed(Withheld("x", "r"), asked=False, arrived=False, counted=False)
    assert status == "blocked"
    assert finish == Finish("blocked", "r", "x", "no", ("edit",))


def test_stopping_before_anybody_was_asked_is_free() -> None:
    for asked, counted, billed in ((False, False, "no"), (True, False, "unknown")):
        status, finish = ends.stopped(by_user=True, asked=asked, counted=counted)
        assert (status, finish.billed) == ("stopped", billed)
    assert ends.stopped(by_user=True, asked=True, counted=True)[1].billed == "yes"
    assert ends.stopped(by_user=False, asked=True, counted=False)[0] == "interrupted"


def test_what_a_provider_says_of_its_end_is_kept() -> None:
    own = Finish("no_image", "IMAGE_SAFETY", "No picture.", "yes", ("reword",))
    assert ends.finished(own) == ("blocked", own)


def test_no_error_of_the_tree_is_without_an_end() -> None:
    for kind in every_error():
        status, finish = ends.failed(kind("x"), asked=True, arrived=False, counted=False)
        assert status in {"failed", "blocked"}
        assert finish.message == "x"
