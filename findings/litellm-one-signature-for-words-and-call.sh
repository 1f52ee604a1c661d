#!/bin/sh
# LiteLLM 1.110.2, its translation of chat messages to Gemini's contents.
#
# One would guess that each signature which a client sends back is put where the client put it: the
# first of provider_specific_fields.thought_signatures on the words, the call's own on the call.
# Seen: where both are the same value, as with the documented "skip_thought_signature_validator"
# for history that another model wrote, the words go out unsigned; a Gemini 3 picture model then
# refuses the turn. A call that is sent without any is given that value by LiteLLM itself, and then
# the words keep theirs.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check litellm==1.110.2
LITELLM_LOCAL_MODEL_COST_MAP=True "$place/venv/bin/python" - <<'PYTHON'
import base64
from importlib.metadata import version

from litellm.llms.vertex_ai.gemini.transformation import gemini_convert_messages_with_history

BYPASS = base64.b64encode(b"skip_thought_signature_validator").decode()


def sent(call_signature):
    call = {"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}
    if call_signature:
        call["provider_specific_fields"] = {"thought_signature": call_signature}
    messages = [
        {"role": "user", "content": "Go"},
        {
            "role": "assistant",
            "content": "I look.",
            "tool_calls": [call],
            "provider_specific_fields": {"thought_signatures": [BYPASS]},
        },
        {"role": "tool", "tool_call_id": "c1", "content": "done"},
    ]
    contents = gemini_convert_messages_with_history(messages, model="gemini-3-pro-image")
    return ["thoughtSignature" in part for part in contents[1]["parts"]]


both, left_out = sent(BYPASS), sent(None)
print("litellm", version("litellm"))
print("the same value on words and call: words signed, call signed =", both)
print("the value on the words alone:     words signed, call signed =", left_out)
if (both, left_out) != ([False, True], [True, True]):
    raise SystemExit("changed: words and call are now signed otherwise")
PYTHON
