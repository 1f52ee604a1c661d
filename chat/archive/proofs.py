"""Proofs of regions in a file that is taken in: what it says is counted anew from the pixels.

Whoever writes a file can write any count into it. A proof that cannot be counted, for one of its
pictures is not there or there are too many, says that it was not checked.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace

from chat.core.errors import ChatError
from chat.core.messages import Message
from chat.core.parts import Image, images, with_pictures
from chat.core.ports import WholeConversation
from chat.core.regions import RegionProof, proof_of, recounted
from chat.images.edits import ImageEditing

MOST_COUNTED = 100
"""Of one file: each has two pictures decoded once more."""


class ProofCheck:
    """Counts what the proofs of one file say."""

    def __init__(
        self, editor: ImageEditing, read: Callable[[str], Awaitable[bytes | None]]
    ) -> None:
        """``read`` gives the file of a picture by its sha256; ``None`` where it is not there."""
        self._editor = editor
        self._read = read
        self._counted = 0

    async def checked(self, whole: WholeConversation) -> WholeConversation:
        """A conversation whose proofs say what was counted, or that nothing was."""
        return replace(whole, messages=[await self._looked_at(each) for each in whole.messages])

    async def _looked_at(self, message: Message) -> Message:
        found: dict[int, Image] = {}
        for image in images(message.parts):
            proof = proof_of(image)
            if proof is not None:
                found[id(image)] = recounted(image, await self._count(image.media.sha256, proof))
        if not found:
            return message
        parts = with_pictures(message.parts, lambda image: found.get(id(image), image))
        return replace(message, parts=parts)

    async def _count(self, sha256: str, proof: RegionProof) -> tuple[int, int] | None:
        """Pixels outside the region, and how many of them differ; ``None``: nobody can tell."""
        if self._counted >= MOST_COUNTED:
            return None
        self._counted += 1
        files = [await self._read(each) for each in (sha256, proof.source, proof.mask)]
        made, source, mask = files
        if made is None or source is None or mask is None:
            return None
        try:
            return await self._editor.outside(made, source, mask)
        except ChatError:
            return None
