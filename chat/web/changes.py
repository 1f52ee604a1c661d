"""What edits changed over HTTP: asked for by a page that shows them."""

from fastapi import Response

from chat.core.languages import resaid, say
from chat.render.difference_words import difference_words
from chat.turns.app_state import AppState
from chat.turns.changes import Change, Changes
from chat.web.api.answers import answer
from chat.web.api.pictures import ChangeOfPicture, ChangesOfReply
from chat.web.api.values import Id
from chat.web.owner import Owner
from chat.web.routes import Routes


def router(app_state: AppState) -> Routes:
    """``/api/messages/{id}/changes``."""
    api = Routes()
    changes = Changes(app_state.conversations, app_state.studio)

    @api.get("/api/messages/{message_id}/changes", response_model=ChangesOfReply)
    async def of_reply(owner: Owner, message_id: Id) -> Response:
        found = await changes.of(owner, message_id)
        return answer(ChangesOfReply(changes=[_told(each) for each in found]))

    return api


def _told(change: Change) -> ChangeOfPicture:
    words = difference_words(change.difference)
    spoken = (
        f"{words} {say('The reply says: {words}', words=resaid(change.said))}"
        if change.said
        else words
    )
    return ChangeOfPicture(sha=change.sha256, before=change.before, words=words, spoken=spoken)
