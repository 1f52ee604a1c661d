"""What ``/v1/images/generations`` and ``/v1/images/edits`` are asked with."""

from typing import Annotated, Any, Literal

from pydantic import Field, field_validator

from chat.turns.drawing import MAX_DRAWN
from chat.turns.question import MAX_TEXT_CHARACTERS
from chat.web.openai_api.picture_choices import PictureChoices

NO_ADDRESS = "Easel keeps no pictures of programs that an address could lead to; ask for b64_json."


class ImagesAsked(PictureChoices):
    """A prompt for pictures."""

    model: Annotated[str, Field(max_length=500)] | None = None
    """Left out: the first model of the menu that draws."""
    prompt: Annotated[str, Field(min_length=1, max_length=MAX_TEXT_CHARACTERS)]
    n: Annotated[int, Field(ge=1, le=MAX_DRAWN)] | None = 1
    response_format: Literal["b64_json"] | None = None
    stream: Literal[False] | None = None
    """Pictures come whole; a chat streams them one by one."""

    @field_validator("response_format", mode="before")
    @classmethod
    def _no_address(cls, value: Any) -> Any:
        if value == "url":
            raise ValueError(NO_ADDRESS)
        return value


EDIT_FORM: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["image", "prompt"],
                    "properties": {
                        "image": {
                            "type": "array",
                            "items": {"type": "string", "format": "binary"},
                            "description": "The pictures to change, also as image[].",
                        },
                        "mask": {
                            "type": "string",
                            "format": "binary",
                            "description": "Transparent where the first picture may change.",
                        },
                        "prompt": {"type": "string"},
                        "model": {"type": "string"},
                        "n": {"type": "integer", "minimum": 1, "maximum": MAX_DRAWN},
                        "size": {"type": "string"},
                        "response_format": {"type": "string", "enum": ["b64_json"]},
                    },
                }
            }
        },
    }
}
"""The form of an edit, for who reads the description of the API."""
