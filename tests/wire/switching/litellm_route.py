"""The chat route of a LiteLLM proxy in front of a strict Gemini, as far as signatures go.

What it makes of messages and of a reply, rebuilt for tests that run without the proxy; those of
``tests/litellm`` ask the real one. Source: LiteLLM 1.110.2 (2026-11-29).
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from chat.providers.shared.requests.thought_signatures import BYPASS_BASE64
from tests.loopback import Gate, Reply, json_reply
from tests.wire.switching.strict import Part
from tests.wire_shapes import openai_message, openai_stream

SEPARATOR = "__thought__"


def contents_of(messages: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What it asks Gemini for these messages."""
    contents: list[dict[str, Any]] = []
    for message in messages:
        match message["role"]:
            case "user":
                _add(contents, "user", _user(message["content"]))
            case "assistant":
                _add(contents, "model", _assistant(message))
            case "tool":
                answer = {"name": "tool", "response": {"content": message["content"]}}
                _add(contents, "user", [{"functionResponse": answer}])
    return contents


def _add(contents: list[dict[str, Any]], role: str, parts: list[Part]) -> None:
    if contents and contents[-1]["role"] == role:
        contents[-1]["parts"] += parts
    elif parts:
        contents.append({"role": role, "parts": parts})


def _user(content: str | list[dict[str, Any]]) -> list[Part]:
    if isinstance(content, str):
        return [{"text": content}]
    return [_user_part(item) for item in content]


def _user_part(item: Mapping[str, Any]) -> Part:
    if item["type"] == "text":
        return {"text": item["text"]}
    head, _, data = item["image_url"]["url"].partition(",")
    mime = head.removeprefix("data:").removesuffix(";base64")
    return {"inlineData": {"mimeType": mime, "data": data}}


def _assistant(message: Mapping[str, Any]) -> list[Part]:
    """The first signature of the list goes on the words, unless a call has it already."""
    calls = [_call(call) for call in message.get("tool_calls", ())]
    taken = {part.get("thoughtSignature") for part in calls}
    parts: list[Part] = []
    if message["content"] is not None:
        words: Part = {"text": message["content"]}
        signatures = message.get("provider_specific_fields", {}).get("thought_signatures")
        if signatures and signatures[0] not in taken:
            words["thoughtSignature"] = signatures[0]
        parts.append(words)
    if calls:
        calls[0].setdefault("thoughtSignature", BYPASS_BASE64)
    return parts + calls


def _call(call: Mapping[str, Any]) -> Part:
    signature = call.get("provider_specific_fields", {}).get("thought_signature")
    signature = signature or call["id"].partition(SEPARATOR)[2]
    function = call["function"]
    part: Part = {
        "functionCall": {"name": function["name"], "args": json.loads(function["arguments"])}
    }
    return {**part, "thoughtSignature": signature} if signature else part


def streamed(parts: Sequence[Part | Gate]) -> Reply:
    """A reply of Gemini as it streams it: a picture's signature is lost."""
    deltas: list[Any] = []
    for number, part in enumerate(parts):
        deltas.append(part if isinstance(part, Gate) else _delta(part, number))
    called = any(isinstance(part, dict) and "functionCall" in part for part in parts)
    return openai_stream(deltas, "tool_calls" if called else "stop")


def _delta(part: Part, number: int) -> dict[str, Any]:
    said = _said([part], number)
    if "images" in said:
        said.pop("provider_specific_fields", None)
    return said


def whole(parts: Sequence[Part]) -> Reply:
    """A reply of Gemini in one piece: words joined, every signature in one list."""
    said = _said(parts, 0)
    return json_reply(
        openai_message({"content": None, **said}, "tool_calls" if "tool_calls" in said else "stop")
    )


def _said(parts: Sequence[Part], first_index: int) -> dict[str, Any]:
    said: dict[str, Any] = {}
    for part in parts:
        signature = part.get("thoughtSignature")
        if "inlineData" in part:
            data = part["inlineData"]
            url = f"data:{data['mimeType']};base64,{data['data']}"
            said.setdefault("images", []).append({"image_url": {"url": url}, "index": 0})
        elif "functionCall" in part:
            calls = said.setdefault("tool_calls", [])
            calls.append(_called(part, first_index + len(calls)))
        elif part.get("thought"):
            said["reasoning_content"] = said.get("reasoning_content", "") + part["text"]
            block = {"type": "thinking", "thinking": part["text"], "signature": signature}
            said.setdefault("thinking_blocks", []).append(block)
        elif part["text"]:
            said["content"] = said.get("content", "") + part["text"]
    signatures = [part["thoughtSignature"] for part in parts if "thoughtSignature" in part]
    if signatures:
        said["provider_specific_fields"] = {"thought_signatures": signatures}
    return said


def _called(part: Part, index: int) -> dict[str, Any]:
    call, signature = part["functionCall"], part.get("thoughtSignature")
    function = {"name": call["name"], "arguments": json.dumps(call["args"])}
    made = {"id": call["id"], "type": "function", "index": index, "function": function}
    if signature:
        made["id"] = f"{call['id']}{SEPARATOR}{signature}"
        made["provider_specific_fields"] = {"thought_signature": signature}
    return made
