"""Work on pictures in the studio, beside the same with Pillow and scikit-image in one process."""

import json
import subprocess
import sys
from pathlib import Path
from statistics import median

from tests.bench.edit_probe import SIDE_PX
from tests.bench.figures import Figure
from tests.bench.rig import Rig

_ROOT = Path(__file__).resolve().parents[2]
_DECODED_BYTES = SIDE_PX * SIDE_PX * 3
_MISSING = "not compared: scikit-image is not installed: make bench installs it"


def measure(rig: Rig) -> list[Figure]:
    """Medians of pairs; each pair is measured one after the other."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.bench.edit_probe", str(rig.rounds(9))],
        cwd=_ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    found = json.loads(run.stdout)
    own_s, usual_s = zip(*found["composite"], strict=True)
    compared = None not in usual_s
    return [
        Figure(
            "region composite of 2048 px, CPU against Pillow and skimage",
            median(own_s) / median(usual_s) if compared else float("nan"),
            "x",
            0.35 if compared else None,
            f"{median(own_s):.2f} s" + ("" if compared else f"; {_MISSING}"),
        ),
        Figure(
            "region composite of 2048 px, peak memory in decoded pictures",
            found["peak_bytes"] / _DECODED_BYTES,
            "x",
            8,
            "of 12.6 MB",
        ),
        _difference(found["difference"]),
    ]


def _difference(pairs: list[list[float]]) -> Figure:
    ratio = median(own / usual for own, usual in pairs)
    own_s = median(own for own, _ in pairs)
    return Figure(
        "difference view of 2048 px, CPU against Pillow", ratio, "x", 0.3, f"{own_s:.2f} s"
    )
