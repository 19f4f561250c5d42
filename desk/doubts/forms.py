"""The form that asks why one of two contradictory facts is preferred."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from base.text.form_texts import CheckedTextsForm


class ReasonForm(CheckedTextsForm, forms.Form):
    """Asks for a reason, which readers see in the note of the other fact."""

    reason = forms.CharField(
        label=_("Why one is preferred"),
        max_length=500,
        error_messages={"required": _("Say why you prefer one: readers see the reason beside the other.")},
        widget=forms.TextInput(attrs={"class": "vTextField"}),
    )
