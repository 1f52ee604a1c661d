"""Edits of a picture of ours: its scene is changed and painted anew, its finish laid over it."""

import re
from collections.abc import Iterator
from dataclasses import replace

from chat.core.calling import ModelRequest
from chat.sketch.answering.history import Plan, Source
from chat.sketch.answering.honesty import at_a_loss, left_out, stood_in, unquoted
from chat.sketch.answering.pieces import Piece, Shown, png, wished_size_px
from chat.sketch.answering.scenes import description
from chat.sketch.editing.darkroom import Done, carried_out, no_letters, told
from chat.sketch.order import Order
from chat.sketch.painting.layout import stage_of
from chat.sketch.painting.lettering import unwritable
from chat.sketch.painting.picture import paint
from chat.sketch.reading.changes import Change, changed
from chat.sketch.reading.limits import beyond
from chat.sketch.reading.shape import LONGEST, Shape, shape_of
from chat.sketch.reading.wishes import taken_off, without
from chat.sketch.scene import Scene

_MOST_FINISH = 12
_OF_WEATHER = re.compile(
    r"^(?:it (?:snows|rains)|there is fog|with(?:out)? (?:the )?(?:rain|snow|storm|fog))"
)


def repaint(source: Source, plan: Plan, text: str, request: ModelRequest) -> Iterator[Piece]:
    """Change a scene of ours as told, or say what could not be done and show nothing."""
    shape, text = shape_of(text)
    if shape is not None and not shape.possible:
        yield (
            f"I cannot paint a picture of {shape.written}: none of mine is more than {LONGEST:g} "
            f"times as long as it is wide. The picture stays as it is."
        )
        return
    words, refused = beyond(text, painted=True)
    reshaped = _reshaped(plan, shape, request)
    gone = taken_off(words)
    kept = without(plan.finish, gone) if gone else plan.finish
    change = changed(plan.scene, "" if gone else words)
    change = _lettered(_outdoors(change, plan.scene), plan.scene)
    failed, scene = (*refused, *change.failed, *unquoted(words)), change.scene
    if gone and kept == plan.finish:
        failed += (f"There is no {gone} on the picture",)
    shown, done = developed(replace(reshaped, scene=scene, finish=kept), change.orders)
    failed += done.failed
    said = (*((f"without the {gone}",) if kept != plan.finish else ()), *change.said)
    if reshaped.size_px != plan.size_px:
        said += (f"it measures {reshaped.size_px[0]}×{reshaped.size_px[1]} px",)
    elif shape is not None:
        failed += (f"It has that shape already, {plan.size_px[0]}×{plan.size_px[1]} px",)
    if said and not done.said and shown.data == source.data:
        said, failed = (), (*failed, "That would change nothing that can be seen here")
    if not (said or done.said):
        yield at_a_loss(source, words if refused else text, failed, change.dropped)
        return
    new = {word: kind for word, kind in change.stood_in.items() if _added(kind, plan.scene, scene)}
    if new:
        yield f"{stood_in(new)}\n\n"
    yield "Here it is, painted again with the change:\n\n"
    yield shown
    sentences = ["Changed: " + "; ".join(said) + "."] if said else []
    sentences += [told(done.said)] if done.said else []
    sentences += [f"{sentence}." for sentence in failed]
    rest = left_out(
        " ".join(w for w in words.split() if w.strip(".,!?").lower() not in change.read),
        change.dropped,
    )
    sentences += [rest] if rest else []
    yield "\n\n" + " ".join(sentences) + f" It now shows {description(scene)}."


def _lettered(change: Change, before: Scene) -> Change:
    """Words on a card that there are no letters for are refused."""
    strange = unwritable(change.scene.card)
    if not strange:
        return change
    said = tuple(each for each in change.said if not each.startswith("it says"))
    scene = replace(change.scene, card=before.card)
    return replace(change, scene=scene, said=said, failed=(*change.failed, no_letters(strange)))


def _added(kind: str, before: Scene, after: Scene) -> bool:
    """Whether there is more of that kind, or such a ground at last."""

    def count(scene: Scene) -> int:
        return sum(t.count for t in scene.things if t.kind == kind) + scene.land.count(kind)

    return count(after) > count(before)


def _reshaped(plan: Plan, shape: Shape | None, request: ModelRequest) -> Plan:
    """The plan in the shape that the words or, since it was made, the settings ask for."""
    long_px = max(plan.size_px)
    if shape is not None:
        size_px = shape.size_px(long_px)
        return plan if size_px == plan.size_px else replace(plan, size_px=size_px, by_words=True)
    wanted = wished_size_px(request)
    if plan.by_words or not request.options.get("aspect_ratio"):
        return plan
    width_px, height_px = plan.size_px
    if abs(width_px * wanted[1] - height_px * wanted[0]) <= 2 * max(*plan.size_px, *wanted):
        return plan
    scale = long_px / max(wanted)
    return replace(plan, size_px=(round(wanted[0] * scale), round(wanted[1] * scale)))


def _outdoors(change: Change, before: Scene) -> Change:
    """Weather is not seen indoors, in space or under water: it is refused, not pretended."""
    if change.scene.weather == before.weather or stage_of(change.scene) in {"outdoors", "shore"}:
        return change
    scene = replace(change.scene, weather=before.weather)
    said = tuple(each for each in change.said if not _OF_WEATHER.search(each))
    failed = (*change.failed, "No weather shows in this place")
    return replace(change, scene=scene, said=said, failed=failed)


def developed(plan: Plan, orders: tuple[Order, ...] = ()) -> tuple[Shown, Done]:
    """Paint a plan and lay more edits over it; tells only of the new ones."""
    image = paint(plan.scene, plan.size_px)
    done = Done(image, (), (), ())
    if plan.finish:
        image = carried_out(image, plan.finish, plan.scene.seed).image
    if plan.finish or orders:
        done = carried_out(image, orders, plan.scene.seed)
    finish = (*plan.finish, *done.orders)
    alt = f"Painting: {description(plan.scene)}"
    clauses = carried_alt(finish)
    alt += f", {clauses}." if clauses else "."
    if len(finish) > _MOST_FINISH:
        # Too much to lay over it again and again: from here on it is pixels.
        return Shown(png(done.image), alt), done
    return Shown(png(done.image), alt, replace(plan, finish=finish).to_json()), done


def carried_alt(orders: tuple[Order, ...]) -> str:
    """The edits that lie over a picture, in a few words; what has been said once is enough."""
    words = {
        "caption": "with the words “{}”",
        "frame": "with a border",
        "grey": "in greyscale",
        "sepia": "in sepia",
        "cartoon": "as a cartoon",
        "pixelate": "pixelated",
        "blur": "blurred",
        "rotate": "turned",
        "flip": "mirrored",
        "crop": "cropped",
        "invert": "with inverted colours",
    }
    said = [words[o.name].format(o.text[:60]) for o in orders if o.name in words]
    return ", ".join(dict.fromkeys(said))


def fresh_plan(scene: Scene, request: ModelRequest, shape: Shape | None = None) -> Plan:
    """A plan in the shape that the words ask for, else in the one that the settings do."""
    size_px = wished_size_px(request)
    if shape is not None:
        return Plan(scene, shape.size_px(max(size_px)), by_words=True)
    return Plan(scene, size_px)


def again(plan: Plan, seed: int) -> Shown:
    """The same plan with another hand."""
    shown, _ = developed(replace(plan, scene=replace(plan.scene, seed=seed)))
    return shown
