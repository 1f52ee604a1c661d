"""Recognises a refusal because a request told of tools.

No server has a code for it: Google says ``INVALID_ARGUMENT``, others ``invalid_request_error`` or
nothing. So under a status that refuses the request as it stands the sentence is read, in the forms
that servers are known to make; what is said in other words stays a plain refusal.
"""

import re

READ_CHARS = 2_000
"""So much of a sentence is read; what matters stands at its beginning."""

_REFUSES = frozenset({None, 400, 404, 405, 422, 500, 501})
"""Statuses under which a sentence is read; ``None`` is an error in a stream."""

_TOOLS = r"(?:tool[ -]?(?:use|calls?|calling|choice)|tools?|function[ -]?call(?:s|ing)?|functions)"

_FORMS = (
    # Google, of the models that draw; Mistral
    r"\bfunction calling is not (?:enabled|supported)\b",
    r"\btool use with function calling is unsupported\b",
    # Ollama, DeepSeek, Bedrock, xAI
    rf"\b(?:does not|doesn['’]t|do not|cannot|can['’]t) support (?:the )?[`'\"]?{_TOOLS}\b",
    # Groq, Together, Azure, OpenAI
    rf"\b{_TOOLS}[`'\"]? (?:is|are) (?:not |un)(?:supported|enabled|available|allowed)\b",
    r"\bunsupported parameter: [`'\"](?:tools|functions|tool_choice)[`'\"]",
    r"\bunrecognized request arguments? supplied: [^.]{0,60}\b(?:tools|functions)\b",
    # OpenRouter, under status 404
    r"\bno endpoints found that support tool use\b",
    # vLLM, llama.cpp
    r"\btool choice requires --enable-auto-tool-choice\b",
    r"\btools param requires --jinja\b",
    # LiteLLM, before it asks anybody
    r"\bdoes not support parameters: \[[^\]]{0,80}['\"](?:tools|functions)['\"]",
)
"""What servers say, from their sources and from reports."""

_SENTENCES = tuple(re.compile(form, re.IGNORECASE) for form in _FORMS)


def refuses_tools(status: int | None, said: object) -> bool:
    """Whether a request was refused because it told of tools.

    Args:
        status: the HTTP status; ``None`` for an error without one.
        said: the sentence of the error.
    """
    if status not in _REFUSES or not isinstance(said, str):
        return False
    words = said[:READ_CHARS]
    return any(form.search(words) for form in _SENTENCES)
