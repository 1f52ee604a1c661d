"""A whole answer with one picture, on each wire."""

from tests.loopback import Reply, json_reply
from tests.wire.drawing import drawn
from tests.wire.interactions_shapes import interactions_stream
from tests.wire.responses_shapes import responses_stream
from tests.wire_shapes import gemini_stream, imagen_answer, openai_stream


def with_picture(kind: str, picture: bytes) -> Reply:
    """An answer with this picture, in one event where the wire streams."""
    match kind:
        case "gemini":
            return gemini_stream([picture])
        case "gemini_interactions":
            return interactions_stream([picture])
        case "imagen":
            return json_reply(imagen_answer(picture))
        case "openai_chat":
            return openai_stream([picture])
        case "openai_images":
            return drawn(picture)
    return responses_stream([picture])
