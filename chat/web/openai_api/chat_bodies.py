"""What ``/v1/chat/completions`` is asked with.

What OpenAI's clients send and Easel has no place for is taken and left out; the answer says so in
a header, see :mod:`chat.web.openai_api.left_out`.
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from chat.web.openai_api.picture_choices import PictureChoices

MAX_MESSAGES = 2_000
MAX_CONTENT_PARTS = 200
MAX_TOOLS = 128
MAX_CHOICES = 4

Name = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
CallId = Annotated[str, Field(min_length=1, max_length=4_000)]
"""Some servers keep a signature in it."""


class Part(BaseModel):
    """Something that may have more to it than is read here."""

    model_config = ConfigDict(extra="allow")


class ImageAddress(Part):
    """Where a picture is."""

    url: str
    """A data URL, or an address in the web."""
    detail: str | None = None


class TextPart(Part):
    """Words."""

    type: Literal["text"]
    text: str


class ImagePart(Part):
    """A picture."""

    type: Literal["image_url"]
    image_url: ImageAddress | str

    @property
    def address(self) -> str:
        """Its data URL, or where in the web it is."""
        return self.image_url if isinstance(self.image_url, str) else self.image_url.url


class FileSource(Part):
    """What is in a file."""

    file_data: str | None = None
    """A data URL, or its base64 alone."""
    filename: str | None = None
    file_id: str | None = None
    """Of a file that was uploaded before: Easel has none of these."""


class FilePart(Part):
    """A file that is no picture."""

    type: Literal["file"]
    file: FileSource


class RefusalPart(Part):
    """What a model said in place of an answer."""

    type: Literal["refusal"]
    refusal: str


Shown = Annotated[TextPart | ImagePart, Field(discriminator="type")]
Along = Annotated[TextPart | ImagePart | FilePart, Field(discriminator="type")]
Said = Annotated[TextPart | ImagePart | RefusalPart, Field(discriminator="type")]


class CalledFunction(Part):
    """What of a tool was called."""

    name: Annotated[str, Field(min_length=1, max_length=200)]
    arguments: str = ""
    """A JSON object."""


class Call(Part):
    """A call of a tool, as a model made it."""

    id: CallId
    type: Literal["function"] = "function"
    function: CalledFunction


class SystemMessage(Part):
    """Said to the model before all else."""

    role: Literal["system", "developer"]
    content: str | Annotated[list[TextPart], Field(max_length=MAX_CONTENT_PARTS)]


class UserMessage(Part):
    """What the user said and showed."""

    role: Literal["user"]
    content: str | Annotated[list[Along], Field(max_length=MAX_CONTENT_PARTS)]


class AssistantMessage(Part):
    """What the model said, showed and called."""

    role: Literal["assistant"]
    content: str | Annotated[list[Said], Field(max_length=MAX_CONTENT_PARTS)] | None = None
    refusal: str | None = None
    images: Annotated[list[ImagePart], Field(max_length=MAX_CONTENT_PARTS)] | None = None
    tool_calls: Annotated[list[Call], Field(max_length=MAX_CONTENT_PARTS)] | None = None


class ToolMessage(Part):
    """What a tool answered."""

    role: Literal["tool"]
    tool_call_id: CallId
    content: str | Annotated[list[Shown], Field(max_length=MAX_CONTENT_PARTS)]


ChatMessage = Annotated[
    SystemMessage | UserMessage | AssistantMessage | ToolMessage, Field(discriminator="role")
]


class Function(Part):
    """A function that the model may call."""

    name: Name
    description: Annotated[str, Field(max_length=40_000)] = ""
    parameters: dict[str, Any] = Field(default_factory=dict)
    """A JSON Schema of type ``object``."""


class Tool(Part):
    """A tool of whoever asks: Easel does not run it."""

    type: Literal["function"]
    function: Function


class ToolName(Part):
    """Which function."""

    name: Name


class NamedTool(Part):
    """The one tool that has to be called."""

    type: Literal["function"]
    function: ToolName


class StreamOptions(Part):
    """What a stream ends with."""

    include_usage: bool | None = None


class ResponseFormat(Part):
    """The form of the words."""

    type: Literal["text"]


class ImageConfig(Part):
    """The shape of pictures, as OpenRouter and LiteLLM write it."""

    aspect_ratio: str | None = None
    image_size: str | None = None


class ChatAsked(PictureChoices):
    """A conversation that waits for its answer."""

    model: Annotated[str, Field(min_length=1, max_length=500)]
    messages: Annotated[list[ChatMessage], Field(min_length=1, max_length=MAX_MESSAGES)]
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    modalities: Annotated[list[Literal["text", "image"]], Field(min_length=1)] | None = None
    """What the answer may hold; left out: whatever the model gives."""
    n: Annotated[int, Field(ge=1, le=MAX_CHOICES)] | None = 1
    """How many answers."""
    tools: Annotated[list[Tool], Field(max_length=MAX_TOOLS)] | None = None
    tool_choice: Literal["auto", "none", "required"] | NamedTool | None = None
    response_format: ResponseFormat | None = None
    image_config: ImageConfig | None = None
    functions: None = None
    """The older form of ``tools`` is not read."""
    logprobs: Literal[False] | None = None
    """No provider behind Easel is asked for them."""

    @property
    def counts(self) -> bool:
        """Whether a stream ends with what it used."""
        return bool(self.stream_options and self.stream_options.include_usage)
