"""What a curator's browser does with a form of the admin: open it, fill it in, send it."""

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.test import Client
from django.urls import reverse


def url_of(model: type[Model] | Model, page: str, *args: Any) -> str:
    """Return the address of an admin page: changelist, add, change, delete, history."""
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def change_url(row: Model) -> str:
    """Return the address of the form of a row."""
    return url_of(row, "change", row.pk)


def filled(response: Any) -> dict[str, Any]:
    """Return what the browser would send if the form of this answer were sent as it is."""
    forms = [response.context["adminform"].form]
    for inline in response.context.get("inline_admin_formsets") or []:
        forms += [inline.formset.management_form, *inline.formset.forms]
    data = {}
    for form in forms:
        left_out = boxes_left_out(form)
        for field in form:
            value = field.value()
            if field.name in left_out or value is None or value is False or field.field.disabled:
                continue
            data[field.html_name] = [str(getattr(v, "pk", v)) for v in value] if isinstance(value, list) else value
    return data


def boxes_left_out(form: Any) -> set[str]:
    """Return the boxes of translations that the page does not show, so that no browser sends them."""
    texts = getattr(form, "translation_fields", {})
    shown = {box.name for name in texts for box in form.boxes_of(name).boxes}
    return {box for boxes in texts.values() for box in boxes} - shown


def opened(client: Client, url: str) -> dict[str, Any]:
    """Open a form and return what it holds."""
    response = client.get(url)
    assert response.status_code == 200
    return filled(response)


def with_row(data: dict[str, Any], prefix: str, **values: Any) -> dict[str, Any]:
    """Return the form with one more row in an inline."""
    number = int(data[f"{prefix}-TOTAL_FORMS"])
    fresh = {f"{prefix}-{number}-{name}": value for name, value in values.items()}
    return {**data, f"{prefix}-TOTAL_FORMS": number + 1, **fresh}


def name(text: str, language: str = "en", **values: Any) -> dict[str, Any]:
    """Return the fields of a name as an inline sends them."""
    usual = {"kind": "official", "position": 0, "certainty": "stated", "note": "", "status": "published"}
    return {**usual, "text": text, "language": language, **values}


def errors(response: Any) -> dict[str, list[str]]:
    """Return every error of a refused form by its place; "" is the form itself, a prefix alone an inline as a whole."""
    assert response.status_code in (200, 409)  # 409: somebody else saved it meanwhile
    form = response.context["adminform"].form
    found = {("" if field == "__all__" else field): list(texts) for field, texts in form.errors.items()}
    for inline in response.context["inline_admin_formsets"]:
        formset = inline.formset
        if formset.non_form_errors():
            found[formset.prefix] = list(formset.non_form_errors())
        for row in formset.forms:
            found |= {row.add_prefix(field): list(texts) for field, texts in row.errors.items()}
    return found


def messages(response: Any) -> list[str]:
    """Return the messages that the page after a redirect shows."""
    return [str(message) for message in response.context["messages"]]
