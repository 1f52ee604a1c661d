"""What a provider or tool sends, made fit to be stored, shown and sent again.

A lone surrogate or a NUL is carried by no wire and no database: one of them in a reply would
make its conversation unusable for good.
"""

from dataclasses import replace

from chat.core.events import ReasoningDelta, TextDelta
from chat.core.parts import Content, Image, Json, Text, ToolCall, ToolResult
from chat.core.text import clean_text
from chat.turns.reply import Event


def cleaned(event: Event) -> Event:
    """The same event with every text in it sound. Echoes stay as they are: they are not ours."""
    match event:
        case TextDelta() | ReasoningDelta():
            text = clean_text(event.text)
            return event if text is event.text else replace(event, text=text)
        case Image():
            return replace(event, alt=clean_text(event.alt))
        case ToolCall():
            return replace(event, name=clean_text(event.name), arguments=_json(event.arguments))
        case ToolResult():
            content = tuple(_item(item) for item in event.content)
            return replace(event, name=clean_text(event.name), content=content)


def _item(item: Content) -> Content:
    if isinstance(item, Text):
        return replace(item, text=clean_text(item.text))
    return replace(item, alt=clean_text(item.alt)) if isinstance(item, Image) else item


def _json(value: Json) -> Json:
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, dict):
        return {clean_text(str(key)): _json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_json(item) for item in value]
    return value
