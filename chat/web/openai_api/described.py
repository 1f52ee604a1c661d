"""The answers of the API as types, for who reads its description.

They are written by hand elsewhere, in slices; a test reads what is written by these types.
"""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ErrorTold(_Told):
    """What went wrong."""

    message: str
    """For people."""
    type: str
    param: str | None
    """What of the request is at fault."""
    code: str | None
    """For programs."""


class ErrorAnswer(_Told):
    """The answer to whatever is refused or fails."""

    error: ErrorTold


ERRORS: dict[int | str, dict[str, Any]] = {"default": {"model": ErrorAnswer}}
"""What every route may answer beside what it is for."""


class ImageUrl(_Told):
    """A picture as a data URL."""

    url: str


class ImageTold(_Told):
    """A picture of an answer."""

    type: Literal["image_url"]
    index: int
    """Its place among the pictures of the answer, from 0."""
    offset: int
    """How many characters of the answer's words come before it."""
    image_url: ImageUrl


class FunctionTold(_Told):
    """A function with its arguments, which are JSON."""

    name: str
    arguments: str


class CallTold(_Told):
    """A tool that the model wants to call."""

    id: str
    type: Literal["function"]
    function: FunctionTold


class MessageTold(_Told):
    """What the model said, showed and wants to call."""

    role: Literal["assistant"]
    content: str | None
    refusal: str | None
    reasoning_content: str | None = None
    tool_calls: list[CallTold] | None = None
    images: list[ImageTold] | None = None


class ChoiceTold(_Told):
    """One of the answers."""

    index: int
    finish_reason: Literal["stop", "length", "tool_calls", "content_filter"]
    logprobs: None
    message: MessageTold


class ChatUsage(_Told):
    """Tokens, and USD where the price is known; what was not told is left out of the details."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int
    prompt_tokens_details: dict[str, int]
    completion_tokens_details: dict[str, int]
    cost: float | None = None


class ChatCompletion(_Told):
    """A chat's answer in one piece."""

    id: str
    object: Literal["chat.completion"]
    created: int
    model: str
    """Who answered."""
    usage: ChatUsage | None
    choices: list[ChoiceTold]
    easel: dict[str, Any] | None = None
    """``notes``: sentences on how the answer came about."""


class ImageData(_Told):
    """A picture."""

    b64_json: str


class ImagesUsage(_Told):
    """Tokens of all pictures together."""

    input_tokens: int
    output_tokens: int
    total_tokens: int
    input_tokens_details: dict[str, int]


class ImagesAnswer(_Told):
    """Pictures for a prompt."""

    created: int
    model: str
    output_format: str
    usage: ImagesUsage | None = None
    easel: dict[str, Any] | None = None
    """``notes``, and ``words`` that the model said beside its pictures."""
    data: list[ImageData]
