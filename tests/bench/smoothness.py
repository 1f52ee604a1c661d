"""What a reader feels of the page at work: what jumps while a reply comes, how long a key takes.

Also how soon a conversation stands that is opened by its address in a browser that has nothing of
it, beside the same conversation in Gradio's own chat.
"""

import time
from statistics import median

from playwright.sync_api import Page

from tests.bench.figures import Figure
from tests.bench.main_thread import longest_task
from tests.bench.openings import SETTLE_S, wait_for_last
from tests.bench.orders import paint, say
from tests.bench.rig import Rig
from tests.bench.seed import ALBUM_MESSAGES, LONG_MESSAGES

PIECES, RATE_HZ = 300, 60
TYPED = "Make the boats smaller, and the evening light a little warmer."

SHIFTS = """() => {
    window.shifts = [];
    new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) if (!shift.hadRecentInput) shifts.push(shift.value);
    }).observe({ type: "layout-shift" });
}"""


def measure(rig: Rig) -> list[Figure]:
    """Three measurements, one after the other."""
    return [*_shifts(rig), *_typing(rig), *_cold(rig)]


def _shifts(rig: Rig) -> list[Figure]:
    """The sum of all layout shifts of a reply, in a conversation that is higher than the window."""
    sums = []
    for _ in range(rig.rounds(3)):
        first, tag = rig.tag(), rig.tag()
        with rig.easel_page() as talk:
            talk.ask(say(PIECES, 1_000, first))
            talk.wait_for_end(first)
            talk.rest()
            talk.page.evaluate(SHIFTS)
            talk.ask(f"{paint(tag)} {say(PIECES, RATE_HZ, tag)}")
            talk.wait_for_end(tag)
            talk.rest()
            sums.append(float(talk.page.evaluate("shifts.reduce((sum, each) => sum + each, 0)")))
    note = f"of {len(sums)} rounds: {', '.join(f'{each:.4f}' for each in sums)}"
    return [Figure("picture reply streams, layout shift", max(sums), "", 0.02, note)]


def _typing(rig: Rig) -> list[Figure]:
    """Every message of a long conversation is in the page; what is typed goes key by key."""
    longest = []
    with rig.easel_page(rig.seeded.long) as talk:
        page = talk.page
        _show_all(page)
        talk.rest()
        page.locator("#words").focus()
        for _ in range(rig.rounds(5)):
            page.locator("#words").fill("")
            talk.rest()
            with longest_task(page) as task:
                page.keyboard.type(TYPED)
            longest.append(task[0])
    note = f"of {len(longest)} rounds: {', '.join(f'{each:.1f}' for each in longest)}"
    name = f"typing behind {LONG_MESSAGES} messages, main thread at a stretch"
    return [Figure(name, median(longest), "ms", 16, note)]


def _show_all(page: Page) -> None:
    shown, older = page.locator("#messages article"), page.locator("#older:visible")
    while shown.count() < LONG_MESSAGES:
        count = shown.count()
        older.click()
        shown.nth(count).wait_for(state="attached")


def _cold(rig: Rig) -> list[Figure]:
    """By its address, with nothing kept: the page, its scripts, the conversation, its pictures."""
    album = rig.yardstick("--messages", str(ALBUM_MESSAGES), "--album", str(rig.folder), "--shown")
    theirs_url = album.wire.url
    ours_url = f"{rig.easel.wire.url}/?c={rig.seeded.album}"
    ours, theirs, sizes = [], [], []
    for _ in range(rig.rounds(5)):
        before_bytes = rig.easel.wire.down_bytes
        ours.append(_opened(rig, ours_url))
        sizes.append(rig.easel.wire.down_bytes - before_bytes)
        theirs.append(_opened(rig, theirs_url))
    ratio = median(mine / other for mine, other in zip(ours, theirs, strict=True))
    note = f"{median(ours):.2f} s; yardstick {median(theirs):.2f} s"
    name = "opening 200 messages on a cold page"
    return [
        Figure(f"{name}, time / yardstick", ratio, "x", 0.8, note),
        Figure(f"{name}, bytes", median(sizes) / 1e6, "MB", 0.8),
    ]


def _opened(rig: Rig, url: str) -> float:
    """Seconds until the last message stands in the window."""
    page = rig.page()
    began_s = time.perf_counter()
    page.goto(url, wait_until="commit")
    wait_for_last(page)
    took_s = time.perf_counter() - began_s
    time.sleep(SETTLE_S)
    page.context.close()
    return took_s
