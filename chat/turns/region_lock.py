"""The region that the question of a turn marks: all else stays as it was, whatever a model made.

No model keeps to a mask: those that take one repaint what lies outside it, too. So the region
alone is taken from what came, and laid into the picture it was asked for.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Protocol

from chat.core.errors import CapabilityError, MediaRejected
from chat.core.messages import Message, question_at
from chat.core.models import ModelCard
from chat.core.parts import Derivation, Image, Json, MediaRef, Part, Text
from chat.core.regions import REGION
from chat.images.edits import EditedImage, ImageEditing, MarkedRegion, RegionComposite
from chat.providers.shared.requests.masks import has_alpha

NOTHING_MARKED = "The mask marks nothing. Mark what may change, or send the picture without a mask."
PAINTED_OVER = (
    "[The last picture is the first with the region painted over in red: it shows where, and the "
    "paint is no part of what is asked for.]"
)
NO_LIKENESS = "It shows something else than the picture that was sent."


class PictureDesk(Protocol):
    """Where the pictures of an owner are."""

    async def bytes_of(self, owner: str, sha256: str, thumbnail: bool) -> tuple[MediaRef, bytes]:
        """The bytes of a picture, or its small copy. Raises ``NotFound``."""
        ...

    async def shown(self, owner: str, sha256: str) -> tuple[MediaRef, bytes]:
        """A picture as pixels. Raises ``NotFound`` or ``MediaRejected``."""
        ...

    async def keep_edited(self, owner: str, edited: EditedImage | RegionComposite) -> None:
        """Keep what was made."""
        ...


class RegionLock:
    """One picture, and where it may change."""

    def __init__(
        self, owner: str, source: Image, mask: Image, pictures: PictureDesk, editor: ImageEditing
    ) -> None:
        """Lock this picture of this owner, but for what the mask marks."""
        self._owner = owner
        self.source = source.media.sha256
        self.mask = mask.media.sha256
        self._pictures = pictures
        self._editor = editor
        self.region: MarkedRegion | None = None
        """What is marked, once it was measured."""

    @classmethod
    def of(
        cls, owner: str, parts: Sequence[Part], pictures: PictureDesk, editor: ImageEditing
    ) -> "RegionLock | None":
        """The lock that a question asks for; ``None`` where nothing is marked in it."""
        shown = [part for part in parts if isinstance(part, Image)]
        source = next((image for image in shown if not image.mask), None)
        mask = next((image for image in shown if image.mask), None)
        if source is None or mask is None:
            return None
        return cls(owner, source, mask, pictures, editor)

    async def measure(self) -> None:
        """See what is marked.

        Raises:
            CapabilityError: nothing is.
            MediaRejected: the mask cannot be read.
            NotFound: it is lost.
            StorageError: the store does not answer.
        """
        _, mask = await self._pictures.bytes_of(self._owner, self.mask, thumbnail=False)
        region = await self._editor.marked(mask)
        if region.box is None:
            raise CapabilityError(NOTHING_MARKED)
        self.region = region

    async def as_sent(
        self, messages: tuple[Message, ...], media: dict[str, bytes]
    ) -> tuple[tuple[Message, ...], dict[str, bytes]]:
        """A loaded request whose mask fits its picture as that is sent, in the form models read.

        A picture may go as a smaller copy; a mask may have been black and white. Both stay what
        they are in the store.

        Raises:
            MediaRejected: the mask cannot be read.
            StorageError: the store does not answer.
        """
        at = question_at(messages)
        shown = [] if at is None else [p for p in messages[at].parts if isinstance(p, Image)]
        picture = next((image for image in shown if not image.mask), None)
        mask = next((image for image in shown if image.mask), None)
        if at is None or picture is None or mask is None:
            return messages, media
        sizes = [(image.media.width_px, image.media.height_px) for image in (picture, mask)]
        as_stored = mask.media.sha256 == self.mask
        if as_stored and sizes[0] == sizes[1] and has_alpha(media[self.mask]):
            return messages, media
        _, data = await self._pictures.bytes_of(self._owner, self.mask, thumbnail=False)
        made = await self._editor.model_mask(data, sizes[0])
        fitted = replace(mask, media=made.ref)
        parts = tuple(fitted if part is mask else part for part in messages[at].parts)
        question = replace(messages[at], parts=parts)
        kept = {sha: each for sha, each in media.items() if sha != mask.media.sha256}
        return (*messages[:at], question, *messages[at + 1 :]), {**kept, made.ref.sha256: made.data}

    async def with_strokes(
        self, card: ModelCard, messages: tuple[Message, ...], media: dict[str, bytes]
    ) -> tuple[tuple[Message, ...], dict[str, bytes]]:
        """A loaded request with one more picture: the first, with the region painted over.

        For a model that reads strokes and no masks; where there is no room for it, as it was.

        Raises:
            MediaRejected: picture or mask cannot be read.
            StorageError: the store does not answer.
        """
        at = question_at(messages)
        parts = () if at is None else messages[at].parts
        places = [n for n, p in enumerate(parts) if isinstance(p, Image) and not p.mask]
        if at is None or not places or len(media) >= card.max_input_images:
            return messages, media
        first = parts[places[0]]
        assert isinstance(first, Image)
        _, mask = await self._pictures.bytes_of(self._owner, self.mask, thumbnail=False)
        made = await self._editor.painted_over(media[first.media.sha256], mask)
        if sum(map(len, media.values())) + len(made.data) > card.max_request_bytes:
            return messages, media
        behind = places[-1] + 1
        copy = Image(made.ref, "tool", "The first picture with the region painted over")
        shown = (*parts[:behind], copy, Text(f"{PAINTED_OVER}\n\n"), *parts[behind:])
        question = replace(messages[at], parts=shown)
        sent = (*messages[:at], question, *messages[at + 1 :])
        return sent, {**media, made.ref.sha256: made.data}

    async def composed(self, answer: Image) -> Image:
        """The source with the region of a model's stored picture in it, stored as well.

        Raises:
            MediaRejected: one of the two cannot be read, or they have no likeness.
            NotFound: the source or the mask is lost.
            StorageError: the result could not be stored.
        """
        owner = self._owner
        _, source = await self._pictures.shown(owner, self.source)
        _, mask = await self._pictures.bytes_of(owner, self.mask, thumbnail=False)
        _, given = await self._pictures.shown(owner, answer.media.sha256)
        made = await self._editor.composite(source, given, mask)
        if made.alignment is not None and not made.alignment.alike:
            raise MediaRejected(NO_LIKENESS)
        await self._pictures.keep_edited(owner, made)
        details = {"proof": _proof(made), "raw": answer.media.sha256, "mask": self.mask}
        derivation = Derivation((self.source,), REGION, details)
        return Image(made.ref, "model", answer.alt, derivation=derivation, caption=answer.caption)


def _proof(made: RegionComposite) -> dict[str, Json]:
    return {
        "outside_px": made.outside_px,
        "changed_outside_px": made.changed_outside_px,
        "box": None if made.box is None else asdict(made.box),
        "alignment": None if made.alignment is None else asdict(made.alignment),
        "tone_matched": made.tone_matched,
        "own_colours": made.own_colours,
    }
