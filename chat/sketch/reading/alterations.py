"""What one clause does to a scene: removes, swaps, resizes, moves.

Whatever is named and is not in the scene is noted as failed, so that nothing is pretended.
"""

import re
from dataclasses import replace

from chat.core.languages import say
from chat.sketch.reading.additions import add
from chat.sketch.reading.draft import Draft, absent, most_of_a_kind
from chat.sketch.reading.grammar import read
from chat.sketch.reading.heard import Reading
from chat.sketch.reading.lexicon import NUMBERS
from chat.sketch.reading.nouns import kind_of
from chat.sketch.scene import MOST_OF_A_KIND, Place, Scene
from chat.sketch.tongues.naming import named, one, so_many, the
from chat.sketch.tongues.tables import spoken_tongue

_REMOVE = re.compile(
    r"(?:\b(?:remove|delete|erase|take away|take out|drop|stop|without|no more|take)|^no)\b"
    r"(?P<what>.{1,120}?)(?:\baway\b|\bout\b|[.;]|$)"
)
_SWAP = re.compile(
    r"\b(?:replace|swap|change|turn)\b(?P<old>.{1,60}?)\b(?:with|by|for|into|to)\b(?P<new>.{1,80})|"
    r"\bmake (?P<it>it|the \w+|them) (?P<now>(?:into )?an? .{2,60})"
)
_COUNT = re.compile(
    r"\b(?:make (?:it|them|that|this|the \w+)|now|only|just) (?:only |just )?"
    rf"(?P<n>{'|'.join(n for n in NUMBERS if n not in {'a', 'an', 'another', 'both'})}|\d{{1,4}})"
    r"(?: (?P<what>(?!more\b)[a-z]+))?(?: instead)?\W*$"
)
_SIZE = re.compile(
    r"\b(?:make )?(?:the |that |this )?(?P<what>[a-z]{2,20}) (?:(?:much|a (?:bit|lot|little)|"
    r"(?:twice|half|three times) as) )?"
    r"(?P<size>bigger|larger|taller|huge|big|large|smaller|tiny|small|little)\b"
)
_MOVE = re.compile(
    r"\b(?:move|put|place|shift) (?P<what>the .{1,40}?|it|them) "
    r"(?:(?:further |more )?to the |on the |in the )(?P<side>left|right|middle|centre)"
)
_ALONE = re.compile(r"^(?:a (?:bit|little|lot) |much )?(bigger|larger|smaller|taller)\W*$")
_COMPARED = re.compile(r"^an? (?:much )?(bigger|larger|smaller|taller) (\w+)")
_THE = {"cloud": "the clouds", "storm": "the storm", "overcast": "the clouds"}
_SMALL = frozenset(("smaller", "tiny", "small", "little"))
_PLACES: dict[str, Place] = {
    "left": "left", "right": "right", "middle": "middle", "centre": "middle",
}  # fmt: skip


def _stands(thing: str, place: Place) -> str:
    if place == "left":
        return say("{thing} stands on the left", thing=thing)
    if place == "right":
        return say("{thing} stands on the right", thing=thing)
    return say("{thing} stands in the middle", thing=thing)


def alter(draft: Draft, clause: str) -> None:
    """Apply one clause; the first reading that fits takes it."""
    clause = _COMPARED.sub(r"make the \2 \1", clause)
    clause = _ALONE.sub(r"make it \1", clause)
    for reading in (_count, _swap, _move, _resize, _remove, add, _atmosphere):
        if reading(draft, clause):
            return


def _count(draft: Draft, clause: str) -> bool:
    """As in "make it three cats", "make them five", "only two trees"."""
    found = _COUNT.search(clause)
    if found is None or not draft.scene.things:
        return False
    number = int(found["n"]) if found["n"].isdecimal() else NUMBERS[found["n"]]
    kind = kind_of(found["what"] or "") or draft.scene.things[0].kind
    if (found["what"] and not kind_of(found["what"])) or not draft.has(kind):
        return False
    count = max(1, min(MOST_OF_A_KIND, number))
    if count < number:
        draft.failed.append(most_of_a_kind())
    first = next(t for t in draft.scene.things if t.kind == kind)
    things = tuple(
        replace(t, count=count) if t is first else t
        for t in draft.scene.things
        if t is first or t.kind != kind
    )
    draft.scene = replace(draft.scene, things=things)
    many = so_many(kind, count)
    draft.said.append(
        say("there are {things}", things=many) if count > 1 else say("there is {thing}", thing=many)
    )
    return True


def _swap(draft: Draft, clause: str) -> bool:
    found = _SWAP.search(clause)
    if found is None:
        return False
    heard = read(found["new"] or found["now"] or "")
    new = heard.things
    if len(new) != 1:
        return False
    draft.hear(heard)
    written = (found["old"] or found["it"]).replace("the ", "").strip()
    was = kind_of(written.rsplit(" ", 1)[-1])
    if written in {"it", "this", "that", "them"} and draft.scene.things:
        was = draft.scene.things[0].kind
    now = new[0]
    if not draft.has(was):
        draft.failed.append(absent(written))
        return True
    if was == now.kind and now.colour is None:
        return False
    things = tuple(
        replace(t, kind=now.kind, colour=now.colour, anchor=t.anchor) if t.kind == was else t
        for t in draft.scene.things
    )
    things = tuple(replace(t, anchor=now.kind) if t.anchor == was else t for t in things)
    draft.scene = replace(draft.scene, things=things)
    draft.said.append(
        say("there is {thing} instead of {other}", thing=one(now.kind), other=the(was))
    )
    return True


def _resize(draft: Draft, clause: str) -> bool:
    found = _SIZE.search(clause)
    if found is None or re.match(r"(?:add|put|place|include|insert|with)\b", clause):
        return False
    factor = 0.65 if found["size"] in _SMALL else 1.45
    kind = kind_of(found["what"])
    if found["what"] in {"it", "them", "make", "everything"} and draft.scene.things:
        kind = draft.scene.things[0].kind
    if not draft.has(kind):
        draft.failed.append(absent(found["what"]))
        return True
    things = tuple(
        replace(t, size=max(0.3, min(2.6, t.size * factor))) if t.kind == kind else t
        for t in draft.scene.things
    )
    if things == draft.scene.things:
        draft.failed.append(
            say("The {thing} is as small as I can paint it", thing=named(kind))
            if factor < 1
            else say("The {thing} is as large as I can paint it", thing=named(kind))
        )
        return True
    draft.scene = replace(draft.scene, things=things)
    draft.said.append(_sized(draft, kind, smaller=factor < 1))
    return True


def _sized(draft: Draft, kind: str, *, smaller: bool) -> str:
    """As in "the tree is larger" or "the trees are"."""
    count = sum(t.count for t in draft.scene.things if t.kind == kind)
    name = the(kind, count)
    if count > 1:
        return (
            say("{things} are smaller", things=name)
            if smaller
            else say("{things} are larger", things=name)
        )
    return (
        say("{thing} is smaller", thing=name) if smaller else say("{thing} is larger", thing=name)
    )


def _move(draft: Draft, clause: str) -> bool:
    found = _MOVE.search(clause)
    if found is None:
        return False
    written = found["what"].replace("the ", "")
    kind = kind_of(written.rsplit(" ", 1)[-1])
    if written in {"it", "them"} and draft.scene.things:
        kind = draft.scene.things[0].kind
    if not draft.has(kind):
        draft.failed.append(absent(written))
        return True
    place = _PLACES[found["side"]]
    things = tuple(
        replace(t, place=place, relation="", anchor="") if t.kind == kind else t
        for t in draft.scene.things
    )
    draft.scene = replace(draft.scene, things=things)
    draft.said.append(_stands(the(kind), place))
    return True


def _remove(draft: Draft, clause: str) -> bool:
    found = _REMOVE.search(clause)
    if found is None or re.search(r"\b(?:contrast|colou?r|saturation|text|caption)\b", clause):
        return False
    scene, gone = draft.scene, _named(read(found["what"]))
    weather = scene.weather - gone
    weather |= {f"no{kind}" for kind in gone & {"sun", "moon", "cloud"}}
    weather -= {"overcast"} if "cloud" in gone else set()
    things = tuple(
        replace(t, relation="", anchor="") if t.anchor in gone else t
        for t in scene.things
        if t.kind not in gone
    )
    land = tuple(each for each in scene.land if each not in gone)
    wanted = replace(scene, things=things, land=land, weather=frozenset(weather))
    there = {kind for kind in gone if kind in scene.kinds() or f"no{kind}" in weather}
    for kind in sorted(gone - there):
        draft.failed.append(absent(kind))
    if wanted != scene:
        gone_names = sorted(_gone(scene, kind) for kind in there)
        joint = say("{things} and {thing}", things="{}", thing="{}").replace("{}", "")
        said = say("without {things}", things=joint.join(gone_names))
        if there <= {"rain", "snow", "storm", "fog"} or gone_names[0] == "the storm":
            draft.weathered([said])
        else:
            draft.said.append(said)
    draft.scene = wanted
    return True


def _atmosphere(draft: Draft, clause: str) -> bool:
    """Words such as "stormy", "sunny", "a rainbow": hours and weather that stand alone."""
    scene, heard = draft.scene, read(clause)
    weather = scene.weather | frozenset(heard.weather)
    if re.search(r"\b(?:sunny|summer|clear|dry|bright day)\b", clause):
        weather -= {"rain", "snow", "storm", "fog", "overcast"}
    time = heard.time or scene.time
    if (weather, time) == (scene.weather, scene.time):
        return False
    draft.with_weather(sorted(weather - scene.weather))
    gone = sorted(scene.weather - weather)
    draft.weathered([say("without {things}", things=the(kind)) for kind in gone])
    if time != scene.time:
        draft.said.append(say("it is {time} now", time=named(time)))
    draft.scene = replace(scene, weather=weather, time=time)
    return True


def _gone(scene: Scene, kind: str) -> str:
    many = sum(t.count for t in scene.things if t.kind == kind)
    if spoken_tongue() is None and kind in _THE:
        return _THE[kind]
    return the(kind, many)


def _named(heard: Reading) -> set[str]:
    named = {t.kind for t in heard.things} | set(heard.land) | heard.weather | heard.without
    return named | ({"sky"} if heard.sky else set())
