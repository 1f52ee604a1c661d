"""What a model hands to a tool: JSON, whose every word and number is read as text."""

from collections.abc import Awaitable, Callable, Mapping

from chat.core.parts import Json

Judge = Callable[[str], Awaitable[str]]


async def judged_json(value: Json, judge: Judge) -> Json:
    """The value with every text in it as the judge leaves it, keys too.

    A number that had to be altered becomes a text. Raises what the judge raises.
    """
    if isinstance(value, str):
        return await judge(value)
    if isinstance(value, Mapping):
        return {await judge(key): await judged_json(item, judge) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [await judged_json(item, judge) for item in value]
    if isinstance(value, int | float) and not isinstance(value, bool):
        judged = await judge(str(value))
        return value if judged == str(value) else judged
    return value
