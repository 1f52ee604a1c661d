"""Which words Sketch knows at all, so that what it drops can be named."""

import re
from functools import cache
from unicodedata import name

from chat.sketch.reading import lexicon, nouns
from chat.sketch.reading.words import READ_CHARS, words_of

_PLAIN = """
the this that these those it its he him his she her they them their my mine me i we us our you your
who what which where when why how there here one ones some any all every each both other another
and or but so then than as if because while during from for with without no not into onto upon on in
at of off to by up down out over under above below beneath behind before front next beside near
between among along across around through against inside outside left right middle centre center
side top bottom corner edge foreground background distance horizon far close back away
is are was were be been being am do does did done has have had can could would will shall should may
might must let lets please thanks thank ok okay yes hello hi hey well just only also too very really
quite rather much more less most least many few lot lots bit little enough again still already now
today instead same different new old another else first last second third else maybe perhaps
picture pictures image images photo photos photograph painting drawing illustration scene sketch
view thing things something anything nothing everything part parts area version style light lights
weather mood atmosphere colour color colours colors coloured colored painted called named sky air
beautiful nice lovely pretty wonderful great good fine simple full whole single
want wants need like likes would'd i'd i'm it's let's don't doesn't can't isn't that's what's
make makes made paint draw create generate show give imagine render design get take put place add
include insert remove delete erase drop replace swap change turn move keep leave set bring do go
look looks looking see seen try use using call recolour recolor repaint dye colourise
stand stands standing sit sits sitting fly flies flying float floats floating sail sails sailing
parked grow grows growing shine shines shining lie lies lying hang hanging surrounded filled placed
bigger larger taller smaller tinier wider higher lower fewer brighter darker lighter warmer cooler
colder bluer redder greener yellower pinker stronger weaker softer sharper crisper huge
greyscale grayscale scale monochrome sepia vintage invert inverted negative brighten darken lighten

bunch bunches plate plates stack stacks loaf loaves wall walls continue original meant mean stop
zoom dim dimmer dark bright contrast flatter desaturate saturate saturated muted mute
vivid colourful
colorful blur blurred blurry soften sharpen sharpened sharp cartoon cartoonish comic posterise
posterize pixelate pixelated pixel pixels art mosaic bit vignette flip flipped mirror mirrored
upside vertical vertically horizontal horizontally rotate rotated degrees degree clockwise
anticlockwise counterclockwise crop cropped square portrait landscape wide panorama ratio resize
downscale upscale enlarge shrink double twice half percent size height width px border frame framed
caption text word words title write written saying says say label increase boost raise reduce
decrease warm cool temperature negative photo
daylight hour time times season summer winter fog wet
recipe story tale fable steps step parts pages chapters illustrated about tell
chart graph diagram plot bar line pie column sales values data numbers number calculate compute
plus minus divided multiplied equals sum undo redo start help combine merge blend paste join
together light pale pastel dark deep
"""

_RUDE = """
fuck fucking fucked fucker shit shitty crap damn damned goddamn bloody hell ass asshole bitch
bastard stupid dumb idiot moron suck sucks useless trash garbage ugly hate wtf omg lol lmao
"""
RUDE = frozenset(_RUDE.split())
"""Words of temper: they name nothing to paint, and are not told as left out."""


@cache
def _known() -> frozenset[str]:
    """Everything any table of ours reads, in one set."""
    words = set(_PLAIN.split())
    words |= {*lexicon.COLOURS, *lexicon.NUMBERS, *lexicon.SIZES, *lexicon.TIMES, *lexicon.WEATHER}
    words |= {*lexicon.HAIR, *lexicon.CLOTHES, "hair", "haired"} | RUDE
    return frozenset(words)


def is_known(word: str) -> bool:
    """Whether any rule reads this word, in lower case."""
    return word in _known() or bool(nouns.kind_of(word) or nouns.land_of(word))


def unknown_words(text: str) -> tuple[str, ...]:
    """The words that no rule reads, as they stand, each once; what is in quotes is not read."""
    unquoted = re.sub(r"[\"“”«»„][^\"“”«»„]{0,200}[\"“”«»„]", " ", text[:READ_CHARS])
    letters = [w for w in words_of(unquoted) if w[0].isalpha()]
    # A sign of Chinese is a word by itself.
    found = [w for w in letters if (len(w) > 2 or w[0] >= "\u3040") and not is_known(w)]
    return tuple(dict.fromkeys(found))


def is_foreign(text: str) -> bool:
    """Whether the words or signs are those of another language than English.

    A word that is in no table is no reason: "dragon" is English, and so may "asdf" be.
    """
    words = words_of(text)
    letters = [word for word in words if word[0].isalpha()]
    if not letters:
        return bool(re.search(r"[^\s\w.,;:!?()+*/=-]", text[:READ_CHARS])) and not words
    other = sum(not _is_latin(word) for word in letters)
    if other * 2 > len(letters):
        return True
    foreign = sum(word in _OTHERS or bool(_ACCENTED.search(word)) for word in letters)
    return foreign > sum(len(word) > 2 and is_known(word) for word in letters)


def _is_latin(word: str) -> bool:
    return all(name(letter, "").startswith("LATIN") for letter in word if letter.isalpha())


_ACCENTED = re.compile("[à-öø-ÿāăąćčďđęěğıłńňőœřśşšťůűźżž]")
_WORDS_OF_OTHERS = """
ein eine einen einem einer der das und mit auf ist nicht ich bitte im von zum zur sie wie
un une les des du avec sur et est pas je moi dans pour chat maison arbre rouge
el los las uno una del con por en es muy casa gato perro sobre quiero
il lo gli della sul sono di che per um uma dos com
een het op van niet ik ek aur hai ka ki ke mein
"""
_OTHERS = frozenset(_WORDS_OF_OTHERS.split())
"""Small words of other languages that are no English ones."""
