"""An upload is cleaned of its credential; what that said is kept and told all the same."""

import io

from PIL import Image as Pillow
from PIL.PngImagePlugin import PngInfo

from tests.unit.turns.workshop import png
from tests.unit.web.studio import studio

SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia"
XMP = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><d DigitalSourceType="{SOURCE}"/></x:xmpmeta>'


def speaking() -> bytes:
    """A PNG whose XMP says that an algorithm made it."""
    info = PngInfo()
    info.add_itxt("XML:com.adobe.xmp", XMP)
    out = io.BytesIO()
    Pillow.new("RGB", (12, 12), "teal").save(out, "PNG", pnginfo=info)
    return out.getvalue()


async def test_what_an_uploaded_file_said_of_its_origin_outlives_its_cleaning() -> None:
    async with studio() as page:
        stored = (await page.http.post("/api/media", content=speaking())).json()
        kept = (await page.http.get(f"/media/{stored['sha']}")).content
        assert b"DigitalSourceType" not in kept
        told = (await page.http.get(f"/api/pictures/{stored['sha']}/provenance")).json()
        assert (told["source_type"], told["source_type_from"]) == ("trainedAlgorithmicMedia", "xmp")
        assert told["in_file"] is False


async def test_a_picture_that_says_nothing_leaves_no_record() -> None:
    async with studio() as page:
        stored = (await page.http.post("/api/media", content=png("navy"))).json()
        told = (await page.http.get(f"/api/pictures/{stored['sha']}/provenance")).json()
        assert (told["source_type"], told["in_file"]) == ("", True)
        assert page.shop.store.records("me", "provenance") == []
