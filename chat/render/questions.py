"""What a running tool asks the user, as a form. Its words are a stranger's and are escaped."""

from chat.core.events import UserAsked
from chat.core.forms import FormField
from chat.core.languages import later
from chat.render.escaping import escape, spoken

LONG_CHARACTERS = 200
"""A text that may be longer gets several lines, unless it has a format."""

_INPUTS = {"email": "email", "uri": "url", "date": "date", "date-time": "datetime-local"}

FOOT = later("Whoever runs this tool reads what you fill in. Give no password here.")


def question(asked: UserAsked, place: str = "q", of: str = "") -> str:
    """A question with its fields.

    ``place`` tells its ids from those of the same elsewhere, ``of`` names its reply among others.
    """
    source = escape(asked.source)
    fields = "".join(
        _field(f"{place}-{asked.id}", number, each) for number, each in enumerate(asked.fields)
    )
    label = spoken("Answer") if asked.fields else spoken("Yes")
    asks = spoken("{title} asks", title=asked.title)
    name = f"{escape(of)}: {asks}" if of else asks
    return (
        f'<form class="approval question" novalidate data-question="{asked.id}"'
        f' aria-label="{name}"><h3><span dir="auto">{asks}</span>'
        f' <span class="source">{source}</span></h3>'
        f'<p class="words" dir="auto">{escape(asked.message)}</p>{fields}'
        '<p class="wrong" role="alert" hidden></p><div class="choices">'
        f'<button type="submit">{label}</button>'
        f'<button type="button" data-decline>{spoken("Decline")}</button></div>'
        f'<p class="foot">{spoken(FOOT)}</p>'
        "</form>"
    )


def _field(question_id: str, number: int, field: FormField) -> str:
    element_id = f"{question_id}-{number}"
    about = f'id="{element_id}" data-field="{escape(field.name)}" data-type="{field.type}"'
    must = ' aria-required="true"' if field.required else ""
    hint, described = "", ""
    if field.hint:
        hint = f'<span class="hint" id="{element_id}-hint" dir="auto">{escape(field.hint)}</span>'
        described = f' aria-describedby="{element_id}-hint"'
    optional = "" if field.required else f" <i>{spoken('(optional)')}</i>"
    label = escape(field.label) + optional
    if field.type == "switch":
        on = " checked" if field.default else ""
        return (
            f'<p class="field switch"><label><input type="checkbox" {about}{on}{described}>'
            f" {escape(field.label)}</label>{hint}</p>"
        )
    if field.type == "choices":
        boxes = "".join(
            f'<label><input type="checkbox" value="{escape(value)}"'
            f"{' checked' if value in (field.default or ()) else ''}> {escape(name)}</label>"
            for value, name in field.choices
        )
        return (
            f'<fieldset class="field" {about}{described}><legend>{label}</legend>{boxes}{hint}'
            "</fieldset>"
        )
    control = _control(field, f"{about}{must}{described}")
    return f'<p class="field"><label for="{element_id}">{label}</label>{control}{hint}</p>'


def _control(field: FormField, about: str) -> str:
    default = "" if field.default is None else escape(str(field.default))
    if field.type == "choice":
        options = "".join(
            f'<option value="{escape(value)}"{" selected" if value == field.default else ""}>'
            f"{escape(name)}</option>"
            for value, name in field.choices
        )
        return f'<select {about}><option value=""></option>{options}</select>'
    if field.type in ("number", "integer"):
        step = "1" if field.type == "integer" else "any"
        return f'<input type="number" step="{step}" value="{default}" {about}>'
    if not field.format and (field.most or 0) > LONG_CHARACTERS:
        return f'<textarea rows="3" {about}>{default}</textarea>'
    kind = _INPUTS.get(field.format, "text")
    return f'<input type="{kind}" value="{default}" autocomplete="off" {about}>'
