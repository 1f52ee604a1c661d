"""Works on two pictures of 2048 × 2048 as Easel does and as one would with Pillow and scikit-image.

Started by :mod:`tests.bench.edits` in a process of its own, so that its memory is its own: prints
one JSON object. Seconds are of processor time, of all threads. Both ways read the same files and
end with a file; the usual way writes a PNG as Pillow writes it when nobody says how.
"""

import json
import sys
import time
from collections.abc import Callable
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageOps, ImageStat

from chat.images.compare import compare_task
from chat.images.limits import Limits
from chat.images.region import composite_task

SIDE_PX = 2048
BOX = (700, 600, 1400, 1300)
LIMITS = Limits()


def files() -> tuple[bytes, bytes, bytes]:
    """A source, an answer that is 3 px off and 1.004 times as large, and a mask."""
    random = np.random.default_rng(4)
    coarse = random.integers(0, 256, (64, 64, 3)).astype(np.uint8)
    picture = Image.fromarray(coarse).resize((SIDE_PX, SIDE_PX), Image.Resampling.BICUBIC)
    grain = random.normal(0, 6, (SIDE_PX, SIDE_PX, 3))
    levels = np.clip(np.asarray(picture) + grain, 0, 255).astype(np.uint8)
    source = Image.fromarray(levels)
    moved = source.transform(
        source.size,
        Image.Transform.AFFINE,
        (1 / 1.004, 0, -3, 0, 1 / 1.004, -3),
        Image.Resampling.BICUBIC,
    )
    ImageDraw.Draw(moved).ellipse((800, 700, 1300, 1200), fill="crimson")
    mask = Image.new("L", source.size)
    mask.paste(255, BOX)
    return _file(source, "JPEG", quality=92), _file(moved, "JPEG", quality=92), _file(mask, "PNG")


def usual_composite(source: bytes, answer: bytes, mask: bytes) -> bytes:
    """Register, warp and blend the whole picture."""
    from skimage.registration import phase_cross_correlation
    from skimage.transform import AffineTransform, warp

    one, other, region = (Image.open(BytesIO(data)) for data in (source, answer, mask))
    answered = other.resize(one.size, Image.Resampling.LANCZOS)
    shift, _, _ = phase_cross_correlation(
        np.asarray(one.convert("L")), np.asarray(answered.convert("L")), upsample_factor=10
    )
    where = AffineTransform(translation=(-shift[1], -shift[0]))
    laid = warp(np.asarray(answered), where, order=3, preserve_range=True).astype(np.uint8)
    soft = region.filter(ImageFilter.GaussianBlur(12))
    made = Image.composite(Image.fromarray(laid), one, soft)
    return _file(made, "PNG")


def usual_difference(before: bytes, after: bytes) -> bytes:
    """Subtract, count, colour and lay over grey."""
    one, other = (Image.open(BytesIO(data)).convert("RGB") for data in (before, after))
    apart = ImageChops.difference(one, other)
    ImageStat.Stat(apart)
    grey = apart.convert("L")
    changed = grey.point(lambda level: 255 * (level > 16))
    changed.histogram()
    changed.getbbox()
    heat = ImageOps.colorize(grey, "black", "yellow", mid="red")
    return _file(Image.composite(heat, one.convert("L").convert("RGB"), changed), "PNG")


def main() -> None:
    """Measure so many pairs as the first argument says."""
    source, answer, mask = files()
    has_skimage = find_spec("skimage") is not None
    job = {"feather_px": 24, "output": "png"}
    ways: dict[str, tuple[Callable[[], Any], Callable[[], Any] | None]] = {
        "composite": (
            lambda: composite_task(job, [source, answer, mask], LIMITS),
            (lambda: usual_composite(source, answer, mask)) if has_skimage else None,
        ),
        "difference": (
            lambda: compare_task({"align": False, "view": True}, [source, answer], LIMITS),
            lambda: usual_difference(source, answer),
        ),
    }
    # A small one first: what libraries take when they are loaded is no cost of a picture.
    small = [
        _file(Image.open(BytesIO(each)).resize((64, 64)), "PNG") for each in (source, answer, mask)
    ]
    composite_task(job, small, LIMITS)
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before_bytes = _peak_bytes()
    composite_task(job, [source, answer, mask], LIMITS)
    found: dict[str, Any] = {"peak_bytes": _peak_bytes() - before_bytes}
    for name, (own, usual) in ways.items():
        found[name] = [
            [_cpu_s(own), _cpu_s(usual) if usual else None] for _ in range(int(sys.argv[1]))
        ]
    print(json.dumps(found))  # noqa: T201


def _file(image: Image.Image, form: str, **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def _cpu_s(work: Callable[[], Any]) -> float:
    began_s = time.process_time()
    work()
    return time.process_time() - began_s


def _peak_bytes() -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


if __name__ == "__main__":
    main()
