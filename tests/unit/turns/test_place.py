"""An exchange that no model wrote: a picture operation leaves a question and a finished reply."""

import pytest

from chat.core.errors import NotFound
from chat.core.lineage import versions
from chat.core.messages import STUDIO
from chat.core.parts import Derivation, Image, Text, plain_text
from chat.turns.outgoing import Outgoing
from tests.unit.turns.workshop import ME, Workshop, png


async def test_what_was_done_stands_in_the_conversation_with_its_lineage() -> None:
    shop = Workshop([])
    conversation = await shop.begin()
    sofa, _ = await shop.pictures.keep(ME, png("red"), "upload")
    crop, _ = await shop.pictures.keep(ME, png("blue"), "tool")
    made = Image(crop, "tool", "A sofa", derivation=Derivation((sofa.sha256,), "crop", {"x": 1}))
    done = Outgoing("once", "Crop", [sofa.sha256])
    started = await shop.engine.place(ME, conversation.id, done, [made])
    again = await shop.engine.place(ME, conversation.id, done, [made])
    assert again.reply_id == started.reply_id
    question, reply = shop.store.tree(ME, conversation.id)
    assert plain_text(question.parts) == "Crop"
    assert (reply.parts, reply.status, reply.origin) == ((made,), "complete", STUDIO)
    assert shop.store.get(ME, conversation.id).title == "Crop"
    assert shop.store.spending(ME, conversation.id).unpriced == 0
    assert versions([question, reply])[1].parents == (sofa.sha256,)
    assert shop.provider.requests == []


async def test_nothing_is_left_of_one_that_names_a_picture_of_somebody_else() -> None:
    shop = Workshop([])
    conversation = await shop.begin()
    theirs, _ = await shop.pictures.keep("somebody", png(), "upload")
    done = Outgoing("once", "Crop", [theirs.sha256])
    with pytest.raises(NotFound):
        await shop.engine.place(ME, conversation.id, done, [Text("done")])
    assert shop.store.tree(ME, conversation.id) == []
