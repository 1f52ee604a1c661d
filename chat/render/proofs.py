"""Under a picture that only changed inside a region: what was counted, and the model's own picture.

The model's own picture comes first and is drawn last, folded: the result is what people look at.
"""

from collections.abc import Callable

from chat.core.languages import later, plural, say
from chat.core.numbers import number
from chat.core.parts import Image
from chat.core.regions import RegionProof, is_answer, proof_of
from chat.render.escaping import escape, spoken

OWN = later("Show the model’s own picture")


def sentence(proof: RegionProof) -> str:
    """What the proof says, for people."""
    if not proof.checked:
        return say(
            "Not checked here: the imported file says that {pixels} of {all} outside the region "
            "differ.",
            pixels=_pixels(proof.changed_outside_px),
            all=number(proof.outside_px),
        )
    if proof.changed_outside_px:
        pixels = _pixels(proof.changed_outside_px)
        return say("{pixels} outside the marked region differ.", pixels=pixels)
    if not proof.outside_px:
        return say("The whole picture was marked, so nothing had to stay as it was.")
    if proof.own_colours:
        return plural(
            proof.outside_px,
            "Only the marked region changed: {n} pixel outside is equal to the source, 0 differ.",
            "Only the marked region changed: {n} pixels outside are equal to the source, 0 differ.",
            n=number(proof.outside_px),
        )
    return plural(
        proof.outside_px,
        "Only the marked region changed: {n} pixel outside is equal to what the source shows, 0 "
        "differ.",
        "Only the marked region changed: {n} pixels outside are equal to what the source shows, 0 "
        "differ.",
        n=number(proof.outside_px),
    )


def _pixels(count: int) -> str:
    return plural(count, "{n} pixel", "{n} pixels", n=number(count))


class RegionPairs:
    """Draws the pictures of one reply, each model's own picture under the result made of it."""

    def __init__(self, drawn: Callable[[Image], str]) -> None:
        """Draw every picture like this."""
        self._drawn = drawn
        self._own: Image | None = None

    def blocks(self, image: Image) -> list[str]:
        """The blocks of the next picture, one that was held back before it included."""
        if is_answer(image):
            before = self.rest()
            self._own = image
            return before
        proof = proof_of(image)
        if proof is None:
            return [*self.rest(), self._drawn(image)]
        own, before = self._own, list[str]()
        if own is not None and own.media.sha256 == proof.answer:
            self._own = None
        else:
            own, before = None, self.rest()
        told = f'<p dir="auto">{escape(sentence(proof))}</p>'
        folded = "" if own is None else self._folded(own)
        return [*before, self._drawn(image), f'<div class="proof">{told}{folded}</div>']

    def rest(self) -> list[str]:
        """The picture that waits for its result, where anything else comes instead."""
        own, self._own = self._own, None
        return [] if own is None else [f'<div class="proof">{self._folded(own)}</div>']

    def _folded(self, own: Image) -> str:
        return f'<details class="own"><summary>{spoken(OWN)}</summary>{self._drawn(own)}</details>'
