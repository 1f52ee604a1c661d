"""One line of JSON in the log for each call of a model."""

import json
import logging

from chat.core.messages import Status
from chat.telemetry.call import Call
from chat.telemetry.names import call_attributes
from chat.telemetry.words import word_attributes

log = logging.getLogger("easel.calls")


class CallLog:
    """Writes calls to the logger ``easel.calls``; whose formatter takes keys out."""

    def __init__(self, *, keeps_words: bool = False) -> None:
        """Write questions and answers too, if told so."""
        self._keeps_words = keeps_words

    @property
    def keeps_words(self) -> bool:
        """Whether questions and answers are written."""
        return self._keeps_words

    def began(self, conversation_id: str, turn_id: str, owner: str) -> None:
        """Nothing: a turn without calls needs no line."""

    def called(self, call: Call) -> None:
        """Write the line."""
        if not log.isEnabledFor(logging.INFO):
            return
        line = {"started_at": call.started_at.isoformat(), "total_s": round(call.total_s, 3)}
        line |= call_attributes(call)
        if self._keeps_words:
            line |= word_attributes(call)
        text = json.dumps(line, ensure_ascii=False, default=str)
        log.info("%s", text, extra={"fields": line})

    def ended(self, turn_id: str, status: Status) -> None:
        """Nothing: the calls have been told."""

    def close(self) -> None:
        """Nothing is left to write."""
