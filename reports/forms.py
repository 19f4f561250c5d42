"""The form by which a reader says that something is wrong. It keeps what was typed, whatever is refused."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from .models import MESSAGE_LENGTH, Part, Report

SALT = "reports.form"
QUICKEST, SLOWEST = 3, 24 * 60 * 60


class PlainText(forms.CharField):
    """Text of several lines without characters that nobody can see or type."""

    widget = forms.Textarea

    def to_python(self, value: Any) -> str:
        """Write every end of line in one way, so that a length means the same to everybody."""
        text = "" if value in self.empty_values else str(value)
        return text.replace("\r\n", "\n").replace("\r", "\n").strip(" \n\t")

    def run_validators(self, value: str) -> None:
        """Name a control character before anything else is said of the text."""
        for character in value:
            if unicodedata.category(character) in ("Cc", "Cs") and character not in "\n\t":
                raise ValidationError(
                    _("It holds a control character (U+%(code)s) that cannot be kept. Take it out and send again.")
                    % {"code": f"{ord(character):04X}"},
                    code="control",
                )
        super().run_validators(value)


class ReportForm(forms.ModelForm):
    """What is wrong, where, and how to reach the reader. Two traps for programs that fill in every form they find."""

    use_required_attribute = False  # the server's words are clearer than the browser's, and in the page's language

    part = forms.ChoiceField(
        label=gettext_lazy("What is wrong?"),
        choices=[("", gettext_lazy("Choose one")), *Part.choices],
        error_messages={"required": gettext_lazy("Choose what is wrong; “something else” is one of the choices.")},
    )
    message = PlainText(
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
            helped = f"{name}-help " if name != "part" else ""  # the names of the choices say it all
            widget.attrs["aria-describedby"] = f"{helped}{name}-error"
            if self.is_bound and name in self.errors:
                widget.attrs["aria-invalid"] = "true"
        message = self.fields["message"]
        message.help_text = ngettext(
            "Up to %(most)d character. Name a source or a paragraph if you can.",
            "Up to %(most)d characters. Name a source or a paragraph if you can.",
            MESSAGE_LENGTH,
        ) % {"most": MESSAGE_LENGTH}  # said now: whatever is put into a lazy sentence fixes its language
        message.widget.attrs |= {"rows": 8}
        self.fields["message"].widget.attrs.pop("maxlength", None)  # nothing that is pasted is cut off unseen
        self.fields["contact"].widget.attrs["autocomplete"] = "email"
        self.fields["website"].widget.attrs |= {"autocomplete": "off", "tabindex": "-1"}
        self.initial["started"] = signing.dumps("", salt=SALT)

    def clean_website(self) -> str:
        """Refuse what no reader can see to fill in."""
        if self.cleaned_data["website"]:
            self.data = self.data.copy()  # type: ignore[attr-defined]
            self.data["website"] = ""  # type: ignore[index]
            raise ValidationError(
                _("A field that readers do not see was filled in. It is empty again; please send once more."),
                code="trap",
            )
        return ""

    def clean_started(self) -> str:
        """Refuse a form that was never opened here, was opened too long ago, or was filled in within three seconds."""
        problem = ""
        try:
            signing.loads(self.cleaned_data["started"], salt=SALT, max_age=SLOWEST)
        except signing.SignatureExpired:
            problem = _("The form was open for more than a day. Everything is still here; please send it once more.")
        except signing.BadSignature:
            problem = _(
                "The form did not come back whole. Everything you wrote is still here; please send it once more."
            )
        if problem:
            self._start_again()
            raise ValidationError(problem, code="stale")
        if self._age_is_below(QUICKEST):
            raise ValidationError(
                _("That was quicker than people write. Wait a moment and send it once more."), code="quick"
            )
        return ""

    def _age_is_below(self, seconds: int) -> bool:
        try:
            signing.loads(self.cleaned_data["started"], salt=SALT, max_age=seconds)
        except signing.SignatureExpired:
            return False
        return True

    def _start_again(self) -> None:
        self.data = self.data.copy()  # type: ignore[attr-defined]
        self.data["started"] = signing.dumps("", salt=SALT)  # type: ignore[index]

    @property
    def problems(self) -> list[str]:
        """What stands in the way beside the fields that are shown."""
        return [str(message) for name in ("__all__", "website", "started") for message in self.errors.get(name, ())]
