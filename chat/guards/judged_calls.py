"""The calls of tools in one answer, as they may be shown: while they are written, and whole."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from chat.core.events import CallDelta
from chat.core.growing_json import SHOWN_CHARACTERS, GrowingJson, begun_object
from chat.core.messages import new_id
from chat.core.parts import Json, ToolCall
from chat.guards.arguments import judged_json
from chat.guards.pipeline import GuardPipeline


@dataclass(slots=True)
class _Call:
    """One that is being written."""

    text: str = ""
    """What came of its arguments."""
    values: Mapping[str, Json] = field(default_factory=dict)
    """Those of them that are whole."""
    shown: GrowingJson = field(default_factory=GrowingJson)
    name_told: bool = False


class JudgedCalls:
    """The calls of one answer.

    A value is shown once it is whole, as the rules leave it: judged by what came of it so far, it
    might be let through in pieces that no rule knows.
    """

    def __init__(self, pipeline: GuardPipeline, tools: Collection[str]) -> None:
        """Judge by these rules; the name of any other tool than these is words of the model."""
        self._pipeline = pipeline
        self._tools = tools
        self._calls: dict[int, _Call] = {}
        self._judged: dict[str, str] = {}
        """Each text is judged once, however often it comes again while a call grows."""

    async def growth(self, event: CallDelta) -> CallDelta | None:
        """What may be shown now that this has come; ``None``: nothing new. Raises ``Blocked``."""
        if event.name not in self._tools:
            return None
        call = self._calls.setdefault(event.number, _Call())
        before = "" if event.anew else call.text
        call.text = (before + event.arguments)[:SHOWN_CHARACTERS]
        piece, anew = "", False
        values = begun_object(call.text, whole_values=True)
        if values is not None and values != call.values:
            call.values = values
            judged = await judged_json(values, self._judge)
            piece, anew = call.shown.grown_to(judged if isinstance(judged, Mapping) else {})
        if not piece and call.name_told:
            return None
        call.name_told = True
        return CallDelta(event.number, event.name, piece, anew)

    async def whole(self, call: ToolCall) -> ToolCall:
        """The call as it may be shown, run and kept. Raises ``Blocked``."""
        name = call.name if call.name in self._tools else await self._judge(call.name)
        arguments = await judged_json(call.arguments, self._judge)
        if (name, arguments) == (call.name, call.arguments):
            return call
        # It is not the call that was signed; some servers write the signature into the id.
        told = arguments if isinstance(arguments, Mapping) else {}
        return replace(call, call_id=new_id(), name=name, arguments=told, echo=None)

    async def _judge(self, text: str) -> str:
        if text not in self._judged:
            self._judged[text] = await self._pipeline.passed_text(text)
        return self._judged[text]
