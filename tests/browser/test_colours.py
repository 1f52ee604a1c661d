"""What Easel keeps of a picture looks as the picture itself does in the browser at hand."""

import base64
from collections.abc import Iterator
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page

from chat.images.ingest import ImageIngest
from tests.unit.images.colours import BROWSER_FILES, fields
from tests.unit.images.pictures import far

pytestmark = pytest.mark.browser

PAGE = '<body style="margin:0"><img style="display:block" src="data:{mime};base64,{data}">'
NEAR = 6


@pytest.fixture(scope="module")
def page(chromium: Browser) -> Iterator[Page]:
    opened = chromium.new_page()
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def ingest() -> Iterator[ImageIngest]:
    opened = ImageIngest()
    yield opened
    opened.close()


def shown(page: Page, data: bytes) -> list[tuple[int, ...]]:
    mime = "image/png" if data.startswith(b"\x89PNG") else "image/avif"
    page.set_content(PAGE.format(mime=mime, data=base64.b64encode(data).decode()))
    image = page.locator("img")
    image.evaluate("element => element.decode()")
    with Image.open(BytesIO(image.screenshot())) as screen:
        return fields(screen)


@pytest.mark.parametrize("name", BROWSER_FILES)
def test_a_picture_keeps_the_colours_that_its_owner_sees(
    page: Page, ingest: ImageIngest, name: str
) -> None:
    seen = shown(page, BROWSER_FILES[name])
    ingested = ingest.ingest(BROWSER_FILES[name], "upload")
    for copy in (ingested.data, ingested.thumbnail):
        with Image.open(BytesIO(copy)) as image:
            assert all(far(a, b) <= NEAR for a, b in zip(fields(image), seen, strict=True))
