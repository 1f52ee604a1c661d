"""How a turn ends in the store, also where the store refuses for a while."""

import asyncio
import logging
from dataclasses import replace

from chat.core.errors import StorageError
from chat.core.events import Saved
from chat.core.messages import Finish, Message
from chat.core.ports import Conversations
from chat.turns.jobs import Job

log = logging.getLogger(__name__)

SAVE_AGAIN_S = 1.0
SAVE_ATTEMPTS = 600


async def save_end(job: Job, conversations: Conversations, message: Message) -> bool:
    """Save the final state and tell the watchers; false where the store refused.

    They are told at once either way, with the reason where it was not saved.
    """
    saved = True
    try:
        await asyncio.to_thread(conversations.update, message)
    except StorageError as error:
        log.exception("reply %s could not be saved", job.id)
        unsaved = Finish("error", type(error).__name__, str(error))
        message, saved = replace(message, status="failed", finish=unsaved), False
    job.message = message
    job.publish(Saved(message))
    return saved


async def save_late(conversations: Conversations, message: Message) -> bool:
    """Try again once a second until the store takes it; whether it did in the end."""
    for _ in range(SAVE_ATTEMPTS):
        await asyncio.sleep(SAVE_AGAIN_S)
        try:
            await asyncio.to_thread(conversations.update, message)
        except StorageError:
            continue
        log.info("reply %s is saved after all", message.id)
        return True
    log.error("reply %s was never saved: the store refused for too long", message.id)
    return False
