"""What Imagen answers, as events: pictures, and a word on what it held back or did not see."""

from collections.abc import Iterator

from google.genai import types

from chat.core.events import Finished, ImageBytes, ProviderEvent
from chat.core.messages import Finish
from chat.core.models import Endpoint
from chat.providers.imagen.prompt import Prompt
from chat.providers.shared.google.finishes import PICTURE_RULES
from chat.providers.shared.replies.endings import filtered
from chat.providers.shared.replies.refusals import quoted

ALONE = "Imagen sees the last message alone, and nothing that was said before it."
FILTERED = "rai_filtered"


def events(
    answer: types.GenerateImagesResponse, endpoint: Endpoint, prompt: Prompt
) -> Iterator[ProviderEvent]:
    """The events of an answer, ``Finished`` last."""
    entries = answer.generated_images or []
    drawn = 0
    for entry in entries:
        if entry.image is not None and entry.image.image_bytes:
            drawn += 1
            yield ImageBytes(entry.image.image_bytes, alt=entry.enhanced_prompt or "")
    if not drawn:
        yield Finished(_refused(entries, endpoint))
        return
    remarks = []
    if drawn < len(entries):
        remarks.append(f"{len(entries) - drawn} of {len(entries)} pictures were held back.")
    if prompt.left_out:
        remarks.append(ALONE)
    # Told under the reply: what the model said it is not, and no model shall read it as such.
    yield Finished(Finish("stop", message=" ".join(remarks)))


def _refused(entries: list[types.GeneratedImage], endpoint: Endpoint) -> Finish:
    """No picture at all: the filter's doing, whether or not it says so; it is not charged."""
    reason = next((e.rai_filtered_reason for e in entries if e.rai_filtered_reason), "")
    return filtered(FILTERED, "no", PICTURE_RULES + quoted(reason, endpoint))
