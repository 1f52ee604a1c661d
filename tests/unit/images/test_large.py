"""A picture too large to be kept is scaled down while it is decoded, and the user is told."""

import zlib
from collections.abc import Callable, Iterator
from io import BytesIO

import pillow_heif
import pytest
from PIL import Image, ImageChops

from chat.core.errors import MediaRejected
from chat.images import isobmff
from chat.images.ingest import ImageIngest
from chat.images.limits import Limits
from tests.unit.images.colours import cicp
from tests.unit.images.pictures import (
    chunk,
    corners,
    decoded,
    encoded,
    exif,
    far,
    noise,
    png,
    quarters,
)

WIDTH, HEIGHT = 250, 130


@pytest.fixture(scope="module")
def small() -> Iterator[ImageIngest]:
    """Takes for large what has more than ten thousand pixels, and keeps half of that."""
    door = ImageIngest(Limits(max_pixels=10_000, scaled_pixels=5_000, max_scaled_pixels=50_000))
    yield door
    door.close()


def rows(bytes_per_row: int, smooth: int = 1) -> bytes:
    """Rows of all five filters, with pixels that change slowly or not at all."""
    return b"".join(
        bytes((row % 5,)) + bytes((at // smooth) % 7 + row % 3 for at in range(bytes_per_row))
        for row in range(HEIGHT)
    )


PALETTE = chunk(b"PLTE", bytes(range(0, 240, 5)) * 16)
PNGS: dict[str, Callable[[], bytes]] = {
    "rgb": lambda: png(WIDTH, HEIGHT, 8, 2, rows(3 * WIDTH)),
    "rgba": lambda: png(WIDTH, HEIGHT, 8, 6, rows(4 * WIDTH)),
    "grey": lambda: png(WIDTH, HEIGHT, 8, 0, rows(WIDTH)),
    "grey, alpha": lambda: png(WIDTH, HEIGHT, 8, 4, rows(2 * WIDTH)),
    "grey, 1 bit": lambda: png(WIDTH, HEIGHT, 1, 0, rows(-(-WIDTH // 8))),
    "grey, 4 bits": lambda: png(WIDTH, HEIGHT, 4, 0, rows(-(-WIDTH // 2))),
    "grey, 16 bits": lambda: png(WIDTH, HEIGHT, 16, 0, rows(2 * WIDTH)),
    "rgb, 16 bits": lambda: png(WIDTH, HEIGHT, 16, 2, rows(6 * WIDTH)),
    "rgba, 16 bits": lambda: png(WIDTH, HEIGHT, 16, 6, rows(8 * WIDTH)),
    "palette": lambda: png(WIDTH, HEIGHT, 8, 3, rows(WIDTH), PALETTE),
    "palette, 2 bits": lambda: png(WIDTH, HEIGHT, 2, 3, rows(-(-WIDTH // 4)), PALETTE),
    "palette, see-through": lambda: png(
        WIDTH, HEIGHT, 8, 3, rows(WIDTH), PALETTE, chunk(b"tRNS", bytes(range(200, 255)))
    ),
    "one colour see-through": lambda: png(
        WIDTH, HEIGHT, 8, 2, rows(3 * WIDTH), chunk(b"tRNS", b"\0\1\0\2\0\3")
    ),
    "PQ, 16 bits": lambda: png(WIDTH, HEIGHT, 16, 2, rows(6 * WIDTH), cicp(9, 16)),
    "many pieces": lambda: (
        png(WIDTH, HEIGHT, 8, 2, b"")[:33]
        + b"".join(chunk(b"IDAT", bytes((byte,))) for byte in zlib.compress(rows(3 * WIDTH), 9))
        + png(WIDTH, HEIGHT, 8, 2, b"")[-12:]
    ),
}


@pytest.mark.parametrize("name", PNGS)
def test_a_png_read_in_bands_is_the_one_read_whole(
    small: ImageIngest, ingest: ImageIngest, name: str
) -> None:
    picture = PNGS[name]()
    whole = decoded(ingest.ingest(picture, "upload").data)
    taken = small.ingest(picture, "upload")
    assert taken.note == "The picture was scaled down from 250 × 130 to 63 × 33 pixels."
    scaled = decoded(taken.data)
    mode = "RGBA" if "A" in scaled.mode + whole.mode else "RGB"
    difference = ImageChops.difference(scaled.convert(mode), whole.convert(mode).reduce(4))
    assert max(difference.tobytes()) <= 2


def grid_heic(turn: bytes = b"") -> bytes:
    """A HEIC of two by two tiles of 128 x 80, cut to 250 x 130, as phones write them."""
    tiles = []
    whole = quarters(WIDTH, HEIGHT)
    canvas = Image.new("RGB", (256, 160))
    canvas.paste(whole)
    for top in (0, 80):
        for left in (0, 128):
            out = BytesIO()
            part = canvas.crop((left, top, left + 128, top + 80))
            pillow_heif.from_pillow(part).save(out, quality=90)
            tiles.append(out.getvalue())
    owned = isobmff.primary_properties(tiles[0])
    kinds = {one.kind: tiles[0][one.start : one.end] for one in owned}
    coded = []
    for tile in tiles:
        media = isobmff.first(tile, b"mdat")
        assert media is not None
        coded.append(tile[media.start : media.end])
    made = b"\0\0\1\1" + WIDTH.to_bytes(2, "big") + HEIGHT.to_bytes(2, "big")
    head = box(b"ftyp", b"heic\0\0\0\0mif1heic")

    def meta(start: int) -> bytes:
        places = b""
        for at, one in enumerate(coded):
            offset = start + sum(map(len, coded[:at]))
            places += (at + 1).to_bytes(2, "big") + b"\0\0\0\0\0\1"
            places += offset.to_bytes(4, "big") + len(one).to_bytes(4, "big")
        places += b"\0\5\0\1\0\0\0\1\0\0\0\0" + len(made).to_bytes(4, "big")
        kept = [box(kind, kinds[kind]) for kind in (b"hvcC", b"ispe")]
        size = box(b"ispe", bytes(4) + WIDTH.to_bytes(4, "big") + HEIGHT.to_bytes(4, "big"))
        owned = b"".join((at + 1).to_bytes(2, "big") + b"\2\1\2" for at in range(4))
        owned += b"\0\5\2\3\4" if turn else b"\0\5\1\3"
        infos = b"".join(
            box(b"infe", b"\2\0\0\1" + at.to_bytes(2, "big") + b"\0\0hvc1\0") for at in range(1, 5)
        )
        infos += box(b"infe", b"\2\0\0\0\0\5\0\0grid\0")
        return box(
            b"meta",
            bytes(4)
            + box(b"hdlr", bytes(8) + b"pict" + bytes(13))
            + box(b"pitm", bytes(4) + b"\0\5")
            + box(b"iloc", b"\1\0\0\0\x44\0\0\5" + places)
            + box(b"iinf", bytes(4) + b"\0\5" + infos)
            + box(b"iref", bytes(4) + box(b"dimg", b"\0\5\0\4\0\1\0\2\0\3\0\4"))
            + box(
                b"iprp",
                box(b"ipco", b"".join((*kept, size, turn)))
                + box(b"ipma", bytes(4) + b"\0\0\0\5" + owned),
            )
            + box(b"idat", made),
        )

    return head + meta(len(head) + len(meta(0)) + 8) + box(b"mdat", b"".join(coded))


def box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


ROTATED = quarters(HEIGHT, WIDTH).transpose(Image.Transpose.ROTATE_90)
LARGE = {
    "JPEG": encoded(quarters(WIDTH, HEIGHT), "JPEG"),
    "JPEG, progressive": encoded(quarters(WIDTH, HEIGHT), "JPEG", progressive=True),
    "JPEG, CMYK": encoded(quarters(WIDTH, HEIGHT).convert("CMYK"), "JPEG", quality=95),
    "JPEG, turned": encoded(ROTATED, "JPEG", exif=exif(6)),
    "PNG, turned": encoded(ROTATED, "PNG", exif=exif(6)),
    "WebP": encoded(quarters(WIDTH, HEIGHT), "WEBP"),
    "WebP, turned": encoded(ROTATED, "WEBP", exif=exif(6)),
    "GIF": encoded(quarters(WIDTH, HEIGHT), "GIF"),
    "AVIF": encoded(quarters(WIDTH, HEIGHT), "AVIF"),
    "HEIC of tiles": grid_heic(),
    "HEIC of tiles, turned": grid_heic(box(b"irot", b"\1")),
    "HEIC of tiles, mirrored": grid_heic(box(b"imir", b"\1")),
}


@pytest.mark.parametrize("name", LARGE)
def test_a_large_upload_is_taken_smaller_with_a_note(
    small: ImageIngest, ingest: ImageIngest, name: str
) -> None:
    expected = decoded(ingest.ingest(LARGE[name], "upload").thumbnail)
    taken = small.ingest(LARGE[name], "upload")
    assert (taken.ref.width_px, taken.ref.height_px) == decoded(taken.data).size
    assert taken.ref.width_px * taken.ref.height_px <= 5_000
    assert "scaled down" in taken.note
    for copy in (taken.data, taken.thumbnail):
        found = zip(corners(decoded(copy)), corners(expected), strict=True)
        assert all(far(a, b) <= 30 for a, b in found), name


@pytest.mark.parametrize("name", LARGE)
def test_a_large_picture_that_was_paid_for_is_kept_exactly(
    small: ImageIngest, ingest: ImageIngest, name: str
) -> None:
    made = small.ingest(LARGE[name], "model")
    assert made.data == LARGE[name]
    assert made.note == ""
    assert made.ref == ingest.ingest(LARGE[name], "model").ref
    sent, ref = small.fit(made.data, 1_000_000, max_side_px=60)
    assert decoded(sent).size == (ref.width_px, ref.height_px)


@pytest.mark.parametrize("tenths", [3, 6, 9])
def test_a_large_png_that_broke_off_keeps_what_came(small: ImageIngest, tenths: int) -> None:
    whole = encoded(noise(WIDTH, HEIGHT), "PNG")
    taken = small.ingest(whole[: len(whole) * tenths // 10], "upload")
    assert "damaged at its end" in taken.note
    assert decoded(taken.data).size == (63, 33)


@pytest.mark.deep
@pytest.mark.parametrize(
    ("size", "form", "shown"),
    [
        ((8160, 6144), "JPEG", (4080, 3072)),
        ((16382, 3628), "JPEG", (8191, 1814)),
        ((8160, 6144), "PNG", (4080, 3072)),
    ],
)
def test_what_phones_make_is_taken(
    ingest: ImageIngest, size: tuple[int, int], form: str, shown: tuple[int, int]
) -> None:
    taken = ingest.ingest(encoded(Image.new("RGB", size, "red"), form), "upload")
    assert (taken.ref.width_px, taken.ref.height_px) == shown
    assert far(corners(decoded(taken.thumbnail))[0], (255, 0, 0)) <= 6
    assert taken.note == (
        f"The picture was scaled down from {size[0]} × {size[1]} to {shown[0]} × {shown[1]} pixels."
    )


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (LARGE["WebP"], "WebP"),
        (LARGE["AVIF"], "AVIF"),
        (LARGE["GIF"], "GIF"),
        (png(WIDTH, HEIGHT, 8, 2, b"")[:28] + b"\1" + b"\0" * 4, "PNG in seven passes"),
    ],
)
def test_a_format_that_must_be_decoded_whole_is_refused_with_a_way_out(
    data: bytes, kind: str
) -> None:
    if kind.startswith("PNG"):
        header = data[12:29]
        data = data[:29] + zlib.crc32(header).to_bytes(4, "big") + chunk(b"IDAT", b"")
    door = ImageIngest(Limits(max_pixels=10_000, max_whole_bytes=200_000))
    try:
        with pytest.raises(MediaRejected, match=f"^A {kind} of more than .* Save it as JPEG\\.$"):
            door.ingest(data, "upload")
    finally:
        door.close()
