"""What a person is told when the model fails: a sentence, a way on, and what had arrived."""

import pytest
from playwright.sync_api import expect

from tests.browser.screen import Screen
from tests.browser.upstream import Upstream
from tests.loopback import Reply, json_reply, sse, text_reply
from tests.wire_shapes import openai_chunk, openai_stream, tiny_png

pytestmark = pytest.mark.browser


def error(status: int, message: str) -> Reply:
    return json_reply({"error": {"message": message}}, status)


REFUSALS = {
    "bad request": (error(400, "The prompt is odd."), "The prompt is odd.", "Edit"),
    "wrong key": (error(401, "Incorrect API key"), "OPENAI_API_KEY", "Other model"),
    "too many": (error(429, "Slow down"), "Slow down", "Retry"),
    "broken server": (text_reply("<html>Bad gateway</html>", 502), "trouble on its side", "Retry"),
    "no JSON": (text_reply('{"choices": [{"mess', 200, "application/json"), "answer", "Retry"),
    "silence": (openai_stream([]), "empty answer", "Retry"),
}
"""By a word of the question: what comes, what is said of it, and the first way on."""


@pytest.mark.parametrize("word", REFUSALS)
def test_a_refusal_is_told_in_a_sentence_and_can_be_tried_again(
    screen: Screen, upstream: Upstream, word: str
) -> None:
    refused, sentence, way_on = REFUSALS[word]
    upstream.replies(word, refused, openai_stream(["Now it works."]))
    screen.ask(f"a case of {word}")
    failed = screen.ended("failed")
    expect(failed.get_by_role("alert")).to_contain_text(sentence)
    for secret in ("Traceback", "<html>", "openai.", "127.0.0.1"):
        expect(failed).not_to_contain_text(secret)
    expect(failed.locator(".next button").first).to_have_text(way_on)
    again = "Regenerate" if way_on == "Edit" else "Retry"
    failed.get_by_role("button", name=again).click()
    expect(screen.reply).to_contain_text("Now it works.")
    screen.ended()
    expect(screen.questions).to_have_count(1)


HALF = [openai_chunk({"content": "The half that came."})]
BREAKS = {
    "cut off": sse(*HALF, cut=True),
    "no finish": sse(*HALF),
    "half JSON": sse(*HALF, '{"id": "gen-1", "choices": [{"del'),
    "error inside": sse(*HALF, {"error": {"message": "Overloaded", "code": 503}}),
}


@pytest.mark.parametrize("word", BREAKS)
def test_what_came_before_a_break_is_kept(screen: Screen, upstream: Upstream, word: str) -> None:
    upstream.replies(word, BREAKS[word])
    screen.ask(f"a stream {word}")
    expect(screen.reply.locator(".notice")).to_be_visible()
    expect(screen.reply).to_contain_text("The half that came.")
    expect(screen.reply.get_by_role("button", name="Retry")).to_be_visible()
    screen.reload()
    expect(screen.reply.locator(".notice")).to_be_visible()
    expect(screen.reply).to_contain_text("The half that came.")


def test_a_blocked_picture_is_explained_and_the_words_can_be_changed(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("forbidden", finish="content_filter")
    screen.ask("a forbidden picture")
    blocked = screen.ended("blocked")
    expect(blocked).to_contain_text("Try other words")
    screen.questions.last.get_by_role("button", name="Edit").click()
    expect(screen.words).to_have_value("a forbidden picture")
    expect(screen.words).to_be_focused()


def test_words_instead_of_a_picture_are_an_answer(screen: Screen, upstream: Upstream) -> None:
    upstream.says("rather talk", "I would rather describe it.")
    expect(screen.told("draw, or rather talk")).to_contain_text("I would rather describe it.")
    expect(screen.pictures).to_have_count(0)


def test_a_picture_that_cannot_be_read_does_not_cost_the_words(
    screen: Screen, upstream: Upstream
) -> None:
    upstream.says("torn picture", "Here it is.", b"\x89PNG\r\n\x1a\nnothing", "And more.")
    reply = screen.told("a torn picture")
    for words in ("Here it is.", "could not be kept", "And more."):
        expect(reply).to_contain_text(words)


def test_a_reply_that_was_cut_by_its_length_says_so(screen: Screen, upstream: Upstream) -> None:
    upstream.says("too long", "Once upon a", tiny_png(3), finish="length")
    expect(screen.told("much too long")).to_contain_text("Cut short.")
    expect(screen.pictures).to_have_count(1)
