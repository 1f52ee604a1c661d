"""Whatever JSON a compatible server invents, it is read or refused; it never stops the program."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.core.errors import BadReply, Unavailable
from chat.core.events import Finished, TextDelta
from chat.core.models import Endpoint
from chat.providers.openai_chat.reply import Reply
from chat.providers.shared.replies.picture_links import PictureLinks

LINKS = PictureLinks(Endpoint("e", "openai_chat", "Test"), "")

KEYS = st.sampled_from(
    """choices delta message content images image image_url url text tool_calls index function
    name arguments id finish_reason refusal reasoning reasoning_details provider_specific_fields
    native_finish_reason usage prompt_tokens completion_tokens completion_tokens_details cost
    prompt_tokens_details image_tokens thinking type""".split()  # noqa: SIM905  # readable so
)
LEAVES = st.sampled_from(
    [None, True, -1, 3, 0.5, "", "stop", "text", "data:image/png;base64,iVBOR"]
)
NESTED = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner), max_leaves=8
)
JSON = LEAVES | st.sampled_from([[None], [[]], {"url": [3]}, {"text": {}}]) | NESTED
SAID = st.dictionaries(KEYS, JSON, max_size=5)
CHOICE = st.fixed_dictionaries(
    {"delta": SAID, "finish_reason": st.just("stop") | JSON, "native_finish_reason": JSON}
)
CHUNK = st.fixed_dictionaries(
    {"choices": st.lists(CHOICE, min_size=1, max_size=2), "usage": SAID | JSON}
)
BODY = CHUNK | st.dictionaries(KEYS, JSON, max_size=4)


# How fast a busy machine invents JSON says nothing of ours.
@pytest.mark.deep
@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(BODY, min_size=1, max_size=3))
def test_any_json_is_read_or_refused(bodies: list[dict[str, Any]]) -> None:
    reply = Reply("Test", LINKS)
    events = list(reply.read(bodies))
    assert not any(isinstance(event, Finished) for event in events)
    try:
        last = list(reply.ended(said_done=False))
    except BadReply:
        return
    assert isinstance(last[-1], Finished)


def test_words_that_came_together_with_a_fault_are_kept() -> None:
    def chunks() -> Iterator[dict[str, Any]]:
        yield {"choices": [{"delta": {"content": "Once "}}]}
        yield {"choices": [{"delta": {"content": "upon"}}]}
        raise Unavailable("Overloaded.")

    said = Reply("Test", LINKS).read(chunks())
    assert next(said) == TextDelta("Once upon")
    with pytest.raises(Unavailable, match="Overloaded"):
        next(said)
