"""Two pictures into one: which goes into which, and what is told of it."""

import re
from collections.abc import Iterator

from chat.core.errors import MediaRejected
from chat.core.languages import later, resaid, say
from chat.sketch.answering.edits import DAMAGED
from chat.sketch.answering.history import Source
from chat.sketch.answering.pieces import Piece, Shown
from chat.sketch.editing.collage import put_into
from chat.sketch.editing.darkroom import carried_out, told
from chat.sketch.editing.opening import as_file, opened, uncovered
from chat.sketch.reading.orders import read_orders
from chat.sketch.tongues.naming import stopped

_INTO = re.compile(
    r"\b(put|place|insert|paste|combine|merge|blend|add|compose|join|together|into|on(?:to)?)\b"
)
_REVERSED = re.compile(
    r"\b(second|other|2nd|b)\b.{1,40}\b(in|into|on|onto)\b.{1,30}\b(first|1st|a)\b"
)


def combine(sources: tuple[Source, ...], text: str) -> Iterator[Piece]:
    """Put one of two pictures into the other; nothing where the words do not ask for it."""
    said = text.lower()
    if len(sources) < 2 or not _INTO.search(said):
        return
    pair = sources[:2]
    first, second = pair[::-1] if _REVERSED.search(said) else pair
    try:
        thing, place = opened(first.data), opened(second.data)
    except MediaRejected as refusal:
        yield f"{resaid(str(refusal))} {say(DAMAGED)}"
        return
    joined = put_into(thing.image, place.image, thing.alpha)
    image, extra = joined.image, ""
    alpha = place.alpha and uncovered(place.alpha, place.image, image)
    more = tuple(order for order in read_orders(text) if order.name != "hour" or "light" in said)
    if more:
        done = carried_out(image, more, 0, alpha)
        image, alpha = done.image, done.alpha
        extra = f" {told(done.said)}" if done.said else ""
        extra += "".join(f" {stopped(sentence)}" for sentence in done.failed)
    yield say("Here are the two pictures as one:") + "\n\n"
    yield Shown(
        as_file(image, alpha, place.form), say("Two pictures joined: one placed into the other.")
    )
    sentences = {
        (True, True): later(
            "I placed the first picture into the second and cut it out of its plain background."
        ),
        (True, False): later(
            "I placed the first picture into the second and gave it a soft oval edge."
        ),
        (False, True): later(
            "I placed the second picture into the first and cut it out of its plain background."
        ),
        (False, False): later(
            "I placed the second picture into the first and gave it a soft oval edge."
        ),
    }
    yield f"\n\n{say(sentences[first is pair[0], joined.cut_out])}{extra}"
