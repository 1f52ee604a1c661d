"""What can be asked of a picture in the studio, and what comes back: values and the port.

Coordinates are pixels of the picture *as shown*: upright, whatever its EXIF says, x to the
right, y down, from the top left corner. ``bytes`` that go in are stored pictures, exactly as
they lie in the store; ``bytes`` that come out are whole files, ready for the store.

:class:`chat.images.editor.ImageEditor` does the work, in the picture processes. Nothing here
knows a library of pixels.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from chat.core.parts import Json, MediaRef
from chat.images.operations.operation import Operation

FEATHER_PX = 24
"""How far inside a region its edge is blended, where nothing else is asked for."""

LEAST_CORRELATION = 0.25
"""Below it an answer shows something else than its source: two photographs of different things
reach 0.1 or 0.2 by chance, and one that was repainted in another style keeps 0.5 and more."""

AlignmentMethod: TypeAlias = Literal["ecc", "resize"]
"""``ecc``: an affine transform found by comparing what lies outside the region. ``resize``: the
answer was only brought to the source's size, because no better transform was found."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of whole pixels."""

    x_px: int
    y_px: int
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Alignment:
    """How one picture was laid over another."""

    method: AlignmentMethod
    shift_x_px: float
    """How far the answer's content lay to the right of the source's, at the middle, in pixels of
    the source."""
    shift_y_px: float
    scale: float
    """How much larger the answer's content was than the source's, both brought to one size."""
    correlation: float
    """Of what lies outside the region, once aligned: 1 is the same picture, 0 no likeness."""
    comparable: bool = True
    """Whether enough lies outside the region, and is not all of one level, to tell a likeness."""

    @property
    def alike(self) -> bool:
        """Whether the two can be the same picture, as far as what lies outside tells."""
        return not self.comparable or self.correlation >= LEAST_CORRELATION


@dataclass(frozen=True, slots=True)
class MarkedRegion:
    """What a mask marks."""

    width_px: int
    """Of the mask, and so of its picture."""
    height_px: int
    box: Box | None
    """Around it; ``None`` where nothing is marked."""
    share: float
    """Of the picture's area, from 0 to 1."""
    position: str
    """As in :class:`ChangedRegion`; empty where nothing is marked."""


@dataclass(frozen=True, slots=True)
class RegionComposite:
    """A source with a model's answer inside a region, and the proof that nothing else changed."""

    ref: MediaRef
    data: bytes
    """PNG, or lossless WebP where that was asked for."""
    thumbnail: bytes
    """A WebP of at most 768 px."""
    outside_px: int
    """Pixels outside the region."""
    changed_outside_px: int
    """Those of them that differ from the source, counted in the decoded file: always 0, for a
    composite of which that is not true is refused."""
    box: Box | None
    """Around the region; ``None`` for an empty one, and then the result shows the source."""
    alignment: Alignment | None
    """``None`` for an empty region."""
    tone_matched: bool
    """Whether the answer's colours were drawn to the source's, by what lies outside the region."""
    own_colours: bool
    """Whether numbers and profile are the source's own. Otherwise its colours had no lossless
    form here (CMYK, HDR, grey with a profile and a coloured answer), and all was compared and
    stored in sRGB, as it is shown."""


@dataclass(frozen=True, slots=True)
class ChangedRegion:
    """One connected area that differs."""

    box: Box
    share: float
    """Of the picture's area, from 0 to 1."""
    position: str
    """``whole``, ``centre``, or of ``upper``, ``lower``, ``left``, ``right`` one or two:
    ``upper left``. Keys for words, in English."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two pictures differ. The second was brought to the size of the first."""

    same: bool
    """Every pixel shows the same colour, and the size is the same."""
    changed_share: float
    """Of the area, from 0 to 1, that differs by more than compression does."""
    mean_levels: float
    """Mean difference of a channel, in levels of 0 to 255."""
    mean_delta_e: float
    """Mean CIE76 colour difference; about 2 can just be seen."""
    ssim: float
    """Structural similarity of the brightness: 1 for equal pictures."""
    size_before: tuple[int, int]
    """Width and height in pixels as shown."""
    size_after: tuple[int, int]
    regions: Sequence[ChangedRegion]
    """The largest first, at most five."""
    extent: Literal["none", "traces", "small", "medium", "large", "whole"]
    """How much, as a word for the changed share: nothing, below 0.1 %, 10 %, 40 %, 80 %, more."""
    alignment: Alignment | None
    """``None`` unless aligning was asked for."""
    view: bytes
    """A WebP of the first picture's proportions, at most 2048 px: heat over grey; empty unless
    asked for."""


@dataclass(frozen=True, slots=True)
class EditedImage:
    """A picture after some operations."""

    ref: MediaRef
    data: bytes
    thumbnail: bytes
    """A WebP of at most 768 px."""
    new_area: bytes = b""
    """After an extension: a grey PNG of the picture's size, white where the canvas is new, ready
    to be the region of the next edit. Empty otherwise."""
    note: str = ""
    """What the user should know of it, in sentences; mostly empty."""


@dataclass(frozen=True, slots=True)
class Selection:
    """A subject that was found."""

    mask: bytes
    """A grey PNG of the picture's size, white on the subject, soft at its edge."""
    box: Box
    share: float
    """Of the picture's area, from 0 to 1."""
    method: Literal["grabcut", "u2netp"]


@dataclass(frozen=True, slots=True)
class Palette:
    """The size of a picture, and its colours."""

    width_px: int
    """As shown."""
    height_px: int
    colours: Sequence[tuple[str, float]]
    """As ``#rrggbb`` in sRGB, each with its share of what can be seen, the largest first."""
    clear_share: float
    """How much of the area is see-through, from 0 to 1."""


ProvenanceStatus: TypeAlias = Literal["trusted", "unverified", "invalid", "none", "unchecked"]
"""``trusted``: the credential is intact and its signer stands on the trust list. ``unverified``:
intact, but anybody could have signed it. ``invalid``: picture or credential were changed, or the
credential cannot be read. ``none``: the file carries none. ``unchecked``: the library that reads
credentials is not installed, or had no time."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """What a picture's file says of its origin, and how far that can be believed."""

    status: ProvenanceStatus
    """The badge."""
    signer: str = ""
    """The name in the signer's certificate; believe it only where the status is ``trusted``."""
    generator: str = ""
    """The program that made the credential, by its own word."""
    signed_at: str = ""
    """As in the credential: ISO 8601, or empty."""
    problems: Sequence[str] = ()
    """Codes of the C2PA standard for what does not hold: ``assertion.dataHash.mismatch`` ..."""
    source_type: str = ""
    """Last part of the IPTC digital source type: ``trainedAlgorithmicMedia``, ``digitalCapture``
    ...; empty without one."""
    source_type_from: Literal["", "c2pa", "xmp"] = ""
    """Where that stood. XMP is a note that anybody can write."""


@dataclass(frozen=True, slots=True)
class ExtraState:
    """Whether an optional part is installed."""

    installed: bool
    install_command: str
    """The one command that installs it."""


class ImageEditing(Protocol):
    """The studio's work on pictures. Nothing blocks the event loop; two works run at once.

    All of it raises ``MediaRejected`` with a sentence for the user where a picture cannot be
    opened, is too large, or what is asked is impossible for it.
    """

    async def composite(
        self,
        source: bytes,
        answer: bytes,
        mask: bytes,
        *,
        feather_px: int = FEATHER_PX,
        output: Literal["png", "webp"] = "png",
    ) -> RegionComposite:
        """Put a model's answer into a region of its source and leave all else as it was.

        Args:
            source: The picture that was edited.
            answer: What the model made of it: any size, moved, scaled, repainted.
            mask: A PNG of the source's size. With an alpha channel its see-through parts are the
                region, as in masks for models; without one its white parts are. Grey is between.
            feather_px: How far inside the region its edge is blended; 0 for a hard edge. Regions
                too thin for it get a shorter one.
            output: The format of the result, lossless in either case.
        """
        ...

    async def outside(self, made: bytes, source: bytes, mask: bytes) -> tuple[int, int]:
        """How many pixels lie outside a region, and how many of them two pictures show otherwise.

        Args:
            made: What is said to be the source but for the region.
            source: The source.
            mask: Read as in ``composite``.
        """
        ...

    async def marked(self, mask: bytes) -> MarkedRegion:
        """Measure what a mask marks; read as in ``composite``."""
        ...

    async def model_mask(self, mask: bytes, size: tuple[int, int]) -> EditedImage:
        """A mask as models read it: a PNG of that size, see-through where something is marked.

        Args:
            mask: Read as in ``composite``.
            size: Width and height of the picture that it goes with, as that is sent.
        """
        ...

    async def painted_over(self, picture: bytes, mask: bytes) -> EditedImage:
        """A copy of a picture with what a mask marks painted over in red; what is below shows.

        Args:
            picture: Of any size.
            mask: Read as in ``composite``, and brought to that size.
        """
        ...

    async def compare(
        self, before: bytes, after: bytes, *, align: bool = False, view: bool = True
    ) -> Comparison:
        """Find what differs.

        Args:
            before: The first picture.
            after: The second, of any size.
            align: Whether to lay the second over the first before comparing.
            view: Whether to draw the difference.
        """
        ...

    async def apply(
        self,
        picture: bytes,
        operations: Sequence[Operation],
        inputs: Mapping[str, bytes] | None = None,
    ) -> EditedImage:
        """Do operations one after another; decoded and encoded once.

        The result is a lossless PNG with the picture's own colours, depth and transparency unless
        a conversion says otherwise. The same operations make the same pixels of the same picture.

        Args:
            picture: What to begin with.
            operations: At least one; their JSON form can be kept as a recipe.
            inputs: Files that operations name by sha256 (``Operation.inputs``): masks.
        """
        ...

    async def thumbnail(self, picture: bytes, side_px: int = 768) -> bytes:
        """A WebP whose longer side is at most that, 16 to 2048; never enlarged."""
        ...

    async def select(
        self,
        picture: bytes,
        *,
        point: tuple[int, int] | None = None,
        box: Box | None = None,
        network: bool = True,
    ) -> Selection:
        """Find the subject that was clicked on or boxed in; one of the two is given.

        With the extra ``subject`` a network finds it, otherwise colours and edges do, as they do
        without ``network``. A click needs the network for more than a patch of one colour.
        """
        ...

    async def upscale(self, picture: bytes, factor: int) -> EditedImage:
        """Enlarge 2, 3 or 4 times with a small network: the extra ``upscale``.

        Raises:
            MediaRejected: Also where the extra is not installed; the sentence says how to.
        """
        ...

    async def palette(self, picture: bytes, most: int = 6) -> Palette:
        """The size of a picture and at most so many of its colours, 1 to 32."""
        ...

    async def read_codes(self, picture: bytes) -> list[str]:
        """What the QR codes in a picture say, at most twenty; empty where none can be read."""
        ...

    async def contact_sheet(
        self, pictures: Sequence[bytes], columns: int, cell_px: int, labels: Sequence[str] = ()
    ) -> EditedImage:
        """Pictures on one white sheet, row by row, each scaled down into a square cell.

        Args:
            pictures: 1 to 64.
            columns: 1 to 16.
            cell_px: side of a cell, 32 to 2048.
            labels: a line under each, or none at all.
        """
        ...

    async def provenance(self, picture: bytes) -> Provenance:
        """Read the content credential and the IPTC source type of a file, exactly as stored."""
        ...

    def extras(self) -> Mapping[str, ExtraState]:
        """``subject``, ``upscale``, ``provenance``: whether each is installed, and how to."""
        ...


def recipe(operations: Sequence[Operation]) -> list[Json]:
    """The JSON form of operations, to be kept with the version that they made."""
    return [operation.to_json() for operation in operations]
