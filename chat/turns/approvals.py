"""Calls that the user decides on: asked, decided, denied. Values to values; nothing is run here.

A decision holds for what was shown: it carries the digest of the tool and of the arguments, and a
call whose digest is another one now is asked for again.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from chat.core.conversation_settings import ConversationSettings
from chat.core.errors import CapabilityError, Conflict
from chat.core.messages import Finish, Message, now
from chat.core.parts import Asked, Decision, Json, Text, ToolCall, ToolResult, unanswered, undecided
from chat.core.text import clean_text
from chat.core.tool_digests import call_digest, shown_digest, tool_digest
from chat.core.tools import Tool
from chat.tools.tool_policy import acts, policy_of

MAX_WORD_CHARACTERS = 500
MAX_REACH_CHARACTERS = 400
MAX_TITLE_CHARACTERS = 80
MAX_HINT_CHARACTERS = 200
MAX_HINTS = 60

NOT_ALLOWED = "The user did not allow this."
MAY_HAVE_RUN = "Easel stopped while this ran, so it may have done its work already."
CHANGED = "The tool has changed since you were asked."
NOT_AS_ALLOWED = "The tool has changed since you allowed it here."
CHANGED_LOOK = f"{CHANGED} Look at the call again."

DECIDED = "This was decided on already, in another window or by the time that ran out."
OTHER_CALLS = "The calls are not those that were shown. Look at them again."
ALWAYS_ASKS = "This tool is asked for each time: it can be allowed once, or denied."

STOPPED = "You stopped it, so nothing more was run."
WENT_ON = "You went on without a decision, so nothing was run."
TIME_IS_UP = "Nobody decided in time, so nothing was run."
MODEL_IS_GONE = "Nothing was run."


@dataclass(frozen=True, slots=True)
class CallDecision:
    """What a user decides on one call."""

    call_id: str
    digest: str
    """Of what they were shown."""
    choice: Decision
    word: str = ""
    """To the model, with a denial."""


def asked_for(
    call: ToolCall,
    tool: Tool | None,
    *,
    begun: bool = False,
    changed: bool = False,
    outgrown: bool = False,
) -> ToolCall:
    """A call as the user is asked for it.

    Args:
        call: what the model wants.
        tool: what is called; ``None``: it is not there, and the user is asked as they were before.
        begun: Easel ended while it ran. How often is said, so that no time is decided on by what
            was decided before.
        changed: it is another tool than the user was asked for.
        outgrown: it is another tool than the user had allowed for the conversation.
    """
    known = call.asked or Asked("", call.name)
    times = known.begun + begun
    # Once it was begun, it was the tool as it had become that was decided on.
    changed = changed or (not begun and CHANGED in known.note)
    notes = (
        _may_have_run(times),
        NOT_AS_ALLOWED if outgrown or NOT_AS_ALLOWED in known.note else "",
        CHANGED if changed else "",
    )
    note = " ".join(filter(None, notes))
    if tool is None:
        again = known.digest if known.note == note else shown_digest(known.digest, note)
        asked = replace(known, digest=again, note=note, begun=times, decision="", word="")
        return replace(call, asked=asked)
    facts = tool.facts
    asked = Asked(
        digest_of(call, tool, note),
        clean_text(tool.title)[:MAX_TITLE_CHARACTERS],
        clean_text(facts.source)[:MAX_TITLE_CHARACTERS],
        clean_text(facts.reach)[:MAX_REACH_CHARACTERS],
        _hints(tool),
        facts.always_asks,
        note,
        times,
    )
    return replace(call, asked=asked)


def _may_have_run(times: int) -> str:
    return MAY_HAVE_RUN + (f" That was so {times} times." if times > 1 else "") if times else ""


def digest_of(call: ToolCall, tool: Tool, note: str) -> str:
    """What a decision on a call is bound to, as it is shown with this note."""
    return shown_digest(call_digest(tool, call.arguments), note)


def _hints(tool: Tool) -> dict[str, str]:
    told = tool.spec.parameters.get("properties")
    hints: dict[str, str] = {}
    for name, form in told.items() if isinstance(told, Mapping) else ():
        hint = form.get("description") if isinstance(form, Mapping) else None
        if isinstance(hint, str) and hint and len(hints) < MAX_HINTS:
            hints[name[:MAX_TITLE_CHARACTERS]] = clean_text(hint)[:MAX_HINT_CHARACTERS]
    return hints


def denied(call: ToolCall, word: str = "") -> ToolResult:
    """The answer to a call that was not allowed; one that may have run before says so."""
    told = [NOT_ALLOWED]
    if call.asked is not None and call.asked.begun:
        told.append(MAY_HAVE_RUN)
    if word:
        told.append(f"They say: {word}")
    return ToolResult(call.call_id, call.name, (Text(" ".join(told)),), failed=True)


def check(
    reply: Message,
    decisions: Sequence[CallDecision],
    tools: Mapping[str, Tool],
    settings: ConversationSettings,
) -> None:
    """Refuse decisions that do not fit what waits, or that cannot be carried out now.

    Raises:
        CapabilityError: a tool that always asks was to be allowed for good; or a tool was switched
            off or denied meanwhile, or is gone.
        Conflict: what is decided on is not what waits: it was decided on already, or differs.
    """
    calls = {call.call_id: call for call in undecided(reply.parts)}
    if reply.status != "waiting" or not calls:
        raise Conflict(DECIDED)
    named = {decision.call_id for decision in decisions}
    if named != calls.keys() or len(decisions) != len(named):
        raise Conflict(OTHER_CALLS)
    for decision in decisions:
        call = calls[decision.call_id]
        assert call.asked is not None, "it waits for a decision"
        if decision.digest != call.asked.digest:
            raise Conflict(OTHER_CALLS)
        if decision.choice != "deny":
            _must_run(call, decision.choice, tools.get(call.name), settings)


def _must_run(
    call: ToolCall, choice: Decision, tool: Tool | None, settings: ConversationSettings
) -> None:
    title = call.asked.title if call.asked else call.name
    if not settings.tools_on:
        raise CapabilityError("Tools are switched off here. Switch them on, or deny the call.")
    if tool is None:
        raise CapabilityError(f"The tool “{title}” is not there any more. It can only be denied.")
    if policy_of(call.name, tool, settings.tool_policy, settings.tool_schemas) == "deny":
        raise CapabilityError(f"The tool “{title}” is denied in this conversation by now.")
    if choice == "conversation" and tool.facts.always_asks:
        raise CapabilityError(ALWAYS_ASKS)


def changed_since(reply: Message, tools: Mapping[str, Tool]) -> Message | None:
    """The reply with every call asked for anew whose tool is another by now; ``None``: none is."""
    anew: dict[str, ToolCall] = {}
    for call in undecided(reply.parts):
        tool, asked = tools.get(call.name), call.asked
        if tool and asked and asked.digest != digest_of(call, tool, asked.note):
            anew[call.call_id] = asked_for(call, tool, changed=True)
    return replace(_with(reply, anew), finished_at=now()) if anew else None


def _with(message: Message, calls: Mapping[str, ToolCall]) -> Message:
    """The message with these calls, by their ids, in place of what they were."""
    parts = tuple(
        calls.get(part.call_id, part) if isinstance(part, ToolCall) else part
        for part in message.parts
    )
    return replace(message, parts=parts)


def decided(reply: Message, decisions: Sequence[CallDecision]) -> Message:
    """The reply with what was decided, ready for a turn to go on with it.

    Raises:
        Conflict: it waits no longer, or for something else.
    """
    calls = {call.call_id: call for call in undecided(reply.parts)}
    made = {decision.call_id: decision for decision in decisions}
    if reply.status != "waiting" or calls.keys() != made.keys():
        raise Conflict(DECIDED)

    marked: dict[str, ToolCall] = {}
    for call_id, decision in made.items():
        asked = calls[call_id].asked
        if asked is None or asked.digest != decision.digest:
            raise Conflict(DECIDED)
        word = clean_text(decision.word).strip()[:MAX_WORD_CHARACTERS]
        said = replace(asked, decision=decision.choice, word=word)
        marked[call_id] = replace(calls[call_id], asked=said)
    return replace(_with(reply, marked), status="queued", finish=None, finished_at=None)


def given_up(reply: Message, sentence: str) -> Message:
    """The reply at its end, with everything denied that waited.

    Raises:
        Conflict: it waits no longer.
    """
    if reply.status != "waiting":
        raise Conflict(DECIDED)
    billed = reply.finish.billed if reply.finish is not None else "unknown"
    answers = tuple(denied(call) for call in unanswered(reply.parts))
    finish = Finish("cancelled", message=sentence, billed=billed, actions=("retry", "edit"))
    return replace(
        reply, parts=(*reply.parts, *answers), status="stopped", finish=finish, finished_at=now()
    )


def allowed_from_now_on(
    settings: ConversationSettings, names: Sequence[str], tools: Mapping[str, Tool]
) -> dict[str, Json]:
    """What changes in the settings of a conversation when tools are allowed as they are now."""
    return {
        "tool_policy": {**settings.tool_policy, **dict.fromkeys(names, "allow")},
        "tool_schemas": {
            **settings.tool_schemas,
            **{name: tool_digest(tools[name]) for name in names},
        },
    }


def after_a_crash(message: Message, tools: Mapping[str, Tool]) -> Message | None:
    """A reply that was alive when Easel ended, as it waits for the user again; ``None``: it ends.

    What had been decided counts no more: a call that had begun may have done its work, and one
    that had not is shown again.
    """
    at_work = message.finish is not None and message.finish.kind == "tool_calls"
    anew: dict[str, ToolCall] = {}
    for call in unanswered(message.parts):
        tool, asked = tools.get(call.name), call.asked
        begun = at_work and not (asked and not asked.decision)
        # A tool that is not there, or not yet, may have been one that acts.
        if asked or (begun and (tool is None or acts(tool))):
            anew[call.call_id] = asked_for(call, tool, begun=begun)
    if not anew:
        return None
    return replace(
        _with(message, anew), status="waiting", finish=Finish("tool_calls"), finished_at=now()
    )
