"""Whatever events a server of the Responses API invents, they are read or refused."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chat.core.errors import ProviderError
from chat.core.events import Finished, ImageBytes
from chat.core.models import Endpoint
from chat.providers.openai_responses.reply import Reply
from chat.providers.shared.replies.picture_links import PictureLinks

ENDPOINT = Endpoint("e", "openai_responses", "Test")

KEYS = st.sampled_from(
    """id delta item result error code message moderation_details categories summary text content
    refusal arguments call_id name encrypted_content revised_prompt incomplete_details reason usage
    input_tokens output_tokens input_tokens_details output_tokens_details image_tokens tool_usage
    image_gen output partial_image_b64 summary_index type""".split()  # noqa: SIM905  # readable so
)
LEAVES = st.sampled_from([None, True, -1, 3, 0.5, "", "{", "iVBORw0KGgo=", "moderation_blocked"])
JSON = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner), max_leaves=8
)
TABLE = st.dictionaries(KEYS, JSON, max_size=5)


def typed(kinds: str) -> st.SearchStrategy[dict[str, Any]]:
    kind = st.sampled_from([*kinds.split(), None, 5])
    return st.builds(lambda told, name: {**told, "type": name}, TABLE, kind)


ITEM = typed("message reasoning function_call image_generation_call output_text refusal")
CONTENT = st.builds(
    lambda item, parts: {**item, "content": parts}, ITEM, st.lists(ITEM, max_size=2)
)
RESPONSE = st.builds(
    lambda told, status, output: {**told, "status": status, "output": output},
    TABLE,
    st.sampled_from(["completed", "incomplete", "failed", "queued", None, 5]),
    st.lists(CONTENT, max_size=2) | JSON,
)
NAMES = """output_text.delta refusal.delta reasoning_text.delta reasoning_summary_part.added
    image_generation_call.partial_image output_item.done completed incomplete failed"""
EVENT = st.builds(
    lambda told, kind, item, response: {
        **told,
        "type": f"response.{kind}",
        "item": item,
        "response": response,
    },
    TABLE,
    st.sampled_from(NAMES.split()),
    ITEM | JSON,
    RESPONSE | JSON,
)


@pytest.mark.deep
@settings(max_examples=150)
@given(st.lists(EVENT | RESPONSE | TABLE, min_size=1, max_size=4))
def test_any_event_is_read_or_refused(bodies: list[dict[str, Any]]) -> None:
    reply = Reply(ENDPOINT, PictureLinks(ENDPOINT, ""))
    try:
        events = list(reply.read(bodies))
        *more, last = reply.ended(said_done=False)
        events += more
    except ProviderError:
        return
    assert not any(isinstance(event, Finished) for event in events)
    assert all(event.data for event in events if isinstance(event, ImageBytes))
    assert isinstance(last, Finished)
    assert last.finish.kind == "stop" or last.finish.message or last.finish.kind == "tool_calls"
