"""Why a model of Google's stopped, in our words, on whatever wire the reason came.

An unknown reason is an error that names it. What is charged:

- A question that was refused did not reach the model: no.
- A picture that was filtered out: no. Google writes “You will not be charged for blocked images”
  beside ``IMAGE_SAFETY`` and Imagen's reasons, “for this request” beside ``IMAGE_OTHER``.
- Words that were filtered out, or an answer without its picture: tokens were made, so yes.
- Where the model broke down, nobody says.

Sources, 2026-11-26: google-genai 3.4.0; “Process blocked responses”, Google Cloud; Google's
messages as its own Firebase SDK keeps them (ImagenModel.kt, firebase-android-sdk).
"""

from chat.core.messages import Billed, Finish, FinishKind, NextAction
from chat.providers.shared.replies.endings import (
    AGAIN,
    AGAIN_OR_EDIT,
    ASK_PICTURE,
    LENGTH,
    NO_PICTURE,
    REWORD,
    unknown,
)

PICTURE_RULES = "The model's safety rules refused this picture. Try another description."

_RULES = "The model's safety rules stopped this answer. Try other words."
_BAD_CALL = "The model tried to use a tool and failed. Ask again, or switch the tools off."
_BROKE = "The model stopped before it had an answer. Try again."
_BY_CHANCE: tuple[NextAction, ...] = ("retry", "reword", "other_model")

_Row = tuple[FinishKind, str, Billed, tuple[NextAction, ...]]

_REASONS: dict[str, _Row] = {
    "STOP": ("stop", "", "unknown", ()),
    "MAX_TOKENS": ("length", LENGTH, "yes", AGAIN_OR_EDIT),
    "CONTINUATION": ("length", f"{LENGTH} Ask it to go on.", "yes", AGAIN_OR_EDIT),
    "SAFETY": ("blocked", _RULES, "yes", REWORD),
    "BLOCKLIST": (
        "blocked",
        "The request holds words that the model's rules forbid.",
        "yes",
        REWORD,
    ),
    "PROHIBITED_CONTENT": (
        "blocked",
        "The model's rules do not allow this content.",
        "yes",
        REWORD,
    ),
    "SPII": (
        "blocked",
        "The model stopped because of personal data in the answer.",
        "yes",
        REWORD,
    ),
    "RECITATION": (
        "blocked",
        "The model stopped because it was quoting a protected work.",
        "yes",
        REWORD,
    ),
    "MODEL_ARMOR": (
        "blocked",
        "A guard in front of the model stopped this answer.",
        "unknown",
        REWORD,
    ),
    "PUP_LIMITED_DISABLED": (
        "blocked",
        "The provider does not allow this use of the model.",
        "unknown",
        ("other_model",),
    ),
    "JAILBREAK": (
        "blocked",
        "The model's rules took the request for an attempt around them.",
        "yes",
        REWORD,
    ),
    "IMAGE_SAFETY": ("blocked", PICTURE_RULES, "no", REWORD),
    "IMAGE_PROHIBITED_CONTENT": (
        "blocked",
        "The model's rules do not allow this picture.",
        "no",
        REWORD,
    ),
    "IMAGE_RECITATION": (
        "blocked",
        "The picture came too close to a protected work.",
        "no",
        REWORD,
    ),
    "IMAGE_OTHER": (
        "no_image",
        "The model could not make this picture. Try again.",
        "no",
        _BY_CHANCE,
    ),
    "NO_IMAGE": ("no_image", NO_PICTURE, "yes", ASK_PICTURE),
    "LANGUAGE": (
        "error",
        "The model does not know this language.",
        "yes",
        ("other_model", "edit"),
    ),
    "MALFORMED_FUNCTION_CALL": ("error", _BAD_CALL, "yes", AGAIN_OR_EDIT),
    "UNEXPECTED_TOOL_CALL": ("error", _BAD_CALL, "yes", AGAIN_OR_EDIT),
    "TOO_MANY_TOOL_CALLS": ("error", _BAD_CALL, "yes", AGAIN_OR_EDIT),
    "MISSING_THOUGHT_SIGNATURE": (
        "error",
        "The model did not recognise its own earlier words. Start a new conversation.",
        "unknown",
        ("other_model",),
    ),
    "MALFORMED_RESPONSE": ("error", _BROKE, "unknown", AGAIN),
    "ESCALATION": ("error", _BROKE, "unknown", AGAIN),
    "OTHER": ("error", _BROKE, "unknown", AGAIN),
    "FINISH_REASON_UNSPECIFIED": ("error", _BROKE, "unknown", AGAIN),
}


def finish_for(native: str) -> Finish:
    """The finish for a finish reason."""
    row = _REASONS.get(native)
    if row is None:
        return unknown(native)
    kind, sentence, billed, actions = row
    return Finish(kind, native, sentence, billed, actions)


def prompt_blocked(native: str) -> Finish:
    """The finish for a question that was refused before the model saw it."""
    sentence = "The provider refused the request without a reason."
    if native not in {"OTHER", "BLOCKED_REASON_UNSPECIFIED"} and native in _REASONS:
        sentence = _REASONS[native][1]
    return Finish("blocked", native, sentence, "no", REWORD)


def explains(native: object) -> bool:
    """Whether a reason that a proxy passes on says more than the proxy's own word beside it."""
    row = _REASONS.get(native) if isinstance(native, str) else None
    return row is not None and row[0] in {"blocked", "no_image", "error"}
