"""Edits of a picture of ours: its scene is changed and painted anew, its finish laid over it."""

from collections.abc import Iterator
from dataclasses import replace

from chat.core.calling import ModelRequest
from chat.core.languages import later, say
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
from chat.sketch.tongues.naming import named, stopped, the

_MOST_FINISH = 12


def repaint(source: Source, plan: Plan, text: str, request: ModelRequest) -> Iterator[Piece]:
    """Change a scene of ours as told, or say what could not be done and show nothing."""
    shape, text = shape_of(text)
    if shape is not None and not shape.possible:
        yield say(
            "I cannot paint a picture of {shape}: none of mine is more than {n} times as long as "
            "it is wide. The picture stays as it is.",
            shape=shape.written, n=f"{LONGEST:g}",
        )  # fmt: skip
        return
    words, refused = beyond(text, painted=True)
    reshaped = _reshaped(plan, shape, request)
    gone = taken_off(words)
    kept = without(plan.finish, gone) if gone else plan.finish
    change = changed(plan.scene, "" if gone else words)
    change = _lettered(_outdoors(change, plan.scene), plan.scene)
    failed, scene = (*refused, *change.failed, *unquoted(words)), change.scene
    if gone and kept == plan.finish:
        failed += (say("There is no {thing} on the picture", thing=named(gone)),)
    shown, done = developed(replace(reshaped, scene=scene, finish=kept), change.orders)
    failed += done.failed
    off = say("without {things}", things=the(gone))
    said = (*((off,) if kept != plan.finish else ()), *change.said)
    width_px, height_px = reshaped.size_px
    if reshaped.size_px != plan.size_px:
        said += (say("it measures {width}×{height} px", width=width_px, height=height_px),)
    elif shape is not None:
        failed += (
            say("It has that shape already, {width}×{height} px", width=width_px, height=height_px),
        )
    if said and not done.said and shown.data == source.data:
        said, failed = (), (*failed, say("That would change nothing that can be seen here"))
    if not (said or done.said):
        yield at_a_loss(source, words if refused else text, failed, change.dropped)
        return
    new = {word: kind for word, kind in change.stood_in.items() if _added(kind, plan.scene, scene)}
    if new:
        yield f"{stood_in(new)}\n\n"
    yield say("Here it is, painted again with the change:") + "\n\n"
    yield shown
    sentences = [say("Changed: {things}.", things="; ".join(said))] if said else []
    sentences += [told(done.said)] if done.said else []
    sentences += [stopped(sentence) for sentence in failed]
    rest = left_out(
        " ".join(w for w in words.split() if w.strip(".,!?").lower() not in change.read),
        change.dropped,
    )
    sentences += [rest] if rest else []
    sentences.append(say("It now shows {scene}.", scene=description(scene)))
    yield "\n\n" + " ".join(sentences)


def _lettered(change: Change, before: Scene) -> Change:
    """Words on a card that there are no letters for are refused."""
    strange = unwritable(change.scene.card)
    if not strange:
        return change
    said = tuple(each for each in change.said if each not in change.of_letters)
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
    said = tuple(each for each in change.said if each not in change.of_weather)
    failed = (*change.failed, say("No weather shows in this place"))
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
    shown = ", ".join(each for each in (description(plan.scene), carried_alt(finish)) if each)
    alt = say("Painting: {scene}.", scene=shown)
    if len(finish) > _MOST_FINISH:
        # Too much to lay over it again and again: from here on it is pixels.
        return Shown(png(done.image), alt), done
    return Shown(png(done.image), alt, replace(plan, finish=finish).to_json()), done


def carried_alt(orders: tuple[Order, ...]) -> str:
    """The edits that lie over a picture, in a few words; what has been said once is enough."""
    words = {
        "caption": later("with the words “{words}”"),
        "frame": later("with a border"),
        "grey": later("in greyscale"),
        "sepia": later("in sepia"),
        "cartoon": later("as a cartoon"),
        "pixelate": later("pixelated"),
        "blur": later("blurred"),
        "rotate": later("turned"),
        "flip": later("mirrored"),
        "crop": later("cropped"),
        "invert": later("with inverted colours"),
    }
    said = [say(words[o.name], words=o.text[:60]) for o in orders if o.name in words]
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
