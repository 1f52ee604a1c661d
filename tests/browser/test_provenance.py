"""What the badge of a picture says of its origin, and that no home-made certificate fools it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.screen import Screen
from tests.browser.upstream import Upstream
from tests.browser.watch import Watch
from tests.program import Program
from tests.wire_shapes import tiny_png

pytest.importorskip("c2pa", reason="the extra “provenance” is not installed")
from tests.unit.images.test_provenance import Authority

pytestmark = pytest.mark.browser


@pytest.fixture
def known() -> Authority:
    return Authority("Known Authority")


@pytest.fixture
def believing(
    chromium: Browser, upstream: Upstream, tmp_path: Path, known: Authority
) -> Iterator[Screen]:
    """An Easel whose host believes one authority."""
    anchors = tmp_path / "anchors.pem"
    anchors.write_text(known.pem, encoding="ascii")
    more = {**upstream.environ, "EASEL_TRUST_LIST": str(anchors)}
    with Program(tmp_path / "data", **more) as program:
        context = chromium.new_context()
        watch = Watch(context)
        yield Screen(context.new_page(), program.address).open()
        context.close()
        watch.judge(f"127.0.0.1:{program.port}")


def test_the_badge_tells_a_believed_signer_from_any_other(
    believing: Screen, upstream: Upstream, known: Authority
) -> None:
    trusted = known.signed(tiny_png(1, side_px=40), "image/png", "Studio")
    own = Authority("Known Authority")  # the name is free for all
    home_made = own.signed(tiny_png(2, side_px=41), "image/png", "Studio")
    broken = bytearray(known.signed(tiny_png(3, side_px=42), "image/png", "Studio"))
    broken[-20] ^= 1  # a bit of its pixels
    upstream.says("four", trusted, home_made, bytes(broken), tiny_png(4, side_px=43))
    believing.told("four pictures")
    believing.pictures.first.locator("a.open").click()
    viewer = believing.page.locator("#viewer")
    seal, sheet = viewer.locator(".seal"), viewer.locator("#viewer-sheet")
    for word, said in (
        ("Signer trusted", "its signer “Studio” stands on the trust list"),
        ("Signer not verified", "It names “Studio”, which anybody could have written."),
        ("Changed since signing", "Believe nothing that it says."),
        ("No credential", "That says nothing of who made it."),
    ):
        expect(sheet.locator(".badge")).to_have_text(word)
        expect(sheet.locator(".origin")).to_contain_text(said)
        if word == "No credential":
            expect(seal).to_be_hidden()
        else:
            expect(seal).to_have_text(word)
        believing.page.keyboard.press("ArrowRight")
