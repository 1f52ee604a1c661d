"""What is dictated at the message box, over HTTP."""

from typing import Annotated

from fastapi import Query, Request, Response

from chat.core.errors import MediaRejected
from chat.turns.app_state import AppState
from chat.turns.dictation import MAX_SPEECH_S, MAX_WAV_BYTES
from chat.web.api.answers import answer
from chat.web.api.dictation import Dictated
from chat.web.arrivals import Arrivals, TooSlow
from chat.web.bodies import declared_bytes
from chat.web.concurrency_limiter import Busy
from chat.web.faults import sentence
from chat.web.media import SLOW_AFTER_S, UPLOADS_ARRIVING, busy
from chat.web.owner import Owner
from chat.web.routes import Routes

TYPES = frozenset({"audio/wav", "audio/x-wav", "audio/wave"})

SLOW = "The recording arrived too slowly while others waited. Try again."
BUSY = "Easel is writing down what many others say. Try again in a moment."


def router(app_state: AppState) -> Routes:
    """``/api/dictation``: keeps nothing."""
    api = Routes("/api")
    dictation = app_state.engine.dictation
    arrivals = Arrivals(UPLOADS_ARRIVING, SLOW_AFTER_S)

    @api.post("/dictation", response_model=Dictated)
    async def write_down(
        owner: Owner, request: Request, model: Annotated[str, Query(max_length=300)] = ""
    ) -> Response:
        """The words of a recording: WAV, one channel, 16 bits, 16,000 Hz, at most five minutes.

        ``model`` is who will be asked with them; empty: the usual one.
        """
        # All that speaks against it is said before any of it is read.
        dictation.by(owner, model)
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind not in TYPES:
            raise MediaRejected("A recording is taken as WAV, one channel, 16 bits, 16,000 Hz.")
        if (declared_bytes(request.scope) or 0) > MAX_WAV_BYTES:
            raise MediaRejected(f"A recording may last {MAX_SPEECH_S // 60} minutes.")
        try:
            async with arrivals.one(owner) as arrival:
                recording = await arrival.body(request.stream())
                text = await dictation.written(owner, model, recording)
        except TooSlow:
            return sentence(408, SLOW)
        except Busy:
            return busy(BUSY)
        return answer(Dictated(text=text))

    return api
