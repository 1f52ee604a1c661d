"""What refers to the past: undo, the first one, another one, a new start, questions."""

import re
from collections.abc import Iterator

from chat.core.languages import say
from chat.core.parts import Json
from chat.sketch.answering.edits import looked_at
from chat.sketch.answering.history import Before, Source
from chat.sketch.answering.honesty import NEW_IDEAS, ideas_for, three_things
from chat.sketch.answering.pieces import Piece, Shown
from chat.sketch.answering.repaint import again
from chat.sketch.answering.scenes import description
from chat.sketch.reading.grammar import read

_OF_PICTURES = re.compile(
    r"\b(?:picture|image|photo|paint\w*|dr[ae]w\w*|show\w*|see|this|that|it|there|colou?rs?|"
    r"person|people|man|woman|animals?|things?|sizes?|large|big|wide|chang\w+|d[io]d?)\b"
)


def gone_back(state: Before, to_first: bool) -> Iterator[Piece]:
    """Show an earlier picture again, with its plan, so that work goes on from there."""
    if len(state.states) < 2:
        why = (
            say("There is nothing to go back to: this is the first picture.")
            if state.states
            else say("There is nothing to go back to: there is no picture yet.")
        )
        yield f"{why} {three_things(_ideas(state.latest))}"
        return
    target = state.states[0 if to_first else -2]
    yield (
        say("Here is the first picture:")
        if to_first
        else say("Here is the picture as it was before:")
    ) + "\n\n"
    yield Shown(target.data, target.alt or say("The earlier picture."), _plan(target))
    yield "\n\n" + say("What came after it is set aside. You can go on from here.")


def another(latest: Source | None, seed: int) -> Iterator[Piece]:
    """The same wish with another hand, where it was painted; pixels have no other hand."""
    if latest is None:
        yield f"{say('There is no picture yet.')} {three_things(NEW_IDEAS)}"
    elif latest.plan is None:
        why = say("I did not paint that one, and my edits come out the same every time.")
        yield f"{why} {three_things(_ideas(latest))}"
    else:
        shown = description(latest.plan.scene)
        yield say("Here is another one, {scene}:", scene=shown) + "\n\n"
        yield again(latest.plan, seed)
        yield "\n\n" + say("The same things, arranged differently. Say *again* for the next.")


def restarted() -> str:
    """The past is put aside."""
    why = say("A clean sheet: from here on I look at no earlier picture.")
    return f"{why} {three_things(NEW_IDEAS)}"


def answered(state: Before) -> str:
    """A question: about the picture at hand as far as the plan goes, else an honest no."""
    source = state.attached[0] if state.attached else state.latest
    if not (_OF_PICTURES.search(state.text[:400].lower()) or read(state.text).things):
        why = say("I cannot answer that: I paint and edit by rules and know nothing of the world.")
        return f"{why} {three_things(_ideas(source))}"
    if source is None:
        return f"{say('There is no picture yet.')} {three_things(NEW_IDEAS)}"
    if source.plan is not None:
        shown = description(source.plan.scene)
        nobody = any(t.kind == "person" for t in source.plan.scene.things)
        said = say("The picture shows {scene}. I painted it by rules from your words.", scene=shown)
        said += f" {say('The person is nobody in particular.')}" if nobody else ""
        said += "\n\n"
    else:
        said = looked_at(source)
    return f"{said}{three_things(_ideas(source))}"


def _ideas(source: Source | None) -> tuple[str, ...]:
    return ideas_for(source) if source is not None else NEW_IDEAS


def _plan(source: Source) -> dict[str, Json]:
    return source.plan.to_json() if source.plan is not None else {}
