"""Sketch is spoken to in the languages of the catalogues, and answers in that of the page."""

import pytest

from chat.core.languages import OFFERED, SOURCE, say, speaking
from chat.sketch.answering.honesty import MORE_IDEAS
from chat.sketch.reading.grammar import read
from chat.sketch.scene import Scene
from chat.sketch.tongues.hearing import english, recognised
from chat.sketch.tongues.tables import TONGUES
from tests.unit.sketch.conversation import Talk, share

SAID = {
    "de": (
        ("mach das Sofa grün", "make the sofa green"),
        ("mach das rote Sofa blau und füge ein Boot hinzu", "make the red sofa blue. add a boat"),
        ("drei kleine Vögel über einem roten Haus", "3 small birds above the red house"),
        ("Äpfel und ein hellblaues Auto", "apples and a light blue car"),
        ("ein Haus ohne Wolken", "a house without clouds"),
        ("setz die Katze auf das Sofa", "put the cat on the sofa"),
    ),
    "es-MX": (
        ("pon el sofá verde", "make the sofa green"),
        ("PON EL SOFA VERDE", "make the sofa green"),
        ("una naranja y tres corazones rosas", "a orange and 3 pink hearts"),
        ("un carro azul oscuro a la derecha", "a dark blue car on the right"),
        ("quita las nubes", "remove the clouds"),
        ("dos gatos más", "add 2 more cats"),
    ),
    "fr": (
        ("rends le canapé vert", "make the sofa green"),
        ("trois oiseaux au-dessus d’une maison rouge", "3 birds above the red house"),
        ("ajoute deux chats noirs", "add 2 black cats"),
        ("noir et blanc et tourne de 90 degrés", "greyscale. rotate 90 degrees"),
        ("rends le chat plus grand", "make the cat bigger"),
        ("un chat, mais sans nuages", "a cat without clouds"),
    ),
    "ja": (
        ("ソファを緑にして", "make the sofa green"),
        ("猫を二匹追加して", "add 2 cats"),
        ("ソファの上の黒い猫", "a black cat on the sofa"),
        ("左に家、右に木", "a house on the left and a tree on the right"),
        ("猫をもっと大きくして", "make the cat bigger"),
        ("龍を追加して", "add 龍"),
    ),
    "zh-CN": (
        ("把沙发变成绿色", "make the sofa green"),
        ("两只猫坐在绿色的沙发上", "2 cats on the green sofa"),
        ("红色房子上方有三只小鸟", "3 birds above the red house"),
        ("把狗换成猫", "replace the dog with a cat"),
        ("撤销", "undo"),
        ("写上“你好”", 'add the caption "你好"'),
    ),
    "hi": (
        ("सोफ़ा हरा कर दो", "make the sofa green"),
        ("सोफा हरा कर दो", "make the sofa green"),
        ("सोफ़े पर एक काली बिल्ली", "a black cat on the sofa"),
        ("घर को लाल करो और दो पेड़ जोड़ो", "make the house red. add 2 trees"),
        ("बादल हटा दो", "remove the cloud"),
        ("वापस", "undo"),
    ),
}  # fmt: skip


def test_every_table_has_every_thing() -> None:
    assert set(TONGUES) <= set(OFFERED) - {SOURCE}
    kinds = {name: set(tongue.names) for name, tongue in TONGUES.items()}
    assert all(each == kinds["de"] for each in kinds.values()), kinds
    assert all(set(t.stand_in_names) <= set(TONGUES["de"].stand_in_names) for t in TONGUES.values())


@pytest.mark.parametrize("name", SAID)
def test_a_prompt_is_read_as_its_english_words(name: str) -> None:
    with speaking(name):
        read_as = {said: english(said) for said, meant in SAID[name]}
    assert read_as == dict(SAID[name])


@pytest.mark.parametrize("name", SAID)
def test_on_an_english_page_a_language_is_known_by_its_words(name: str) -> None:
    assert [recognised(said) for said, _ in SAID[name]] == [name] * 6


def test_english_stays_english_on_any_page() -> None:
    for page in OFFERED:
        with speaking(page):
            for said in (*MORE_IDEAS, "make the sofa green", "undo", "a dragon", "asdf qwer"):
                assert english(said) == said


def _shown(scene: Scene) -> object:
    things = sorted((t.kind, t.count, t.colour or (), t.hair or ()) for t in scene.things)
    return things, sorted(scene.land), scene.time, scene.weather


@pytest.mark.parametrize("name", SAID)
def test_what_it_offers_is_what_it_understands(name: str) -> None:
    with speaking(name):
        offered = {idea: english(say(idea)) for idea in MORE_IDEAS if "card" not in idea}
        card = english(say('a birthday card that says "Happy birthday!"'))
    wrong = {
        idea: words
        for idea, words in offered.items()
        if _shown(read(words).scene(1)) != _shown(read(idea).scene(1))
    }
    assert wrong == {}
    assert card.startswith("a birthday card that says ")


@pytest.mark.parametrize(
    ("name", "first", "edit", "owl", "gone", "told"),
    [
        ("de", "ein rotes Sofa", "mach das Sofa grün", "füge eine Eule hinzu",
         "entferne den Elefanten",
         ("ein rotes Sofa", "Sofa: grün", "„Eule“", "Elefant")),
        ("es-MX", "un sofá rojo", "pon el sofá verde", "agrega un búho", "quita el elefante",
         ("un sofá rojo", "sofá: verde", "«búho»", "elefante")),
        ("fr", "un canapé rouge", "rends le canapé vert", "ajoute un hibou",
         "enlève l’éléphant", ("un canapé rouge", "canapé : vert", "« hibou »", "éléphant")),
        ("ja", "赤いソファ", "ソファを緑にして", "フクロウを追加して", "象を消して",
         ("赤いソファ", "ソファを緑に", "「フクロウ」", "象")),
        ("zh-CN", "红色的沙发", "把沙发变成绿色", "加一只猫头鹰", "删除大象",
         ("红色的沙发", "沙发：绿色", "“猫头鹰”", "大象")),
        ("hi", "लाल सोफ़ा", "सोफ़ा हरा कर दो", "एक उल्लू जोड़ो", "हाथी हटा दो",
         ("लाल सोफ़ा", "सोफ़ा: हरा", "“उल्लू”", "हाथी")),
    ],
)  # fmt: skip
async def test_a_conversation_is_in_one_language(
    name: str, first: str, edit: str, owl: str, gone: str, told: tuple[str, ...]
) -> None:
    talk = Talk(options={"image_size": "512"})
    with speaking(name):
        replies = [await talk.ask(words) for words in (first, edit, owl, gone)]
    for reply, words in zip(replies, told, strict=True):
        assert words in reply.text
        assert not {"Here", "picture", "know", "with", "the"} & set(reply.text.split())
    painted, changed, stood_in, refused = replies
    assert share(changed.picture, 130) > share(painted.picture, 130) + 0.02
    assert len(stood_in.shown) == 1
    assert refused.shown == []
    assert "Painting" not in painted.shown[0].alt


async def test_a_prompt_of_another_language_is_answered_in_that_of_the_page() -> None:
    with speaking("de"):
        assert "Hier ist das Bild" in (await Talk().ask("un sofá rojo")).text
        assert "Hier ist das Bild" in (await Talk().ask("a red sofa")).text
    assert "Aquí está" in (await Talk().ask("un sofá rojo")).text
