"""The small forms of review: a note, a word, a date."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from base.text.dates import BUDDHIST_ERA
from base.text.form_texts import CheckedTextsForm

MOST_CHARACTERS = 2000  # of a note or an answer
MOST_YEARS_AHEAD = 100


def _text(label: object, help_text: object = "", required: bool = False) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "class": "vLargeTextField"})
    return forms.CharField(
        label=label,  # type: ignore[arg-type]  # lazy texts
        help_text=help_text,  # type: ignore[arg-type]
        required=required,
        max_length=MOST_CHARACTERS,
        widget=widget,
    )


def _zone() -> str:
    return _("Time zone: %s.") % settings.TIME_ZONE


class ReviewForm(CheckedTextsForm, forms.Form):
    """One of several forms on a page: the ids of its fields are its own."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, auto_id=f"{type(self).__name__.lower()}-%s", **kwargs)


class SubmitForm(ReviewForm):
    """What a curator says to whoever reviews."""

    note = _text(
        gettext_lazy("Note to the editors"), gettext_lazy("What they should look at, or when it should appear.")
    )


class PublishForm(ReviewForm):
    """A word of the editor who publishes, kept in the history of every row."""

    answer = _text(
        gettext_lazy("Word to whoever submitted it"),
        gettext_lazy("Kept in the history of every row, for curators; readers do not see it."),
    )


class SendBackForm(ReviewForm):
    """What is to be done before it can be published."""

    answer = _text(gettext_lazy("What is to be done"), required=True)


class DateForm(ReviewForm):
    """When to publish."""

    moment = forms.DateTimeField(
        label=gettext_lazy("Publish on"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        help_text=lazy(_zone, str)(),
        error_messages={"invalid": gettext_lazy("Write day and time as 2026-12-24T08:00.")},
    )

    def clean_moment(self) -> datetime.datetime:
        """Refuse what is too far ahead to be meant, such as a year of the Buddhist era."""
        moment: datetime.datetime = self.cleaned_data["moment"]
        this_year = timezone.now().year
        if moment.year <= this_year + MOST_YEARS_AHEAD:
            return moment
        common = moment.year - BUDDHIST_ERA
        if abs(common - this_year) <= MOST_YEARS_AHEAD:
            raise ValidationError(
                gettext_lazy("%(year)s is a year of the Buddhist era. Write %(common)s."),
                params={"year": moment.year, "common": common},
            )
        raise ValidationError(
            gettext_lazy("This is more than %(years)s years ahead."), params={"years": MOST_YEARS_AHEAD}
        )
