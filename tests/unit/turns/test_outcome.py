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
    RequestTooLarge,
    StorageError,
    ToolFailed,
    Unavailable,
)
from chat.core.messages import Billed, Finish
from chat.gateway.call import GuardBlocked
from chat.turns import outcome

BILLED: tuple[Billed, ...] = ("yes", "no", "unknown")


def every_error() -> list[type[ChatError]]:
    """Those of the core: what others derive from them ends as its parent does."""
    found, waiting = [], [ChatError]
    while waiting:
        kind = waiting.pop()
        found.append(kind)
        waiting += [child for child in kind.__subclasses__() if child.__module__ == kind.__module__]
    return found


@pytest.mark.parametrize(
    ("error", "actions"),
    [
        (AuthFailed("x"), ("other_model", "keys", "retry")),
        (RateLimited("x", 3), ("retry", "other_model")),
        (Rejected("x"), ("edit", "other_model")),
        (RequestTooLarge("x"), ("other_model", "edit")),
        (CapabilityError("x"), ("edit", "other_model")),
        (ConfigError("x"), ("other_model",)),
        (Unavailable("x"), ("retry", "other_model")),
        (BadReply("x"), ("retry", "other_model")),
        (Full("x"), ("retry",)),
        (StorageError("x"), ("retry",)),
        (ToolFailed("x"), ()),
    ],
)
def test_an_error_before_anything_came(error: ChatError, actions: tuple[str, ...]) -> None:
    status, finish = outcome.failed(error, "unknown", arrived=False)
    assert status == "failed"
    assert finish == Finish("error", type(error).__name__, "x", "unknown", finish.actions)
    assert finish.actions == actions


@pytest.mark.parametrize("error", [Unavailable("x"), BadReply("x")])
def test_a_break_after_something_came_is_an_interruption(error: ChatError) -> None:
    status, finish = outcome.failed(error, "yes", arrived=True)
    assert (status, finish.billed) == ("interrupted", "yes")


def test_a_refusal_after_something_came_is_a_failure() -> None:
    status, finish = outcome.failed(RateLimited("x"), "unknown", arrived=True)
    assert (status, finish.billed) == ("failed", "unknown")


def test_a_refused_content_is_blocked_and_keeps_the_providers_word() -> None:
    status, finish = outcome.failed(Blocked("x", "SAFETY"), "unknown", arrived=False)
    assert status == "blocked"
    assert finish == Finish("blocked", "SAFETY", "x", "unknown", ("reword", "other_model"))


def test_what_our_rules_held_back_may_be_edited() -> None:
    status, finish = outcome.failed(GuardBlocked("x", "r"), "no", arrived=False)
    assert status == "blocked"
    assert finish == Finish("blocked", "r", "x", "no", ("edit",))


def test_stop_and_shutdown_say_what_the_bill_says() -> None:
    for billed in BILLED:
        status, finish = outcome.stopped(billed, by_user=True, arrived=True)
        assert (status, finish.billed) == ("stopped", billed)
    assert outcome.stopped("no", by_user=False, arrived=True)[0] == "interrupted"


def test_stop_does_not_promise_what_never_came() -> None:
    said = [
        outcome.stopped("no", by_user=True, arrived=arrived)[1].message for arrived in (True, False)
    ]
    assert said == ["What had arrived is kept.", "Nothing had been shown yet."]


def test_what_a_provider_says_of_its_end_is_kept() -> None:
    own = Finish("no_image", "IMAGE_SAFETY", "No picture.", "yes", ("reword",))
    assert outcome.finished(own, "yes") == ("blocked", own)


def test_a_refusal_is_not_called_unbilled_after_calls_that_were_billed() -> None:
    own = Finish("blocked", "SAFETY", "No.", "no", ("reword",))
    assert outcome.finished(own, "yes")[1].billed == "yes"


def test_no_error_of_the_tree_is_without_an_end() -> None:
    for kind in every_error():
        status, finish = outcome.failed(kind("x"), "unknown", arrived=False)
        assert status in {"failed", "blocked"}
        assert finish.message == "x"
