"""Which picture came of which: without circles, whatever was sent again or made without a model."""

from hypothesis import given
from hypothesis import strategies as st

from chat.core.lineage import chain, versions
from chat.core.messages import STUDIO, Message, Origin, new_id
from chat.core.parts import Derivation, Image, Part, Text
from tests.contracts.samples import picture_ref

SKETCH = Origin("sketch", "sketch", "sketch")


def question(*shown: bytes, above: Message | None = None, words: str = "Go on.") -> Message:
    parts: list[Part] = [Image(picture_ref(data), "upload") for data in shown]
    return Message(new_id(), "c", above.id if above else None, "user", (*parts, Text(words)))


def reply(to: Message, *made: Image, origin: Origin = SKETCH) -> Message:
    return Message(new_id(), "c", to.id, "assistant", made, origin=origin, cost_usd=0.25)


def made(data: bytes, **more: object) -> Image:
    return Image(picture_ref(data), "model", **more)  # type: ignore[arg-type]


def sha(data: bytes) -> str:
    return picture_ref(data).sha256


def test_an_edit_of_an_upload_comes_of_it_and_knows_words_model_and_price() -> None:
    asked = question(b"sofa", words="Make the sofa green")
    answered = reply(asked, made(b"green sofa"))
    upload, edited = versions([asked, answered])
    assert (upload.sha256, upload.parents, upload.model) == (sha(b"sofa"), (), "")
    assert (edited.parents, edited.prompt) == ((sha(b"sofa"),), "Make the sofa green")
    assert (edited.model, edited.cost_usd) == ("sketch", 0.25)
    assert edited.message_id == answered.id


def test_a_carried_picture_stays_what_it_was_and_is_the_parent_of_what_follows() -> None:
    first = question(words="Draw a fox")
    fox = reply(first, made(b"fox"))
    second = question(b"fox", above=fox)
    blue = reply(second, made(b"blue fox"))
    found = {version.sha256: version for version in versions([first, fox, second, blue])}
    assert found[sha(b"fox")].message_id == fox.id
    assert found[sha(b"fox")].parents == ()
    assert found[sha(b"blue fox")].parents == (sha(b"fox"),)


def test_siblings_come_of_the_same_picture() -> None:
    asked = question(b"sofa")
    found = versions([asked, reply(asked, made(b"1")), reply(asked, made(b"2"), made(b"3"))])
    assert [version.parents for version in found[1:]] == [(sha(b"sofa"),)] * 3


def test_a_derivation_says_more_than_the_question() -> None:
    asked = question(b"sofa", b"cat")
    crop = made(b"crop", derivation=Derivation((sha(b"cat"), sha(b"lost")), "crop"))
    *_, version = versions([asked, reply(asked, crop, origin=STUDIO)])
    assert version.parents == (sha(b"cat"),)


def test_masks_and_drafts_are_no_versions() -> None:
    mask = Image(picture_ref(b"mask"), "upload", mask=True)
    sofa = Image(picture_ref(b"sofa"), "upload")
    asked = Message(new_id(), "c", None, "user", (sofa, mask, Text("Here")))
    answered = reply(asked, made(b"draft", draft=True), made(b"final"))
    assert [v.sha256 for v in versions([asked, answered])] == [sha(b"sofa"), sha(b"final")]


@given(st.data())
def test_no_history_makes_a_circle(data: st.DataObject) -> None:
    names = [bytes([n]) for n in range(5)]
    messages: list[Message] = []
    for _ in range(data.draw(st.integers(1, 8))):
        above = data.draw(st.sampled_from([None, *messages]))
        asked = question(*data.draw(st.lists(st.sampled_from(names), max_size=3)), above=above)
        parents = tuple(map(sha, data.draw(st.lists(st.sampled_from(names), max_size=3))))
        derivation = data.draw(st.sampled_from([None, Derivation(parents, "crop")]))
        image = made(data.draw(st.sampled_from(names)), derivation=derivation)
        messages += [asked, reply(asked, image)]
    before: set[str] = set()
    for version in versions(messages):
        assert set(version.parents) <= before
        assert version.sha256 not in before
        before.add(version.sha256)


def test_the_way_to_a_version_goes_by_what_was_changed_and_stops_at_a_base() -> None:
    first = question(b"sofa", b"cat")
    green = reply(first, made(b"green"))
    second = question(b"green", above=green)
    found = versions([first, green, second, reply(second, made(b"blue"))])

    def way(last: bytes, *bases: bytes) -> list[str]:
        return [each.sha256 for each in chain(found, sha(last), [sha(base) for base in bases])]

    assert way(b"blue") == [sha(b"sofa"), sha(b"green"), sha(b"blue")]
    assert way(b"blue", b"green") == [sha(b"green"), sha(b"blue")]
    assert way(b"blue", b"blue") == [sha(b"blue")]
    assert way(b"cat") == [sha(b"cat")]
    assert way(b"none") == []
