"""Doubles in the pages of the admin: what was answered is remembered; what was not is asked before a record is published."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from base.records.curators import curator_name
from base.records.names import NamedRecord
from base.records.records import Record
from base.text.numbers import parse_digits
from desk.doubles import NAMED_KINDS, doubles_of, public_namesakes
from desk.models import DifferentRecords
from desk.models.different_records import merged_keys

MOST_ANSWERS = 20  # with one form
MOST_DIGITS = 18  # of a key that both databases take


def note_answers(request: HttpRequest, record: Record, names_changed: bool, **_kwargs: object) -> None:
    """Remember which records a form says are not this one; say who is called nearly so if the form did not show it.

    A receiver of `record_form_saved`.
    """
    if not isinstance(record, NamedRecord) or record.kind not in NAMED_KINDS:
        return
    remember_different(record, request.POST.getlist("not_the_same"), request)
    if names_changed and "doubles_shown" not in request.POST and (doubles := doubles_of(record)):
        url = f"{reverse('admin:desk_doubles')}?{urlencode({'kind': record.kind, 'record': record.pk})}"
        text = ngettext(
            "%(number)s is called nearly so: %(names)s.", "%(number)s are called nearly so: %(names)s.", len(doubles)
        )
        names = "; ".join(f"{each.record} ({each.description or each.record.slug})" for each in doubles)
        link = format_html(
            '{} <a href="{}">{}</a>', text % {"number": len(doubles), "names": names}, url, _("The same?")
        )
        messages.warning(request, link)


def remember_different(record: NamedRecord, keys: list[str], request: HttpRequest) -> None:
    """Note that a record is none of those with these keys; what is no key of another record is left out."""
    sound = [key for key in keys[:MOST_ANSWERS] if parse_digits(key, MOST_DIGITS) is not None]
    for other in type(record)._base_manager.filter(pk__in=sound).exclude(pk=record.pk) if sound else []:
        DifferentRecords.note(record, other, request.user)


def ask_about_namesakes(record: Record, **_kwargs: object) -> list[str]:
    """Return a question for each public record of its name, of which nobody said that it is another (for `publication_asked`)."""
    if not isinstance(record, NamedRecord) or record.kind not in NAMED_KINDS:
        return []
    text = _(
        "The public record “%(other)s” (%(id)s) has the same name. Unite the two if they are the same; "
        "if they are not, say so, and publish again."
    )
    return [text % {"other": other, "id": other.slug} for other in public_namesakes(record)]


def object_to_merger(record: Record, other: Record, **_kwargs: object) -> list[str]:
    """Return who said that these two are not the same, and when (for `merger_asked`)."""
    pairs = DifferentRecords.objects.between(record, merged_keys(other)).select_related("user").order_by("at", "pk")
    return [
        _("%(who)s said on %(day)s that “%(record)s” (%(id)s) and “%(other)s” (%(other_id)s) are not the same.")
        % {
            "who": curator_name(pair.user),
            "day": timezone.localtime(pair.at).date().isoformat(),
            "record": record,
            "id": record.slug,
            "other": other,
            "other_id": other.slug,
        }
        for pair in pairs[:MOST_ANSWERS]
    ]
