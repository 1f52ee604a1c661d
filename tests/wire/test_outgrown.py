"""A conversation that has outgrown an endpoint goes on with what it takes, and says so."""

import base64
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chat.core.errors import RequestTooLarge
from chat.core.messages import Conversation, Message, new_id
from chat.core.models import Deployment, ModelCard
from chat.core.parts import Image, MediaRef, Part, Text, images, plain_text
from chat.gateway.limits import Budget, LearnedLimits, Load
from chat.providers.shared.replies.too_large import excess, nested
from chat.turns.outgoing import Outgoing
from chat.turns.request import fitted
from tests.loopback import Loopback, Reply, Request, json_reply, sse, text_reply
from tests.unit.turns.workshop import ME, png
from tests.wire.cloud import express
from tests.wire.doors import DOORS, DoorKind
from tests.wire.turn import WholeTurn

COLOURS = ("red", "green", "blue", "yellow", "purple", "orange", "black", "white")
SIX = [png(colour) for colour in COLOURS[:6]]

TALKING = [door for kind, door in DOORS.items() if kind in ("gemini", "openai_chat")]
TALKING.append(DOORS["openai_responses"])


def refusal(message: str, status: int = 400, **more: Any) -> Reply:
    return json_reply({"error": {"message": message, "code": status, **more}}, status)


def relayed(message: str) -> Reply:
    """As OpenRouter quotes what another server refused."""
    inner = f'{{"error": {{"message": "{message}", "type": "invalid_request_error"}}}}'
    metadata = {"raw": inner, "provider_name": "Azure"}
    return refusal("Provider returned error", metadata=metadata)


@dataclass
class Strict:
    """A server that takes so many of these pictures, and words, at once."""

    door: DoorKind
    refuses: Reply
    pictures: Sequence[bytes] = ()
    most: int = 1_000
    most_bytes: int = 10**9
    sent: list[list[int]] = field(default_factory=list)
    """Of each request: which of the pictures it held."""
    bodies: list[bytes] = field(default_factory=list)

    def __call__(self, request: Request) -> Reply:
        body = request.body.replace(b"-", b"+").replace(b"_", b"/")  # Google's SDK codes url-safe
        held = [at for at, data in enumerate(self.pictures) if _coded(data) in body]
        self.sent.append(held)
        self.bodies.append(request.body)
        too_much = len(held) > self.most or len(request.body) > self.most_bytes
        return self.refuses if too_much else self.door.good()


def _coded(data: bytes) -> bytes:
    return base64.b64encode(data).rstrip(b"=")[:-1]


class Long:
    """A whole turn under a conversation that is there already, as after a start of the program."""

    def __init__(self, door: DoorKind, url: str, **card: Any) -> None:
        endpoint = express(door.kind, url) if card.pop("cloud", False) else door.endpoint(url)
        self.turn = WholeTurn(endpoint, door.card(**card))
        self.conversation: Conversation
        self.asked = 0

    async def holds(self, *questions: Sequence[bytes] | str) -> None:
        """Begin with these questions, of pictures or of words, each answered."""
        library, store = self.turn.library, self.turn.store
        self.conversation = await library.new(ME)
        above = None
        for question in questions:
            parts: list[Part] = []
            if isinstance(question, str):
                parts.append(Text(question))
            else:
                kept = [await self.turn.pictures.keep(ME, data, "upload") for data in question]
                parts += [Image(ref, "upload") for ref, _ in kept]
                parts.append(Text("Look at this."))
            ids = new_id(), new_id()
            asked = Message(ids[0], self.conversation.id, above, "user", tuple(parts))
            said = Message(ids[1], self.conversation.id, ids[0], "assistant", (Text("I see."),))
            store.add([asked, said])
            above = ids[1]

    async def ask(self, words: str, *pictures: bytes) -> Message:
        """Ask under all that, and wait for the end."""
        self.asked += 1
        kept = [await self.turn.pictures.keep(ME, data, "upload") for data in pictures]
        shas = [ref.sha256 for ref, _ in kept]
        sent = Outgoing(f"client-{self.asked}", words, shas)
        started = await self.turn.engine.send(ME, self.conversation.id, sent)
        await self.turn.jobs.wait(started.reply_id)
        return self.turn.store.message(ME, started.reply_id)


def noted(reply: Message) -> str:
    return " ".join(reply.origin.notes) if reply.origin else ""


TOO_MANY: dict[str, Callable[[], Reply]] = {
    "413": lambda: text_reply("<html>413 Request Entity Too Large</html>", 413),
    "413 with a type": lambda: refusal("Too big.", 413, type="request_too_large"),
    "a code": lambda: refusal("No.", type="too_many_images"),
    "OpenAI": lambda: refusal("Too many images in request. Max is 3."),
    "Azure": lambda: refusal("Exceeded maximum number of images (3) allowed in the request."),
    "vLLM": lambda: refusal("At most 3 image(s) may be provided in one request."),
    "Anthropic": lambda: refusal("too many images and documents: 6 + 0 > 3"),
    "Google": lambda: refusal("Please use fewer than 4 images in your request to models/g-2.5"),
    "Vertex AI": lambda: refusal(
        "Unable to submit request because it has 6 image files but the model only supports up to 3."
    ),
    "OpenRouter": lambda: relayed("Exceeded maximum number of images (3) allowed in the request."),
    "LiteLLM": lambda: refusal(
        "litellm.BadRequestError: OpenAIException - Error code: 400 - {'error': {'message': "
        "'Too many images in request. Max is 3.', 'code': 400}}"
    ),
    "a relay": lambda: refusal("too many images in the message, max allowed is 3", 500),
    "Google, in bytes": lambda: refusal("Request payload size exceeds the limit: 300 bytes."),
}


def at_every_door(said: Sequence[str]) -> pytest.MarkDecorator:
    """Each refusal at each door that may say so: OpenRouter has no wire of Google's."""
    rows = [
        pytest.param(door, each, id=f"{door.kind}: {each}")
        for door in TALKING
        for each in said
        if (door.kind, each) != ("gemini", "OpenRouter")
    ]
    return pytest.mark.parametrize(("door", "said"), rows)


@at_every_door(list(TOO_MANY))
async def test_a_conversation_with_too_many_pictures_is_answered_from_its_newest(
    door: DoorKind, said: str
) -> None:
    strict = Strict(door, TOO_MANY[said](), SIX, most=3)
    with Loopback(strict) as server:
        long = Long(door, server.url)
        async with long.turn:
            await long.holds(*([picture] for picture in SIX))
            reply = await long.ask("Now make it blue.")
            assert reply.status == "complete", reply.finish
            assert strict.sent[0] == [0, 1, 2, 3, 4, 5]
            assert len(strict.sent) == 2, "asked once more, and once only"
            kept = strict.sent[1]
            assert kept == list(range(6 - len(kept), 6)), "the newest"
            assert 1 <= len(kept) <= 3
            assert "more pictures than Test model takes at once" in noted(reply)
            again = await long.ask("And green?")
            assert again.status == "complete"
            assert len(strict.sent) == 3, "the next turn begins with what fits"
            assert "more pictures than" in noted(again)
            assert len(images(again.parts)) == 1


@pytest.mark.parametrize("cloud", [True])
async def test_vertex_ai_answers_an_outgrown_conversation_too(cloud: bool) -> None:
    door = DOORS["gemini"]
    strict = Strict(door, TOO_MANY["Vertex AI"](), SIX, most=3)
    with Loopback(strict) as server:
        long = Long(door, server.url, cloud=cloud)
        async with long.turn:
            await long.holds(*([picture] for picture in SIX))
            reply = await long.ask("Now make it blue.")
    assert reply.status == "complete", reply.finish
    assert [len(held) for held in strict.sent] == [6, 3]


@pytest.mark.parametrize("door", TALKING, ids=lambda door: door.kind)
async def test_the_pictures_of_the_question_always_go(door: DoorKind) -> None:
    strict = Strict(door, TOO_MANY["OpenAI"](), [png(c) for c in COLOURS], most=3)
    with Loopback(strict) as server:
        long = Long(door, server.url)
        async with long.turn:
            await long.holds(*([picture] for picture in SIX))
            reply = await long.ask("Join these.", *(png(c) for c in COLOURS[6:]))
    assert reply.status == "complete", reply.finish
    assert strict.sent[1] == [5, 6, 7]


@pytest.mark.parametrize("said", ["413", "OpenAI"])
@pytest.mark.parametrize("door", TALKING, ids=lambda door: door.kind)
async def test_a_conversation_that_grows_past_the_limit_keeps_what_was_taken_before(
    door: DoorKind, said: str
) -> None:
    strict = Strict(door, TOO_MANY[said](), SIX, most=3)
    with Loopback(strict) as server:
        long = Long(door, server.url)
        async with long.turn:
            await long.holds()
            for number, picture in enumerate(SIX[:5]):
                reply = await long.ask(f"Question {number}", picture)
                assert reply.status == "complete", reply.finish
    asked = [held for held in strict.sent if len(held) > 3]
    assert len(asked) == 1, "refused once, never again"
    assert strict.sent[-1][-1] == 4


QUESTION_ALONE = {
    "OpenAI": ("takes at most 3 pictures at once, and this message has 4.", 1),
    "413": ("The 4 pictures of this message are too large for The test server.", 2),
}


@pytest.mark.parametrize("said", QUESTION_ALONE)
@pytest.mark.parametrize("door", TALKING, ids=lambda door: door.kind)
async def test_a_question_that_is_too_much_by_itself_is_told_so_and_spoils_nothing(
    door: DoorKind, said: str
) -> None:
    words, requests = QUESTION_ALONE[said]
    strict = Strict(door, TOO_MANY[said](), [png(c) for c in COLOURS], most=3)
    with Loopback(strict) as server:
        long = Long(door, server.url)
        async with long.turn:
            await long.holds(SIX[:1], SIX[1:2])
            reply = await long.ask("Join these.", *(png(c) for c in COLOURS[4:]))
            assert reply.status == "failed"
            assert reply.finish is not None
            assert words in reply.finish.message
            assert (reply.finish.native, reply.finish.billed) == ("RequestTooLarge", "no")
            assert len(strict.sent) == requests
            other = Long(door, server.url)
            other.turn = long.turn
            other.asked = 10
            await other.holds(SIX[:1], SIX[1:2])
            reply = await other.ask("Another conversation")
    assert reply.status == "complete"
    assert strict.sent[-1] == [0, 1], "its pictures still go, all of them"
    assert noted(reply) == ""


@pytest.mark.parametrize("kind", ["openai_images", "imagen"])
async def test_who_sees_no_history_is_not_asked_twice(kind: str) -> None:
    door = DOORS[kind]
    with Loopback([refusal("Too big.", 413), door.good()]) as server:
        long = Long(door, server.url, history=False)
        async with long.turn:
            await long.holds("Draw a fox", "And a hare")
            reply = await long.ask("Draw a hare. " * 50)
        assert len(server.requests) == 1
    assert reply.finish is not None
    assert "The message is too large for The test server. Shorten it" in reply.finish.message


async def test_a_long_array_of_pictures_on_the_images_wire_is_told_with_its_figure() -> None:
    door = DOORS["openai_images"]
    said = "Invalid 'image': array too long. Expected an array with maximum length 1, but got 2."
    with Loopback([refusal(said, type="array_above_max_length")]) as server:
        long = Long(door, server.url, history=False)
        async with long.turn:
            await long.holds()
            reply = await long.ask("Join these.", SIX[0], SIX[1])
    assert reply.finish is not None
    assert "takes one picture at once, and this message has 2." in reply.finish.message


TOO_LONG: dict[str, Callable[[], Reply]] = {
    "OpenAI": lambda: refusal(
        "This model's maximum context length is 8000 tokens. However, you requested 16000 tokens.",
        type="context_length_exceeded",
    ),
    "vLLM": lambda: refusal(
        "This model's maximum context length is 8000 tokens. However, you requested 16000 tokens."
    ),
    "Google": lambda: refusal(
        "The input token count (16000) exceeds the maximum number of tokens allowed (8000).",
        type="INVALID_ARGUMENT",
    ),
    "Google, without its count": lambda: refusal(
        "The input token count exceeds the maximum number of tokens allowed (8000).",
        type="INVALID_ARGUMENT",
    ),
    "Anthropic": lambda: refusal("prompt is too long: 16000 tokens > 8000 maximum"),
    "a code alone": lambda: refusal("No.", type="context_length_exceeded"),
    "llama.cpp": lambda: refusal(
        "request (16000 tokens) exceeds the available context size (8000 tokens), try increasing",
        type="exceed_context_size_error",
    ),
    "OpenRouter": lambda: relayed(
        "This endpoint's maximum context length is 8000 tokens. However, you requested 16000 tokens"
    ),
    "LiteLLM": lambda: refusal(
        "litellm.ContextWindowExceededError: litellm.BadRequestError: AnthropicError - prompt is "
        "too long: 16000 tokens > 8000 maximum"
    ),
    "nginx": lambda: text_reply("<html>413 Request Entity Too Large</html>", 413),
}


@at_every_door(list(TOO_LONG))
async def test_a_conversation_of_too_many_words_is_answered_from_its_end(
    door: DoorKind, said: str
) -> None:
    strict = Strict(door, TOO_LONG[said](), most_bytes=50_000)
    with Loopback(strict) as server:
        long = Long(door, server.url)
        async with long.turn:
            await long.holds(*(f"wish {number} " + 12_000 * "." for number in range(6)))
            reply = await long.ask("What was my last wish?")
            assert reply.status == "complete", reply.finish
            assert len(strict.bodies) == 2
            assert b"wish 0" in strict.bodies[0]
            assert b"wish 5" in strict.bodies[1]
            assert b"What was my last wish?" in strict.bodies[1]
            assert b"wish 0" not in strict.bodies[1]
            assert "longer than Test model takes at once: its first" in noted(reply)
            again = await long.ask("And now?")
            assert again.status == "complete"
            assert len(strict.bodies) == 3


@pytest.mark.parametrize("door", TALKING, ids=lambda door: door.kind)
async def test_a_single_message_that_is_too_long_is_told_so_at_once(door: DoorKind) -> None:
    strict = Strict(door, TOO_LONG["Google"](), most_bytes=10_000)
    with Loopback(strict) as server:
        long = Long(door, server.url)
        async with long.turn:
            await long.holds()
            reply = await long.ask("word " * 5_000)
    assert len(strict.bodies) == 1
    assert reply.finish is not None
    assert "This message alone holds more than Test model takes at once." in reply.finish.message


@pytest.mark.parametrize("door", TALKING, ids=lambda door: door.kind)
async def test_an_error_inside_the_stream_counts_as_long_as_nothing_has_come(
    door: DoorKind,
) -> None:
    message = "Too many images in request. Max is 3."
    error = {"message": message, "code": 400, "status": "INVALID_ARGUMENT"}
    event = {"error": error} if door.kind == "gemini" else {"error": error, "type": "error"}
    strict = Strict(door, sse(event), SIX, most=3)
    with Loopback(strict) as server:
        long = Long(door, server.url)
        async with long.turn:
            await long.holds(*([picture] for picture in SIX))
            reply = await long.ask("Now make it blue.")
    assert reply.status == "complete", reply.finish
    assert strict.sent[1] == [3, 4, 5]


@pytest.mark.parametrize("message", ["The image is odd.", "You may ask for at most 4 images."])
@pytest.mark.parametrize("door", TALKING, ids=lambda door: door.kind)
async def test_another_refusal_is_not_tried_again(door: DoorKind, message: str) -> None:
    with Loopback([refusal(message), door.good()]) as server:
        long = Long(door, server.url)
        async with long.turn:
            await long.holds(*([picture] for picture in SIX))
            reply = await long.ask("Now make it blue.")
        assert len(server.requests) == 1
    assert reply.finish is not None
    assert reply.finish.native == "Rejected"


def test_a_refusal_inside_a_refusal_is_found_only_where_it_is_one() -> None:
    assert list(nested({"metadata": {"raw": "{half"}})) == [{"message": "{half"}]
    assert list(nested({"metadata": {"raw": "[" * 9_000}})) == [{"message": "[" * 9_000}]
    assert list(nested({"metadata": {"raw": 30_000 * "x"}})) == []
    assert list(nested({"metadata": 7})) == []
    assert excess(429, (), "Too many images in request. Max is 3.") is None


SMALL = Load(6, 1, 100, (100,) * 5, 9_000, 10)
PLACE = Deployment("e", "w")


def learned(over: Any, most: int | None = None, load: Load = SMALL) -> Budget | None:
    return LearnedLimits().smaller(PLACE, RequestTooLarge("No.", over, most), load)


def test_an_unsaid_limit_costs_no_more_than_it_must() -> None:
    assert learned("pictures") == Budget(pictures=2)
    assert learned("bytes") == Budget(bytes=200)
    many = Load(41, 1, 100, (100,) * 40, 60_000, 10)
    assert learned("pictures", load=many) == Budget(pictures=11)
    one = Load(1, 0, 0, (8_000_000,), 2_000, 4)
    assert learned("bytes", load=one) == Budget(bytes=2_000_000), "it is made smaller"
    assert learned("bytes", load=replace(one, earlier_bytes=(9,))) == Budget(pictures=0)
    assert learned("pictures", 0, one) == Budget(pictures=0)
    limits = LearnedLimits()
    limits.took(PLACE, dict.fromkeys("abcde", b""))
    assert limits.smaller(PLACE, RequestTooLarge("No.", "pictures"), SMALL) == Budget(pictures=5)
    assert limits.of(PLACE) == Budget(), "a guess is learned when it has proved true"


WIDE = ModelCard("m", "e", "w", "The Model", max_input_images=50)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(
    history=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 400)), max_size=12),
    own=st.integers(0, 3),
    most=st.none() | st.integers(0, 12),
    most_bytes=st.none() | st.integers(0, 2_000),
    most_tokens=st.none() | st.integers(0, 20_000),
)
def test_whatever_is_left_out_is_older_than_what_is_sent(
    history: list[tuple[int, int]],
    own: int,
    most: int | None,
    most_bytes: int | None,
    most_tokens: int | None,
) -> None:
    branch: list[Message] = []
    count = 0

    def asked(pictures: int, letters: int) -> Message:
        nonlocal count
        parts: list[Part] = []
        for _ in range(pictures):
            ref = MediaRef(f"{count:064}", "image/png", 100, 4, 4)
            parts.append(Image(ref, "upload"))
            count += 1
        return Message("q", "c", None, "user", (*parts, Text("w" * letters + "!")))

    for pictures, letters in history:
        branch += [asked(pictures, letters), Message("a", "c", None, "assistant", (Text("ok"),))]
    branch.append(asked(own, 10))
    budget = Budget(most, most_bytes, most_tokens)
    fitting = fitted(WIDE, branch, False, budget)
    sent = [int(i.media.sha256) for m in fitting.messages for i in images(m.parts)]
    assert sent == list(range(count - len(sent), count)), "the newest, in their order"
    assert len(sent) >= own, "the question's own are always among them"
    assert fitting.left_out.pictures == count - len(sent)
    assert fitting.messages[0].role == "user"
    assert plain_text(fitting.messages[-1].parts) == "w" * 10 + "!"
    assert fitting.left_out.messages == len(branch) - len(fitting.messages)
    if most is not None:
        assert len(sent) <= max(most, own)
