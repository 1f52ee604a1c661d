"""Words for the end of a reply that other vendors and their servers use, read in any case.

    end, end_turn, eos, eos_token, stop_sequence, COMPLETE ...    the model was done
    MAX_TOKENS, model_length, token_limit ...                     it reached a limit
    tool_use, TOOL_CALL ...                                       it wants a tool run

Sources, 2026-11-29: the APIs of Anthropic, Cohere, Mistral, Bedrock's Converse, Ollama, TGI, vLLM,
watsonx and Dify, as their documentations list them.
"""

import re
from dataclasses import replace

from chat.core.messages import Finish
from chat.providers.shared.replies.endings import filtered, length, unknown

_DONE = frozenset(
    """stop end endturn endofturn endoftext endofsequence eos eostoken eosfound eot eotid imend
    stoptoken stopsequence stopsequencereached stopstring stopword stopreason stopped stoppedbyeos
    naturalstop messagestop responsecompleted turncomplete pauseturn ok done complete completed
    finish finished success succeeded normal natural s""".split()  # noqa: SIM905  # readable so
)
_LIMIT = frozenset(
    """length limit lengthlimit maxtokens maxtoken maxlength maxoutputtokens maxnewtokens
    maxnewtoken maxcompletiontokens modellength tokenlimit tokenlimitreached errorlimit truncated
    incomplete contextlength contextwindow maxcontextwindow modelcontextwindowexceeded
    contextlengthexceeded""".split()  # noqa: SIM905  # readable so
)
_TOOLS = frozenset(
    """toolcalls toolcall tooluse tool functioncall functioncalls""".split()  # noqa: SIM905  # readable so
)
_RULES = frozenset(
    """contentfilter contentfiltered contentfilterstop contentpolicy contentpolicyviolation
    policyviolation filtered flagged blocked moderation harmful risk guardrailintervened refusal
    safety sensitive errortoxic prohibitedcontent""".split()  # noqa: SIM905  # readable so
)
_FAILED = frozenset(
    """error network_error failed failure cancelled canceled abort""".split()  # noqa: SIM905  # readable so
)
_NO_LETTER = re.compile(r"[^a-z0-9]")
"""What one vendor writes between the letters and another does not."""


def finish_of_word(word: str) -> Finish | None:
    """The finish that a word stands for; ``None``: it is not known."""
    plain = _NO_LETTER.sub("", word[:80].lower())
    plain = plain.removeprefix("finishreason").removeprefix("stopreason") or plain
    if plain in _DONE:
        return Finish("stop", word)
    if plain in _LIMIT:
        return length(word)
    if plain in _TOOLS:
        return Finish("tool_calls", word)
    if plain in _RULES:
        return filtered(word, "unknown")
    return None


def noted(finish: Finish, *, answered: bool) -> Finish:
    """The finish; after an answer a word that nobody knows is a remark and no failure."""
    if finish.kind != "error" or not answered:
        return finish
    if finish not in (unknown(finish.native), unknown("")):
        return finish
    if finish.native.strip().lower() in _FAILED:
        return finish
    return replace(finish, kind="stop", actions=())
