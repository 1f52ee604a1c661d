"""Things and scenes in another language than English, as phrases that stand by themselves.

Sentences come of the catalogues of words; here is what they are told of, with the endings, the
articles and the counting words of each language.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from chat.sketch.reading.lexicon import COLOURS
from chat.sketch.reading.nouns import kind_of, land_of
from chat.sketch.scene import FIGURES, Rgb, Scene, Thing
from chat.sketch.tongues.tongue import Noun, Tongue

_UNBENT_GERMAN = frozenset(
    ("orange", "rosa", "lila", "beige", "oliv", "türkis", "cyan", "gold", "silbern", "marineblau")
)
_SIZES = {
    "de": ("groß", "klein"), "es-MX": ("grande", "pequeño"), "fr": ("grand", "petit"),
    "ja": ("大きな", "小さな"), "zh-CN": ("大", "小"), "hi": ("बड़ा", "छोटा"),
}  # fmt: skip
_SIDES = {
    "de": ("links", "rechts", "in der Mitte"),
    "es-MX": ("a la izquierda", "a la derecha", "en el centro"),
    "fr": ("à gauche", "à droite", "au milieu"),
    "ja": ("左の", "右の", "中央の"), "zh-CN": ("左边的", "右边的", "中间的"),
    "hi": ("बाईं ओर", "दाईं ओर", "बीच में"),
}  # fmt: skip
_FRENCH_BENT = {
    "vert": "verte", "violet": "violette", "blanc": "blanche", "gris": "grise", "bleu": "bleue",
    "noir": "noire", "doré": "dorée", "argenté": "argentée", "grand": "grande", "petit": "petite",
}  # fmt: skip
_JAPANESE_I = {
    "赤": "赤い",
    "青": "青い",
    "白": "白い",
    "黒": "黒い",
    "黄色": "黄色い",
    "茶色": "茶色い",
}
_WITH_HAIR = {
    "de": "mit {} Haaren", "es-MX": "de pelo {}", "fr": "aux cheveux {}", "ja": "{}髪の",
    "zh-CN": "{}头发的", "hi": "{} बालों वाली",
}  # fmt: skip
_DRESSED = {
    "de": "in {}", "es-MX": "con ropa {}", "fr": "en {}", "ja": "{}服の", "zh-CN": "穿{}衣服的",
    "hi": "{} कपड़ों में",
}  # fmt: skip
_JOINTS = {
    "de": " und ", "es-MX": " y ", "fr": " et ", "ja": "と", "zh-CN": "和", "hi": " और ",
}  # fmt: skip


def called(words: str, tongue: Tongue) -> str:
    """English words of Sketch's one by one; what it does not know stays as it is."""
    said = [_one_called(each, tongue) for each in words.split()]
    return ("" if not tongue.spaces else " ").join(said) if said else words


def _one_called(word: str, tongue: Tongue) -> str:
    kind = word if word in tongue.names else kind_of(word) or land_of(word)
    if word in tongue.stand_in_names:
        return tongue.stand_in_names[word]
    if kind in tongue.names:
        noun = tongue.names[kind]
        return noun.one if word == kind or kind != kind_of(word) else noun.many
    return tongue.colour_names.get(word, tongue.weather.get(word, tongue.times.get(word, word)))


def colour_called(colour: Rgb, tongue: Tongue) -> str:
    """The nearest colour that the language has a word for."""
    return tongue.colour_names[_nearest(colour, tongue)]


def _nearest(colour: Rgb, tongue: Tongue) -> str:
    def away(name: str) -> int:
        return sum((a - b) ** 2 for a, b in zip(COLOURS[name], colour, strict=True))

    return min((name for name in tongue.colour_names if name in COLOURS), key=away)


def bent(adjective: str, noun: Noun, tongue: Tongue, *, many: bool, behind: bool = False) -> str:
    """An adjective as it stands with a noun; ``behind``: behind what governs a case."""
    return _BENDERS[tongue.language](adjective, noun.gender, many, behind)


def _german(word: str, gender: str, many: bool, behind: bool) -> str:
    if word in _UNBENT_GERMAN:
        return word
    if behind:
        return word + "en"
    return word + ("e" if many else {"m": "er", "f": "e", "n": "es"}[gender])


def _spanish(word: str, gender: str, many: bool, behind: bool) -> str:  # noqa: ARG001
    if word.endswith("o") and word != "oro":
        word = word[:-1] + ("a" if gender == "f" else "o")
        return word + ("s" if many else "")
    if not many or word in {"naranja", "rosa", "violeta", "turquesa", "beige", "crema", "café"}:
        return word
    return word + ("es" if word[-1] in "lsnr" else "s" if word[-1] in "eé" else "")


def _french(word: str, gender: str, many: bool, behind: bool) -> str:  # noqa: ARG001
    if gender == "f":
        word = _FRENCH_BENT.get(word, word)
    plain = word in {"orange", "marron", "turquoise", "crème", "or", "saumon", "bleu marine"}
    return word if not many or plain or word.endswith("s") else word + "s"


def _hindi(word: str, gender: str, many: bool, behind: bool) -> str:
    if not word.endswith("ा"):
        return word
    return word[:-1] + ("ी" if gender == "f" else "े" if many or behind else "ा")


def _japanese(word: str, gender: str, many: bool, behind: bool) -> str:  # noqa: ARG001
    if word in _JAPANESE_I:
        return _JAPANESE_I[word]
    return word if word.endswith(("な", "い")) else f"{word}の"


def _chinese(word: str, gender: str, many: bool, behind: bool) -> str:  # noqa: ARG001
    return word if word in {"大", "小"} else f"{word}的"


_BENDERS: dict[str, Callable[[str, str, bool, bool], str]] = {
    "de": _german, "es-MX": _spanish, "fr": _french, "hi": _hindi, "ja": _japanese,
    "zh-CN": _chinese,
}  # fmt: skip


def phrase(thing: Thing, tongue: Tongue, *, behind: bool = False) -> str:
    """A thing with its count, colour and size; ``behind``: behind what governs a case."""
    noun = tongue.names[thing.kind]
    many = thing.count > 1
    looks = [] if thing.kind in FIGURES or thing.colour is None else [
        bent(colour_called(thing.colour, tongue), noun, tongue, many=many, behind=behind)
    ]  # fmt: skip
    sized = thing.size >= 1.3 or thing.size <= 0.7
    size = _SIZES[tongue.language][0 if thing.size > 1 else 1]
    sizes = [bent(size, noun, tongue, many=many, behind=behind)] if sized else []
    return _FORMS[tongue.language](_Parts(thing, noun, looks, sizes, behind), tongue)


@dataclass(frozen=True, slots=True)
class _Parts:
    """What a phrase is made of."""

    thing: Thing
    noun: Noun
    looks: list[str]
    sizes: list[str]
    behind: bool


def _counted(count: int, tongue: Tongue) -> str:
    return tongue.number_names.get(count, str(count))


def _european(parts: _Parts, tongue: Tongue) -> str:
    thing, noun = parts.thing, parts.noun
    named = noun.many if thing.count > 1 else noun.one
    if thing.count > 1:
        article = _counted(thing.count, tongue)
    elif tongue.language == "de":
        endings = (
            {"m": "em", "f": "er", "n": "em"} if parts.behind else {"m": "", "f": "e", "n": ""}
        )
        article = "ein" + endings[noun.gender]
    else:
        feminine = noun.gender == "f"
        article = {"es-MX": "una" if feminine else "un", "fr": "une" if feminine else "un"}[
            tongue.language
        ]
    if tongue.language == "de":
        if parts.behind and thing.count > 1 and not named.endswith(("n", "s")):
            named += "n"
        words = [article, *parts.sizes, *parts.looks, named]
    elif tongue.language == "fr":
        words = [article, *parts.sizes, named, *parts.looks]
    else:
        words = [article, named, *parts.sizes, *parts.looks]
    said = " ".join(words)
    for worn in _worn(thing, tongue):
        said += f" {worn}"
    return said + (f" {_side(thing, tongue)}" if thing.place and not thing.relation else "")


def _indian(parts: _Parts, tongue: Tongue) -> str:
    thing, noun = parts.thing, parts.noun
    named = noun.many if thing.count > 1 else noun.one
    if parts.behind and thing.count > 1:
        named = re.sub("(?<=य)ाँ$|(?<=.)े$|ें$", "", named) + "ों"
    elif parts.behind and noun.gender == "m" and named.endswith("ा"):
        named = named[:-1] + "े"
    words = [
        *_worn(thing, tongue),
        _counted(thing.count, tongue),
        *parts.sizes,
        *parts.looks,
        named,
    ]
    side = [_side(thing, tongue)] if thing.place and not thing.relation else []
    return " ".join([*side, *words])


def _japanese_form(parts: _Parts, tongue: Tongue) -> str:
    thing, noun = parts.thing, parts.noun
    side = _side(thing, tongue) if thing.place and not thing.relation else ""
    count = f"{thing.count}{noun.gender}の" if thing.count > 1 else ""
    looks = "".join((*_worn(thing, tongue), *parts.sizes, *parts.looks))
    return f"{side}{count}{looks}{noun.one}"


def _chinese_form(parts: _Parts, tongue: Tongue) -> str:
    thing, noun = parts.thing, parts.noun
    side = _side(thing, tongue) if thing.place and not thing.relation else ""
    count = _counted(thing.count, tongue) + noun.gender
    looks = "".join((*_worn(thing, tongue), *parts.looks, *parts.sizes))
    return f"{side}{'' if parts.behind and thing.count == 1 else count}{looks}{noun.one}"


_FORMS: dict[str, Callable[[_Parts, Tongue], str]] = {
    "de": _european, "es-MX": _european, "fr": _european, "hi": _indian,
    "ja": _japanese_form, "zh-CN": _chinese_form,
}  # fmt: skip


def _side(thing: Thing, tongue: Tongue) -> str:
    left, right, middle = _SIDES[tongue.language]
    return {"left": left, "right": right, "middle": middle}[thing.place]


def _worn(thing: Thing, tongue: Tongue) -> list[str]:
    """Hair and clothes of a figure."""
    if thing.kind not in FIGURES:
        return []
    name, said = tongue.language, []
    if thing.hair is not None:
        hue = colour_called(thing.hair, tongue)
        hair = Noun("n" if name == "de" else "m", "", "")
        many = name in {"fr", "hi"}
        if name != "zh-CN":
            hue = bent(hue, hair, tongue, many=many, behind=name == "de")
        said.append(_WITH_HAIR[name].format(hue))
    if thing.colour is not None:
        hue = colour_called(thing.colour, tongue)
        clothes = Noun("f" if name == "es-MX" else "m", "", "")
        worn = hue.capitalize() if name == "de" else hue
        if name in {"es-MX", "ja", "hi"}:
            worn = bent(hue, clothes, tongue, many=name == "hi")
        said.append(_DRESSED[name].format(worn))
    return said


def with_anchor(thing: Thing, anchor: Thing, tongue: Tongue) -> str:
    """A thing and what it stands on, in, or beside."""
    relation = tongue.relations[thing.relation]
    if tongue.spaces and not tongue.relations_follow:
        other = phrase(anchor, tongue, behind=True)
        return _contracted(f"{phrase(thing, tongue)} {relation} {other}")
    other = phrase(anchor, tongue, behind=True)
    gap = " " if tongue.spaces else ""
    return f"{other}{gap}{relation}{gap}{phrase(thing, tongue)}"


def _contracted(text: str) -> str:
    return re.sub(r"\bde un(e?)\b", r"d’un\1", text) if "à " in text or "au-" in text else text


def described(scene: Scene, tongue: Tongue) -> str:
    """A scene as phrases, fit to follow a colon."""
    shown = [t for t in scene.things if t.kind in tongue.names and t.kind not in tongue.lands]
    shown = [t for t in shown if t.kind != "wall"]
    alone = {t.kind: t for t in shown if sum(o.kind == t.kind for o in shown) == 1}
    held = {t.anchor for t in shown if t.relation and t.anchor in alone and t.anchor != t.kind}
    said: list[str] = []
    named: set[str] = set()
    for thing in sorted(shown, key=lambda t: t.kind in held):
        if thing.kind in held and thing.kind in named:
            continue
        anchor = alone.get(thing.anchor) if thing.relation else None
        if anchor is not None and anchor.kind != thing.kind:
            bare = replace(anchor, relation="", place="")
            said.append(with_anchor(thing, bare, tongue))
            named.add(anchor.kind)
        else:
            said.append(phrase(thing, tongue))
        named.add(thing.kind)
    joint = _JOINTS[tongue.language]
    comma = ", " if tongue.spaces else "、"
    text = comma.join(said[:-1]) + (joint if len(said) > 1 else "") + "".join(said[-1:])
    parts = [text] if text else []
    parts += [tongue.lands[land] for land in scene.land if land in tongue.lands]
    parts += [tongue.times[scene.time]] if scene.time else []
    parts += [tongue.weather[kind] for kind in sorted(scene.weather) if kind in tongue.weather]
    if scene.sky is not None:
        above = scene.land or (scene.things and not scene.card)
        sky = tongue.names["sky" if above else "background"]
        hue = bent(colour_called(scene.sky, tongue), sky, tongue, many=False)
        after = tongue.adjectives_follow
        words = [sky.one, hue] if after else [hue, sky.one]
        parts.append((" " if tongue.spaces else "").join(words))
    return (", " if tongue.spaces else "、").join(parts)


def meant(thing_kind: str, tongue: Tongue, *, colour: str = "", count: int = 1) -> tuple[str, str]:
    """The thing as an edit names it, and a colour that agrees with it."""
    noun = tongue.names[thing_kind]
    one = noun.many if count > 1 else noun.one
    hue = tongue.colour_names.get(colour, "")
    name = tongue.language
    if name == "de":
        return f"{ {'m': 'den', 'f': 'die', 'n': 'das'}[noun.gender] } {one}", hue
    if name == "es-MX":
        bent_hue = bent(hue, noun, tongue, many=False) if hue else ""
        return f"{'la' if noun.gender == 'f' else 'el'} {one}", bent_hue
    if name == "fr":
        article = "l’" if one[0] in "aeéêioœu" else "la " if noun.gender == "f" else "le "
        return f"{article}{one}", bent(hue, noun, tongue, many=False) if hue else ""
    if name == "hi":
        return one, bent(hue, noun, tongue, many=False) if hue else ""
    return one, hue
