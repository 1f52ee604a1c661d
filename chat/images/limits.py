"""How much a picture may ask of this machine, and what is said when it asks for more."""

from dataclasses import dataclass

from chat.core.parts import ImageOrigin

DAMAGED = "The picture is damaged and cannot be opened."
TOO_MUCH_WORK = "The picture takes too much work to open. Save it smaller, or as JPEG or PNG."
TOO_MUCH_MEMORY = "The picture takes too much memory to open. Save it smaller, or as JPEG or PNG."
TOO_MUCH_TO_DO = (
    "That takes more memory than Easel gives one picture. Make the picture smaller first."
)
BUSY = "Easel is busy with other pictures. Try again in a moment."
UNSEEN = "Easel was busy with other pictures; this one is shown when it is next looked at."
INTERRUPTED = "Opening the picture was interrupted. Try again."
CLOSING = "Easel is shutting down; the picture was not taken."
UNWORKABLE = "That could not be done with this picture."
OUT_OF_ORDER = "Easel cannot open pictures just now."


@dataclass(frozen=True, slots=True)
class Limits:
    """The bounds of one picture, and of the process that decodes it."""

    max_bytes: int = 20_000_000
    """Of an upload, and of the clean copy that is stored of it."""
    max_made_bytes: int = 64_000_000
    """Of what a model or a tool made: it was paid for, and no stranger chose its size."""
    max_pixels: int = 50_000_000
    """Of a picture that is decoded whole and kept in its size; larger ones are scaled down."""
    scaled_pixels: int = 25_000_000
    """The most that is kept of a larger one."""
    max_scaled_pixels: int = 300_000_000
    """Of one whose format can be scaled down while it is decoded."""
    max_whole_bytes: int = 1_200_000_000
    """Of memory, for a larger one whose format has to be decoded whole."""
    counted_frames: int = 300
    """Of an animation; one with more is used like any other, by its first."""
    quick_pixels: int = 16_000_000
    """Larger pictures are worked on one at a time, so that the others need not wait for them."""
    quick_cpu_s: float = 2.0
    """A picture that needs more counts as large, whatever its size says."""
    cpu_s: float = 30.0
    """Of processor time, which is the same on a busy machine and on an idle one."""
    drawing_cpu_s: float = 6.0
    """The same for a model's SVG: a few hundred bytes can ask for any amount of blur, and what is
    not drawn is kept for download all the same."""
    patience_s: float = 180.0
    """Of the clock on the wall: to wait for a free decoder, and to be done with a picture."""
    address_space_bytes: int = 1_500_000_000

    def most_bytes(self, origin: ImageOrigin) -> int:
        """How large a file from there may be."""
        return self.max_bytes if origin == "upload" else self.max_made_bytes


def too_large(size_bytes: int, max_bytes: int) -> str:
    """The sentence for a file over its limit."""
    return (
        f"The file is {_megabytes(size_bytes)} MB; "
        f"the most Easel takes is {_megabytes(max_bytes)} MB."
    )


def too_many_pixels(max_pixels: int) -> str:
    """The sentence for a picture over its limit."""
    return (
        f"The picture has more than {max_pixels / 1_000_000:.4g} megapixels, "
        "which is the most Easel takes."
    )


def cannot_be_scaled(kind: str, max_pixels: int) -> str:
    """The sentence for a large picture of a format that has to be decoded whole."""
    return (
        f"A {kind} of more than {max_pixels / 1_000_000:.4g} megapixels cannot be opened in the "
        "memory that Easel gives one picture. Save it as JPEG."
    )


def scaled_down(before: tuple[int, int], after: tuple[int, int]) -> str:
    """The note at a picture that was larger than what Easel keeps."""
    return (
        f"The picture was scaled down from {before[0]} × {before[1]} "
        f"to {after[0]} × {after[1]} pixels."
    )


def _megabytes(size_bytes: int) -> str:
    """One decimal, rounded up, so that a file just over a limit never reads as equal to it."""
    tenths = -(-size_bytes // 100_000)
    return f"{tenths / 10:g}"
