"""Earlier conversations of the same person, found by their words."""

from chat.core.errors import ToolFailed
from chat.core.ports import ConversationHit, Conversations
from chat.core.quoting import quoted
from chat.core.tools import ToolContext
from chat.tools.schema import Needs, with_facts

MAX_QUERY_CHARS = 200
MAX_FOUND = 20
_TITLE_CHARS = 120
_EXCERPT_CHARS = 400


@with_facts(
    reach="Reads your own conversations here, for a model to quote. Changes nothing, and nothing "
    "leaves but what the model is told.",
)
def search_conversations(
    query: str, store: Needs[Conversations], context: ToolContext, most: int = 8
) -> str:
    """Find earlier conversations of this user by words, the most recently used first.

    Args:
        query: words that a conversation must all contain, in any case; empty for the latest.
        store: where conversations are.
        context: whose they are.
        most: how many to tell at most, from 1 to 20.
    """
    if not 1 <= most <= MAX_FOUND:
        raise ToolFailed(f"Ask for 1 to {MAX_FOUND} conversations.")
    if len(query) > MAX_QUERY_CHARS:
        raise ToolFailed(f"Search for at most {MAX_QUERY_CHARS} characters.")
    # One more than is told says whether there are more.
    hits = store.search(context.owner, query.strip(), most + 1)
    if not hits:
        return "No conversation holds all of these words." if query.strip() else "There is none."
    told = "\n\n".join(_told(number, hit) for number, hit in enumerate(hits[:most], 1))
    more = "\n\nThere are more; search for further words." if len(hits) > most else ""
    return quoted("What was found in the user's own conversations", told) + more


def _told(number: int, hit: ConversationHit) -> str:
    kept = hit.conversation
    title = " ".join(kept.title.split())[:_TITLE_CHARS] or "Untitled"
    excerpt = " ".join(hit.excerpt.split())[:_EXCERPT_CHARS]
    lines = [
        f"{number}. {title}",
        f"   Last used {kept.updated_at:%Y-%m-%d}; opens at ?c={kept.id}",
    ]
    return "\n".join([*lines, f"   “{excerpt}”"] if excerpt else lines)
