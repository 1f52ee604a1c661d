"""The studio's work on pictures, for whoever has an event loop: asks the picture processes.

The parent of those processes never looks into a picture. It sends files and a job, checks what
comes back, and names the bytes.
"""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Literal

from chat.core.errors import MediaRejected
from chat.core.parts import Json, MediaRef
from chat.core.text import clean_text
from chat.images.edits import (
    FEATHER_PX,
    Alignment,
    Box,
    ChangedRegion,
    Comparison,
    EditedImage,
    ExtraState,
    MarkedRegion,
    Palette,
    Provenance,
    RegionComposite,
    Selection,
)
from chat.images.extras import UPSCALE_FACTORS, extra_states
from chat.images.formats import WEBP, sniff
from chat.images.ingest import named
from chat.images.limits import UNWORKABLE, too_large
from chat.images.operations.operation import Operation
from chat.images.pool import DecoderPool
from chat.images.provenance import UNCHECKED

log = logging.getLogger(__name__)

_THREADS = 2
_MAX_OPERATIONS = 100
_THUMBNAIL_SIDES_PX = (16, 2048)
_PALETTE = (1, 32)
_CELL_PX = (32, 2048)
_SHEET_PX = 6_000
_MAX_CELLS = 64
_MAX_COLUMNS = 16

_UPSCALE_S = 120.0
"""Of processor time."""


class ImageEditor:
    """Does what :class:`chat.images.edits.ImageEditing` says."""

    def __init__(self, pool: DecoderPool, trust_anchors: str = "") -> None:
        """Share the processes of the ingest: ``ImageEditor(ingest.pool)``.

        Args:
            pool: The processes.
            trust_anchors: Certificates in PEM whose signatures on pictures are believed; without
                any no credential is ever ``trusted``.
        """
        self._pool = pool
        self._trust_anchors = trust_anchors
        # Of their own: a wait for a decoder must not hold up the loop's other work in threads.
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="editor")

    def close(self) -> None:
        """Wait for what is under way, drop what waits; close the pool first. Safe to call twice."""
        self._threads.shutdown(cancel_futures=True)

    async def composite(
        self,
        source: bytes,
        answer: bytes,
        mask: bytes,
        *,
        feather_px: int = FEATHER_PX,
        output: Literal["png", "webp"] = "png",
    ) -> RegionComposite:
        """Put a model's answer into a region of its source and leave all else as it was."""
        job = {"do": "composite", "feather_px": max(0, min(feather_px, 512)), "output": output}
        found, (data, small) = await self._ask(job, source, answer, mask)
        return RegionComposite(
            _ref(data, found),
            data,
            _webp(small),
            int(found["outside_px"]),
            int(found["changed_outside_px"]),
            _box(found["box"]),
            _alignment(found["alignment"]),
            bool(found["tone_matched"]),
            bool(found["own_colours"]),
        )

    async def outside(self, made: bytes, source: bytes, mask: bytes) -> tuple[int, int]:
        """Count the pixels outside a region, and those of them that differ."""
        found, _ = await self._ask({"do": "outside"}, made, source, mask)
        return int(found["outside_px"]), int(found["changed_outside_px"])

    async def marked(self, mask: bytes) -> MarkedRegion:
        """Measure what a mask marks."""
        found, _ = await self._ask({"do": "marked"}, mask)
        return MarkedRegion(
            int(found["width_px"]),
            int(found["height_px"]),
            _box(found["box"]),
            float(found["share"]),
            str(found["position"]),
        )

    async def model_mask(self, mask: bytes, size: tuple[int, int]) -> EditedImage:
        """A mask as models read it: a PNG of that size, see-through where something is marked."""
        job = {"do": "model_mask", "width_px": size[0], "height_px": size[1]}
        found, (data,) = await self._ask(job, mask)
        return EditedImage(_ref(data, found), data, b"")

    async def painted_over(self, picture: bytes, mask: bytes) -> EditedImage:
        """A copy of a picture with what a mask marks painted over in red; what is below shows."""
        found, (data,) = await self._ask({"do": "painted_over"}, picture, mask)
        return EditedImage(_ref(data, found), data, b"")

    async def compare(
        self, before: bytes, after: bytes, *, align: bool = False, view: bool = True
    ) -> Comparison:
        """Find what differs."""
        job = {"do": "compare", "align": align, "view": view}
        found, (drawn,) = await self._ask(job, before, after)
        regions = [
            ChangedRegion(Box(**each["box"]), float(each["share"]), str(each["position"]))
            for each in found["regions"]
        ]
        return Comparison(
            same=bool(found["same"]),
            changed_share=float(found["changed_share"]),
            mean_levels=float(found["mean_levels"]),
            mean_delta_e=float(found["mean_delta_e"]),
            ssim=float(found["ssim"]),
            size_before=_size(found["size_before"]),
            size_after=_size(found["size_after"]),
            regions=regions,
            extent=found["extent"],
            alignment=_alignment(found["alignment"]),
            view=_webp(drawn) if drawn else b"",
        )

    async def apply(
        self,
        picture: bytes,
        operations: Sequence[Operation],
        inputs: Mapping[str, bytes] | None = None,
    ) -> EditedImage:
        """Do operations one after another; decoded and encoded once."""
        if not 1 <= len(operations) <= _MAX_OPERATIONS:
            raise MediaRejected(f"An edit has from 1 to {_MAX_OPERATIONS} operations.")
        given = inputs or {}
        wanted = list(dict.fromkeys(sha for one in operations for sha in one.inputs))
        if any(sha not in given for sha in wanted):
            raise MediaRejected("A mask that this edit needs is missing.")
        # A long recipe takes a while to be written out, and nobody else is to wait for it.
        steps = await asyncio.to_thread(lambda: [one.to_json() for one in operations])
        job = {"do": "apply", "operations": steps, "inputs": wanted}
        found, (data, small, new_area) = await self._ask(
            job, picture, *(given[sha] for sha in wanted)
        )
        return EditedImage(_ref(data, found), data, _webp(small), new_area, str(found["note"]))

    async def thumbnail(self, picture: bytes, side_px: int = 768) -> bytes:
        """A WebP whose longer side is at most that, 16 to 2048; never enlarged."""
        low, high = _THUMBNAIL_SIDES_PX
        job = {"do": "thumbnail", "side_px": max(low, min(side_px, high))}
        _, (small,) = await self._ask(job, picture)
        return _webp(small)

    async def select(
        self,
        picture: bytes,
        *,
        point: tuple[int, int] | None = None,
        box: Box | None = None,
        network: bool = True,
    ) -> Selection:
        """Find the subject that was clicked on or boxed in; one of the two is given."""
        if (point is None) == (box is None):
            raise MediaRejected("Click on the subject or draw a box around it.")
        asked = None if box is None else [box.x_px, box.y_px, box.width_px, box.height_px]
        job = {
            "do": "select",
            "point": None if point is None else list(point),
            "box": asked,
            "network": network,
        }
        found, (mask,) = await self._ask(job, picture)
        around = _box(found["box"])
        if around is None:
            raise MediaRejected(UNWORKABLE)
        return Selection(mask, around, float(found["share"]), found["method"])

    async def upscale(self, picture: bytes, factor: int) -> EditedImage:
        """Enlarge 2, 3 or 4 times with a small network: the extra ``upscale``."""
        state = self.extras()["upscale"]
        if not state.installed:
            raise MediaRejected(
                f"Enlarging needs a part that is not installed: {state.install_command}"
            )
        if factor not in UPSCALE_FACTORS:
            raise MediaRejected("A picture can be enlarged 2, 3 or 4 times.")
        found, (data, small) = await self._ask(
            {"do": "upscale", "factor": factor}, picture, most_s=_UPSCALE_S
        )
        return EditedImage(_ref(data, found), data, _webp(small), note=str(found["note"]))

    async def palette(self, picture: bytes, most: int = 6) -> Palette:
        """The size of a picture and at most so many of its colours."""
        low, high = _PALETTE
        found, _ = await self._ask({"do": "palette", "most": max(low, min(most, high))}, picture)
        colours = [(str(colour), float(share)) for colour, share in found["colours"]]
        return Palette(*_size_of(found), colours, float(found["clear_share"]))

    async def read_codes(self, picture: bytes) -> list[str]:
        """What the QR codes in a picture say."""
        found, _ = await self._ask({"do": "read_codes"}, picture)
        return [str(code) for code in found["codes"]]

    async def contact_sheet(
        self, pictures: Sequence[bytes], columns: int, cell_px: int, labels: Sequence[str] = ()
    ) -> EditedImage:
        """Pictures on one sheet, row by row."""
        if not 1 <= len(pictures) <= _MAX_CELLS or not 1 <= columns <= _MAX_COLUMNS:
            raise MediaRejected(
                f"A sheet has from 1 to {_MAX_CELLS} pictures in at most {_MAX_COLUMNS} columns."
            )
        if labels and len(labels) != len(pictures):
            raise MediaRejected("A sheet has a label for each of its pictures, or none at all.")
        low, high = _CELL_PX
        across = min(columns, len(pictures))
        down = -(-len(pictures) // across)
        job = {
            "do": "contact_sheet",
            "columns": across,
            # A sheet of many large cells is drawn smaller, not refused.
            "cell_px": max(low, min(cell_px, high, _SHEET_PX // max(across, down))),
            "labels": [clean_text(label) for label in labels or [""] * len(pictures)],
        }
        found, (data, small) = await self._ask(job, *pictures)
        return EditedImage(_ref(data, found), data, _webp(small))

    async def provenance(self, picture: bytes) -> Provenance:
        """Read the content credential and the IPTC source type of a file, exactly as stored."""
        try:
            found, _ = await self._ask(
                {"do": "provenance", "anchors": self._trust_anchors}, picture
            )
        except MediaRejected as error:
            log.info("the origin of a picture is not checked: %s", error)
            return UNCHECKED
        return Provenance(
            found["status"],
            str(found["signer"]),
            str(found["generator"]),
            str(found["signed_at"]),
            tuple(str(code) for code in found["problems"]),
            str(found["source_type"]),
            found["source_type_from"],
        )

    def extras(self) -> Mapping[str, ExtraState]:
        """``subject``, ``upscale``, ``provenance``: whether each is installed, and how to."""
        return extra_states()

    async def _ask(
        self, job: Mapping[str, Json], *files: bytes, most_s: float | None = None
    ) -> tuple[dict[str, Json], list[bytes]]:
        most_bytes = self._pool.limits.max_made_bytes
        for data in files:
            if len(data) > most_bytes:
                raise MediaRejected(too_large(len(data), most_bytes))
        loop = asyncio.get_running_loop()
        answer, blobs = await loop.run_in_executor(
            self._threads, lambda: self._pool.ask(job, *files, most_s=most_s)
        )
        return answer["found"], blobs


def _ref(data: bytes, found: Mapping[str, Json]) -> MediaRef:
    return named(data, found, sniff(data))


def _webp(data: bytes) -> bytes:
    if sniff(data) != WEBP:
        raise MediaRejected(UNWORKABLE)
    return data


def _size_of(found: Mapping[str, Json]) -> tuple[int, int]:
    return int(found["width_px"]), int(found["height_px"])


def _size(found: Json) -> tuple[int, int]:
    return int(found[0]), int(found[1])


def _box(found: Json) -> Box | None:
    return None if found is None else Box(**found)


def _alignment(found: Json) -> Alignment | None:
    return None if found is None else Alignment(**found)
