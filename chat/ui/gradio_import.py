"""Gradio imported without what it does meanwhile and Easel has no use of.

Two things make up half the CPU of a start, and one of them a sixth of the memory at rest; a third
adds a sixth to both.
Source: gradio 6.31, read 2026-11-30.
"""

import importlib
import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType
from typing import Any


@contextmanager
def without_stubs() -> Iterator[None]:
    """No component's ``.pyi`` file is written.

    Each import parses the source of every component and writes its stub anew, although the package
    ships them; it leaves out a class that has no file. ``gradio/component_meta.py``,
    ``create_or_modify_pyi``.
    """
    getfile = inspect.getfile

    def no_file(thing: Any) -> str:
        if type(thing).__name__ == "ComponentMeta":
            raise OSError("its stub need not be written again")
        return getfile(thing)

    inspect.getfile = no_file  # type: ignore[assignment]
    try:
        yield
    finally:
        inspect.getfile = getfile


class _Later(ModuleType):
    """Stands for a module until something of it is asked for."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)  # ``inspect`` looks at every module's file
        return getattr(importlib.import_module(self.__name__), name)


@contextmanager
def later(name: str) -> Iterator[None]:
    """Whoever imports this module gets it once it uses it; an import afterwards is a usual one.

    ``gradio/caching.py`` imports pandas, to tell tables among the arguments of cached functions.
    """
    if name in sys.modules:
        yield
        return
    sys.modules[name] = _Later(name)
    try:
        yield
    finally:
        del sys.modules[name]


@contextmanager
def absent(name: str) -> Iterator[None]:
    """Whoever imports this module is told that there is none; an import afterwards is a usual one.

    ``gradio/mcp.py`` imports the SDK of the Model Context Protocol where it is installed, for a
    server of Gradio's own, which needs an older one and is never started here.
    """
    known = sys.modules.get(name)
    if known is not None:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[name]


with without_stubs(), later("pandas"), absent("mcp"):
    import gradio  # noqa: F401 - so that it is imported now
