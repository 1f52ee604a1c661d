"""What Sketch promises: no silent substitute; counts, sides, shapes and letters as asked."""

import io

import pytest
from PIL import Image as Pillow

from chat.sketch.painting.catalogue import CATALOGUE
from chat.sketch.reading.grammar import read
from chat.sketch.reading.lexicon import LANDS, SUBJECTS
from chat.sketch.reading.stand_ins import STAND_INS
from tests.unit.sketch.conversation import Talk, hue, plain, png, share
from tests.unit.sketch.living_room import sample_photo


def test_a_word_means_one_thing_and_never_both_a_thing_and_its_stand_in() -> None:
    own = {word for words in (*SUBJECTS.values(), *LANDS.values()) for word in words.split()}
    assert own.isdisjoint(STAND_INS)
    assert set(STAND_INS.values()) <= {*CATALOGUE, *LANDS}


@pytest.mark.parametrize(
    ("before", "words", "told", "painted"),
    [
        ("", "an owl", "I do not know an owl, so this is a songbird.", "a songbird"),
        ("", "wolves in a jungle", "a wolf, so this is a fox", "foxes in a forest"),
        ("a dog", "add a penguin", "a penguin, so this is a songbird", "a dog and a songbird"),
        ("a dog", "replace the dog with a shark", "a shark, so this is a fish", "a fish"),
    ],
)
async def test_what_stands_for_something_else_is_said_before_it_is_shown(
    before: str, words: str, told: str, painted: str
) -> None:
    talk = Talk()
    if before:
        await talk.ask(before)
    reply = await talk.ask(words)
    assert reply.text.index(told) < reply.text.index("Here ")
    assert painted in reply.shown[0].alt


async def test_what_a_picture_had_in_place_of_another_is_not_said_again() -> None:
    talk = Talk()
    await talk.ask("an owl")
    assert "do not know" not in (await talk.ask("make the owl green")).text


@pytest.mark.parametrize(
    "words", ["five red cars on the left", "on the left five red cars, on the right a white barn"]
)
async def test_a_side_is_kept_however_many_there_are(words: str) -> None:
    options = {"image_size": "512", "aspect_ratio": "16:9"}
    painted = (await Talk(options=options).ask(f"{words} in the snow")).picture
    half = painted.shape[1] // 2
    assert share(painted[:, :half], 2) > 0.01
    assert share(painted[:, half:], 2) < 0.0005


def test_the_thing_that_is_named_again_is_the_one_that_is_placed() -> None:
    house, tree = read("a house and a tree, the tree is on the left of the house").things
    assert (house.kind, tree.kind, tree.relation, tree.anchor) == ("house", "tree", "left", "house")


@pytest.mark.parametrize(
    ("words", "count"),
    [("half a dozen apples", 6), ("a hundred sheep", 12), ("twenty boats", 12), ("5000 cats", 12)],
)
async def test_a_count_is_painted_or_its_limit_is_said(words: str, count: int) -> None:
    reply = await Talk().ask(words)
    assert read(words).things[0].count == count
    assert ("12 of a kind are the most" in reply.text) == (count == 12)


async def test_a_count_is_changed() -> None:
    talk = Talk()
    await talk.ask("two cats")
    assert (await talk.ask("make it three cats")).shown[0].alt == "Painting: three cats."
    assert (await talk.ask("make them five")).shown[0].alt == "Painting: five cats."
    assert "12 of a kind are the most" in (await talk.ask("add 20 more cats")).text


async def test_a_colour_that_found_nothing_is_told() -> None:
    assert (
        "I left out: “black”, “white”."
        in (await Talk().ask("two cats, one black and one white")).text
    )


@pytest.mark.parametrize(
    ("words", "size_px"),
    [
        ("a cat in 16:9", (512, 288)),
        ("a square picture of a lighthouse", (512, 512)),
        ("a portrait format picture of a windmill", (341, 512)),
        ("a 300x200 picture of space", (300, 200)),
        ("a phone wallpaper of a beach", (288, 512)),
        ("a castle, 4000 x 2000 px", (2048, 1024)),
    ],
)
async def test_a_shape_in_words_is_the_shape_of_the_picture(
    words: str, size_px: tuple[int, int]
) -> None:
    reply = await Talk().ask(words)
    with Pillow.open(io.BytesIO(reply.shown[0].data)) as image:
        assert image.size == size_px
    assert "left out" not in reply.text
    assert ("2048 px on the longer side are the most" in reply.text) == (size_px[0] == 2048)


@pytest.mark.parametrize(
    ("words", "options"), [("a cat, 30:1", {}), ("a cat", {"aspect_ratio": "20:1"})]
)
async def test_a_shape_that_is_not_painted_is_refused(words: str, options: dict[str, str]) -> None:
    reply = await Talk(options={"image_size": "512", **options}).ask(words)
    assert "I cannot paint a picture of" in reply.text
    assert reply.shown == []


async def test_a_picture_takes_another_shape_by_words_and_by_the_settings() -> None:
    talk = Talk()
    await talk.ask("a house")
    assert (await talk.ask("make it square")).picture.shape[:2] == (512, 512)
    talk.options = {"image_size": "512", "aspect_ratio": "16:9"}
    assert (await talk.ask("add a tree")).picture.shape[:2] == (512, 512)  # the words hold
    other = Talk()
    await other.ask("a house")
    other.options = talk.options
    assert (await other.ask("add a tree")).picture.shape[:2] == (288, 512)


async def test_a_photo_is_cropped_to_a_shape_or_keeps_its_own_and_says_so() -> None:
    square = await Talk().ask("make it square", plain((90, 120, 200), (300, 200)))
    assert square.picture.shape[:2] == (200, 200)
    talk = Talk(options={"aspect_ratio": "1:1"})
    kept = await talk.ask("make it warmer", plain((90, 120, 200), (300, 200)))
    assert kept.picture.shape[:2] == (200, 300)
    assert "*crop to 1:1*" in kept.text


async def test_what_is_see_through_stays_so_through_every_kind_of_edit() -> None:
    image = Pillow.new("RGBA", (300, 200), (200, 60, 50, 255))
    image.paste((0, 0, 0, 0), (0, 0, 100, 200))
    for words in ("make it warmer", "greyscale and flip it", "make it blue", "make it square"):
        (shown,) = (await Talk().ask(words, png(image))).shown
        with Pillow.open(io.BytesIO(shown.data)) as after:
            assert after.mode == "RGBA"
            assert after.getchannel("A").getextrema() == (0, 255)
    reply = await Talk().ask("make the background transparent", sample_photo())
    assert "cannot make a background see-through" in reply.text
    assert reply.shown == []


@pytest.mark.parametrize(
    ("words", "alt"),
    [
        ("a birthday card that says Happy Birthday, Anna", "says “Happy Birthday, Anna”, with a"),
        (
            'a card saying "Gute Besserung, Zoë" with two cats',
            "“Gute Besserung, Zoë”, with two cats",
        ),
        ('a blue card that says "Привет"', "a blue card that says “Привет”"),
        ("a christmas card", "says “Merry Christmas!”, with a pine"),
        ('write "hello world" on a red background', "a red card that says “hello world”"),
    ],
)
async def test_a_card_says_the_words_it_was_given(words: str, alt: str) -> None:
    reply = await Talk().ask(words)
    assert alt in reply.shown[0].alt
    assert "left out" not in reply.text
    assert reply.picture.std() > 10


async def test_a_card_is_changed_and_one_without_words_asks_for_them() -> None:
    talk = Talk()
    await talk.ask('a birthday card that says "Happy Birthday"')
    assert "says “Happy Birthday, Tom”" in (
        (await talk.ask('change the text to "Happy Birthday, Tom"')).shown[0].alt
    )
    blue = await talk.ask("make it blue")
    assert 200 < hue(blue.picture[:20]) < 240
    assert "In quotation marks" in (await Talk().ask("a card")).text.replace("in q", "In q")


@pytest.mark.parametrize("words", ['a card that says "お誕生日"', 'a sign that says "שלום"'])
async def test_letters_that_cannot_be_written_are_never_boxes(words: str) -> None:
    reply = await Talk().ask(words)
    assert "my letters are Latin, Greek and Cyrillic" in reply.text
    assert reply.shown == []
    talk = Talk()
    await talk.ask("a dog")
    assert "I cannot write" in (await talk.ask('add the caption "犬"')).text


@pytest.mark.parametrize(
    ("words", "wanted"),
    [
        ("add a caption hello there", "hello there"),
        ("write Rex", "Rex"),
        ("title: My dog", "My dog"),
    ],
)
async def test_nothing_is_written_that_stood_in_no_quotation_marks(words: str, wanted: str) -> None:
    for pictures in ((), (sample_photo(),)):
        talk = Talk()
        await talk.ask("a dog")
        reply = await talk.ask(words, *pictures)
        assert f'*add the caption "{wanted}"*' in reply.text
        assert reply.shown == []


async def test_a_man_who_reads_a_book_has_no_caption() -> None:
    assert "words" not in (await Talk().ask("a man reading a book")).shown[0].alt


@pytest.mark.parametrize("words", ["dragon", "pikachu", "kangaroo please", "spaghetti", "asdfgh"])
async def test_no_english_word_is_called_another_language(words: str) -> None:
    reply = await Talk().ask(words)
    assert "English" not in reply.text
    assert f"“{words.split()[0]}”" in reply.text
    assert reply.text.count("\n- *") == 6


@pytest.mark.parametrize(
    "words", ["kill yourself", "fuck you", "you are so stupid", "KYS", "shut up"]
)
async def test_rudeness_gets_a_plain_line_that_helps(words: str) -> None:
    for before in ("", "a tree"):
        talk = Talk()
        if before:
            await talk.ask(before)
        reply = await talk.ask(words)
        assert "take no offence" in reply.text
        assert reply.text.count("\n- ") == 3
        assert reply.shown == []


async def test_a_rude_wish_is_a_wish_and_its_temper_is_no_word_left_out() -> None:
    talk = Talk()
    assert "left out" not in (await talk.ask("a fucking tree")).text
    reply = await talk.ask("this is shit, make the damn tree bigger")
    assert reply.shown[0].alt == "Painting: a large tree."
    assert "left out" not in reply.text


@pytest.mark.parametrize("words", ["i want to kill myself", "I just want to die"])
async def test_despair_is_answered_with_where_help_is(words: str) -> None:
    assert "crisis line" in (await Talk().ask(words)).text


async def test_shapes_stand_on_a_plain_sheet() -> None:
    painted = (await Talk().ask("a red circle on a blue square")).picture
    middle = painted[painted.shape[0] // 2, painted.shape[1] // 2]
    assert middle[0] > 150 > middle[2]
    assert painted[4:10, 4:10].min() > 190
    (square,) = [t.kind for t in read("a yellow square").things]
    assert square == "square"
    assert [t.kind for t in read("a house in a square").things] == ["house", "square"]


async def test_hair_and_dress_have_the_colours_that_were_asked_for() -> None:
    talk = Talk(options={"image_size": "512", "aspect_ratio": "1:1"})
    reply = await talk.ask("a huge red-haired woman in a blue dress in the snow")
    assert "a large woman with red hair in a blue dress" in reply.shown[0].alt
    assert share(reply.picture, 2) > 0.002
    assert share(reply.picture, 217) > 0.01
    green = await talk.ask("make her dress green")
    assert share(green.picture, 133) > 0.01 > share(green.picture, 217)
    blonde = await Talk().ask("a boy with blonde hair and a girl in a yellow dress")
    assert "a boy with blonde hair and a girl in a yellow dress" in blonde.shown[0].alt
