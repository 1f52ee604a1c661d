"""Gradio lives here: the page and its panels."""

import inspect
from typing import Any

_getfile = inspect.getfile


def _no_file(thing: Any) -> str:
    if type(thing).__name__ == "ComponentMeta":
        raise OSError("its stub need not be written again")
    return _getfile(thing)


# Each import of Gradio parses the source of every component and writes its ``.pyi`` file anew,
# although the package ships them: half the CPU of a start. It leaves out a class that has no file.
# Source: gradio/component_meta.py of 6.31, ``create_or_modify_pyi``, read 2026-11-29.
inspect.getfile = _no_file  # type: ignore[assignment]
try:
    import gradio  # noqa: F401 - so that it is imported now
finally:
    inspect.getfile = _getfile
