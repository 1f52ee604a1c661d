"""Paints the small pictures that the page shows with what can be asked for.

    python .ci/sample_pictures.py

They are what Sketch makes of the words, so that nobody is promised more: one for each idea that it
offers (``chat.sketch.answering.honesty``), and one for each example of the first page.
"""

import asyncio
import io
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from PIL import Image  # noqa: E402

from chat.core.tools import Picture  # noqa: E402
from chat.sketch.answering.honesty import MORE_IDEAS  # noqa: E402
from chat.tools.chart import chart  # noqa: E402
from tests.unit.sketch.conversation import Talk  # noqa: E402

SAMPLES = ROOT / "assets" / "samples"
SIZE_PX = (288, 192)


def slug(words: str) -> str:
    """The name of the picture of an idea; ``assets/js/ideas.js`` makes the same of the words."""
    return re.sub(r"[^a-z0-9]+", "-", words.lower()).strip("-")


def bars() -> bytes:
    """The chart of the example that uses a tool."""
    (drawn,) = chart("bar", "Chart", ["apples", "pears", "plums"], [12, 7, 19])
    assert isinstance(drawn, Picture)
    return drawn.data


async def painted(words: str, *pictures: bytes) -> bytes:
    """The first picture of the answer to words."""
    return (await Talk().ask(words, *pictures)).shown[0].data


def keep(name: str, data: bytes) -> None:
    """Save a picture small, cut to the shape of the others."""
    with Image.open(io.BytesIO(data)) as image:
        wide, high = SIZE_PX
        scale = max(wide / image.width, high / image.height)
        whole = image.convert("RGB").resize(
            (max(wide, round(image.width * scale)), max(high, round(image.height * scale))),
            Image.Resampling.LANCZOS,
        )
    left, top = (whole.width - wide) // 2, (whole.height - high) // 2
    cut = whole.crop((left, top, left + wide, top + high))
    cut.save(SAMPLES / f"{name}.webp", "WEBP", quality=74, method=6)
    print(f"{name}.webp", (SAMPLES / f"{name}.webp").stat().st_size)


async def main() -> None:
    """Paint all of them."""
    (SAMPLES / "ideas").mkdir(exist_ok=True)
    for words in MORE_IDEAS:
        keep(f"ideas/{slug(words)}", await painted(words))
    photo = (SAMPLES / "living-room.jpg").read_bytes()
    keep("example-paint", await painted("a lighthouse by the sea at sunset with three birds"))
    keep("example-edit", await painted("Make the sofa green", photo))
    recipe = await Talk().ask("An illustrated recipe for tomato soup in 3 steps")
    keep("example-story", recipe.shown[2].data)
    keep("example-tool", bars())


if __name__ == "__main__":
    asyncio.run(main())
