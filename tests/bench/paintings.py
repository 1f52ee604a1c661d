"""A reply that is a picture of 1.6 MB: what is written, what is sent, what it costs."""

import time
from statistics import median

from tests.bench.figures import Figure
from tests.bench.orders import paint, photo
from tests.bench.rig import Rig

SETTLE_S = 1.0


def measure(rig: Rig) -> list[Figure]:
    """Several pictures, each in a conversation of its own; the first only warms the decoder."""
    spent, sent, files, written = [], [], [], []
    for number in range(rig.rounds(5) + 1):
        tag = rig.tag()
        with rig.easel_page() as talk:
            talk.rest()
            before = _stored(rig)
            before_s, before_bytes = rig.easel.process.cpu_s(), rig.easel.wire.down_bytes
            talk.ask(paint(tag))
            talk.wait_for_end(tag)
            time.sleep(SETTLE_S)
            if number:
                spent.append(rig.easel.process.cpu_s() - before_s)
                sent.append(rig.easel.wire.down_bytes - before_bytes)
                new = [size for name, size in _stored(rig).items() if name not in before]
                files.append(len(new))
                written.append(sum(new) - len(photo(tag)))
    original_kb = len(photo("any")) / 1e3
    thumbnail_kb = median(written) / 1e3
    return [
        Figure("picture reply, CPU with the decoder", median(spent), "s", 0.1),
        Figure("picture reply, files: original, thumbnail", max(files), "", 2),
        Figure(
            "picture reply, written beside the original",
            thumbnail_kb,
            "kB",
            original_kb / 4,
            f"original {original_kb:.0f} kB",
        ),
        Figure(
            "picture reply, sent", median(sent) / 1e3, "kB", thumbnail_kb + 16, "thumbnail + 16"
        ),
    ]


def _stored(rig: Rig) -> dict[str, int]:
    """Every file of the media folder with its size in bytes."""
    folder = rig.data / "media"
    return {str(path): path.stat().st_size for path in folder.rglob("*") if path.is_file()}
