"""A server's tool, as one of Easel's."""

import json
from collections.abc import Mapping, Sequence
from typing import Protocol

import mcp_types as types
from jsonschema.protocols import Validator

from chat.core.calling import ToolSpec
from chat.core.errors import ToolFailed
from chat.core.parts import Json
from chat.core.tools import ToolContext, ToolFacts, ToolOutput
from chat.mcp.contents import outputs_of
from chat.mcp.names import shown_name, wire_name
from chat.mcp.schemas import Unusable, check_of, for_models, words, written_out, wrong_in
from chat.mcp.settings import Address, ServerSettings

MAX_NAME_CHARACTERS = 200


class Caller(Protocol):
    """Who takes a call to the server."""

    async def call(
        self, tool: str, arguments: Mapping[str, Json], context: ToolContext
    ) -> types.CallToolResult:
        """Call a tool by the server's name for it. Raises ``ToolFailed``."""
        ...


class McpTool:
    """Implements ``chat.core.tools.Tool``."""

    def __init__(self, server: ServerSettings, told: types.Tool, caller: Caller) -> None:
        """Make it of what the server tells.

        Raises:
            Unusable: it cannot be offered; the words say why.
        """
        if not 0 < len(told.name) <= MAX_NAME_CHARACTERS:
            raise Unusable("has no name, or one that is too long")
        self._name = told.name
        self._caller = caller
        self._secrets = server.secrets
        written = written_out(told.input_schema)
        self._check = check_of(written)
        self._answers = _answers(told.output_schema)
        self._title = shown_name(server.id, told.name)
        self._spec = ToolSpec(
            wire_name(server.id, told.name),
            words(told.description) or words(told.title) or self._title,
            for_models(written),
        )
        rule = server.rule_for(told.name)
        reach = _reach(server, told.annotations)
        self._facts = ToolFacts(server.title, reach, rule.policy, rule.always_asks, rule.timeout_s)

    @property
    def spec(self) -> ToolSpec:
        """What models are told."""
        return self._spec

    @property
    def title(self) -> str:
        """``server.tool``: what a server calls its tool beside that may pretend to be another."""
        return self._title

    @property
    def facts(self) -> ToolFacts:
        """What people are told. Nothing in it is allowed by what the server says of itself."""
        return self._facts

    async def run(
        self, arguments: Mapping[str, Json], context: ToolContext
    ) -> Sequence[ToolOutput]:
        """Check the arguments by the server's own schema, and call it."""
        wrong = await context.in_thread(lambda: wrong_in(self._check, arguments))
        if wrong:
            raise ToolFailed(wrong)
        result = await self._caller.call(self._name, arguments, context)
        return await context.in_thread(lambda: self._outputs(result))

    def _outputs(self, result: types.CallToolResult) -> Sequence[ToolOutput]:
        outputs = outputs_of(result, self._title, self._secrets)
        if self._answers is not None and wrong_in(
            self._answers, {"answer": result.structured_content}
        ):
            raise ToolFailed(f"{self._title} answered otherwise than it says that it does.")
        return outputs


def _answers(schema: Mapping[str, Json] | None) -> Validator | None:
    """What checks structured answers; ``None``: the tool promises none that could be checked."""
    if schema is None:
        return None
    try:
        return check_of({"type": "object", "properties": {"answer": written_out(schema)}})
    except Unusable:
        return None


def same(one: types.Tool, other: types.Tool) -> bool:
    """Whether a server tells the same of a tool as before, to the letter."""
    first, second = (
        json.dumps(each.model_dump(mode="json"), sort_keys=True) for each in (one, other)
    )
    return first == second


def _reach(server: ServerSettings, claims: types.ToolAnnotations | None) -> str:
    if isinstance(server.place, Address):
        host = server.place.url.partition("://")[2].partition("/")[0]
        sentences = [f"The arguments go to {host}, which the host has set up."]
    else:
        sentences = ["Runs in a program on this machine, which the host has set up."]
    said = []
    if claims is not None:
        said += ["only reads"] if claims.read_only_hint else []
        said += ["may destroy something"] if claims.destructive_hint else []
        said += ["reaches the world outside"] if claims.open_world_hint else []
    if said:
        sentences.append(f"By its own account it {' and '.join(said)}.")
    return " ".join(sentences)
