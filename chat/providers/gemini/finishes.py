"""Why Gemini stopped, in our words. An unknown reason is an error that names it."""

from chat.core.messages import Finish, FinishKind

_RULES = "The model's safety rules stopped this answer. Try other words."
_PICTURE_RULES = "The model's safety rules refused this picture. Try another description."
_BAD_CALL = "The model tried to use a tool and failed. Ask again, or switch the tools off."
_AGAIN = "The model stopped before it had an answer. Try again."

_REASONS: dict[str, tuple[FinishKind, str]] = {
    "STOP": ("stop", ""),
    "MAX_TOKENS": ("length", "The answer reached the model's length limit."),
    "CONTINUATION": ("length", "The answer reached the model's length limit. Ask it to go on."),
    "SAFETY": ("blocked", _RULES),
    "BLOCKLIST": ("blocked", "The request holds words that the model's rules forbid."),
    "PROHIBITED_CONTENT": ("blocked", "The model's rules do not allow this content."),
    "SPII": ("blocked", "The model stopped because of personal data in the answer."),
    "RECITATION": ("blocked", "The model stopped because it was quoting a protected work."),
    "MODEL_ARMOR": ("blocked", "A guard in front of the model stopped this answer."),
    "PUP_LIMITED_DISABLED": ("blocked", "The provider does not allow this use of the model."),
    "JAILBREAK": ("blocked", "The model's rules took the request for an attempt around them."),
    "IMAGE_SAFETY": ("blocked", _PICTURE_RULES),
    "IMAGE_PROHIBITED_CONTENT": ("blocked", "The model's rules do not allow this picture."),
    "IMAGE_RECITATION": ("blocked", "The picture came too close to a protected work."),
    "NO_IMAGE": ("no_image", "The model made no picture. Say more clearly what to draw."),
    "IMAGE_OTHER": ("no_image", "The model could not make this picture. Try again."),
    "LANGUAGE": ("error", "The model does not know this language."),
    "MALFORMED_FUNCTION_CALL": ("error", _BAD_CALL),
    "UNEXPECTED_TOOL_CALL": ("error", _BAD_CALL),
    "TOO_MANY_TOOL_CALLS": ("error", _BAD_CALL),
    "MISSING_THOUGHT_SIGNATURE": (
        "error",
        "The model did not recognise its own earlier words. Start a new conversation.",
    ),
    "MALFORMED_RESPONSE": ("error", _AGAIN),
    "ESCALATION": ("error", _AGAIN),
    "OTHER": ("error", _AGAIN),
    "FINISH_REASON_UNSPECIFIED": ("error", _AGAIN),
}


def finish_for(native: str) -> Finish:
    """The finish for a finish reason."""
    kind, sentence = _REASONS.get(
        native, ("error", f"The model stopped for a reason unknown here: {native[:60]}.")
    )
    return Finish(kind, native, sentence)


def prompt_blocked(native: str) -> Finish:
    """The finish for a request that was refused before the model saw it."""
    known = _REASONS.get(native)
    if native in {"OTHER", "BLOCKED_REASON_UNSPECIFIED"} or known is None:
        return Finish("blocked", native, "The provider refused the request without a reason.")
    return Finish("blocked", native, known[1])
