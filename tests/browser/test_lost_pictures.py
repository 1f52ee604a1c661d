"""A picture whose file is lost leaves a frame of its size that says so."""

import uuid
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.browser.watch import Watch
from tests.program import Program
from tests.wire_shapes import tiny_png

pytestmark = pytest.mark.browser

LOST = "The file of this picture is lost."


Sent = Callable[..., tuple[str, list[str]]]


@pytest.fixture
def sent(easel: Program) -> Iterator[Sent]:
    """Makes a conversation with a question that no page has seen yet, of these pictures.

    Gives its identifier and the names of the pictures. It is deleted afterwards: the library of
    another test would show what is lost here, and the browser would complain there.
    """
    made: list[str] = []
    lost: set[str] = set()

    def send(*pictures: bytes) -> tuple[str, list[str]]:
        conversation = str(easel.http.post("/api/conversations").json()["id"])
        made.append(conversation)
        shas = [str(easel.http.post("/api/media", content=data).json()["sha"]) for data in pictures]
        lost.update(shas)
        body = {"text": "look", "client_id": uuid.uuid4().hex, "pictures": shas}
        answer = easel.http.post(f"/api/conversations/{conversation}/messages", json=body)
        assert answer.status_code == 200, answer.text
        return conversation, shas

    yield send
    for conversation in made:
        easel.http.delete(f"/api/conversations/{conversation}").raise_for_status()
    shown = easel.http.get("/api/library").json()
    assert not lost & {each["sha"] for each in shown["pictures"]}


def lose(easel: Program, sha: str, *tails: str) -> None:
    for tail in tails:
        (easel.folder / "media" / sha[:2] / f"{sha}{tail}").unlink()


def test_a_lost_picture_leaves_a_frame_that_says_so_and_the_rest_is_shown(
    sent: Sent, screen: Screen, easel: Program, watch: Watch
) -> None:
    pictures = tiny_png(201, side_px=60), tiny_png(202, side_px=60)
    conversation, (gone, here) = sent(*pictures)
    lose(easel, gone, "", ".t768")
    watch.expect(f"404 {easel.address}/media/{gone}/thumb")
    screen.open(conversation).ended()
    frame = screen.page.locator(f'#messages [data-sha="{gone}"] .gone')
    expect(frame).to_have_text(LOST)
    expect(frame).to_have_attribute("role", "img")
    expect(screen.page.get_by_role("img", name=LOST).first).to_be_visible()
    whole = screen.page.locator(f'#messages [data-sha="{here}"]')
    expect(whole.locator(".gone")).to_have_count(0)
    was = whole.locator("img").bounding_box()
    now = frame.bounding_box()
    assert was is not None
    assert now is not None
    assert (round(now["width"]), round(now["height"])) == (
        round(was["width"]),
        round(was["height"]),
    )


def test_a_lost_picture_with_its_preview_says_so_at_full_size(
    sent: Sent, screen: Screen, easel: Program, watch: Watch
) -> None:
    conversation, (gone,) = sent(tiny_png(203, side_px=60))
    lose(easel, gone, "")
    watch.expect(f"404 {easel.address}/media/{gone}")
    screen.open(conversation).ended()
    screen.page.locator(f'#messages [data-sha="{gone}"] a.open').click()
    expect(screen.page.locator("#viewer .facts")).to_have_text(LOST)
