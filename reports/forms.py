"""The form for a report. Whatever it refuses, it shows again with everything that the reader typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from base.text.form_texts import CheckedTextsForm

from .models import MESSAGE_LENGTH, Part, Report

SALT = "reports.form"
MIN_AGE, MAX_AGE = 3, 24 * 60 * 60  # seconds from opening the form to sending it


class PlainTextField(forms.CharField):
    """Text of several lines."""

    widget = forms.Textarea

    def to_python(self, value: object) -> str:
        """Normalize line ends, so that browser and server count the same length."""
        text = "" if value in self.empty_values else str(value)
        return text.replace("\r\n", "\n").replace("\r", "\n").strip(" \n\t")


class ReportForm(CheckedTextsForm, forms.ModelForm):
    """A report as a reader sends it. `website` and `started` are traps for programs that fill in every form they find."""

    use_required_attribute = False  # the server's messages are clearer than the browser's, and in the page's language

    part = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"),
        choices=[("", gettext_lazy("Choose one")), *Part.choices],
        error_messages={"required": gettext_lazy("Choose what is wrong; “something else” is one of the choices.")},
    )
    message = PlainTextField(
        label=gettext_lazy("What should it say, and how do you know?"),
        max_length=MESSAGE_LENGTH,
        error_messages={
            "required": gettext_lazy("Say what is wrong."),
            "max_length": gettext_lazy(
                "This is %(show_value)d characters long; %(limit_value)d fit. Shorten it, or send it in two reports."
            ),
        },
    )
    contact = forms.EmailField(
        label=gettext_lazy("Your e-mail (optional)"),
        required=False,
        help_text=gettext_lazy("Only for questions of the curators. Never shown, never given away."),
        error_messages={"invalid": gettext_lazy("This is no e-mail address. Correct it or leave it empty.")},
    )
    website = forms.CharField(label=gettext_lazy("Leave this empty"), required=False)
    started = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Report
        fields = ("part", "message", "contact")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("part", "message", "contact"):
            widget = self.fields[name].widget
            helped = f"{name}-help " if name != "part" else ""  # the choices explain themselves
            widget.attrs["aria-describedby"] = f"{helped}{name}-error"
            if self.is_bound and name in self.errors:
                widget.attrs["aria-invalid"] = "true"
        message = self.fields["message"]
        message.help_text = ngettext(
            "Up to %(most)d character. Name a source or a paragraph if you can.",
            "Up to %(most)d characters. Name a source or a paragraph if you can.",
            MESSAGE_LENGTH,
        ) % {
            "most": MESSAGE_LENGTH
        }  # translated for each form: a lazy sentence with a number in it would keep its first language
        message.widget.attrs |= {"rows": 8}
        self.fields["message"].widget.attrs.pop("maxlength", None)  # a browser would silently cut off pasted text
        self.fields["contact"].widget.attrs["autocomplete"] = "email"
        self.fields["website"].widget.attrs |= {"autocomplete": "off", "tabindex": "-1"}
        self.initial["started"] = signing.dumps("", salt=SALT)

    def clean_website(self) -> str:
        """Refuse a form in which the field that readers do not see was filled in."""
        if self.cleaned_data["website"]:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["website"] = ""  # type: ignore[index]
            raise ValidationError(
                _("A field that readers do not see was filled in. It is empty again; please send once more."),
                code="trap",
            )
        return ""

    def clean_started(self) -> str:
        """Refuse a form that was not opened on this site, was opened over a day ago, or was sent within three seconds."""
        problem = ""
        try:
            signing.loads(self.cleaned_data["started"], salt=SALT, max_age=MAX_AGE)
        except signing.SignatureExpired:
            problem = _("The form was open for more than a day. Everything is still here; please send it once more.")
        except signing.BadSignature:
            problem = _(
                "The form did not come back whole. Everything you wrote is still here; please send it once more."
            )
        if problem:
            self._restart()
            raise ValidationError(problem, code="stale")
        if self._age_is_below(MIN_AGE):
            raise ValidationError(
                _("The form was sent within seconds of being opened. Please send it once more."), code="quick"
            )
        return ""

    def _age_is_below(self, seconds: int) -> bool:
        try:
            signing.loads(self.cleaned_data["started"], salt=SALT, max_age=seconds)
        except signing.SignatureExpired:
            return False
        return True

    def _restart(self) -> None:
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["started"] = signing.dumps("", salt=SALT)  # type: ignore[index]

    @property
    def problems(self) -> list[str]:
        """The errors that belong to none of the visible fields."""
        return [str(message) for name in ("__all__", "website", "started") for message in self.errors.get(name, ())]
