"""Answers of servers and proxies as they stand on the wire, whole or streamed, good and bad.

Written from what each API documents and what proxies make of it. An answer is a dictionary with a
``status`` and either a ``response`` (one JSON document) or a ``stream`` (server-sent events).
"""

import base64
from typing import Any, TypeAlias

from tests.wire.interactions_shapes import delta, event, image, interaction, output, text, thought
from tests.wire.responses_shapes import called, drawn, said
from tests.wire_shapes import (
    GEMINI_USAGE,
    data_url,
    gemini_chunk,
    gemini_picture,
    imagen_answer,
    openai_chunk,
    openai_message,
    tiny_png,
)

Answer: TypeAlias = dict[str, Any]

BLUE, RED = tiny_png(0, 0, 255), tiny_png(255)
LINKS = "http://127.0.0.1:9911"
"""Where the links of the answers lead; who plays them puts a server's address in its place."""
LINK = f"{LINKS}/files/otter.png"
SIGNED = base64.b64encode(b"\xfb\xff\xbesigned").decode()


def whole(response: object, status: int = 200) -> Answer:
    return {"status": status, "response": response}


def streamed(*events: object) -> Answer:
    return {"status": 200, "stream": list(events)}


def _digits(picture: bytes) -> str:
    return base64.b64encode(picture).decode()


# Gemini: the same chunks make a stream, or one document where nothing is streamed.

THOUGHTS: list[dict[str, Any]] = [
    {"text": "**Planning** I will compose the picture.", "thought": True},
    {**gemini_picture(RED, None), "thought": True},
]
CALLS: list[dict[str, Any]] = [
    {
        "functionCall": {"id": "fc_1", "name": "get_weather", "args": {"place": "Rome"}},
        "thoughtSignature": SIGNED,
    },
    {"functionCall": {"id": "fc_2", "name": "get_time", "args": {}}},
]


def _gemini(*parts: dict[str, Any], finish: str = "STOP", **more: Any) -> dict[str, Any]:
    return {
        **gemini_chunk(list(parts), finishReason=finish, **more),
        "usageMetadata": GEMINI_USAGE,
    }


def _ended(reason: str, *parts: dict[str, Any]) -> dict[str, Any]:
    """A candidate that ended early, without content where there are no parts."""
    answer = _gemini(*parts, finish=reason, finishMessage=f"Ended by {reason}.")
    if not parts:
        del answer["candidates"][0]["content"]
    return answer


def _blocked(reason: str) -> dict[str, Any]:
    return {
        "usageMetadata": {"promptTokenCount": 10, "totalTokenCount": 10},
        "modelVersion": "gemini-3.1-flash-image",
        "promptFeedback": {"blockReason": reason},
    }


def _google_error(status: int, word: str, sentence: str) -> Answer:
    return whole({"error": {"code": status, "message": sentence, "status": word}}, status)


FAULTS = {
    "quota": _google_error(429, "RESOURCE_EXHAUSTED", "Resource has been exhausted."),
    "overloaded": _google_error(503, "UNAVAILABLE", "The model is overloaded."),
    "no-tools": _google_error(400, "INVALID_ARGUMENT", "Function calling is not enabled."),
    "no-model": _google_error(404, "NOT_FOUND", "models/x is not found."),
}
WORDS = {"text": "Here it is. ", "thoughtSignature": SIGNED}

GEMINI_ANSWERS: dict[str, Answer] = {
    "picture": whole(_gemini(WORDS, gemini_picture(BLUE), {"text": "That was it."})),
    "two-pictures": whole(_gemini(gemini_picture(BLUE), gemini_picture(RED))),
    "thoughts": whole(_gemini(*THOUGHTS, WORDS, gemini_picture(BLUE))),
    "words": whole(_gemini({"text": "Only words."})),
    "calls": whole(_gemini({"text": "Let me see. "}, *CALLS)),
    "image-safety": whole(_ended("IMAGE_SAFETY")),
    "image-safety-half-way": whole(_ended("IMAGE_SAFETY", WORDS, gemini_picture(BLUE))),
    "no-image": whole(_ended("NO_IMAGE")),
    "prohibited": whole(_ended("IMAGE_PROHIBITED_CONTENT")),
    "image-other": whole(_ended("IMAGE_OTHER")),
    "malformed-call": whole(_ended("MALFORMED_FUNCTION_CALL")),
    "too-long": whole(_ended("MAX_TOKENS", {"text": "Once upon"})),
    "blocked": whole(_blocked("PROHIBITED_CONTENT")),
    **FAULTS,
}
GEMINI_STREAMS: dict[str, Answer] = {
    "picture": streamed(
        gemini_chunk([{"text": "Here is s"}]),
        gemini_chunk([{"text": "tep one. ", "thoughtSignature": SIGNED}]),
        gemini_chunk([gemini_picture(BLUE)]),
        gemini_chunk([{"text": "That was it."}]),
        _gemini({"text": ""}),
    ),
    "thoughts": streamed(
        *(gemini_chunk([part]) for part in THOUGHTS),
        gemini_chunk([WORDS]),
        gemini_chunk([gemini_picture(BLUE)]),
        _gemini({"text": "", "thoughtSignature": SIGNED}),
    ),
    "calls": streamed(*(gemini_chunk([part]) for part in CALLS), _gemini({"text": ""})),
    "image-safety": streamed(gemini_chunk([{"text": "Here is"}]), _ended("IMAGE_SAFETY")),
    "blocked": streamed(_blocked("PROHIBITED_CONTENT")),
    "cut": streamed(gemini_chunk([{"text": "Here is s"}]), gemini_chunk([gemini_picture(BLUE)])),
    "error-half-way": streamed(
        gemini_chunk([{"text": "Here is"}]), FAULTS["overloaded"]["response"]
    ),
    **FAULTS,
}
CLOUD_ANSWERS: dict[str, Answer] = {
    "picture": whole(
        {
            **_gemini(WORDS, gemini_picture(BLUE), avgLogprobs=-0.4),
            "createTime": "2026-11-20T10:00:00.000000Z",
        }
    ),
    "old-spelling": whole(
        _gemini({"inline_data": {"mime_type": "image/png", "data": _digits(RED)}})
    ),
    "blocked": whole(_blocked("OTHER")),
    "quota": FAULTS["quota"],
}
FILTERED = "Unable to show generated images. Support codes: 58061214"
IMAGEN_ANSWERS: dict[str, Answer] = {
    "two-pictures": whole(imagen_answer(BLUE, RED)),
    "filtered": whole({"predictions": [{"raiFilteredReason": FILTERED}]}),
    "one-filtered": whole(
        {"predictions": [*imagen_answer(BLUE)["predictions"], {"raiFilteredReason": FILTERED}]}
    ),
    "quota": FAULTS["quota"],
}

# Interactions: steps in place of parts, and events of steps.

THOUGHT = event("step.start", index=0, step={"type": "thought"})
OUTPUT = event("step.start", index=1, step={"type": "model_output"})
SAID_SO_FAR = (
    event("interaction.created", interaction=interaction(None, status="in_progress")),
    THOUGHT,
    delta("thought_signature", signature=SIGNED),
    event("step.stop", index=0),
    OUTPUT,
    delta("text", 1, text="Here is step one. "),
    delta("image", 1, mime_type="image/png", data=_digits(BLUE)),
)
INTERACTIONS: dict[str, Answer] = {
    "picture": whole(
        interaction([thought(), output(text("Here. "), image(BLUE), text("That was it."))])
    ),
    "no-route": FAULTS["no-model"],
    "quota": FAULTS["quota"],
    "picture-streamed": streamed(
        *SAID_SO_FAR,
        event("step.stop", index=1),
        event("interaction.completed", interaction=interaction(None)),
        "[DONE]",
    ),
    "cut": streamed(*SAID_SO_FAR),
}

# Chat completions: pictures in every place where a server or a proxy was seen to put them.

IMAGE = {"type": "image_url", "image_url": {"url": data_url(BLUE), "detail": "auto"}, "index": 0}
PLACES: dict[str, dict[str, Any]] = {
    "images": {"content": "Here it is.", "images": [IMAGE]},
    "strings": {"content": "Here it is.", "images": [data_url(BLUE)]},
    "image": {"content": "Here it is.", "image": {"url": data_url(BLUE), "detail": "auto"}},
    "content-parts": {
        "content": [
            {"type": "text", "text": "Here it is."},
            {"type": "image_url", "image_url": {"url": data_url(BLUE)}},
        ]
    },
    "markdown": {"content": f"Here it is.\n\n![image]({data_url(BLUE)})"},
}
TOOL_CALL = {
    "id": f"fc_1__thought__{SIGNED}",
    "type": "function",
    "function": {"name": "get_weather", "arguments": '{"place": "Rome"}'},
}


def _chat(message: dict[str, Any], finish: str = "stop", **more: Any) -> Answer:
    return whole({**openai_message(message, finish), **more})


def _chunks(*deltas: dict[str, Any], finish: str | None = "stop") -> Answer:
    events = [openai_chunk({"role": "assistant", "content": ""})]
    events += [openai_chunk(delta) for delta in deltas]
    return streamed(*events, openai_chunk({"content": ""}, finish), "[DONE]")


def _openai_error(status: int, sentence: str, kind: str, code: str) -> Answer:
    told = {"message": sentence, "type": kind, "param": None, "code": code}
    return whole({"error": told}, status)


BROKEN = {
    **openai_chunk({"content": ""}, "error"),
    "error": {"code": 502, "message": "Provider disconnected"},
}
CHAT_ANSWERS: dict[str, Answer] = {
    **{name: _chat(message) for name, message in PLACES.items()},
    "signed": _chat(
        {
            **PLACES["images"],
            "thinking_blocks": [],
            "provider_specific_fields": {"thought_signatures": [SIGNED, SIGNED]},
        },
        vertex_ai_grounding_metadata=[],
    ),
    "reasoned": _chat(
        {
            **PLACES["images"],
            "reasoning": None,
            "reasoning_details": [
                {
                    "type": "reasoning.encrypted",
                    "data": SIGNED,
                    "id": "rs_1",
                    "index": 0,
                    "format": "google-gemini-v1",
                }
            ],
        }
    ),
    "thoughts": _chat({**PLACES["images"], "reasoning_content": "**Planning** I compose."}),
    "calls": _chat({"content": None, "tool_calls": [TOOL_CALL]}, "tool_calls"),
    "filtered": _chat({"content": None}, "content_filter"),
    "quota": _openai_error(429, "RateLimitError: exhausted", "throttling_error", "429"),
    "bad-key": _openai_error(400, "Invalid proxy server token", "auth_error", "400"),
    "overloaded": _openai_error(503, "ServiceUnavailableError", "server_error", "503"),
}
CHAT_STREAMS: dict[str, Answer] = {
    **{
        f"{name}-streamed": _chunks({"content": "Here it "}, {"content": "is."}, delta)
        for name, delta in (
            ("images", {"images": [IMAGE]}),
            ("strings", {"images": [data_url(BLUE)]}),
            ("image", {"image": {"url": data_url(BLUE)}}),
        )
    },
    "markdown-streamed": _chunks(
        *({"content": text} for text in ("Here.\n\n![ima", "ge](", data_url(BLUE)[:31])),
        {"content": data_url(BLUE)[31:] + ")"},
    ),
    "signed-streamed": _chunks(
        {"content": "Here.", "provider_specific_fields": {"thought_signatures": [SIGNED]}},
        {"images": [IMAGE]},
    ),
    "calls-streamed": _chunks({"tool_calls": [{"index": 0, **TOOL_CALL}]}, finish="tool_calls"),
    "filtered-streamed": _chunks(finish="content_filter"),
    "error-half-way": streamed(openai_chunk({"content": "Here it "}), BROKEN),
    "cut": streamed(openai_chunk({"content": "Here it "}), openai_chunk({"images": [IMAGE]})),
}


def _response(*output: dict[str, Any], **more: Any) -> Answer:
    return whole(
        {
            "id": "resp_1",
            "object": "response",
            "created_at": 1,
            "model": "gemini-image",
            "status": "completed",
            "error": None,
            "incomplete_details": None,
            "output": list(output),
            "parallel_tool_calls": False,
            "tool_choice": "auto",
            "tools": [],
            **more,
        }
    )


RESPONSES: dict[str, Answer] = {
    "picture": _response(drawn(BLUE)),
    "words-and-picture": _response(said("Here it is."), drawn(BLUE, revised_prompt="An otter")),
    "call": _response(called("get_weather", '{"place": "Rome"}')),
    "refused": _response(said("I cannot draw that.", "refusal")),
    "cut-short": _response(
        said("Once upon"), status="incomplete", incomplete_details={"reason": "max_output_tokens"}
    ),
}

# Images: of generations and of edits, by content and by link.

IMAGES_USAGE = {
    "input_tokens": 10,
    "input_tokens_details": {"image_tokens": 0, "text_tokens": 10},
    "output_tokens": 1056,
    "total_tokens": 1066,
}
TOLD = {"background": "opaque", "output_format": "png", "quality": "low", "size": "1024x1024"}
OF_A_PROXY = {
    "background": None, "output_format": None, "quality": None, "safety_identifier": None,
    "size": None, "svg_usage": None,
    "usage": {"input_tokens": 0, "output_tokens": 0, "total_tokens": 0},
}  # fmt: skip
NOTHING = {"b64_json": None, "revised_prompt": None, "url": None, "provider_specific_fields": None}


def _images(*data: dict[str, Any], **more: Any) -> Answer:
    return whole({"created": 1, "data": list(data), **more})


def _content(picture: bytes) -> dict[str, Any]:
    return {"b64_json": _digits(picture)}


def _images_stream(kind: str, *partial: bytes) -> Answer:
    at_work = [
        {"type": f"{kind}.partial_image", "partial_image_index": number, "created_at": 1, **TOLD,
         **_content(picture)}
        for number, picture in enumerate(partial)
    ]  # fmt: skip
    done = {"type": f"{kind}.completed", "created_at": 1, "usage": IMAGES_USAGE, **TOLD}
    return streamed(*at_work, {**done, **_content(BLUE)})


REJECTED = "Your request was rejected by the safety system. safety_violations=[violence]."
IMAGES_ANSWERS: dict[str, Answer] = {
    "picture": _images(_content(BLUE), usage=IMAGES_USAGE, **TOLD),
    "bare": _images(_content(BLUE)),
    "two-pictures": _images(_content(BLUE), _content(RED), usage=IMAGES_USAGE),
    "link": _images({"url": LINK}),
    "link-revised": _images({"url": LINK, "revised_prompt": "An otter at dusk"}),
    "through-a-proxy": _images({**NOTHING, **_content(BLUE)}, **OF_A_PROXY),
    "link-through-a-proxy": _images({**NOTHING, "url": LINK}, **OF_A_PROXY),
    "nothing-through-a-proxy": _images(NOTHING, **OF_A_PROXY),
    "nothing": _images(),
    "rejected": _openai_error(400, REJECTED, "image_generation_user_error", "moderation_blocked"),
    "unknown-setting": _openai_error(
        400, "UnsupportedParamsError: n", "invalid_request_error", "400"
    ),
    "broken": _openai_error(500, "litellm.APIError: event: image_e", "server_error", "500"),
    "overloaded": _openai_error(503, "ServiceUnavailableError", "server_error", "503"),
}
GENERATION_STREAM = _images_stream("image_generation", RED, RED)
EDIT_STREAM = _images_stream("image_edit", RED)
