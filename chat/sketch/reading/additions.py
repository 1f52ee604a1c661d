"""What a clause adds to a scene, and where: "add two birds above the house".

A place that is not in the scene is noted as failed, so that nothing is pretended.
"""

import re
from dataclasses import replace

from chat.core.languages import say
from chat.sketch.reading.draft import Draft, absent, most_of_a_kind
from chat.sketch.reading.grammar import read
from chat.sketch.reading.nouns import kind_of, plural
from chat.sketch.reading.vocabulary import is_known
from chat.sketch.scene import MOST_OF_A_KIND, MOST_THINGS, Thing
from chat.sketch.tongues.naming import named, one, so_many
from chat.sketch.tongues.tables import spoken_tongue
from chat.sketch.tongues.telling import with_anchor

_ADD = re.compile(
    r"^(?:also |now |then )*(?:add|put|place|include|insert|with|draw|paint|give \w+(?: \w+)?)\b"
    r"(?P<what>.{1,200})|"
    r"^(?P<more>[\w ]{1,20}\bmore\b[\w ]{0,60}|more [\w ]{2,60})|^now (?P<now>an? .{2,80})"
)
_SPOT = re.compile(
    r"\b(?:on|onto|in|into|behind|under|above|beside|near|over|at|to) (?:the|his|her|its|their) "
    r"(?:\w+ )?(\w+)"
)
_ROOF = re.compile(r"\broof\b(?: of the \w+)?")


def add(draft: Draft, clause: str) -> bool:
    """Whether the clause adds or places something, or names a place that is not there."""
    found = _ADD.search(clause)
    if found is None:
        return False
    scene = draft.scene
    clause = _roofed(draft, clause)
    spot = _SPOT.search(clause)
    if spot and not is_known(spot[1]):
        draft.failed.append(say("I do not know where “{place}” would be", place=spot[1]))
        return True
    found = _ADD.search(clause) or found
    heard = read(found["what"] or found["more"] or found["now"])
    if heard.empty() and re.search(r"\bmore\W*$", found["more"] or "") and scene.things:
        heard = read(f"{found['more']} {plural(scene.things[-1].kind)}")
    draft.hear(heard)
    definite = {kind_of(noun) for noun in re.findall(r"\bthe (?:\w+ )?(\w+)", clause)}
    definite |= {kind_of(noun) for noun in re.findall(r"\bthe (\w+)", clause)}
    # "Add a bird above the house": the house is named, not wanted a second time.
    anchors = {t.anchor for t in heard.things if t.anchor}
    meant = {kind for kind in anchors if kind in definite or draft.has(kind)}
    meant |= {kind for kind in definite if draft.has(kind)}
    fresh = [t for t in heard.things if t.kind not in meant]
    for kind in sorted(kind for kind in meant if not draft.has(kind)):
        draft.failed.append(absent(kind))
        fresh = [t for t in fresh if t.anchor != kind]
    kept = dict(enumerate(scene.things))
    for thing in fresh:
        same = next((k for k, t in kept.items() if _alike(t, thing)), None)
        more = any(t.kind == thing.kind for t in scene.things)
        if same is not None:
            count = min(MOST_OF_A_KIND, kept[same].count + thing.count)
            if count < kept[same].count + thing.count:
                draft.failed.append(most_of_a_kind())
            kept[same] = replace(kept[same], count=count)
        else:
            kept[len(kept)] = thing
        draft.said.append(_more(thing) if more else say("with {things}", things=_some(thing)))
    if len(kept) > MOST_THINGS:
        draft.failed.append(say("{n} kinds of things are the most I can place", n=MOST_THINGS))
    grounds = [land for land in heard.land if land not in scene.land]
    draft.said += [say("with the {place}", place=named(land)) for land in grounds]
    draft.with_weather(sorted(heard.weather - scene.weather))
    draft.scene = replace(
        scene,
        things=tuple(kept.values())[:MOST_THINGS],
        land=(*scene.land, *grounds),
        weather=(scene.weather - {f"no{t.kind}" for t in fresh}) | frozenset(heard.weather),
    )
    for thing in heard.things:
        if thing.kind in meant and thing.relation and draft.has(thing.anchor):
            _relate(draft, thing)
    return True


def _relate(draft: Draft, wanted: Thing) -> None:
    """As in "put the cat on the sofa": both are there, and one goes to the other."""
    things = tuple(
        replace(t, relation=wanted.relation, anchor=wanted.anchor, place="")
        if t.kind == wanted.kind
        else t
        for t in draft.scene.things
    )
    draft.scene = replace(draft.scene, things=things)
    where = {"before": "in front of", "left": "left of", "right": "beside"}
    way = where.get(wanted.relation, wanted.relation)
    tongue = spoken_tongue()
    draft.said.append(
        f"the {wanted.kind} is {way} the {wanted.anchor}"
        if tongue is None
        else with_anchor(wanted, Thing(wanted.anchor), tongue)
    )


def _some(thing: Thing) -> str:
    return so_many(thing.kind, thing.count) if thing.count > 1 else one(thing.kind)


def _more(thing: Thing) -> str:
    if thing.count == 1:
        return say("with one more {thing}", thing=named(thing.kind))
    return say("with {n} more {things}", n=thing.count, things=named(plural(thing.kind)))


def _roofed(draft: Draft, clause: str) -> str:
    """On the roof is on the house, where there is one."""
    tops = (t.kind for t in draft.scene.things if t.kind in {"house", "barn", "church", "castle"})
    kind = next(tops, "")
    if not kind or not _ROOF.search(clause):
        return clause
    draft.read.add("roof")
    return _ROOF.sub(kind, clause)


def _alike(there: Thing, wanted: Thing) -> bool:
    return (
        there.kind == wanted.kind
        and there.colour == (wanted.colour or there.colour)
        and (there.relation, there.anchor)
        == (wanted.relation or there.relation, wanted.anchor or there.anchor)
    )
