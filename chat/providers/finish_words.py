"""Words for the end of a reply that other vendors and their servers use, read in any case.

    end, end_turn, eos, eos_token, stop_sequence, COMPLETE ...    the model was done
    MAX_TOKENS, model_length, token_limit ...                     it reached a limit
    tool_use, TOOL_CALL ...                                       it wants a tool run

Sources, 2026-11-29: the APIs of Anthropic, Cohere, Mistral, Bedrock's Converse, Ollama, TGI, vLLM,
watsonx and Dify, as their documentations list them.
"""

from dataclasses import replace

from chat.core.messages import Finish
from chat.providers.endings import filtered, length, unknown

_DONE = frozenset(
    """stop end end_turn endturn end_of_turn end_of_text eos eos_token eot stop_token
    stop_sequence stop_sequence_reached stopped done complete completed finish
    finished success succeeded normal natural""".split()  # noqa: SIM905  # readable so
)
_LIMIT = frozenset(
    """length max_tokens max_token max_length max_output_tokens max_new_tokens
    model_length token_limit error_limit max_context_window
    model_context_window_exceeded context_length_exceeded""".split()  # noqa: SIM905  # readable so
)
_TOOLS = frozenset(
    """tool_calls tool_call tool_use tool function_call function_calls""".split()  # noqa: SIM905  # readable so
)
_RULES = frozenset(
    """content_filter content_filtered content_filter_stop filtered
    guardrail_intervened refusal safety sensitive error_toxic prohibited_content""".split()  # noqa: SIM905  # readable so
)
_FAILED = frozenset(
    """error network_error failed failure cancelled canceled abort""".split()  # noqa: SIM905  # readable so
)


def finish_of_word(word: str) -> Finish | None:
    """The finish that a word stands for; ``None``: it is not known."""
    plain = word.strip().strip("<>|").lower().replace("-", "_").replace(" ", "_")
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
    if not answered or finish not in (unknown(finish.native), unknown("")):
        return finish
    if finish.native.strip().lower() in _FAILED:
        return finish
    return replace(finish, kind="stop", actions=())
