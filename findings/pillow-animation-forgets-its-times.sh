#!/bin/sh
# Pillow 12.3.0, an animation opened and saved as another kind with save_all=True.
#
# One would guess that each frame is shown as long as before: as GIF and as PNG it is, from each
# frame's own info["duration"].
# Seen: as WebP every frame has the time of the first, and as AVIF one millisecond, so that a slide
# show of three seconds is three milliseconds long; an AVIF that is saved as AVIF once more is, too.
# WebP forgets as well how often to play. There is no warning; duration=[...] and loop= say it.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" install --quiet --disable-pip-version-check pillow==12.3.0
"$place/venv/bin/python" - <<'PYTHON'
import io

import PIL
from PIL import Image

TIMES_MS = [500, 1000, 1500]
FRAMES = [Image.new("RGB", (16, 16), name) for name in ("red", "lime", "blue")]


def animation(form: str) -> Image.Image:
    file = io.BytesIO()
    more = {"save_all": True, "append_images": FRAMES[1:], "duration": TIMES_MS, "loop": 2}
    FRAMES[0].save(file, form, **more)
    return Image.open(file)


def times(image: Image.Image) -> list[int]:
    found = []
    for at in range(image.n_frames):
        image.seek(at)
        image.load()
        found.append(round(image.info["duration"]))
    image.seek(0)
    return found


print("pillow", PIL.__version__)
seen = {}
for source in ("GIF", "PNG", "WEBP", "AVIF"):
    for target in ("GIF", "PNG", "WEBP", "AVIF"):
        image = animation(source)
        before = times(image)
        file = io.BytesIO()
        image.save(file, target, save_all=True)
        again = Image.open(file)
        seen[source, target] = times(again)
        plays = f"plays {image.info.get('loop')} -> {again.info.get('loop')}"
        print(f"{source:4} {before} -> {target:4} {seen[source, target]} {plays}")
for (source, target), found in seen.items():
    due = {"WEBP": [500] * 3, "AVIF": [1] * 3}.get(target, TIMES_MS)
    if found != due:
        raise SystemExit(f"changed: from {source} to {target} the times are {found}")
PYTHON
