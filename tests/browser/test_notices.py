"""A reply that was refused: why, whether it was billed, and a way on that is one press away."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Locator, expect

from chat.core.messages import Conversation, Finish, Message, Origin, Status, new_id
from chat.core.parts import Text
from chat.settings import Settings
from chat.turns.app_state import LOCAL_OWNER
from chat.turns.rewording import ASK
from storage.open import open_conversations
from tests.browser.screen import Screen
from tests.browser.test_access import violations
from tests.browser.upstream import DRAWS, Upstream, question
from tests.program import Program

pytestmark = pytest.mark.browser

NOTE = "The first choice was busy; a stand-in answered."
PROMPT = "A duel in the style of Some Painter"
REFUSED = Finish(
    "blocked", "IMAGE_RECITATION", "The picture came too close to a protected work.", "no",
    ("reword", "other_model", "retry", "edit"),
)  # fmt: skip
CASES: dict[str, tuple[Status, Finish]] = {
    "refused": ("blocked", REFUSED),
    "reworded": ("blocked", REFUSED),
    "declined": ("blocked", REFUSED),
    "unknown": ("blocked", replace(REFUSED, billed="unknown", message="No reason was given.")),
    "wordy": ("complete", Finish("stop", "STOP", actions=("ask_picture",))),
    "fine": ("complete", Finish("stop", "stop", "Made from your last message alone.")),
}


def seeded(folder: Path) -> dict[str, str]:
    """A conversation for each case in a data folder; their ids."""
    folder.mkdir()
    store = open_conversations(Settings(data=folder).database_url)
    ids: dict[str, str] = {}
    for case, (status, finish) in CASES.items():
        conversation = Conversation(new_id(), LOCAL_OWNER, case, model=f"openai-image:{DRAWS}")
        origin = Origin("openai_chat", "openai", f"openai-image:{DRAWS}", notes=(NOTE,))
        asked = Message(new_id(), conversation.id, None, "user", (Text(PROMPT),))
        reply = Message(
            new_id(), conversation.id, asked.id, "assistant", (Text("Words."),), status, finish,
            origin, finished_at=asked.created_at,
        )  # fmt: skip
        store.create(conversation)
        store.add([asked, reply])
        ids[case] = conversation.id
    store.close()
    return ids


@pytest.fixture(scope="module")
def stored(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Mapping[str, str]]:
    folder = tmp_path_factory.mktemp("refusals") / "data"
    return folder, seeded(folder)


@pytest.fixture(scope="module")
def program(stored: tuple[Path, Mapping[str, str]], upstream: Upstream) -> Iterator[Program]:
    with Program(stored[0], **upstream.environ) as running:
        yield running


@pytest.fixture
def opened(screen: Screen, stored: tuple[Path, Mapping[str, str]]) -> Callable[[str], Screen]:
    """Opens the conversation of a case."""
    return lambda case: screen.open(stored[1][case])


def notice(screen: Screen) -> Locator:
    return screen.reply.locator(".notice")


def press(screen: Screen, label: str) -> None:
    screen.reply.locator(".notice, .nudge").get_by_role("button", name=label).click()


def test_the_cause_the_bill_and_the_ways_on_stand_under_the_reply(
    opened: Callable[[str], Screen],
) -> None:
    case = opened("refused")
    expect(notice(case)).to_contain_text("The model declined.")
    expect(notice(case)).to_contain_text("too close to a protected work. Not billed.")
    labels = ["Reword…", "Other model", "Retry", "Edit"]
    expect(notice(case).get_by_role("button")).to_have_text(labels)
    expect(case.reply.locator(".notes")).to_have_text(NOTE)
    expect(case.reply.locator(".cost")).to_have_count(0)
    assert violations(case.page) == []


def test_whether_it_was_billed_may_be_unknown(opened: Callable[[str], Screen]) -> None:
    expect(notice(opened("unknown"))).to_contain_text("It is not known whether this was billed.")


def test_reword_proposes_other_words_and_sends_them_only_on_send(
    opened: Callable[[str], Screen], upstream: Upstream
) -> None:
    case = opened("reworded")
    press(case, "Reword…")
    expect(case.page.locator("#editing")).to_contain_text("A proposal.")
    expect(case.words).to_be_focused()
    proposal = case.words.input_value()
    assert proposal.startswith("A duel in an original style\n\n")
    assert upstream.asked("duel") == []
    case.send.click()
    expect(case.questions.locator(".versions > span")).to_have_text("2/2")
    case.ended()
    assert [question(request) for request in upstream.asked("duel")] == [proposal]
    # What was refused stays within reach.
    case.questions.get_by_role("button", name="Earlier version").click()
    expect(notice(case)).to_be_visible()


def test_a_proposal_can_be_declined_and_the_draft_comes_back(
    opened: Callable[[str], Screen], upstream: Upstream
) -> None:
    case = opened("declined")
    case.words.fill("half a thought")
    press(case, "Reword…")
    expect(case.page.locator("#editing")).to_be_visible()
    case.words.press("Escape")
    expect(case.words).to_have_value("half a thought")
    assert upstream.asked("duel") == []


def test_other_model_opens_the_menu(opened: Callable[[str], Screen]) -> None:
    case = opened("refused")
    press(case, "Other model")
    expect(case.models).to_be_visible()


def test_words_instead_of_a_picture_can_be_answered_with_one_press(
    opened: Callable[[str], Screen], upstream: Upstream
) -> None:
    screen = opened("wordy")
    nudge = screen.reply.locator(".nudge")
    expect(nudge).to_contain_text("Words came where a picture was asked for.")
    expect(notice(screen)).to_have_count(0)
    assert violations(screen.page) == []
    press(screen, "Ask for the picture")
    expect(screen.words).to_have_value(f"{PROMPT}\n\n{ASK}")
    screen.send.click()
    expect(screen.questions.locator(".versions > span")).to_have_text("2/2")
    screen.ended()
    [request] = upstream.asked("duel")
    assert question(request).endswith(ASK)


def test_a_note_stands_under_the_words_and_is_not_among_them(
    opened: Callable[[str], Screen], upstream: Upstream
) -> None:
    screen = opened("fine")
    notes = screen.reply.locator(".notes li")
    expect(notes).to_have_text([NOTE, "Made from your last message alone."])
    expect(screen.reply.locator(".body")).to_have_text("Words.")
    screen.told("go on")
    assert "Made from" not in upstream.asked("go on")[0].body.decode()
