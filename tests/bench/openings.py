"""Opening a conversation of 200 messages and 100 pictures: bytes, time and memory."""

import time
from statistics import median

from playwright.sync_api import Page

from tests.bench.figures import Figure
from tests.bench.rig import Rig, Server
from tests.bench.seed import ALBUM_MESSAGES

PICTURES = ALBUM_MESSAGES // 2
LAST = f"This was message {ALBUM_MESSAGES - 1}."
SETTLE_S = 1.5
"""For pictures near the last message to arrive."""

LOOK_MS = 20


def measure(rig: Rig) -> list[Figure]:
    """Each round opens the conversation in Easel and in the yardstick."""
    album = rig.yardstick("--messages", str(ALBUM_MESSAGES), "--album", str(rig.folder))
    ours, theirs, ratios, sizes = [], [], [], []
    for _ in range(rig.rounds(3)):
        took_s, sent_bytes = _ours(rig)
        yard_s = _theirs(rig, album)
        ours.append(took_s)
        theirs.append(yard_s)
        ratios.append(took_s / yard_s)
        sizes.append(sent_bytes)
    return [
        Figure("opening 200 messages, bytes", median(sizes) / 1e6, "MB", 1.0),
        Figure("opening 200 messages, time", median(ours), "s"),
        Figure(
            "opening 200 messages, time / yardstick",
            median(ratios),
            "x",
            0.5,
            f"yardstick {median(theirs):.2f} s",
        ),
        Figure("memory for each old picture", _memory_mb(rig), "MB", 0.1),
    ]


def _ours(rig: Rig) -> tuple[float, int]:
    """Seconds until the last message stands there, and bytes until all is at rest."""
    with rig.easel_page() as talk:
        row = talk.page.locator(f'.row[data-id="{rig.seeded.album}"] a')
        row.wait_for()
        before_bytes, began_s = rig.easel.wire.down_bytes, time.perf_counter()
        row.click()
        wait_for_last(talk.page)
        took_s = time.perf_counter() - began_s
        time.sleep(SETTLE_S)
        return took_s, rig.easel.wire.down_bytes - before_bytes


def _theirs(rig: Rig, server: Server) -> float:
    """Seconds until the yardstick shows the last message after a click."""
    page = rig.page()
    page.goto(server.wire.url)
    page.locator("#open").wait_for()
    began_s = time.perf_counter()
    page.locator("#open").click()
    wait_for_last(page)
    took_s = time.perf_counter() - began_s
    page.context.close()
    return took_s


def wait_for_last(page: Page) -> None:
    """Return when the last message is drawn within the window."""
    page.wait_for_function(
        """(last) => {
            const rows = document.querySelectorAll('#messages article, #chat [data-testid=bot]');
            for (const row of [...rows].slice(-3)) {
                const box = row.getBoundingClientRect();
                const seen = box.height > 0 && box.top < innerHeight && box.bottom > 0;
                if (seen && row.textContent.includes(last)) return true;
            }
            return false;
        }""",
        arg=LAST,
        polling=LOOK_MS,
        timeout=60_000,
    )


def _memory_mb(rig: Rig) -> float:
    """What the server holds longer for having shown every picture of the conversation."""
    before_bytes = rig.easel.process.rss_bytes()
    with rig.easel_page(rig.seeded.album) as talk:
        shown = talk.page.locator("#messages article")
        older = talk.page.locator("#older:visible")
        while shown.count() < ALBUM_MESSAGES:
            count = shown.count()
            older.click()
            shown.nth(count).wait_for(state="attached")
        talk.page.evaluate(
            """async () => {
                const pictures = [...document.querySelectorAll('#messages .pic img')];
                for (const picture of pictures) picture.loading = 'eager';
                await Promise.all(pictures.map((picture) => picture.decode()));
            }"""
        )
        held_bytes = rig.easel.process.rss_bytes() - before_bytes
    return held_bytes / PICTURES / 1e6
