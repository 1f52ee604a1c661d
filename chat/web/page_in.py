"""Gradio's page in another language: its panels are in the configuration that it carries.

What Gradio is told at the start is English. The texts in it that are ours, HTML of panels and
labels of settings, are put in the language of the page as it leaves.
"""

import json
import re
from typing import Any

from chat.core.languages import direction, say, speaking
from chat.web.page_html import in_language

_CONFIG = re.compile(rb"(window\.gradio_config = )(\{.*?\})(;</script>)", re.DOTALL)
_ROOT = re.compile(rb"<html\b[^<>]*>")
SAID = ("label", "info", "placeholder")


def page_in(page: bytes, to: str) -> bytes:
    """The page in a language that is not English."""
    with speaking(to):
        spoken = _CONFIG.sub(lambda found: found[1] + _config(found[2], to) + found[3], page, 1)
    root = f'<html lang="{to}" dir="{direction(to)}">'.encode("ascii")
    return _ROOT.sub(root, spoken, count=1)


def _config(written: bytes, to: str) -> bytes:
    told = json.loads(written)
    for component in told.get("components", ()):
        props: dict[str, Any] = component.get("props", {})
        for name in SAID:
            if isinstance(props.get(name), str) and props[name]:
                props[name] = say(props[name])
        if isinstance(props.get("html_template"), str):
            props["html_template"] = in_language(props["html_template"], to)
    # As Gradio writes it: what would end the script is no markup here.
    text = json.dumps(told, ensure_ascii=False, separators=(",", ":"))
    return text.translate(_ESCAPED).encode("utf-8")


_ESCAPED = {ord(each): f"\\u{ord(each):04x}" for each in "<>&'\u2028\u2029"}
